"""An answer given without signal is kept on the phone, says so, and reaches the server; another device goes on."""

import pytest
from playwright.sync_api import Page, expect

from enrolments.services import complete_lesson, start_course
from quizzes.models import Attempt, Response
from tests.browser import DESK, PHONE
from tests.factories.organisation import OfficerFactory
from tests.journeys.scene import short_course
from tests.journeys.steps import answer, arrive, shown_response

pytestmark = pytest.mark.browser
QUIZ = "/pelatihan/antrean/pos-tes/"


@pytest.fixture
def officer(transactional_db):
    """Somebody who has read the lesson and may sit the post-test."""
    course = short_course()
    officer = OfficerFactory()
    at = course.current_version.published_at
    enrolment = start_course(officer=officer, course=course, actor=officer.user, at=at)
    complete_lesson(enrolment=enrolment, item=course.items.get(kind="lesson"), at=at)
    return officer


@pytest.fixture
def phone(visit, officer):
    """The phone of the officer, on the first question."""
    page = visit(PHONE, has_touch=True, is_mobile=True)
    arrive(page, officer.user)
    page.goto(QUIZ)
    page.get_by_role("button", name="Mulai", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soal 1 dari 4, 0 terjawab")
    return page


def saved_line(page: Page):
    return (
        page.get_by_role("status")
        .filter(has_text="ponsel")
        .or_(page.get_by_role("status").filter(has_text="Tersimpan"))
    )


def test_an_answer_given_without_signal_is_sent_when_it_returns(phone):
    phone.context.set_offline(True)
    response = answer(phone, rightly=True)
    expect(saved_line(phone)).to_contain_text("di ponsel")
    assert Response.objects.get(pk=response.pk).answer == []

    phone.context.set_offline(False)

    expect(saved_line(phone)).to_contain_text("Tersimpan di server")
    assert Response.objects.get(pk=response.pk).answer


def test_without_signal_the_page_stays_and_says_what_is_still_on_the_phone(phone):
    phone.context.set_offline(True)
    answer(phone, rightly=True)
    phone.get_by_role("button", name="Berikutnya").click()
    expect(saved_line(phone)).to_have_text("1 jawaban masih di ponsel. Tunggu sinyal, lalu tekan lagi.")

    phone.context.set_offline(False)
    expect(saved_line(phone)).to_contain_text("Tersimpan di server")
    phone.get_by_role("button", name="Berikutnya").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Soal 2 dari 4, 1 terjawab")


def test_an_answer_left_behind_in_a_closed_tab_is_sent_at_the_next_visit(phone):
    context = phone.context
    context.set_offline(True)
    response = answer(phone, rightly=True)
    expect(saved_line(phone)).to_contain_text("di ponsel")
    assert Response.objects.get(pk=response.pk).answer == []
    phone.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(QUIZ)
    again.get_by_role("button", name="Lanjutkan percobaan").click()

    expect(saved_line(again)).to_contain_text("Tersimpan di server")
    assert Response.objects.get(pk=response.pk).answer


def test_an_answer_that_arrived_unacknowledged_is_said_to_be_saved_beside_the_next_question(phone):
    context = phone.context
    context.set_offline(True)
    response = answer(phone, rightly=True)
    expect(saved_line(phone)).to_contain_text("di ponsel")
    # It arrives, and with it the officer goes on behind it; the word that it did never reached the phone.
    Response.objects.filter(pk=response.pk).update(answer=["arrived"])
    phone.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(QUIZ)
    again.get_by_role("button", name="Lanjutkan percobaan").click()

    expect(again.get_by_role("heading", level=1)).to_contain_text("Soal 2 dari 4")
    expect(saved_line(again)).to_contain_text("Soal 1: Tersimpan di server")


def test_another_device_goes_on_with_the_saved_answers(phone, visit, officer):
    first = answer(phone, rightly=True)
    expect(saved_line(phone)).to_contain_text("Tersimpan di server")

    desk = visit(DESK)
    arrive(desk, officer.user)
    desk.goto(QUIZ)
    desk.get_by_role("button", name="Lanjutkan percobaan").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Soal 2 dari 4, 1 terjawab")
    desk.get_by_role("button", name="Soal sebelumnya").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Soal 1 dari 4")
    assert shown_response(desk) == first
    ticked = desk.get_by_role("radio", checked=True).or_(desk.get_by_role("checkbox", checked=True))
    assert [box.input_value() for box in ticked.all()] == Response.objects.get(pk=first.pk).answer
    assert Attempt.objects.count() == 1
