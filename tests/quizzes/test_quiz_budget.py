"""What an exam asks of the database: few statements for each save, and no more for a page the more questions it has."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.models import Attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import QuizVersionFactory, options_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

SAVE, PAGE, RESULT = 6, 15, 17
START, SUBMIT = 24, 22


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def sit(client, *, questions: int) -> Attempt:
    """An attempt at so many questions, open on this device."""
    version = QuizVersionFactory(questions=questions, draw_count=questions, time_limit_minutes=40)
    sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)
    client.post(reverse("quiz-start", args=[version.item.uuid]), follow=True)
    return Attempt.objects.get(version=version)


def save(client, attempt, *, position: int, sequence: int):
    chosen = options_of(attempt.responses.get(position=position))[0]
    path = reverse("quiz-question", args=[attempt.uuid, position])
    sent = {"pilihan": chosen, "epoch": attempt.epoch, "sequence": sequence}
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(path, sent, headers={"Accept": "application/json"})
    assert answer.json()["state"] == "saved"
    return asked


def test_a_save_is_at_most_six_statements_however_long_the_quiz(client):
    attempt = sit(client, questions=50)

    # 1 session with user, officer and roles. 2 and 6 the transaction: BEGIN and COMMIT of an installation, a
    # savepoint and its release here. 3 answer, attempt and question, read and locked. 4 the answer stored.
    # 5 the line in the attempt's log.
    for sequence, position in enumerate([1, 50, 50], start=1):
        assert len(save(client, attempt, position=position, sequence=sequence)) <= SAVE


def test_a_repeated_save_asks_no_more_than_the_first(client):
    attempt = sit(client, questions=4)
    save(client, attempt, position=1, sequence=1)

    assert len(save(client, attempt, position=1, sequence=1)) <= SAVE


@pytest.mark.parametrize(("name", "most"), [("quiz-question", PAGE), ("quiz-check", PAGE), ("quiz-result", RESULT)])
def test_a_page_of_an_attempt_asks_the_same_for_four_questions_as_for_fifty(client, name, most):
    asked = {}
    for questions in (4, 50):
        attempt = sit(client, questions=questions)
        if name == "quiz-result":
            client.post(reverse("quiz-submit", args=[attempt.uuid]))
        path = reverse(name, args=[attempt.uuid, 2] if name == "quiz-question" else [attempt.uuid])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked[questions] = len(queries)

    # Question: session, attempt with course and version, all answers' state, the question, its options.
    # Check: session, attempt, answers. Result: besides, the course's items and which are done, the newest version,
    # what was allowed to this officer (accommodation, outages, attempts with what granted more), the answers, corrected
    # keys and what they changed, dispute, late answers, topics and lessons to reread, that the result was seen, and the
    # bell. The questions with options and key stay in the memory of the process.
    assert asked[50] == asked[4]
    assert asked[50] <= most


@pytest.mark.parametrize("questions", [4, 50])
def test_a_start_and_a_submit_ask_the_same_however_long_the_quiz(client, questions):
    # Somebody sat it before: what never changes is at hand.
    version = sit(client, questions=questions).version
    sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)

    with CaptureQueriesContext(connection) as starting:
        page = client.post(reverse("quiz-start", args=[version.item.uuid]))
    attempt = Attempt.objects.latest("pk")
    with CaptureQueriesContext(connection) as submitting:
        client.post(reverse("quiz-submit", args=[attempt.uuid]))

    assert page.headers["Location"] == reverse("quiz-question", args=[attempt.uuid, 1])
    attempt.refresh_from_db()
    assert attempt.submitted_at
    assert len(starting) <= START
    assert len(submitting) <= SUBMIT
