"""Every kind of question, from the author's block to the officer's page and its review."""

import pytest
from django.urls import reverse

from quizzes.models import QuizVersion
from quizzes.services import compile_quiz, save_answer, submit_attempt
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import ALL_KINDS, AttemptFactory, QuizPageFactory, question, quiz_item

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def version_with(kind: str) -> QuizVersion:
    page = QuizPageFactory(questions=[question(kind)])
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    return compile_quiz(page=page, actor=UserFactory(), at=NOON)


def form_of(kind: str, answer) -> dict[str, list[str]]:
    """The fields a form sends for an answer; a scenario sends one step at a time."""
    if kind == "ordering":
        return {"urutan": answer}
    if kind == "matching":
        return {f"pasangan-{stem}": [partner] for stem, partner in answer.items()}
    if kind == "gaps":
        return {f"isian-{gap}": [text] for gap, text in answer.items()}
    if kind == "numerical":
        return {"angka": [answer["number"]], "satuan": [answer["unit"]]}
    return {"jawaban": [answer]} if kind in ("short", "essay") else {"pilihan": answer}


def answer_fully(attempt, kind: str, answer) -> None:
    forms = [form_of(kind, answer)]
    if kind == "scenario":
        forms = [{"adegan": [str(made)], "langkah": [choice]} for made, choice in enumerate(answer)]
    for sequence, form in enumerate(forms, start=1):
        save_answer(attempt=attempt, position=1, sent=form, epoch=1, sequence=sequence, at=NOON)


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind != "essay"])
def test_the_best_answer_earns_everything_and_its_review_opens(client, kind):
    attempt = AttemptFactory(version=version_with(kind))
    only = attempt.responses.get()
    answer_fully(attempt, kind, only.question.rules.best(only.question.answer_key))

    assert submit_attempt(attempt=attempt, at=NOON).grade == 100
    client.force_login(attempt.enrolment.officer.user)
    assert "Karena pemohon menunggu." in client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_nothing_of_the_key_is_on_the_officers_page(client, kind):
    attempt = AttemptFactory(version=version_with(kind))
    client.force_login(attempt.enrolment.officer.user)

    page = client.get(reverse("quiz-question", args=[attempt.uuid, 1])).content.decode()

    for secret in ("rahasia", "Karena pemohon menunggu", "memberi salam", "Akibat"):
        assert secret not in page


def test_an_essay_waits_for_its_marker():
    attempt = AttemptFactory(version=version_with("essay"))
    answer_fully(attempt, "essay", "Saya minta maaf lebih dahulu.")

    attempt = submit_attempt(attempt=attempt, at=NOON)

    assert attempt.awaits_marking
    assert attempt.grade is None


def test_a_choice_in_a_scenario_stands_and_a_second_click_changes_nothing():
    attempt = AttemptFactory(version=version_with("scenario"))
    scenes = attempt.responses.get().question.key["scenes"]
    greet, keep_silent = (choice["uuid"] for choice in scenes["loket"]["choices"])

    for sequence, chosen in enumerate([greet, greet, keep_silent], start=1):
        form = {"adegan": ["0"], "langkah": [chosen]}
        save_answer(attempt=attempt, position=1, sent=form, epoch=1, sequence=sequence, at=NOON)

    assert attempt.responses.get().answer == [greet]


@pytest.mark.parametrize("kind", ["single", "ordering", "matching"])
def test_quotes_and_signs_in_an_option_are_shown_as_they_were_written(client, kind):
    words = 'Kata petugas: "Duduk & tunggu < 5 menit"'
    fields = {
        "single": {"options": [question()[1]["options"][0], question()[1]["options"][1] | {"text": words}]},
        "ordering": {"steps": ["Sapa", words, "Catat"]},
        "matching": {"distractors": [words]},
    }[kind]
    page = QuizPageFactory(questions=[question(kind, **fields)])
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    attempt = AttemptFactory(version=compile_quiz(page=page, actor=UserFactory(), at=NOON))
    client.force_login(attempt.enrolment.officer.user)

    shown = client.get(reverse("quiz-question", args=[attempt.uuid, 1])).content.decode()

    assert "&quot;Duduk &amp; tunggu &lt; 5 menit&quot;" in shown
    assert "&amp;quot;" not in shown
