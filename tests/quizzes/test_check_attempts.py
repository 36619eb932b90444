"""``manage.py check_attempts`` finds every grade that its answers do not give, and every answer that came too late."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from quizzes.models import Attempt, AttemptEvent, EventKind, LateAnswer, LateDecision, Response
from tests.clock import NOON
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import QuizVersionFactory
from tests.quizzes.corrections import answered, corrected, first_question, right_is

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return answered(QuizVersionFactory(time_limit_minutes=40), 0, 0, 0, 1)


def broken(capsys) -> dict[str, int]:
    """What the command finds; an exit status of 1 goes with it."""
    failed = False
    try:
        call_command("check_attempts", "--json")
    except SystemExit as leaving:
        failed = leaving.code == 1
    found = json.loads(capsys.readouterr().out)
    assert failed == any(found["broken"].values())
    return found["broken"]


def test_attempts_as_the_platform_writes_them_hold(attempt, capsys):
    assert broken(capsys) == {"I2": 0, "I10": 0}


def test_they_hold_after_a_correction_too(attempt, capsys):
    question = first_question(attempt.version)
    corrected(question, right_is(question, 1))

    assert broken(capsys) == {"I2": 0, "I10": 0}


@pytest.mark.parametrize("change", [{"grade": 90}, {"passed": False}, {"graded_at": None}])
def test_a_result_that_its_answers_do_not_give_is_found(attempt, capsys, change):
    Attempt.objects.update(**change)

    assert broken(capsys) == {"I2": 1, "I10": 0}


def test_a_changed_answer_is_found_by_its_fraction_and_by_the_grade(attempt, capsys):
    Response.objects.filter(position=1).update(answer=[])

    assert broken(capsys)["I2"] == 2


def test_a_second_submission_is_found(attempt, capsys):
    AttemptEvent.objects.create(attempt=attempt, kind=EventKind.SUBMITTED, at=NOON)

    assert broken(capsys)["I2"] == 1


def test_an_answer_after_the_grace_is_found_unless_a_person_let_it_count(attempt, capsys):
    late_at = attempt.closes_at + timedelta(seconds=1)
    response = attempt.responses.first()
    Response.objects.filter(pk=response.pk).update(saved_at=late_at)
    assert broken(capsys)["I10"] == 1

    late = LateAnswer.objects.create(
        response=response, answer=response.answer, epoch=2, sequence=1, received_at=late_at
    )
    LateDecision.objects.create(
        late=late, accepted=True, reason="Jaringan putus", decided_by=UserFactory(), decided_at=late_at
    )
    assert broken(capsys)["I10"] == 0


def test_people_read_sentences(attempt, capsys):
    Attempt.objects.update(grade=90)

    with pytest.raises(SystemExit):
        call_command("check_attempts")

    assert f"percobaan {attempt.uuid}: tercatat nilai 90.00" in capsys.readouterr().out
