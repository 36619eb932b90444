"""Answers go after two years with all that was said about them; what they earned stays."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from foundation import retention, triggers
from quizzes.models import (
    AttemptEvent,
    Dispute,
    LateAnswer,
    Mark,
    MarkingTask,
    Ruling,
)
from quizzes.services import answer_dispute, claim, decide_late_answer, question_result, save_answer
from quizzes.services.marking import settle
from quizzes.services.retention import SAID
from tests.clock import NOON
from tests.factories.organisation import UserFactory
from tests.quizzes.marking_scene import ANSWER, essay_waiting, mark, task_of

pytestmark = pytest.mark.django_db
TWO_YEARS = timedelta(days=730)


@pytest.fixture
def full():
    """An attempt about which everything was said that can be said."""
    attempt = essay_waiting()
    mark(task_of(attempt), UserFactory(), 4, 4)
    attempt.refresh_from_db()
    actor = attempt.enrolment.officer.user
    dispute = question_result(attempt=attempt, actor=actor, position=1, text="Mengapa?", at=NOON)
    marker = UserFactory()
    claim(task=dispute.task, marker=marker, may_decide=False, at=NOON)
    answer_dispute(task=dispute.task, marker=marker, changes={1: Fraction(9, 10)}, explanation="Benar.", at=NOON)
    save_answer(attempt=attempt, position=1, sent={"jawaban": ["Susulan"]}, epoch=1, sequence=2, at=NOON)
    decide_late_answer(late=LateAnswer.objects.get(), accepted=False, reason="Tanpa alasan", actor=marker, at=NOON)
    return attempt


def test_before_two_years_are_over_nothing_goes(full):
    assert retention.apply(at=NOON + TWO_YEARS)["answers"] == 0
    assert full.responses.get().answer == ANSWER


def test_a_dry_run_counts_and_removes_nothing(full):
    after = NOON + TWO_YEARS + timedelta(seconds=1)

    assert retention.apply(at=after, dry_run=True)["answers"] == 1
    assert Mark.objects.exists()


def test_after_two_years_the_answers_go_and_the_grade_stays(full, client):
    after = NOON + TWO_YEARS + timedelta(seconds=1)

    assert retention.apply(at=after)["answers"] == 1

    full.refresh_from_db()
    response = full.responses.get()
    assert (full.grade, full.passed, full.answers_purged_at) == (90, True, after)
    assert (response.answer, str(response.fraction)) == ([], "0.90000")
    for model in (AttemptEvent, Mark, MarkingTask, Ruling, Dispute, LateAnswer):
        assert not model.objects.exists()
    assert retention.apply(at=after)["answers"] == 0
    client.force_login(full.enrolment.officer.user)
    assert "dihapus menurut masa simpannya" in client.get(reverse("quiz-result", args=[full.uuid])).content.decode()


def test_a_purged_attempt_is_never_graded_again(full):
    retention.apply(at=NOON + TWO_YEARS + timedelta(seconds=1))

    settle(full, at=NOON)

    full.refresh_from_db()
    assert full.grade == 90


def test_an_answer_that_still_waits_for_its_marker_stays():
    attempt = essay_waiting()

    assert retention.apply(at=NOON + 2 * TWO_YEARS)["answers"] == 0
    assert attempt.responses.get().answer == ANSWER


def test_afterwards_the_database_refuses_changes_again(full):
    retention.apply(at=NOON + TWO_YEARS + timedelta(seconds=1))
    other = essay_waiting()

    assert not triggers.missing(connection)
    with pytest.raises(DatabaseError), transaction.atomic():
        AttemptEvent.objects.filter(attempt=other).update(position=9)


def test_every_table_that_tells_of_answers_is_purged():
    """A new model that points at attempts or responses must be named in retention.py, or here with its reason."""
    # They tell of attempts and grades, not of what was answered.
    stays = {"Response", "AttemptGrant", "AttemptExtension", "GradeChange"}
    cascades = {"MarkingClaim"}
    purged = {model.__name__ for model, _way in SAID}
    roots = {"Attempt", "Response", "LateAnswer", "Dispute", "MarkingTask"}
    pointing = {
        model.__name__
        for model in apps.get_app_config("quizzes").get_models()
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and not field.auto_created)
        if field.related_model.__name__ in roots
    }

    assert pointing == purged | stays | cascades
