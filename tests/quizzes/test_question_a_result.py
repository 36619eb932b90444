"""An officer questions a result, once; a marker answers, and what changes is graded anew."""

from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from enrolments.models import CourseCompletion, ItemCompletion
from organisation.models import Role
from organisation.personal_data import everything_about
from quizzes.exceptions import DisputeRefused, MarkingRefused
from quizzes.models import Attempt, Dispute, DisputeAnswer, MarkingTask, Ruling
from quizzes.services import answer_dispute, claim, question_result, submit_attempt
from quizzes.services.marking import settle
from tests.clock import NOON
from tests.factories.courses import site_catalog
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.quizzes.marking_scene import essay_waiting, mark, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def graded(*, right: int, **version) -> Attempt:
    """A submitted attempt at four single-choice questions; three right ones pass."""
    attempt = AttemptFactory(version=QuizVersionFactory(**version))
    answer_all(attempt, right=right)
    return submit_attempt(attempt=attempt, at=NOON)


def ask(attempt: Attempt, *, position: int | None = None, text: str = "Jawaban saya sesuai materi 3.") -> Dispute:
    actor = attempt.enrolment.officer.user
    return question_result(attempt=attempt, actor=actor, position=position, text=text, at=NOON)


def answer(dispute: Dispute, changes: dict | None = None, *, marker=None):
    marker = marker or UserFactory()
    claim(task=dispute.task, marker=marker, may_decide=False, at=NOON)
    return answer_dispute(
        task=dispute.task, marker=marker, changes=changes or {}, explanation="Sudah dibaca ulang.", at=NOON
    )


def test_a_question_goes_into_the_marking_queue():
    dispute = ask(graded(right=2), position=3)

    assert dispute.response.position == 3
    assert MarkingTask.objects.open().get().dispute == dispute


def test_a_result_is_questioned_once():
    attempt = graded(right=2)
    ask(attempt)

    with pytest.raises(DisputeRefused, match="sudah pernah"):
        ask(attempt, position=1)


def test_the_database_itself_refuses_a_second_question():
    dispute = ask(graded(right=2))

    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.create(attempt=dispute.attempt, text="lagi", asked_at=NOON)


@pytest.mark.parametrize(("text", "words"), [("  ", "Tuliskan"), ("a" * 1001, "terlalu panjang")])
def test_a_question_has_words_but_not_too_many(text, words):
    with pytest.raises(DisputeRefused, match=words):
        ask(graded(right=2), text=text)


def test_before_the_review_opens_there_is_nothing_to_question():
    with pytest.raises(DisputeRefused):
        ask(graded(right=2, review="never"))
    with pytest.raises(DisputeRefused):
        ask(essay_waiting())


def test_a_question_of_another_attempt_cannot_be_named():
    with pytest.raises(DisputeRefused, match="tidak ada dalam percobaan"):
        ask(graded(right=2), position=9)


def test_a_result_that_stands_keeps_its_grade_and_the_answer_is_on_record():
    attempt = graded(right=2)

    reply = answer(ask(attempt))

    attempt.refresh_from_db()
    assert (attempt.grade, reply.stands) == (50, True)
    assert not Ruling.objects.exists()
    assert not MarkingTask.objects.open().exists()


def test_a_grade_that_rises_to_the_pass_mark_completes_the_course():
    attempt = graded(right=2)

    answer(ask(attempt, position=3), {3: Fraction(1)})

    attempt.refresh_from_db()
    assert (attempt.grade, attempt.passed) == (75, True)
    assert ItemCompletion.objects.get().evidence == attempt.uuid
    assert CourseCompletion.objects.count() == 1
    ruling = Ruling.objects.get()
    assert (ruling.origin, ruling.reason, ruling.fraction) == ("dispute", "Sudah dibaca ulang.", 1)


def test_a_grade_that_falls_takes_no_completion_away_and_is_flagged():
    attempt = graded(right=3)
    assert not Attempt.objects.fallen().exists()

    answer(ask(attempt, position=1), {1: Fraction(0)})

    attempt.refresh_from_db()
    assert (attempt.grade, attempt.passed) == (50, False)
    assert ItemCompletion.objects.count() == CourseCompletion.objects.count() == 1
    assert list(Attempt.objects.fallen()) == [attempt]


def test_a_ruling_outlives_the_next_grading():
    attempt = graded(right=2)
    answer(ask(attempt, position=3), {3: Fraction(1, 2)})

    settle(attempt, at=NOON)

    attempt.refresh_from_db()
    assert str(attempt.grade) == "62.50"


def test_a_second_press_of_the_button_returns_the_first_answer():
    dispute, marker = ask(graded(right=2)), UserFactory()
    first = answer(dispute, marker=marker)

    again = answer_dispute(task=dispute.task, marker=marker, changes={1: Fraction(0)}, explanation="x", at=NOON)

    assert again == first
    assert DisputeAnswer.objects.count() == 1


@pytest.mark.parametrize("changes", [{9: Fraction(1)}, {1: Fraction(2)}, {1: Fraction(-1)}])
def test_only_answers_of_the_attempt_get_new_fractions_between_nothing_and_all(changes):
    with pytest.raises(DisputeRefused):
        answer(ask(graded(right=2)), changes)
    assert not Ruling.objects.exists()


def test_whoever_marked_the_essay_does_not_answer_the_dispute_about_it():
    attempt, marker = essay_waiting(), UserFactory()
    mark(task_of(attempt), marker, 2, 2)
    attempt.refresh_from_db()
    dispute = ask(attempt)

    with pytest.raises(MarkingRefused):
        claim(task=dispute.task, marker=marker, may_decide=True, at=NOON)
    answer(dispute, {1: Fraction(9, 10)})

    attempt.refresh_from_db()
    assert attempt.grade == 90


# --- on the pages -----------------------------------------------------------


def test_the_officer_asks_on_the_result_page_and_reads_the_answer_there(client):
    site_catalog()
    attempt = graded(right=2)
    client.force_login(attempt.enrolment.officer.user)
    result = reverse("quiz-result", args=[attempt.uuid])
    form = reverse("question-result", args=[attempt.uuid])

    assert form in client.get(result).content.decode()
    asked = client.post(form, {"position": "3", "text": "Jawaban saya sesuai materi 3."}, follow=True).content.decode()
    assert "Menunggu jawaban penilai" in asked
    assert form not in asked

    dispute = Dispute.objects.get()
    answer(dispute, {3: Fraction(1)})

    assert "Sanggahan Anda sudah dijawab" in client.get("/").content.decode()
    page = client.get(result).content.decode()
    assert "Nilai diubah" in page
    assert "Sudah dibaca ulang." in page
    assert "Sanggahan Anda sudah dijawab" not in client.get("/").content.decode()


@pytest.mark.parametrize("position", ["9", "9" * 30, "²", "-1", "\x00"])
def test_a_position_that_is_not_in_the_attempt_is_refused_by_the_form(client, position):
    attempt = graded(right=2)
    client.force_login(attempt.enrolment.officer.user)

    page = client.post(reverse("question-result", args=[attempt.uuid]), {"position": position, "text": "Mengapa?"})

    assert page.status_code == 200
    assert not Dispute.objects.exists()


def test_a_second_visit_to_the_form_leads_back_to_the_result(client):
    attempt = graded(right=2)
    ask(attempt)
    client.force_login(attempt.enrolment.officer.user)

    assert client.get(reverse("question-result", args=[attempt.uuid])).status_code == 302


def test_the_marker_answers_in_the_browser(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    attempt = graded(right=2)
    dispute = ask(attempt, position=3)
    trainer = OfficerFactory()
    unit = attempt.enrolment.officer.postings.get().unit
    RoleGrantFactory(user=trainer.user, role=Role.TRAINER, unit=unit)
    client.force_login(trainer.user)
    url = reverse("mark-answer", args=[dispute.task.uuid])

    page = client.get(url).content.decode()
    assert "Jawaban saya sesuai materi 3." in page
    refused = client.post(url, {"nilai-3": "200", "penjelasan": "Benar."})
    assert refused.status_code == 422
    assert "Benar." in refused.content.decode()
    client.post(url, {"nilai-3": "100", "penjelasan": "Benar."})

    attempt.refresh_from_db()
    assert attempt.grade == 75


def test_the_officers_own_data_hold_the_question_and_what_was_decided():
    attempt = graded(right=2)
    answer(ask(attempt, position=3), {3: Fraction(1)})

    parts = everything_about(attempt.enrolment.officer, at=NOON)

    assert [row["kuis"] for row in parts["Percobaan kuis"]] == ["Pos-tes"]
    assert {row["isi"] for row in parts["Sanggahan dan penilaian kuis"]} == {
        "Jawaban saya sesuai materi 3.",
        "Sudah dibaca ulang.",
    }
    assert parts["Catatan peristiwa percobaan kuis"]
