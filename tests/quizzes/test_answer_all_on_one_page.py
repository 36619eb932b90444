"""All questions on one page: each answer is saved by itself, with script and without."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from quizzes.models import Attempt, LateAnswer
from quizzes.services import compile_quiz, submit_attempt
from quizzes.sheets import fingerprint
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import ALL_KINDS, QuizPageFactory, QuizVersionFactory, options_of, question, quiz_item
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon"), pytest.mark.once_on("sqlite")]


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def opened(client, version):
    """An officer with a running attempt, and the page of all its questions."""
    officer = sign_in(client, EnrolmentFactory(course=version.item.course).officer.user)
    officer.post(reverse("quiz-start", args=[version.item.uuid]))
    return officer, Attempt.objects.get()


def sheet_url(attempt):
    return reverse("quiz-sheet", args=[attempt.uuid])


def form_of(page) -> dict[str, str]:
    """The hidden fields as a browser would send them."""
    sheet = page.context["sheet"]
    hidden = {f"s{part.position}-lama": part.shown for part in sheet.parts}
    return {"epoch": str(page.context["epoch"]), "sequence": str(sheet.following_sequence)} | hidden


def best(attempt, position):
    return options_of(attempt.responses.get(position=position))[0]


def test_starting_leads_to_the_page_of_all_questions(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))

    page = officer.get(reverse("quiz-attempt", args=[attempt.uuid]), follow=True)

    assert page.redirect_chain[-1][0] == f"{sheet_url(attempt)}#soal-1"
    assert page.content.decode().count('class="question rich"') == 4
    single = officer.get(reverse("quiz-question", args=[attempt.uuid, 3]))
    assert single.headers["Location"] == f"{sheet_url(attempt)}#soal-3"


def test_without_script_one_press_saves_every_answer_by_itself(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))
    form = form_of(officer.get(sheet_url(attempt)))

    answers = {"s1-pilihan": best(attempt, 1), "s3-pilihan": best(attempt, 3)}
    sent = officer.post(sheet_url(attempt), form | answers | {"ke": "periksa"})

    assert sent.headers["Location"] == reverse("quiz-check", args=[attempt.uuid])
    assert [bool(response.answer) for response in attempt.responses.all()] == [True, False, True, False]
    assert submit_attempt(attempt=attempt, at=NOON).grade == 50


def test_one_answer_that_is_refused_holds_up_no_other(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))
    form = form_of(officer.get(sheet_url(attempt)))

    answers = {"s1-pilihan": "nonsense", "s2-pilihan": best(attempt, 2), "ke": "periksa"}
    page = officer.post(sheet_url(attempt), form | answers, follow=True)

    assert "Soal 1: Jawaban ini bukan bagian dari soalnya" in page.content.decode()
    assert attempt.responses.get(position=2).answer == [best(attempt, 2)]


def test_an_untouched_question_in_an_old_tab_does_not_undo_what_another_tab_saved(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))
    old_tab = form_of(officer.get(sheet_url(attempt)))
    new_tab = form_of(officer.get(sheet_url(attempt)))
    officer.post(sheet_url(attempt), new_tab | {"s1-pilihan": best(attempt, 1)})

    officer.post(sheet_url(attempt), old_tab | {"sequence": "9", "s2-pilihan": best(attempt, 2)})

    assert [bool(response.answer) for response in attempt.responses.all()] == [True, True, False, False]


def test_an_older_device_does_not_overwrite_a_newer_one(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))
    phone = form_of(officer.get(sheet_url(attempt)))
    desk = sign_in(Client(), attempt.enrolment.officer.user)
    desk.post(sheet_url(attempt), form_of(desk.get(sheet_url(attempt))) | {"s1-pilihan": best(attempt, 1)})
    worst = options_of(attempt.responses.get(position=1))[-1]

    officer.post(sheet_url(attempt), phone | {"s1-pilihan": worst})

    assert attempt.responses.get(position=1).answer == [best(attempt, 1)]


def test_what_comes_after_the_quiz_closed_is_kept_as_late(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))
    form = form_of(officer.get(sheet_url(attempt)))
    submit_attempt(attempt=attempt, at=NOON)

    officer.post(sheet_url(attempt), form | {"s1-pilihan": best(attempt, 1)})

    assert LateAnswer.objects.get().response.position == 1
    assert attempt.responses.get(position=1).answer == []


@pytest.fixture
def every_kind():
    page = QuizPageFactory(questions=[question(kind) for kind in ALL_KINDS], layout="all", shuffle_questions=False)
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    return compile_quiz(page=page, actor=UserFactory(), at=NOON)


def test_every_kind_stands_on_the_page_with_names_of_its_own_and_no_key(client, every_kind):
    officer, attempt = opened(client, every_kind)

    page = officer.get(sheet_url(attempt)).content.decode()

    for position, name in enumerate(
        ["pilihan", "pilihan", "pilihan", "pilihan", "urutan", "pasangan-", "jawaban", "angka", "isian-", "jawaban"],
        start=1,
    ):
        assert f'name="s{position}-{name}' in page
    assert 'name="s11-langkah"' in page
    for name in ("pilihan", "jawaban", "angka", "urutan", "langkah", "adegan"):
        assert f'name="{name}"' not in page
    for secret in ("rahasia", "Karena pemohon menunggu", "memberi salam", "Akibat"):
        assert secret not in page


def test_saving_an_untouched_page_answers_nothing_not_even_an_order_of_steps(client, every_kind):
    officer, attempt = opened(client, every_kind)
    page = officer.get(sheet_url(attempt))
    steps = attempt.responses.get(question__kind="ordering").option_order

    officer.post(sheet_url(attempt), form_of(page) | {"s5-urutan": steps, "s11-adegan": "0", "ke": "simpan"})

    assert not [response for response in attempt.responses.all() if response.answer]


def test_a_move_and_a_scene_come_back_to_their_question(client, every_kind):
    officer, attempt = opened(client, every_kind)
    form = form_of(officer.get(sheet_url(attempt)))
    steps = attempt.responses.get(question__kind="ordering").option_order
    scene = attempt.responses.get(question__kind="scenario").question.key["scenes"]["loket"]["choices"][0]["uuid"]

    moved = officer.post(sheet_url(attempt), form | {"s5-urutan": steps, "s5-geser": f"{steps[1]}:-1"})
    form = form_of(officer.get(sheet_url(attempt)))
    order = {"s5-urutan": attempt.responses.get(position=5).answer}
    played = officer.post(sheet_url(attempt), form | order | {"s11-adegan": "0", "s11-langkah": scene})

    assert moved.headers["Location"].endswith("#soal-5")
    assert played.headers["Location"].endswith("#soal-11")
    assert attempt.responses.get(position=5).answer[0] == steps[1]
    assert attempt.responses.get(position=11).answer == [scene]


def test_a_revealed_question_shows_its_key_and_its_answer_stands(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all", review="during"))
    form = form_of(officer.get(sheet_url(attempt)))

    page = officer.post(sheet_url(attempt), form | {"s2-pilihan": best(attempt, 2), "bahas": "2"}, follow=True)

    assert page.content.decode().count("Pembahasan rahasia") == 1
    officer.post(sheet_url(attempt), form_of(page) | {"s2-pilihan": options_of(attempt.responses.get(position=2))[3]})
    assert attempt.responses.get(position=2).answer == [best(attempt, 2)]


def test_the_list_before_submitting_leads_back_to_the_place_on_the_page(client):
    officer, attempt = opened(client, QuizVersionFactory(layout="all"))

    page = officer.get(reverse("quiz-check", args=[attempt.uuid])).content.decode()

    assert "4 soal belum dijawab" in page
    assert f'href="{sheet_url(attempt)}#soal-3"' in page


@pytest.mark.parametrize("layout", ["one", "all"])
def test_a_page_of_an_attempt_asks_few_queries_whatever_the_number_of_questions(
    client, layout, django_assert_max_num_queries
):
    version = QuizVersionFactory(questions=50, draw_count=50, layout=layout, time_limit_minutes=60, review="during")
    officer, attempt = opened(client, version)
    officer.get(reverse("quiz-attempt", args=[attempt.uuid]), follow=True)
    url = sheet_url(attempt) if layout == "all" else reverse("quiz-question", args=[attempt.uuid, 50])
    first = attempt.responses.get(position=50)
    first.answer, first.revealed_at = [best(attempt, 50)], NOON
    first.save()

    # session, user, roles (middleware and frame), attempt, responses, officer, posting, question, options;
    # and for what was revealed: options with their feedback
    with django_assert_max_num_queries(12):
        officer.get(url)


def test_saving_a_whole_page_asks_as_many_queries_for_fifty_answers_as_for_four(client, django_assert_max_num_queries):
    version = QuizVersionFactory(questions=50, draw_count=50, layout="all")
    officer, attempt = opened(client, version)
    form = form_of(officer.get(sheet_url(attempt)))
    answers = {f"s{position}-pilihan": best(attempt, position) for position in range(1, 51)}

    # session, user, attempt, begin, lock, responses, options, one update, end
    with django_assert_max_num_queries(12):
        officer.post(sheet_url(attempt), form | answers)

    assert attempt.responses.exclude(answer=[]).count() == 50


def test_the_fingerprint_tells_answers_apart_and_depends_on_nothing_else():
    assert fingerprint({"b": "2", "a": "1"}) == fingerprint({"a": "1", "b": "2"})
    assert fingerprint([]) != fingerprint(["x"])
