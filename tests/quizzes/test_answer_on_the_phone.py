"""The answer queue in a real browser: saved as given, kept without signal, taken up again after a reload."""

import re

import pytest

from quizzes.models import Attempt
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import QuizVersionFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def attempt(client):
    version = QuizVersionFactory(questions=["single", "multiple", "single"], draw_count=3, time_limit_minutes=40)
    enrolment = EnrolmentFactory(course=version.item.course)
    sign_in(client, enrolment.officer.user)
    client.post(f"/kuis/mulai/{version.item.uuid}/")
    return Attempt.objects.get()


@pytest.fixture
def officer_phone(client, attempt, phone, live_server):
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    phone.context.add_cookies([session])
    phone.goto(f"/kuis/{attempt.uuid}/")
    return phone


# Where the script sends an answer, whatever page it is on.
ONE_ANSWER = re.compile(r"/kuis/[0-9a-f-]+/\d+/$")


def chosen(attempt, position):
    return attempt.responses.get(position=position).answer


def wait_for_words(page, words):
    page.wait_for_function("words => document.getElementById('tersimpan').innerText.includes(words)", arg=words)


def test_an_officer_answers_checks_and_submits(officer_phone, attempt, axe):
    page = officer_phone
    page.locator(".choice").nth(0).click()
    wait_for_words(page, "Tersimpan di server")
    axe(page)
    page.click("text=Berikutnya")
    page.wait_for_url("**/2/")
    page.locator(".choice").nth(0).click()
    page.locator(".choice").nth(1).click()
    wait_for_words(page, "Tersimpan di server")
    page.click("text=Periksa semua")
    page.wait_for_url("**/periksa/")
    assert "1 soal belum dijawab" in page.content()
    axe(page)
    page.click("text=Kirim jawaban")
    page.wait_for_url("**/hasil/")
    axe(page)

    attempt.refresh_from_db()
    assert len(chosen(attempt, 1)) == 1
    assert len(chosen(attempt, 2)) == 2
    assert str(attempt.grade) == "66.67"


@pytest.fixture
def lost_signal(officer_phone):
    """Cut the answers off from the server; give them back with ``lost_signal()``."""
    pattern = "**/kuis/*/1/"
    # An answer of a broken proxy: a cut connection itself would be logged as an error of the page.
    officer_phone.route(
        pattern,
        lambda route: route.fulfill(status=200, body="<html>") if route.request.method == "POST" else route.continue_(),
    )
    return lambda: officer_phone.unroute(pattern)


def test_without_signal_the_answer_stays_on_the_phone_survives_a_reload_and_is_sent_later(
    officer_phone, attempt, lost_signal
):
    page = officer_phone
    page.locator(".choice").nth(2).click()
    wait_for_words(page, "di ponsel")
    assert chosen(attempt, 1) == []

    page.reload()
    assert page.locator(".choice input").nth(2).is_checked()
    lost_signal()
    wait_for_words(page, "Tersimpan di server")

    assert len(chosen(attempt, 1)) == 1


def test_without_script_the_same_buttons_do_the_work(client, attempt, visit, live_server):
    page = visit({"width": 360, "height": 740}, java_script_enabled=False)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"/kuis/{attempt.uuid}/")
    page.locator(".choice").nth(0).click()
    page.click("text=Berikutnya")
    page.wait_for_url("**/2/")

    assert len(chosen(attempt, 1)) == 1
    page.click("text=Periksa semua")
    page.click("text=Kirim jawaban")
    page.wait_for_url("**/hasil/")


def test_a_question_page_weighs_little(officer_phone, attempt, weigh):
    assert weigh(officer_phone, f"/kuis/{attempt.uuid}/1/") <= 60 * 1024


def test_the_script_weighs_at_most_four_kilobytes(settings):
    import gzip

    script = settings.BASE_DIR / "elearning" / "static" / "js" / "answers.js"
    assert len(gzip.compress(script.read_bytes())) <= 4 * 1024


# --- all questions on one page ----------------------------------------------


@pytest.fixture
def whole_page(client, phone, live_server):
    """An attempt whose questions stand on one page, opened on the phone."""
    version = QuizVersionFactory(questions=["single", "multiple", "single"], draw_count=3, layout="all")
    enrolment = EnrolmentFactory(course=version.item.course)
    sign_in(client, enrolment.officer.user)
    client.post(f"/kuis/mulai/{version.item.uuid}/")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    phone.context.add_cookies([session])
    phone.goto(f"/kuis/{Attempt.objects.get().uuid}/semua/")
    return phone


def wait_for_saved(page, position):
    page.wait_for_function(
        "id => document.getElementById(id).innerText.includes('Tersimpan di server')", arg=f"tersimpan-{position}"
    )


def test_on_one_page_each_answer_is_saved_as_it_is_given_and_says_so_beside_its_question(whole_page, axe):
    page, attempt = whole_page, Attempt.objects.get()
    page.locator("#soal-3 .choice").nth(1).click()
    wait_for_saved(page, 3)
    page.locator("#soal-2 .choice").nth(0).click()
    page.locator("#soal-2 .choice").nth(2).click()
    wait_for_saved(page, 2)
    axe(page)

    assert [len(chosen(attempt, position)) for position in (1, 2, 3)] == [0, 2, 1]
    assert page.locator("#tersimpan-1").inner_text() == ""
    page.click("text=Periksa dan kirim")
    page.wait_for_url("**/periksa/")
    assert "1 soal belum dijawab" in page.content()
    page.click("text=Kirim jawaban")
    page.wait_for_url("**/hasil/")
    assert [len(chosen(attempt, position)) for position in (1, 2, 3)] == [0, 2, 1]


def test_on_one_page_answers_without_signal_come_back_after_a_reload_and_are_sent_later(whole_page):
    page, attempt = whole_page, Attempt.objects.get()
    page.route(
        ONE_ANSWER,
        lambda route: route.fulfill(status=200, body="<html>") if route.request.method == "POST" else route.continue_(),
    )
    page.locator("#soal-1 .choice").nth(2).click()
    page.locator("#soal-3 .choice").nth(0).click()
    page.wait_for_function("() => document.getElementById('tersimpan-3').innerText.includes('di ponsel')")
    page.reload()
    assert page.locator("#soal-1 .choice input").nth(2).is_checked()
    assert page.locator("#soal-3 .choice input").nth(0).is_checked()
    page.unroute(ONE_ANSWER)
    page.reload()
    wait_for_saved(page, 1)
    wait_for_saved(page, 3)

    assert [len(chosen(attempt, position)) for position in (1, 2, 3)] == [1, 0, 1]


def test_forward_only_goes_on_by_the_server_and_back_does_not_reopen(client, phone, live_server):
    version = QuizVersionFactory(forward_only=True)
    enrolment = EnrolmentFactory(course=version.item.course)
    sign_in(client, enrolment.officer.user)
    client.post(f"/kuis/mulai/{version.item.uuid}/")
    attempt = Attempt.objects.get()
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    phone.context.add_cookies([session])
    phone.goto(f"/kuis/{attempt.uuid}/")
    phone.locator(".choice").nth(0).click()
    phone.click("text=Berikutnya")
    phone.wait_for_url("**/2/")
    phone.goto(f"/kuis/{attempt.uuid}/1/")

    phone.wait_for_url("**/2/")
    assert len(chosen(attempt, 1)) == 1
