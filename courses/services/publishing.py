"""Ways to publish that no person stands at: the clock, and a new order of items."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from wagtail.models import Page, Revision

from courses.compiling import compile_course
from courses.exceptions import PageRefused
from courses.facts import date_refused
from courses.models import CourseItemPage, CoursePage
from foundation.due import due

logger = logging.getLogger(__name__)


@due("publishing")
def publish_due_pages(*, at: datetime) -> int:
    """Publish what is scheduled and withdraw what is expired. One page that refuses does not hold up the others."""
    done = 0
    coming = Revision.objects.filter(approved_go_live_at__lte=at).select_related("user")
    for revision in coming.order_by("approved_go_live_at"):
        publish = partial(revision.publish, log_action="wagtail.publish.scheduled")
        done += _one(publish, planner=revision.user, planned_for=revision.approved_go_live_at, ends=False, at=at)
    for page in Page.objects.live().filter(expire_at__lte=at).specific():
        withdraw = partial(page.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
        planner = (page.live_revision and page.live_revision.user) or page.owner
        done += _one(withdraw, planner=planner, planned_for=page.expire_at, ends=True, at=at)
    return done


def _one(act: Callable[[], object], **plan: Any) -> bool:
    """Do ``act``; where it is refused tell ``plan`` upward. Whatever is wrong with a page stays with this page: it
    keeps its date and is tried again.
    """
    try:
        with transaction.atomic():
            act()
    except PageRefused as refusal:
        logger.warning("scheduled page was refused: %s", refusal)
        date_refused.send(sender=PageRefused, refusal=refusal, **plan)
        return False
    except Exception:
        logger.exception("scheduled page failed: %s", act)
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
