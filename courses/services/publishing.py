"""Ways to publish that no person stands at: the clock, and a new order of items."""

import logging
from datetime import datetime

from django.db import transaction
from wagtail.models import Page, Revision

from courses.compiling import compile_course
from courses.models import CourseItemPage, CoursePage
from foundation.due import due

logger = logging.getLogger(__name__)


@due("publishing")
def publish_due_pages(*, at: datetime) -> int:
    """Publish what is scheduled and withdraw what is expired. One page that refuses does not hold up the others."""
    done = 0
    for revision in Revision.objects.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at"):
        done += _one(revision.publish, revision.object_str, log_action="wagtail.publish.scheduled")
    for page in Page.objects.live().filter(expire_at__lte=at).specific():
        done += _one(page.unpublish, page.title, set_expired=True, log_action="wagtail.unpublish.scheduled")
    return done


def _one(act, title: str, **options) -> bool:
    try:
        with transaction.atomic():
            act(**options)
    except Exception:
        # Whatever is wrong with this page stays with this page; it keeps its schedule and is tried again.
        logger.exception("scheduled page was refused: %s", title)
        return False
    return True


def recompile_after_move(page: Page, *, actor, at: datetime) -> None:
    """The order of items is their order under the course page: after a move the course is compiled again."""
    specific = page.specific
    if not isinstance(specific, CourseItemPage) or not specific.live:
        return
    course_page = CoursePage.objects.live().ancestor_of(specific).first()
    if course_page:
        compile_course(course_page, actor=actor, at=at)
