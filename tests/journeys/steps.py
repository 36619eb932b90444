"""What people do in the browser, said once: they find things by role, label and word, as a person does."""

import html
import re
from io import BytesIO
from itertools import pairwise, permutations
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from quizzes.models import QuestionKind, Response
from tests.factories.organisation import PASSWORD
from tests.signing_in import code_now
from tests.signing_in import sign_in as sign_in_at_once

CHOSEN = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.SITUATIONAL}


def sign_in(page: Page, login: str, *, secret: str = "", look=lambda page, name: None) -> None:
    """Sign in at /masuk/, with the app's code when there is a ``secret``; ends on the first page."""
    page.goto("/masuk/")
    look(page, "masuk")
    page.get_by_label("NRP/NIP").fill(login)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    if secret:
        expect(page.get_by_role("heading", level=1)).to_have_text("Satu langkah lagi")
        look(page, "faktor-kedua")
        page.get_by_label("Kode").fill(code_now(secret))
        page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()


def arrive(page: Page, user) -> None:
    """Give the page a signed-in session, where the story begins after signing in."""
    client = sign_in_at_once(Client(), user)
    # A page that shows nothing yet will ask the server of the tests.
    server = urlsplit(page.url).hostname or "localhost"
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": server, "path": "/"}])


def exported(page: Page, link) -> list[dict]:
    """The rows of the workbook behind ``link``, by the words of its header."""
    with page.expect_download() as download:
        link.click()
    book = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def on_screen(text: str) -> str:
    """An option's markup as the words that a person reads."""
    return " ".join(html.unescape(strip_tags(text)).split())


def shown_response(page: Page) -> Response:
    """The row behind the question that the page shows; its address names the attempt and the position."""
    uuid, position = re.search(r"/kuis/([0-9a-f-]+)/(\d+)/", page.url).groups()
    return Response.objects.select_related("question").get(attempt__uuid=uuid, position=position)


def answer(page: Page, *, rightly: bool) -> Response:
    """Answer the question on the page with the key from the database: the best answer, or one that earns nothing."""
    response = shown_response(page)
    options = list(response.question.options.order_by("-fraction"))
    kind = response.question.kind
    if kind not in CHOSEN:
        fill_in(
            page, response, response.question.rules.best(response.question.answer_key) if rightly else wrong(response)
        )
        return response
    multiple = kind == QuestionKind.MULTIPLE
    wanted = [option for option in options if option.fraction > 0] if multiple else options[:1]
    for option in wanted if rightly else options[-1:]:
        role = "checkbox" if multiple else "radio"
        page.get_by_role(role, name=on_screen(option.html), exact=True).check()
    return response


def wrong(response: Response):
    """An answer to a question that is answered by more than choosing, with nothing right in it."""
    key = response.question.answer_key
    match response.question.kind:
        case QuestionKind.ORDERING:
            right = [option.uuid for option in key.options]
            # Not the order that the page begins with: nothing would be moved, so nothing answered.
            shown = response.answer or response.option_order
            return next(
                list(order)
                for order in permutations(right)
                if not set(pairwise(order)) & set(pairwise(right)) and list(order) != shown
            )
        case QuestionKind.MATCHING:
            words = [option.uuid for option in key.options]
            return {stem: next(uuid for uuid in words if uuid != right) for stem, right in key.key["pairs"].items()}
        case QuestionKind.GAPS:
            return {
                gap["uuid"]: next(
                    (text for text in gap["choices"] if text not in key.key["gaps"][gap["uuid"]]), "entah"
                )
                for gap in key.shape["gaps"]
            }
        case QuestionKind.NUMERICAL:
            return {"number": "999999", "unit": key.shape["units"][0] if key.shape["units"] else ""}
        case QuestionKind.SCENARIO:
            choices = key.key["scenes"][key.key["start"]]["choices"]
            return [min(choices, key=lambda choice: float(choice["fraction"]))["uuid"]]
        case _:
            return "entah"


def fill_in(page: Page, response: Response, best) -> None:
    """Give an answer to a question that is answered by more than choosing."""
    key = response.question.answer_key
    match response.question.kind:
        case QuestionKind.ORDERING:
            for place, uuid in enumerate(best):
                while page.locator("[name=urutan]").nth(place).input_value() != uuid:
                    page.locator(f"[name=geser][value='{uuid}:-1']").click()
        case QuestionKind.MATCHING:
            for stem, partner in best.items():
                page.locator(f"[name='pasangan-{stem}']").select_option(partner)
        case QuestionKind.GAPS:
            for gap in key.shape["gaps"]:
                field = page.locator(f"[name='isian-{gap['uuid']}']")
                (field.select_option if gap["choices"] else field.fill)(best[gap["uuid"]])
        case QuestionKind.NUMERICAL:
            page.get_by_label("Jawaban Anda").fill(best["number"])
            if len(key.shape["units"]) > 1:
                page.get_by_label("Satuan ukuran").select_option(best["unit"])
        case QuestionKind.SCENARIO:
            for made, choice in enumerate(best, start=1):
                page.locator(f"[name=langkah][value='{choice}']").click()
                expect(page.locator(".story > li")).to_have_count(made)
        case _:
            page.get_by_label("Jawaban Anda").fill(best or "Saya minta maaf lebih dahulu.")


def sit(page: Page, *, rightly: bool, look=lambda page, name: None, name: str = "kuis") -> None:
    """Answer every question from the first on, one page each, then send; ends on the result.

    The first question of each kind is looked at: the others are the same page with other words.
    """
    looked_at = set()
    total = int(re.search(r"Soal 1 dari (\d+)", page.get_by_role("heading", level=1).inner_text()).group(1))
    for position in range(1, total + 1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Soal {position} dari {total}")
        kind = answer(page, rightly=rightly).question.kind
        if kind not in looked_at:
            look(page, f"{name}-soal-{position}")
            looked_at.add(kind)
        page.get_by_role("button", name="Berikutnya" if position < total else "Periksa dan kirim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Semua {total} soal sudah dijawab")
    look(page, f"{name}-periksa")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page).to_have_url(re.compile("/hasil/$"))
    look(page, f"{name}-hasil")
