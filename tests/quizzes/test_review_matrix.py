"""What a result shows, moment by moment, as the author set it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from quizzes.choices import ReviewWhat
from quizzes.openness import AFTERWARDS, CELLS, PRESETS, in_order, in_words, moment_of, opened
from quizzes.services import submit_attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after", "closes", "moment"),
    [
        (timedelta(0), None, "after"),
        (timedelta(minutes=2) - SECOND, None, "after"),
        (timedelta(minutes=2), None, "later"),
        (timedelta(days=9), None, "later"),
        (timedelta(minutes=1), timedelta(seconds=30), "after"),
        (timedelta(hours=1) - SECOND, timedelta(hours=1), "later"),
        (timedelta(hours=1), timedelta(hours=1), "closed"),
    ],
)
def test_the_moment_of_a_review_goes_by_submission_and_closing(after, closes, moment):
    closes_at = None if closes is None else NOON + closes

    assert moment_of(submitted_at=NOON, closes_at=closes_at, at=NOON + after) == moment


def test_a_running_attempt_is_always_during():
    assert moment_of(submitted_at=None, closes_at=NOON, at=NOON + SECOND) == "during"


def test_the_presets_open_what_their_names_say():
    assert opened(PRESETS["never"], "after") == {"marks"}
    assert opened(PRESETS["never"], "during") == set()
    assert opened(PRESETS["after_submit"], "during") == set()
    assert all(opened(PRESETS["after_submit"], when) == set(ReviewWhat.values) for when in AFTERWARDS)
    assert PRESETS["during"] == CELLS


def test_the_same_cells_are_the_same_setting():
    assert in_order(["later:marks", "after:marks", "later:marks", "nonsense"]) == ["after:marks", "later:marks"]


@pytest.mark.parametrize(
    ("cells", "closes", "words"),
    [
        ([], False, "Yang ditunjukkan hanya lulus atau belum lulus."),
        (PRESETS["never"], False, "Sesudah dikirim: nilai."),
        (["after:marks"], False, "Sesudah dikirim: nilai. Mulai dua menit sesudahnya tidak ada lagi yang ditunjukkan."),
        (
            ["after:marks", "later:marks", "closed:marks", "closed:answer"],
            True,
            "Sesudah dikirim: nilai. Sesudah kuis ditutup: nilai dan jawaban yang benar.",
        ),
        (["during:correctness"], False, "Untuk tiap soal, sesudah jawabannya Anda kunci: tepat atau belum."),
    ],
)
def test_the_rules_say_in_words_what_will_be_shown(cells, closes, words):
    assert in_words(cells, closes=closes) == words


def result(client, cells, *, at=NOON, version=None):
    """The result page of an attempt submitted at noon, read at ``at``; one of four answers is right."""
    version = version or QuizVersionFactory(review_options=cells)
    attempt = AttemptFactory(version=version, enrolment=EnrolmentFactory(course=version.item.course))
    answer_all(attempt, right=1)
    submit_attempt(attempt=attempt, at=NOON)
    with time_machine.travel(at, tick=False):
        sign_in(client, attempt.enrolment.officer.user)
        return client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()


SIGNS = {
    "marks": ("Nilai 25", "1 dari 1 poin"),
    "correctness": ("Belum tepat", "Topik untuk dibaca ulang"),
    "feedback": ("Pembahasan rahasia", "Umpan balik rahasia 1"),
}


@pytest.mark.parametrize("what", SIGNS)
def test_only_what_the_author_opened_is_on_the_result(client, what):
    # Correctness or feedback brings the list of questions; marks alone bring the grade.
    page = result(client, [f"after:{what}"])

    for other, signs in SIGNS.items():
        for sign in signs[:1] if other == "marks" else signs:
            assert (sign in page) == (other == what), sign
    assert "Belum lulus" in page


def test_the_right_answer_alone_marks_the_right_option_and_no_answer_of_ones_own(client):
    page = result(client, ["after:answer"])

    assert page.count('class="choice good"') == 4
    assert not [sign for sign in ("Belum tepat", "rahasia", "Nilai 25") if sign in page]


def test_without_the_right_answer_only_ones_own_choices_are_judged(client):
    page = result(client, ["after:correctness"])

    assert page.count('class="choice good"') == 1
    assert page.count('class="choice late"') == 3


def test_key_and_explanation_open_only_when_the_quiz_has_closed(client):
    version = QuizVersionFactory(
        closes_at=NOON + timedelta(hours=1), review_options=["closed:answer", "closed:feedback"]
    )

    assert "rahasia" not in result(client, None, version=version)
    assert "rahasia" not in result(client, None, version=version, at=NOON + timedelta(hours=1) - SECOND)
    assert "rahasia" in result(client, None, version=version, at=NOON + timedelta(hours=1))


def test_grades_are_shown_on_the_start_page_only_while_marks_are_open(client):
    version = QuizVersionFactory(review_options=["later:marks"])
    attempt = AttemptFactory(version=version, finished=True)
    officer = sign_in(client, attempt.enrolment.officer.user)

    def shown(at):
        with time_machine.travel(at, tick=False):
            answer = officer.get(reverse("quiz-result", args=[attempt.uuid]))
            return "Nilai 50" in answer.content.decode()

    assert not shown(attempt.submitted_at + timedelta(minutes=1))
    assert shown(attempt.submitted_at + timedelta(minutes=2))


def test_a_revealed_question_shows_during_the_attempt_only_what_is_open_then(client):
    version = QuizVersionFactory(review_options=["during:correctness", *PRESETS["after_submit"]])
    attempt = AttemptFactory(version=version, enrolment=EnrolmentFactory(course=version.item.course))
    officer = sign_in(client, attempt.enrolment.officer.user)
    url = reverse("quiz-question", args=[attempt.uuid, 1])
    with time_machine.travel(NOON, tick=False):
        page = officer.get(url)
        best = str(attempt.responses.get(position=1).question.options.first().uuid)
        counters = {"epoch": page.context["epoch"], "sequence": 1}
        opened_page = officer.post(url, {"pilihan": best, "ke": "bahas", **counters}, follow=True).content.decode()

    assert "Tepat" in opened_page
    assert "rahasia" not in opened_page


def test_pass_and_fail_message_stand_on_their_result_as_plain_text(client):
    version = QuizVersionFactory(fail_message="Jangan menyerah.\n<b>Baca</b> lagi.", pass_message="Selamat!")

    page = result(client, None, version=version)

    assert "Jangan menyerah.<br>&lt;b&gt;Baca&lt;/b&gt; lagi." in page
    assert "Selamat!" not in page
