"""A quiz without a way back: the server opens one question after the other and none twice."""

import pytest
import time_machine
from django.urls import reverse

from quizzes.models import Attempt, LateAnswer
from quizzes.services import SaveState, save_answer
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import QuizVersionFactory, options_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon"), pytest.mark.once_on("sqlite")]
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def version():
    return QuizVersionFactory(forward_only=True)


@pytest.fixture
def officer(client, version):
    return sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)


@pytest.fixture
def attempt(officer, version):
    officer.post(reverse("quiz-start", args=[version.item.uuid]))
    return Attempt.objects.get()


def url(attempt, position):
    return reverse("quiz-question", args=[attempt.uuid, position])


def answer(officer, attempt, position, *, rank=0, ke="lanjut", sequence=None):
    page = officer.get(url(attempt, position))
    epoch = page.context["epoch"] if page.context else 1
    chosen = options_of(attempt.responses.get(position=position))[rank]
    fields = {"pilihan": chosen, "epoch": epoch, "sequence": sequence or position, "ke": ke}
    return officer.post(url(attempt, position), fields)


def test_going_on_opens_the_next_question_and_closes_this_one(officer, attempt):
    assert answer(officer, attempt, 1).headers["Location"] == url(attempt, 2)

    back = officer.get(url(attempt, 1), follow=True)

    assert back.redirect_chain == [(url(attempt, 2), 302)]
    assert "tidak dapat dibuka lagi" in back.content.decode()


def test_a_question_that_was_not_reached_yet_cannot_be_opened(officer, attempt):
    assert officer.get(url(attempt, 3)).headers["Location"] == url(attempt, 1)


def test_reloading_and_resuming_stay_at_the_open_question(officer, attempt):
    answer(officer, attempt, 1)

    assert officer.get(url(attempt, 2)).status_code == 200
    assert officer.get(reverse("quiz-attempt", args=[attempt.uuid])).headers["Location"] == url(attempt, 2)


def test_a_button_pressed_twice_leaves_one_question(officer, attempt):
    answer(officer, attempt, 1)
    again = officer.post(url(attempt, 1), {"epoch": 1, "sequence": 1, "ke": "lanjut"})

    assert again.headers["Location"] == url(attempt, 2)
    assert Attempt.objects.get().furthest == 2


def test_a_new_answer_to_a_question_left_behind_is_refused_and_kept(officer, attempt):
    answer(officer, attempt, 1, rank=3)
    worst = attempt.responses.get(position=1).answer
    best = options_of(attempt.responses.get(position=1))[0]

    refused = officer.post(url(attempt, 1), {"pilihan": best, "epoch": 1, "sequence": 9}, headers=AS_SCRIPT)

    assert refused.status_code == 409
    assert refused.json()["state"] == "left"
    assert attempt.responses.get(position=1).answer == worst
    kept = LateAnswer.objects.get()
    assert (kept.answer, kept.after_leaving) == ([best], True)


def test_an_answer_whose_acknowledgement_got_lost_is_acknowledged_again(officer, attempt):
    answer(officer, attempt, 1)
    stored = attempt.responses.get(position=1)

    again = save_answer(
        attempt=attempt,
        position=1,
        sent={"pilihan": stored.answer},
        epoch=stored.epoch,
        sequence=stored.sequence,
        at=NOON,
    )

    assert again.state == SaveState.SAVED
    assert not LateAnswer.objects.exists()


def test_an_answer_to_a_question_further_on_moves_nothing(officer, attempt):
    """Saving is no going on: only the button at the open question is."""
    officer.get(url(attempt, 1))
    best = options_of(attempt.responses.get(position=3))[0]

    officer.post(url(attempt, 3), {"pilihan": best, "epoch": 1, "sequence": 1, "ke": "lanjut"})

    assert Attempt.objects.get().furthest == 1


def test_the_list_before_submitting_comes_last_and_links_nowhere(officer, attempt):
    check = reverse("quiz-check", args=[attempt.uuid])
    assert officer.get(check).headers["Location"] == url(attempt, 1)
    for position in (1, 2, 3):
        answer(officer, attempt, position)
    page = officer.get(url(attempt, 4))
    last = officer.post(url(attempt, 4), {"epoch": page.context["epoch"], "sequence": 9, "ke": "lanjut"})

    listed = officer.get(check).content.decode()

    assert last.headers["Location"] == check
    assert "1 soal belum dijawab" in listed
    assert "soal 4" in listed
    assert f'href="/kuis/{attempt.uuid}/' not in listed


def test_the_page_shows_no_way_back(officer, attempt):
    answer(officer, attempt, 1)
    page = officer.get(url(attempt, 2)).content.decode()

    assert "Soal sebelumnya" not in page
    assert "Periksa semua" not in page
    assert f"/kuis/{attempt.uuid}/1/" not in page
