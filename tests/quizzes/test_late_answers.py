"""What came after the attempt closed is kept, shown, and counts only when a person says so."""

from datetime import timedelta

import pytest
from django.urls import reverse

from enrolments.models import ItemCompletion
from organisation.models import Role
from quizzes.exceptions import LateDecisionRefused
from quizzes.late_sheets import lateness
from quizzes.models import Attempt, LateAnswer, LateDecision, MarkingTask, Response
from quizzes.services import decide_late_answer, save_answer, submit_attempt
from tests.clock import NOON
from tests.factories.organisation import UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all, options_of
from tests.quizzes.marking_scene import essay_version, essay_waiting, mark, staff, task_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
AFTER = NOON + timedelta(minutes=45)


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def closed(*, right: int = 2, **factory) -> Attempt:
    """An attempt with two right answers of four, closed by its clock after 40 minutes."""
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40), **factory)
    answer_all(attempt, right=right)
    return submit_attempt(attempt=attempt, at=AFTER)


def came_late(attempt: Attempt, *, position: int = 3, option: int = 0, sequence: int = 2) -> LateAnswer:
    chosen = options_of(attempt.responses.get(position=position))[option]
    save_answer(attempt=attempt, position=position, sent={"pilihan": [chosen]}, epoch=1, sequence=sequence, at=AFTER)
    return LateAnswer.objects.get(response__attempt=attempt, sequence=sequence)


def decide(late: LateAnswer, accepted: bool, reason: str = "Listrik padam"):
    return decide_late_answer(late=late, accepted=accepted, reason=reason, actor=UserFactory(), at=AFTER)


def counted_late() -> set[int]:
    """Responses whose counted answer came after the end of their attempt (I10)."""
    return {
        response.pk
        for response in Response.objects.select_related("attempt").exclude(saved_at=None)
        if response.attempt.closes_at and response.saved_at >= response.attempt.closes_at
    }


def test_a_late_answer_alone_changes_nothing():
    attempt = closed()

    came_late(attempt)

    attempt.refresh_from_db()
    assert attempt.grade == 50
    assert not counted_late()


def test_an_accepted_late_answer_counts_and_the_pass_it_earns_completes_the_quiz():
    attempt = closed()
    late = came_late(attempt)
    before = attempt.responses.get(position=3).answer

    decision = decide(late, True)

    attempt.refresh_from_db()
    assert (attempt.grade, attempt.passed) == (75, True)
    assert ItemCompletion.objects.get().evidence == attempt.uuid
    assert decision.replaced["answer"] == before


def test_a_refused_late_answer_changes_nothing_and_is_on_record():
    attempt = closed()

    decision = decide(came_late(attempt), False)

    attempt.refresh_from_db()
    assert (attempt.grade, decision.accepted) == (50, False)
    assert not LateAnswer.objects.undecided().exists()


@pytest.mark.both_databases
def test_no_answer_counts_late_unless_a_decision_names_it():
    attempt = closed()
    decide(came_late(attempt, position=3), True)
    decide(came_late(attempt, position=4, sequence=3), False)

    named = LateDecision.objects.filter(accepted=True).values_list("late__response", flat=True)
    assert counted_late() == set(named)


def test_a_late_answer_is_decided_once():
    late = came_late(closed())
    decide(late, False)

    with pytest.raises(LateDecisionRefused):
        decide(late, True)
    assert LateDecision.objects.count() == 1


def test_of_several_late_answers_to_one_question_the_newest_is_looked_at():
    attempt = closed()
    older, newest = came_late(attempt, option=1), came_late(attempt, option=0, sequence=3)

    assert list(LateAnswer.objects.undecided()) == [newest]
    decide(newest, True)
    with pytest.raises(LateDecisionRefused):
        decide(older, True)


def test_a_decision_has_a_reason():
    with pytest.raises(LateDecisionRefused, match="alasan"):
        decide(came_late(closed()), True, reason=" ")


def test_an_answer_whose_key_was_seen_is_not_replaced():
    attempt = closed()
    late = came_late(attempt)
    attempt.responses.filter(position=3).update(revealed_at=NOON)

    with pytest.raises(LateDecisionRefused, match="Kunci"):
        decide(late, True)


def test_an_accepted_late_essay_is_marked_anew_and_has_no_grade_until_then():
    attempt = essay_waiting(essay_version())
    mark(task_of(attempt), UserFactory(), 1, 1)
    save_answer(attempt=attempt, position=1, sent={"jawaban": ["Lebih lengkap"]}, epoch=1, sequence=2, at=AFTER)

    decide(LateAnswer.objects.get(), True)

    attempt.refresh_from_db()
    assert attempt.awaits_marking
    assert attempt.grade is None
    mark(task_of(attempt), UserFactory(), 4, 6)
    attempt.refresh_from_db()
    assert attempt.grade == 100
    assert MarkingTask.objects.count() == 2


# --- on the pages -----------------------------------------------------------


def test_sdm_reads_what_stood_and_what_came_without_the_key_and_decides(client):
    unit = UnitFactory()
    attempt = closed()
    attempt.enrolment.officer.postings.update(unit=unit)
    late = came_late(attempt)
    sign_in(client, staff(Role.SDM, unit))
    url = reverse("late-answer", args=[late.pk])

    assert attempt.enrolment.officer.full_name in client.get(reverse("late-answers")).content.decode()
    page = client.get(url).content.decode()
    assert "5 menit" in page
    assert "rahasia" not in page
    client.post(url, {"decision": "terima", "reason": "Listrik padam"})

    attempt.refresh_from_db()
    assert attempt.grade == 75
    client.force_login(attempt.enrolment.officer.user)
    shown = client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()
    assert "diterima dan dihitung. Listrik padam" in shown


def test_a_trainer_decides_without_a_name(client):
    unit = UnitFactory()
    attempt = closed()
    officer = attempt.enrolment.officer
    officer.postings.update(unit=unit)
    late = came_late(attempt)
    sign_in(client, staff(Role.TRAINER, unit))

    for url in (reverse("blind-late-answers"), reverse("blind-late-answer", args=[late.pk])):
        page = client.get(url).content.decode()
        assert officer.name not in page
        assert officer.number not in page
        assert unit.name not in page


def test_whoever_opened_the_result_first_is_pointed_out(client):
    unit = UnitFactory()
    attempt = closed()
    attempt.enrolment.officer.postings.update(unit=unit)
    late = came_late(attempt)
    Attempt.objects.filter(pk=attempt.pk).update(result_seen_at=AFTER - timedelta(minutes=1))
    sign_in(client, staff(Role.SDM, unit))

    page = client.get(reverse("late-answer", args=[late.pk])).content.decode()

    assert "Hasil sudah dibuka lebih dahulu" in page


def test_the_list_asks_as_many_queries_for_twenty_as_for_one(client, django_assert_max_num_queries):
    unit, version = UnitFactory(), QuizVersionFactory(time_limit_minutes=40)
    for _ in range(20):
        attempt = AttemptFactory(version=version)
        attempt.enrolment.officer.postings.update(unit=unit)
        came_late(submit_attempt(attempt=attempt, at=AFTER))
    sign_in(client, staff(Role.SDM, unit))

    # Session, user, roles of page, frame, tabs and lists; scope, count, rows, postings, audit.
    with django_assert_max_num_queries(16):
        assert "20 jawaban datang terlambat" in client.get(reverse("late-answers")).content.decode()


@pytest.mark.parametrize(
    ("delay", "words"),
    [(0, "0 detik"), (59, "59 detik"), (61, "1 menit"), (3 * 3600 + 300, "3 jam 5 menit"), (200_000, "2 hari")],
)
def test_lateness_in_words(delay, words):
    assert lateness(timedelta(seconds=delay)) == words
