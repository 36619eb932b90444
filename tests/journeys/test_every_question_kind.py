"""Every kind of question answered in a real browser: by keyboard alone, by touch, without script, without signal."""

import os
import re
from pathlib import Path

import pytest
import wagtail_factories
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from quizzes.models import Attempt, Response
from quizzes.services import compile_quiz, save_answer, submit_attempt
from tests.browser import DESK, PHONE
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import ALL_KINDS, QuizPageFactory, question, quiz_item
from tests.journeys.steps import answer, arrive, shown_response
from tests.quizzes.test_question_kinds import form_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.browser
ESSAY = "Saya minta maaf lebih dahulu, lalu mendengarkan sampai selesai."


@pytest.fixture
def start(transactional_db, visit):
    """Open the first question of a quiz with these kinds: ``start(PHONE, "ordering", "gaps")``."""

    def begin(viewport: dict, *kinds: str | tuple, **options) -> Page:
        page = QuizPageFactory(
            questions=[question(kind) if isinstance(kind, str) else kind for kind in kinds], shuffle_questions=False
        )
        page.shuffle_options = False
        page.item = quiz_item(published_course(lessons=0))
        page.save(clean=False)
        version = compile_quiz(page=page, actor=UserFactory(), at=NOON)
        officer = EnrolmentFactory(course=version.item.course).officer
        touch = {"has_touch": True, "is_mobile": True} if viewport is PHONE else {}
        screen = visit(viewport, **touch, **options)
        arrive(screen, officer.user)
        sent = sign_in(Client(), officer.user).post(f"/kuis/mulai/{version.item.uuid}/")
        assert sent.status_code == 302
        screen.goto(f"/kuis/{Attempt.objects.get().uuid}/1/")
        return screen

    return begin


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something as a keyboard does; what Tab never reaches fails here."""
    for _press in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


class Keyboard:
    """Answers by keys alone."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, wanted: Locator) -> None:
        tab_to(self.page, wanted)
        self.page.keyboard.press("Enter" if wanted.evaluate("element => element.tagName") == "BUTTON" else "Space")

    def write(self, wanted: Locator, text: str) -> None:
        tab_to(self.page, wanted)
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, text: str) -> None:
        self.write(wanted, text)
        expect(wanted.locator("option:checked")).to_have_text(text)


class Touch:
    """Answers by taps; a list of choices opens in the phone's own picker."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, wanted: Locator) -> None:
        box = wanted.bounding_box()
        target = wanted.locator("xpath=ancestor::label") if box["height"] < 40 else wanted
        assert target.bounding_box()["height"] >= 48, f"{wanted} is too small for a finger"
        target.tap()

    def write(self, wanted: Locator, text: str) -> None:
        assert wanted.bounding_box()["height"] >= 48
        wanted.tap()
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, text: str) -> None:
        assert wanted.bounding_box()["height"] >= 48
        wanted.select_option(text)


def answer_best(page: Page, by: Keyboard | Touch) -> Response:
    """Give the answer that earns everything, with what is on the screen."""
    response = shown_response(page)
    kind, key = response.question.kind, response.question.answer_key
    best = response.question.rules.best(key)
    if kind in ("single", "multiple", "truefalse", "situational"):
        for uuid in best:
            by.press(page.locator(f"input[value='{uuid}']"))
    elif kind == "ordering":
        _arrange(page, by, [option.html for option in key.options])
    elif kind == "matching":
        words = {option.uuid: option.html for option in key.options}
        for stem in key.shape["stems"]:
            by.choose(page.get_by_label(stem["text"]), words[best[stem["uuid"]]])
    elif kind == "gaps":
        by.write(page.get_by_label("Rumpang 1"), "  Menyapa ")
        by.choose(page.get_by_label("Rumpang 2"), "mencatat")
    elif kind == "numerical":
        by.write(page.get_by_label("Jawaban Anda"), "1,5")
        by.choose(page.get_by_label("Satuan ukuran"), "jam")
    elif kind == "scenario":
        for words in ("Sapa warga", "Catat laporannya"):
            by.press(page.get_by_role("button", name=words))
            expect(page.locator(".bubble.me").last).to_contain_text(words)
    else:
        by.write(page.get_by_label("Jawaban Anda"), ESSAY if kind == "essay" else "TANDA  bukti lapor")
    return response


def _arrange(page: Page, by: Keyboard | Touch, wanted: list[str]) -> None:
    steps = page.get_by_role("list").filter(has=page.locator("[name=urutan]")).get_by_role("listitem")
    for place, words in enumerate(wanted):
        while words not in steps.nth(place).inner_text():
            by.press(page.get_by_role("button", name=f"Naikkan: {words}", exact=True))
            expect(page.get_by_role("status").filter(has_text=re.compile(r"^Langkah \d dari 4$"))).to_be_attached()
    # The one that was moved last keeps the focus, so that a keyboard can go on from there.
    assert page.evaluate("document.activeElement.name") == "geser"


def expect_saved(page: Page) -> None:
    expect(page.locator(".saved")).to_contain_text("Tersimpan di server")


def earned(response: Response):
    response.refresh_from_db()
    return response.question.rules.fraction(response.question.answer_key, response.answer)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_by_keyboard_alone(start, look, kind):
    page = start(DESK, kind)
    # The same colours are looked at when it is answered.
    look(page, "empty", colours="no")

    response = answer_best(page, Keyboard(page))
    expect_saved(page)

    look(page, "answered")
    assert response.question.kind == "essay" or earned(response) == 1
    assert kind != "essay" or Response.objects.get().answer == ESSAY


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_by_touch_on_a_phone(start, look, kind):
    page = start(PHONE, kind, color_scheme="dark")
    look(page, "empty", colours="no")

    response = answer_best(page, Touch(page))
    expect_saved(page)

    look(page, "answered")
    assert response.question.kind == "essay" or earned(response) == 1


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_reviewed_answers_are_readable(start, look, viewport):
    page = start(viewport, *(kind for kind in ALL_KINDS if kind != "essay"))
    attempt = Attempt.objects.get()
    half_right(attempt)
    submit_attempt(attempt=attempt, at=attempt.started_at)

    page.goto(f"/kuis/{attempt.uuid}/hasil/")

    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    look(page, "review")


def half_right(attempt: Attempt) -> None:
    """Answers with something right and something wrong in each, as most people give them."""
    for response in attempt.responses.select_related("question"):
        key, rules = response.question.answer_key, response.question.rules
        best = rules.best(key)
        forms = [form_of(response.question.kind, best)]
        match response.question.kind:
            case "single" | "situational" | "truefalse":
                forms = [{"pilihan": [key.options[1].uuid]}]
            case "multiple":
                forms = [{"pilihan": [key.options[0].uuid, key.options[2].uuid]}]
            case "ordering":
                forms = [{"urutan": [best[1], best[0], *best[2:]]}]
            case "matching":
                stems = list(best)
                forms = [{f"pasangan-{stems[0]}": [best[stems[0]]], f"pasangan-{stems[1]}": [best[stems[0]]]}]
            case "short":
                forms = [{"jawaban": ["tanda terima"]}]
            case "numerical":
                forms = [{"angka": ["80"], "satuan": ["menit"]}]
            case "gaps":
                first, second = best
                forms = [{f"isian-{first}": ["duduk"], f"isian-{second}": ["mencatat"]}]
            case "essay":
                forms = [{"jawaban": [f"{ESSAY}\n\n{ESSAY}"]}]
            case "scenario":
                scenes = key.key["scenes"]
                forms = [
                    {"adegan": ["0"], "langkah": [scenes["loket"]["choices"][1]["uuid"]]},
                    {"adegan": ["1"], "langkah": [scenes["marah"]["choices"][0]["uuid"]]},
                    {"adegan": ["2"], "langkah": [scenes["duduk"]["choices"][0]["uuid"]]},
                ]
        for sequence, form in enumerate(forms, start=1):
            save_answer(
                attempt=attempt,
                position=response.position,
                sent=form,
                epoch=1,
                sequence=sequence,
                at=attempt.started_at,
            )


# Typing, signal and script.


def test_what_is_typed_is_saved_within_two_seconds_and_while_one_goes_on(start):
    page = start(PHONE, "essay")
    field = page.get_by_label("Jawaban Anda")

    field.press_sequentially("Maaf.")
    page.wait_for_timeout(500)
    assert Response.objects.get().answer == []
    expect_saved(page)
    assert Response.objects.get().answer == "Maaf."

    # Never two seconds without a key for longer than ten.
    for _second in range(14):
        field.press_sequentially(" lagi")
        page.wait_for_timeout(800)
    assert Response.objects.get().answer.startswith("Maaf. lagi lagi")


KEPT = {
    "ordering": lambda page: page.get_by_role("button", name="Naikkan: ").last.click(),
    "matching": lambda page: page.get_by_label("SPKT").select_option("Laporan"),
    "short": lambda page: page.get_by_label("Jawaban Anda").fill("tanda bukti lapor"),
    "numerical": lambda page: page.get_by_label("Jawaban Anda").fill("90"),
    "gaps": lambda page: page.get_by_label("Rumpang 1").fill("menyapa"),
    "essay": lambda page: page.get_by_label("Jawaban Anda").fill(ESSAY),
    "scenario": lambda page: page.get_by_role("button", name="Sapa warga").click(),
}


def shown_fields(page: Page) -> str:
    return page.evaluate(
        "() => new URLSearchParams([...new FormData(document.getElementById('soal'))]"
        ".filter(([name]) => !/csrf|epoch|sequence/.test(name))).toString()"
    )


@pytest.mark.parametrize("kind", KEPT)
def test_without_signal_every_kind_waits_on_the_phone_survives_a_reload_and_arrives(start, kind):
    page = start(PHONE, kind)
    # An answer of a broken proxy: a cut connection itself would be logged as an error of the page.
    broken = "**/kuis/*/1/"
    page.route(
        broken,
        lambda route: route.fulfill(status=200, body="<html>") if route.request.method == "POST" else route.continue_(),
    )
    KEPT[kind](page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan di ponsel")
    before = shown_fields(page)
    assert Response.objects.get().answer == []

    page.reload()
    expect(page.locator(".saved")).to_contain_text("ponsel")
    assert shown_fields(page) == before
    if kind == "scenario":
        expect(page.locator("button.choice.on")).to_contain_text("Sapa warga")
        expect(page.get_by_role("button", name="Diam")).to_be_disabled()

    page.unroute(broken)
    if kind == "scenario":
        expect(page.locator("[data-scene]")).to_contain_text("Adegan duduk", timeout=30_000)
        expect(page.locator("[data-scene]")).to_be_focused()
    expect_saved(page)
    assert Response.objects.get().answer


def test_an_answer_from_another_device_is_shown_in_place_of_the_older_one(start):
    page = start(PHONE, "short")
    attempt = Attempt.objects.get()
    Attempt.objects.update(epoch=attempt.epoch + 1)
    save_answer(
        attempt=attempt,
        position=1,
        sent={"jawaban": ["dari meja"]},
        epoch=attempt.epoch + 1,
        sequence=1,
        at=attempt.started_at,
    )

    page.get_by_label("Jawaban Anda").fill("dari ponsel")

    expect(page.get_by_label("Jawaban Anda")).to_have_value("dari meja")
    assert Response.objects.get().answer == "dari meja"


def test_a_refused_answer_keeps_its_words_over_a_reload(start):
    page = start(PHONE, "essay")
    page.evaluate("document.querySelector('textarea').removeAttribute('maxlength')")
    long = "panjang " * 2600
    page.get_by_label("Jawaban Anda").fill(long)
    page.get_by_label("Jawaban Anda").blur()
    expect(page.locator(".saved")).to_contain_text("Jawaban terlalu panjang")

    page.reload()

    expect(page.get_by_label("Jawaban Anda")).to_have_value(long)
    page.get_by_label("Jawaban Anda").fill("Pendek saja.")
    expect_saved(page)


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind not in ("single", "truefalse", "situational")])
def test_without_script_the_buttons_do_the_work(start, kind):
    page = start(PHONE, kind, java_script_enabled=False)
    response = shown_response(page)
    answer(page, rightly=True)

    page.get_by_role("button", name="Periksa dan kirim").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Semua 1 soal sudah dijawab")
    assert kind == "essay" or earned(response) == 1


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pictures_of_questions_and_options_are_shown_with_their_words(start, look, viewport):
    picture = {"image": wagtail_factories.ImageFactory(), "image_alt": "Denah ruang tunggu"}
    kind, value = question("single", **picture)
    value["options"][0] |= {"image": wagtail_factories.ImageFactory(), "image_alt": "Meja prioritas"}
    page = start(viewport, (kind, value))

    for words in ("Denah ruang tunggu", "Meja prioritas"):
        shown = page.get_by_role("img", name=words)
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    look(page, "pictures")


@pytest.mark.parametrize("kind", ["ordering", "matching", "scenario", "multiple"])
def test_in_forced_colours_everything_still_has_an_edge(start, kind):
    page = start(PHONE, kind, forced_colors="active")

    edges = page.evaluate(
        "() => [...document.querySelectorAll('.order > li, .pair, .choice, .scene')]"
        ".map(one => getComputedStyle(one).borderTopWidth)"
    )

    assert edges
    assert "0px" not in edges
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"forced-{kind}.png", full_page=True)
