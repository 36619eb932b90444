"""Lessons and quizzes add up to a completion that is written once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from courses.models import Course
from enrolments import services
from enrolments.exceptions import CompletionNotEarned
from enrolments.models import CourseCompletion, Duty
from enrolments.signals import course_completed
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, EnrolmentFactory, completed
from tests.factories.organisation import OfficerFactory, PostingFactory, UnitFactory

pytestmark = pytest.mark.django_db


def items_of(course: Course):
    return [entry.item for entry in course.current_version.version_items.select_related("item")]


def test_reading_every_lesson_is_not_enough_while_the_post_test_is_missing():
    enrolment = EnrolmentFactory()
    *lessons, _posttest = items_of(enrolment.course)

    for lesson in lessons:
        services.complete_lesson(enrolment=enrolment, item=lesson, at=NOON)

    assert not CourseCompletion.objects.exists()


def test_the_last_required_item_completes_the_course_with_the_grade_of_the_post_test():
    enrolment = EnrolmentFactory()

    completion = completed(enrolment.officer, enrolment.course, grade=Decimal("85.00"))

    assert completion.grade == Decimal("85.00")
    assert completion.completed_at == NOON


def test_the_post_test_stays_locked_until_the_lessons_are_read():
    enrolment = EnrolmentFactory()
    *_lessons, posttest = items_of(enrolment.course)

    with pytest.raises(CompletionNotEarned):
        services.complete_item(enrolment=enrolment, item=posttest, evidence=None, grade=Decimal(100), at=NOON)


def test_a_quiz_is_not_completed_by_reading_it():
    enrolment = EnrolmentFactory()
    *_lessons, posttest = items_of(enrolment.course)

    with pytest.raises(CompletionNotEarned):
        services.complete_lesson(enrolment=enrolment, item=posttest, at=NOON)


def test_an_item_of_another_course_is_refused():
    enrolment = EnrolmentFactory()
    stranger = items_of(published_course())[0]

    with pytest.raises(CompletionNotEarned):
        services.complete_lesson(enrolment=enrolment, item=stranger, at=NOON)


def test_marking_a_lesson_twice_keeps_the_first_time():
    enrolment = EnrolmentFactory()
    lesson = items_of(enrolment.course)[0]
    services.complete_lesson(enrolment=enrolment, item=lesson, at=NOON)

    again = services.complete_lesson(enrolment=enrolment, item=lesson, at=NOON + timedelta(hours=1))

    assert again.completed_at == NOON


def test_the_ledger_keeps_rank_post_and_unit_of_that_day_after_a_transfer():
    unit = UnitFactory(name="Polsek Lama")
    officer = OfficerFactory(posting__unit=unit)
    completion = completed(officer, published_course())

    officer.postings.update(valid_to=NOON + timedelta(days=1))
    PostingFactory(officer=officer, unit=UnitFactory(name="Polsek Baru"), valid_from=NOON + timedelta(days=1))

    completion.refresh_from_db()
    assert completion.unit_name == "Polsek Lama"


def test_completing_ends_the_duty_as_done():
    duty = DutyFactory()

    completed(duty.officer, duty.course)

    duty = Duty.objects.get(pk=duty.pk)
    assert (duty.is_done, duty.valid_to) == (True, NOON)


def test_a_completion_expires_when_the_course_says_so():
    completion = completed(OfficerFactory(), published_course(validity_months=24))

    assert completion.expires_at == NOON.replace(year=NOON.year + 2)


def test_an_error_of_whoever_hears_of_the_completion_undoes_all_of_it():
    def refuses(sender, completion, **kwargs):
        raise RuntimeError("no number could be drawn")

    enrolment = EnrolmentFactory(course=published_course(lessons=1, posttest=False))
    course_completed.connect(refuses)
    try:
        with pytest.raises(RuntimeError):
            services.complete_lesson(enrolment=enrolment, item=items_of(enrolment.course)[0], at=NOON)
    finally:
        course_completed.disconnect(refuses)

    assert not CourseCompletion.objects.exists()
    assert not enrolment.item_completions.exists()


def test_a_new_version_that_asks_for_less_completes_who_was_waiting():
    course = published_course(lessons=2, posttest=False)
    enrolment = EnrolmentFactory(course=course)
    services.complete_lesson(enrolment=enrolment, item=items_of(course)[0], at=NOON)
    kept = course.current_version.version_items.first()
    published_course(lessons=0, posttest=False, course=course)
    course.current_version.version_items.create(
        item=kept.item, order=1, title=kept.title, slug=kept.slug, required=True
    )

    done = services.complete_what_a_new_version_freed(at=NOON)

    assert done == 1
    assert CourseCompletion.objects.filter(enrolment=enrolment).exists()


@pytest.mark.only_on("sqlite")
def test_on_sqlite_the_few_rows_that_correct_another_have_an_index_of_their_own(db):
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "enrolments_coursecompletion")

    assert indexes["completion_correcting"]["columns"] == ["corrects_id"]
