"""A step of tick that found nothing to do asks little, however much there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ItemKind
from enrolments.models import CourseCompletion, Enrolment
from enrolments.services import complete_item, complete_what_a_new_version_freed, follow_moves, renew_duties
from enrolments.services.reconciling import LOOK_AT_ALL
from tests.clock import NOON
from tests.factories.courses import (
    PUBLISHED_AT,
    CourseItemFactory,
    CourseVersionFactory,
    CourseVersionItemFactory,
    published_course,
)
from tests.factories.enrolments import EnrolmentFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def waiting_for_one_item(course, *, at):
    """Somebody who did all but the last item of ``course``."""
    enrolment = EnrolmentFactory(course=course, started_at=at)
    for entry in list(course.current_version.version_items.select_related("item"))[:-1]:
        complete_item(enrolment=enrolment, item=entry.item, evidence=None, grade=None, at=at)
    return enrolment


def without_the_last_item(course, **version):
    """Publish a version of ``course`` that asks for everything but its last item."""
    kept = [entry.item for entry in course.current_version.version_items.select_related("item")][:-1]
    newer = CourseVersionFactory(course=course, **version)
    for item in kept:
        CourseVersionItemFactory(version=newer, item=item)
    course.current_version = newer
    course.save()


def test_a_new_version_is_looked_at_once(django_assert_num_queries):
    course = published_course(posttest=False)
    freed = waiting_for_one_item(course, at=NOON)
    without_the_last_item(course)
    EnrolmentFactory(course=course)

    first = complete_what_a_new_version_freed(at=NOON)
    with django_assert_num_queries(2):  # the versions, and what was looked at
        second = complete_what_a_new_version_freed(at=NOON + MINUTE)

    assert (first, second) == (1, 0)
    assert CourseCompletion.objects.get().enrolment == freed


def test_a_version_just_published_is_looked_at_again_for_who_finished_in_that_moment():
    course = published_course(posttest=False)
    without_the_last_item(course, published_at=NOON)
    complete_what_a_new_version_freed(at=NOON + MINUTE)
    enrolment = waiting_for_one_item(published_course(posttest=False), at=NOON)
    Enrolment.objects.filter(pk=enrolment.pk).update(course=course)
    for fact, entry in zip(enrolment.item_completions.all(), course.current_version.version_items.all(), strict=False):
        type(fact).objects.create(enrolment=enrolment, item=entry.item, completed_at=NOON, recorded_at=NOON, round=1)
    facts = enrolment.item_completions.filter(item__course=course).count()

    assert facts == course.current_version.version_items.count() == 2
    assert complete_what_a_new_version_freed(at=NOON + 2 * MINUTE) == 1


def test_a_newer_version_is_looked_at_anew():
    course = published_course(posttest=False, published_at=PUBLISHED_AT)
    course.current_version.version_items.create(
        item=CourseItemFactory(course=course, kind=ItemKind.LESSON), order=9, title="Baru", slug="baru", required=True
    )
    without_the_last_item(course)
    waiting_for_one_item(course, at=NOON)
    assert complete_what_a_new_version_freed(at=NOON) == 0

    without_the_last_item(course)

    assert complete_what_a_new_version_freed(at=NOON + MINUTE) == 1


def test_renewals_look_at_everything_only_now_and_then():
    def expiry_asked_for(at):
        with CaptureQueriesContext(connection) as asked:
            renew_duties(at=at)
        (found,) = [one["sql"] for one in asked if '"expires_at" <=' in one["sql"]]
        return '"expires_at" >' in found

    published_course()
    renew_duties(at=NOON)

    assert expiry_asked_for(NOON + MINUTE)
    assert not expiry_asked_for(NOON + LOOK_AT_ALL)


def test_a_tick_without_moves_asks_little(django_assert_max_num_queries):
    published_course()
    with django_assert_max_num_queries(5):
        follow_moves(at=NOON)
