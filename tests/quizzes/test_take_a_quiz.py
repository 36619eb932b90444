"""An officer takes a quiz in the browser, without script and with it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from quizzes.models import Attempt, LateAnswer
from quizzes.services import submit_attempt
from tests.clock import NOON
from tests.factories.courses import LegalSourceFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import (
    AttemptFactory,
    QuizVersionFactory,
    VersionQuestionFactory,
    answer_all,
    options_of,
)
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon"), pytest.mark.once_on("sqlite")]
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def version():
    return QuizVersionFactory()


@pytest.fixture
def officer(client, version):
    return learner_of(version, client)


def learner_of(version, client):
    return sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)


def open_attempt(officer, version) -> Attempt:
    officer.post(reverse("quiz-start", args=[version.item.uuid]))
    return Attempt.objects.get(submitted_at=None)


def question_url(attempt, position):
    return reverse("quiz-question", args=[attempt.uuid, position])


def fields(page) -> dict:
    sheet = page.context["sheet"]
    return {"epoch": page.context["epoch"], "sequence": sheet.following_sequence}


def test_starting_leads_to_the_first_question(officer, version):
    answer = officer.post(reverse("quiz-start", args=[version.item.uuid]), follow=True)

    assert answer.context["sheet"].sentence == "Soal 1 dari 4, 0 terjawab"


def test_starting_twice_goes_on_with_the_same_attempt(officer, version):
    open_attempt(officer, version)
    open_attempt(officer, version)

    assert Attempt.objects.count() == 1


def test_without_script_the_button_saves_and_goes_to_the_next_question(officer, version):
    attempt = open_attempt(officer, version)
    page = officer.get(question_url(attempt, 1))
    best = options_of(attempt.responses.get(position=1))[0]

    answer = officer.post(question_url(attempt, 1), {"pilihan": best, "ke": "lanjut", **fields(page)})

    assert answer.headers["Location"] == question_url(attempt, 2)
    assert attempt.responses.get(position=1).answer == [best]


def test_without_script_a_changed_answer_replaces_the_first(officer, version):
    attempt = open_attempt(officer, version)
    best, _second, *_rest, worst = options_of(attempt.responses.get(position=1))
    for option in (worst, best):
        page = officer.get(question_url(attempt, 1))
        officer.post(question_url(attempt, 1), {"pilihan": option, "ke": "lanjut", **fields(page)})

    assert attempt.responses.get(position=1).answer == [best]


def test_the_last_question_leads_to_the_list_of_all(officer, version):
    attempt = open_attempt(officer, version)
    page = officer.get(question_url(attempt, 4))

    answer = officer.post(question_url(attempt, 4), {"ke": "lanjut", **fields(page)})

    assert answer.headers["Location"] == reverse("quiz-check", args=[attempt.uuid])


def test_with_script_an_answer_is_acknowledged_with_the_second_in_the_zone_of_the_unit(officer, version):
    attempt = open_attempt(officer, version)
    page = officer.get(question_url(attempt, 1))
    best = options_of(attempt.responses.get(position=1))[0]

    answer = officer.post(question_url(attempt, 1), {"pilihan": best, **fields(page)}, headers=AS_SCRIPT)

    assert answer.json() == {
        "state": "saved",
        "label": "Tersimpan di server 12.00.00 WIB",
        "answer": [best],
        "seconds": None,
    }


def test_with_script_nonsense_is_refused_with_a_sentence(officer, version):
    attempt = open_attempt(officer, version)

    answer = officer.post(question_url(attempt, 1), {"pilihan": "x", "epoch": "1", "sequence": "1"}, headers=AS_SCRIPT)

    assert answer.status_code == 409
    assert "Muat ulang" in answer.json()["label"]


def test_a_second_device_goes_on_where_the_first_stopped_and_wins_from_then_on(officer, version):
    phone = officer
    attempt = open_attempt(phone, version)
    on_phone = phone.get(question_url(attempt, 1))
    best, *_others, worst = options_of(attempt.responses.get(position=1))
    desk = sign_in(Client(), attempt.enrolment.officer.user)
    on_desk = desk.get(question_url(attempt, 1))
    desk.post(question_url(attempt, 1), {"pilihan": best, **fields(on_desk)}, headers=AS_SCRIPT)

    late = phone.post(question_url(attempt, 1), {"pilihan": worst, **fields(on_phone)}, headers=AS_SCRIPT)

    assert late.json()["state"] == "superseded"
    assert attempt.responses.get(position=1).answer == [best]
    assert phone.get(question_url(attempt, 1)).context["epoch"] > on_desk.context["epoch"]


def test_turning_pages_on_one_device_asks_for_no_new_epoch(officer, version):
    attempt = open_attempt(officer, version)
    epochs = {officer.get(question_url(attempt, position)).context["epoch"] for position in (1, 2, 3)}

    assert len(epochs) == 1


def test_the_list_of_all_names_what_is_unanswered(officer, version):
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=4)
    attempt.responses.filter(position=3).update(answer=[])

    page = officer.get(reverse("quiz-check", args=[attempt.uuid])).content.decode()

    assert "1 soal belum dijawab" in page
    assert "Soal 3, belum dijawab" in page


def test_submitting_shows_the_grade_and_a_second_submit_the_same_one(officer, version):
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=3)

    first = officer.post(reverse("quiz-submit", args=[attempt.uuid]), follow=True)
    second = officer.post(reverse("quiz-submit", args=[attempt.uuid]), follow=True)

    for page in (first, second):
        assert "Lulus" in page.content.decode()
        assert page.context["attempt"].grade == 75


def test_time_that_is_over_closes_the_attempt_and_shows_its_result(client, at_noon):
    version = QuizVersionFactory(time_limit_minutes=40)
    officer = learner_of(version, client)
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=4)
    at_noon.shift(timedelta(minutes=41))

    page = officer.get(question_url(attempt, 1), follow=True)

    assert page.redirect_chain == [(reverse("quiz-result", args=[attempt.uuid]), 302)]
    assert page.context["attempt"].ended_as == "timed_out"
    assert page.context["attempt"].submitted_at == attempt.deadline_at


def test_an_answer_that_comes_too_late_is_kept_and_the_officer_is_told(client, at_noon):
    version = QuizVersionFactory(time_limit_minutes=40)
    officer = learner_of(version, client)
    attempt = open_attempt(officer, version)
    page = officer.get(question_url(attempt, 1))
    best = options_of(attempt.responses.get(position=1))[0]
    at_noon.shift(timedelta(minutes=41))

    answer = officer.post(question_url(attempt, 1), {"pilihan": best, **fields(page)}, headers=AS_SCRIPT)

    assert answer.json()["state"] == "late"
    assert LateAnswer.objects.get().answer == [best]


def test_somebody_elses_attempt_does_not_exist(client, version):
    attempt = AttemptFactory(version=version)
    stranger = sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)

    for name in ("quiz-attempt", "quiz-check", "quiz-result"):
        assert stranger.get(reverse(name, args=[attempt.uuid])).status_code == 404
    assert stranger.get(question_url(attempt, 1)).status_code == 404
    assert stranger.post(question_url(attempt, 1), {}).status_code == 404


SECRETS = ("rahasia", "fraction", "feedback", "-0.5", "correct", "Tepat")


def test_no_key_leaves_the_server_before_submitting(officer, version):
    attempt = open_attempt(officer, version)
    answers = [officer.get(question_url(attempt, position)) for position in (1, 2, 3, 4)]
    best = options_of(attempt.responses.get(position=1))[0]
    answers.append(officer.post(question_url(attempt, 1), {"pilihan": best, **fields(answers[0])}, headers=AS_SCRIPT))
    answers.append(officer.get(reverse("quiz-check", args=[attempt.uuid])))
    answers.append(officer.get(reverse("quiz-result", args=[attempt.uuid]), follow=True))

    for answer in answers:
        text = answer.content.decode()
        assert not [secret for secret in SECRETS if secret in text]


def test_after_submitting_the_review_shows_key_feedback_explanation_and_source(client):
    version = QuizVersionFactory(questions=3)
    VersionQuestionFactory(version=version, legal_source=LegalSourceFactory(short="UU 25/2009"))
    officer = learner_of(version, client)
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=1)

    page = officer.post(reverse("quiz-submit", args=[attempt.uuid]), follow=True).content.decode()

    for words in ("Umpan balik rahasia 1", "Pembahasan rahasia", "UU 25/2009", "Belum lulus", "Asas pelayanan"):
        assert words in page
    assert "Sisa percobaan: 2 dari 3" in page


def test_a_quiz_that_never_shows_its_key_shows_only_the_grade(client):
    version = QuizVersionFactory(review="never")
    officer = learner_of(version, client)
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=1)

    page = officer.post(reverse("quiz-submit", args=[attempt.uuid]), follow=True).content.decode()

    assert "rahasia" not in page
    assert "25" in page


def test_a_quiz_with_review_at_once_opens_one_question_and_keeps_its_answer(client):
    version = QuizVersionFactory(review="during")
    officer = learner_of(version, client)
    attempt = open_attempt(officer, version)
    page = officer.get(question_url(attempt, 1))
    best = options_of(attempt.responses.get(position=1))[0]

    opened = officer.post(question_url(attempt, 1), {"pilihan": best, "ke": "bahas", **fields(page)}, follow=True)

    assert "Umpan balik rahasia 1" in opened.content.decode()
    assert "rahasia" not in officer.get(question_url(attempt, 2)).content.decode()


def test_a_question_page_asks_few_queries(officer, version, django_assert_max_num_queries):
    attempt = open_attempt(officer, version)
    officer.get(question_url(attempt, 1))

    # session, user, roles (middleware and frame), attempt, responses, officer, posting, question, options
    with django_assert_max_num_queries(10):
        officer.get(question_url(attempt, 2))


def test_a_result_page_asks_few_queries_however_many_questions(officer, version, django_assert_max_num_queries):
    attempt = open_attempt(officer, version)
    answer_all(attempt, right=2)
    submit_attempt(attempt=attempt, at=NOON)

    # As above; then done and all items, newest version, responses, options, corrections, topics, lessons and
    # theirs, attempts used, granted, passed, changes of the grade
    with django_assert_max_num_queries(24):
        officer.get(reverse("quiz-result", args=[attempt.uuid]))
