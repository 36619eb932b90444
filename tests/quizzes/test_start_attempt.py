"""An attempt opens only when the gate, the limit and the clock allow it."""

from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from enrolments.services import complete_lesson
from foundation.models import AuditEvent
from quizzes.exceptions import AlreadyPassed, AttemptLimitReached, QuizLocked
from quizzes.models import Attempt, AttemptGrant
from quizzes.services import start_attempt, submit_attempt, terms_of
from quizzes.services.sitting import GRACE
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all

pytestmark = pytest.mark.django_db


def enrolled(**settings):
    """A quiz of its own course and an officer enrolled in it."""
    version = QuizVersionFactory(**settings)
    return version, EnrolmentFactory(course=version.item.course)


def test_the_first_attempt_opens_with_its_questions_drawn_and_recorded():
    version, enrolment = enrolled(questions=10, draw_count=6)

    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    assert (attempt.number, attempt.started_at, attempt.deadline_at) == (1, NOON, None)
    assert [response.position for response in attempt.responses.all()] == [1, 2, 3, 4, 5, 6]
    assert AuditEvent.objects.get(verb="attempt.started").subject_id == enrolment.officer_id


def test_a_time_limit_gives_deadline_and_thirty_seconds_of_grace():
    version, enrolment = enrolled(time_limit_minutes=40)

    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    assert attempt.deadline_at == NOON + timedelta(minutes=40)
    assert attempt.closes_at - attempt.deadline_at == GRACE == timedelta(seconds=30)


def test_a_fourth_attempt_at_a_three_attempt_quiz_is_refused():
    version, enrolment = enrolled(max_attempts=3)
    AttemptFactory.create_batch(3, version=version, enrolment=enrolment, finished=True)

    with pytest.raises(AttemptLimitReached):
        start_attempt(version=version, enrolment=enrolment, at=NOON)


def test_an_attempt_that_sdm_granted_opens_as_the_fourth():
    version, enrolment = enrolled(max_attempts=3)
    last = AttemptFactory.create_batch(3, version=version, enrolment=enrolment, finished=True)[-1]
    AttemptGrant.objects.create(
        enrolment=enrolment, item=version.item, after=last, reason="x", granted_by=UserFactory(), granted_at=NOON
    )

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).number == 4
    assert terms_of(enrolment, version, at=NOON).allowance.left == 0


def test_a_quiz_without_limit_can_be_tried_any_number_of_times():
    version, enrolment = enrolled(max_attempts=0)
    AttemptFactory.create_batch(7, version=version, enrolment=enrolment, finished=True)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).number == 8
    assert terms_of(enrolment, version, at=NOON).allowance.left is None


def test_the_running_attempt_is_resumed_instead_of_opening_a_second():
    version, enrolment = enrolled()
    first = start_attempt(version=version, enrolment=enrolment, at=NOON)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON + timedelta(hours=1)) == first


def test_an_attempt_whose_time_is_over_is_closed_before_the_next_one_opens():
    version, enrolment = enrolled(time_limit_minutes=40)
    first = start_attempt(version=version, enrolment=enrolment, at=NOON)

    second = start_attempt(version=version, enrolment=enrolment, at=NOON + timedelta(hours=1))

    first.refresh_from_db()
    assert (first.ended_as, second.number) == ("timed_out", 2)


def test_closing_the_old_attempt_stays_done_when_the_next_one_is_refused():
    version, enrolment = enrolled(time_limit_minutes=40, max_attempts=1)
    start_attempt(version=version, enrolment=enrolment, at=NOON)

    with pytest.raises(AttemptLimitReached):
        start_attempt(version=version, enrolment=enrolment, at=NOON + timedelta(hours=1))
    assert Attempt.objects.get().submitted_at == NOON + timedelta(minutes=40)


def test_who_passed_is_not_asked_again():
    version, enrolment = enrolled()
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)
    answer_all(attempt, right=4)
    submit_attempt(attempt=attempt, at=NOON)

    with pytest.raises(AlreadyPassed):
        start_attempt(version=version, enrolment=enrolment, at=NOON)


def test_the_post_test_opens_when_every_required_lesson_before_it_is_done():
    course = published_course(lessons=2)
    version = QuizVersionFactory(course=course)
    enrolment = EnrolmentFactory(course=course)
    lessons = [entry.item for entry in course.current_version.version_items.all()[:2]]
    complete_lesson(enrolment=enrolment, item=lessons[0], at=NOON)

    with pytest.raises(QuizLocked, match="materi wajib"):
        start_attempt(version=version, enrolment=enrolment, at=NOON)
    complete_lesson(enrolment=enrolment, item=lessons[1], at=NOON)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).number == 1


def test_a_draw_has_at_least_the_scenarios_that_the_quiz_asks_for():
    version, enrolment = enrolled(
        questions=["single"] * 20 + ["situational"] * 6, draw_count=8, min_scenarios=4, shuffle_questions=True
    )

    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON, chance=Random(1))

    assert attempt.responses.filter(question__kind="situational").count() >= 4


def test_options_are_shuffled_and_the_order_is_stored_but_true_stays_before_false():
    version, enrolment = enrolled(
        questions=["single", "truefalse"], draw_count=2, shuffle_options=True, shuffle_questions=False
    )

    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON, chance=Random(5))

    single, true_false = attempt.responses.all()
    authored = [str(option.uuid) for option in single.question.options.all()]
    assert sorted(single.option_order) == sorted(authored)
    assert single.option_order != authored
    assert true_false.option_order == [str(option.uuid) for option in true_false.question.options.all()]


def test_the_database_itself_refuses_a_second_running_attempt():
    attempt = AttemptFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptFactory(version=attempt.version, enrolment=attempt.enrolment, number=2)


def test_the_database_itself_refuses_two_attempts_with_one_number():
    attempt = AttemptFactory(finished=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptFactory(version=attempt.version, enrolment=attempt.enrolment, number=1)
