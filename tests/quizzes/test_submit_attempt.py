"""An attempt ends once, with the grade of its stored answers, and completes what it earned."""

from datetime import timedelta
from decimal import Decimal

import pytest

from enrolments.models import CourseCompletion, ItemCompletion
from enrolments.services import complete_lesson
from foundation.models import AuditEvent
from quizzes.models import Attempt
from quizzes.services import close_due_attempts, credit_earned_attempts, start_attempt, submit_attempt
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all

pytestmark = pytest.mark.django_db


def test_a_passed_post_test_completes_its_item_and_the_course_with_its_grade():
    attempt = AttemptFactory()
    answer_all(attempt, right=3)

    submitted = submit_attempt(attempt=attempt, at=NOON)

    assert (submitted.grade, submitted.passed, submitted.ended_as) == (75, True, "submitted")
    item = ItemCompletion.objects.get()
    assert (item.evidence, item.grade, item.completed_at) == (attempt.uuid, 75, NOON)
    assert CourseCompletion.objects.get().grade == 75


def test_a_failed_post_test_completes_nothing():
    attempt = AttemptFactory()
    answer_all(attempt, right=2)

    assert submit_attempt(attempt=attempt, at=NOON).passed is False
    assert not ItemCompletion.objects.exists()


def test_unanswered_questions_are_worth_nothing():
    assert submit_attempt(attempt=AttemptFactory(), at=NOON).grade == 0


def test_each_response_keeps_the_fraction_it_earned():
    attempt = AttemptFactory(version=QuizVersionFactory(questions=["single", "situational"], draw_count=2))
    answer_all(attempt, right=1)

    submit_attempt(attempt=attempt, at=NOON)

    assert list(attempt.responses.values_list("fraction", flat=True)) == [1, Decimal("-0.5")]


def test_a_second_submit_returns_the_first_result():
    attempt = AttemptFactory()
    answer_all(attempt, right=3)
    first = submit_attempt(attempt=attempt, at=NOON)

    second = submit_attempt(attempt=attempt, at=NOON + timedelta(hours=1))

    assert (second.grade, second.submitted_at) == (first.grade, NOON)
    assert AuditEvent.objects.filter(verb="attempt.submitted").count() == 1


def test_a_pre_test_is_complete_whatever_its_grade_and_nobody_fails_it():
    course = published_course(lessons=1, pretest=True, posttest=False)
    version = QuizVersionFactory(course=course, role="pretest", pass_fraction=None, max_attempts=1)
    enrolment = EnrolmentFactory(course=course)
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    submitted = submit_attempt(attempt=attempt, at=NOON)

    assert (submitted.grade, submitted.passed) == (0, None)
    assert ItemCompletion.objects.get().item == version.item


def test_an_abandoned_attempt_is_closed_and_graded_as_of_its_deadline():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))
    answer_all(attempt, right=4)

    closed = close_due_attempts(at=NOON + timedelta(hours=9))

    attempt.refresh_from_db()
    assert closed == 1
    assert (attempt.ended_as, attempt.submitted_at, attempt.grade) == ("timed_out", attempt.deadline_at, 100)
    assert ItemCompletion.objects.get().completed_at == attempt.deadline_at


def test_an_attempt_within_its_grace_is_left_alone():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))

    assert close_due_attempts(at=attempt.deadline_at + timedelta(seconds=29)) == 0
    assert Attempt.objects.running().count() == 1


def test_a_submit_within_the_grace_counts_as_submitted():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))

    submitted = submit_attempt(attempt=attempt, at=attempt.deadline_at + timedelta(seconds=29))

    assert submitted.ended_as == "submitted"


def test_a_pass_waits_for_a_lesson_that_was_added_meanwhile_and_counts_once_it_is_read():
    course = published_course(lessons=0)
    attempt = AttemptFactory(version=QuizVersionFactory(course=course))
    answer_all(attempt, right=4)
    quiz = course.current_version.version_items.get()
    published_course(course=course, lessons=1, posttest=False)
    lesson = course.current_version.version_items.get().item
    course.current_version.version_items.create(
        item=quiz.item, order=2, title="Pos-tes", slug="pos-tes", required=True, waits_for_required=True
    )

    assert submit_attempt(attempt=attempt, at=NOON).passed
    assert not ItemCompletion.objects.filter(item=quiz.item).exists()
    # Tick has looked at everything; from now on it looks where something new happened.
    credit_earned_attempts(at=NOON + timedelta(minutes=1))

    complete_lesson(enrolment=attempt.enrolment, item=lesson, at=NOON + timedelta(hours=1))
    credit_earned_attempts(at=NOON + timedelta(hours=2))
    assert ItemCompletion.objects.get(item=quiz.item).evidence == attempt.uuid
    assert CourseCompletion.objects.count() == 1


def test_the_grade_is_what_the_stored_answers_give_when_counted_again():
    attempt = AttemptFactory(
        version=QuizVersionFactory(questions=["single", "multiple", "truefalse", "situational"], draw_count=4)
    )
    answer_all(attempt, right=2)
    grade = submit_attempt(attempt=attempt, at=NOON).grade
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=None, grade=None)

    assert submit_attempt(attempt=attempt, at=NOON).grade == grade
