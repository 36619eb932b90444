"""Two tabs, two submits, two grants at the same moment: exactly one of each. Real threads, real transactions."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from enrolments.models import CourseCompletion, ItemCompletion
from organisation.models import Role
from quizzes.exceptions import AttemptLimitReached, GrantRefused, RedoRefused, RetryTooSoon
from quizzes.models import Attempt, AttemptGrant, LateAnswer, RedoOrder
from quizzes.services import (
    SaveState,
    close_due_attempts,
    grant_attempt,
    leave_question,
    order_redo,
    record_outage,
    request_redo,
    save_answer,
    start_attempt,
    submit_attempt,
)
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all, options_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_racing_submits_leave_one_grade_and_one_completion(together):
    attempt = AttemptFactory()
    answer_all(attempt, right=3)

    results = together(*[lambda: submit_attempt(attempt=attempt, at=NOON)] * 6)

    assert {(result.grade, result.passed) for result in results if result.grade is not None} == {(75, True)}
    assert ItemCompletion.objects.count() == CourseCompletion.objects.count() == 1


def test_two_tabs_starting_the_last_attempt_open_one(together):
    version = QuizVersionFactory(max_attempts=3)
    enrolment = EnrolmentFactory(course=version.item.course)
    AttemptFactory.create_batch(2, version=version, enrolment=enrolment, finished=True)

    results = together(*[lambda: start_attempt(version=version, enrolment=enrolment, at=NOON)] * 4)

    assert not [result for result in results if isinstance(result, Exception)]
    assert len({result.pk for result in results}) == 1
    assert Attempt.objects.count() == 3


def test_a_tab_that_starts_while_another_submits_the_last_attempt_opens_no_fourth(together):
    version = QuizVersionFactory(max_attempts=1)
    enrolment = EnrolmentFactory(course=version.item.course)
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    _submitted, started = together(
        lambda: submit_attempt(attempt=attempt, at=NOON),
        lambda: start_attempt(version=version, enrolment=enrolment, at=NOON),
    )

    assert started == attempt or isinstance(started, AttemptLimitReached)
    assert Attempt.objects.count() == 1


def test_an_answer_that_races_the_submit_is_either_counted_or_kept_as_late(together):
    for _ in range(5):
        attempt = AttemptFactory(version=QuizVersionFactory(questions=1, draw_count=1))
        best = options_of(attempt.responses.get())[0]

        acknowledged, _submitted = together(
            lambda attempt=attempt, best=best: save_answer(
                attempt=attempt, position=1, sent={"pilihan": [best]}, epoch=1, sequence=1, at=NOON
            ),
            lambda attempt=attempt: submit_attempt(attempt=attempt, at=NOON),
        )

        attempt.refresh_from_db()
        counted = acknowledged.state == SaveState.SAVED
        assert attempt.grade == (100 if counted else 0)
        assert LateAnswer.objects.filter(response__attempt=attempt).exists() == (not counted)


def test_two_sdm_officers_granting_together_give_one_attempt(together):
    version = QuizVersionFactory(max_attempts=1)
    attempt = AttemptFactory(version=version, finished=True)
    actor = UserFactory()

    results = together(*[lambda: grant_attempt(attempt=attempt, reason="a", actor=actor, at=NOON)] * 4)

    assert sum(isinstance(result, AttemptGrant) for result in results) == 1
    assert sum(isinstance(result, GrantRefused) for result in results) == 3


def test_a_tab_that_starts_while_another_submits_does_not_get_around_the_waiting_time(together):
    version = QuizVersionFactory(wait_minutes=60)
    enrolment = EnrolmentFactory(course=version.item.course)
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    _submitted, started = together(
        lambda: submit_attempt(attempt=attempt, at=NOON),
        lambda: start_attempt(version=version, enrolment=enrolment, at=NOON),
    )

    assert started == attempt or isinstance(started, RetryTooSoon)
    assert Attempt.objects.count() == 1


def test_two_tabs_that_waited_open_one_attempt(together):
    version = QuizVersionFactory(wait_minutes=60)
    enrolment = EnrolmentFactory(course=version.item.course)
    AttemptFactory(version=version, enrolment=enrolment, finished=True)
    free_at = NOON + timedelta(minutes=80)

    results = together(*[lambda: start_attempt(version=version, enrolment=enrolment, at=free_at)] * 4)

    assert len({result.pk for result in results}) == 1
    assert Attempt.objects.count() == 2


def test_two_tabs_that_go_on_leave_one_question(together):
    attempt = AttemptFactory(version=QuizVersionFactory(forward_only=True))

    together(*[lambda: leave_question(attempt=attempt, position=1)] * 4)

    attempt.refresh_from_db()
    assert attempt.furthest == 2


def test_an_outage_recorded_while_the_sweeper_runs_costs_nobody_an_attempt(together):
    unit, actor = UnitFactory(), UserFactory()
    version = QuizVersionFactory(time_limit_minutes=40, max_attempts=1)
    attempts = [
        AttemptFactory(
            version=version,
            enrolment=EnrolmentFactory(officer=OfficerFactory(posting__unit=unit), course=version.item.course),
        )
        for _ in range(5)
    ]
    now = NOON + timedelta(minutes=50)

    together(
        lambda: close_due_attempts(at=now),
        lambda: record_outage(
            unit=unit, starts_at=NOON + timedelta(minutes=30), ends_at=None, reason="a", actor=actor, at=now
        ),
    )

    for attempt in attempts:
        attempt.refresh_from_db()
        goes_on = attempt.submitted_at is None and attempt.paused_at is not None
        given_again = attempt.ended_as == "timed_out" and AttemptGrant.objects.filter(after=attempt).exists()
        assert goes_on != given_again


def test_two_sdm_officers_ordering_the_same_redo_order_it_once(together):
    unit = UnitFactory()
    sdm = RoleGrantFactory(role=Role.SDM, unit=unit).user
    first = QuizVersionFactory()
    enrolment = EnrolmentFactory(officer=OfficerFactory(posting__unit=unit), course=first.item.course)
    AttemptFactory(version=first, enrolment=enrolment, finished=True)
    second = QuizVersionFactory(item=first.item)
    request = request_redo(version=second, scope="unfinished", before=None, reason="a", actor=sdm, at=NOON)

    results = together(
        *[lambda: order_redo(request=request, unit=unit, due_at=None, order_number="", issuer="", actor=sdm, at=NOON)]
        * 4
    )

    assert sum(isinstance(result, RedoOrder) for result in results) == 1
    assert sum(isinstance(result, RedoRefused) for result in results) == 3


def test_without_its_guard_the_race_of_two_starts_is_real(together, monkeypatch):
    """The locks above are no decoration: what they hold back, the constraint still refuses."""
    version = QuizVersionFactory(max_attempts=0)
    enrolment = EnrolmentFactory(course=version.item.course)
    enough = Barrier(2)

    def count_then_create():
        number = Attempt.objects.of(version.item, enrolment).count() + 1
        enough.wait()
        return AttemptFactory(version=version, enrolment=enrolment, number=number)

    results = together(count_then_create, count_then_create)

    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["IntegrityError"]
    assert Attempt.objects.count() == 1
    assert connection.vendor in ("sqlite", "postgresql")
