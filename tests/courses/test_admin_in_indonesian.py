"""The screens that trainers and reviewers use speak Indonesian."""

import gettext
import re
from pathlib import Path

import pytest
import wagtail
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils.translation import gettext as translated

from organisation.models import Role
from scripts.compile_messages import compiled, parsed
from tests.courses.helpers import author, lesson_draft, published_course_page, signed_in
from tests.factories.courses import LegalSourceFactory
from tests.factories.quizzes import BankQuestionFactory, QuizPageFactory, drawn, from_bank, question

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/*.po"))
WAGTAIL = Path(wagtail.__file__).parent
# Words of Wagtail's English that would betray a screen left untranslated; those alike in Indonesian are left out.
ENGLISH = re.compile(
    r"\b(the|this|your|page|pages|publish|unpublish|save|search|edit|delete|moderation|approve|settings|choose|"
    r"comments|history|actions|preview|schedule|upload|title|you|are|with|toggle|close|add|filter|no results)\b",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.name)
def test_the_compiled_catalogue_is_fresh(source):
    assert source.with_suffix(".mo").read_bytes() == compiled(parsed(source.read_text())), (
        "run: python scripts/compile_messages.py"
    )


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.name)
def test_every_translation_keeps_the_placeholders_of_its_message(source):
    for message, translation in parsed(source.read_text()).items():
        if message:
            assert set(PLACEHOLDER.findall(translation)) <= set(PLACEHOLDER.findall(message)), message


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.name)
def test_no_translation_is_for_a_message_that_wagtail_does_not_have(source):
    known = set()
    for catalogue in WAGTAIL.glob(f"**/locale/id_ID/LC_MESSAGES/{source.stem}.po"):
        english = catalogue.parents[2] / "en" / "LC_MESSAGES" / catalogue.name
        known |= _messages(english.read_text())
    for catalogue in WAGTAIL.glob(f"**/locale/en/LC_MESSAGES/{source.stem}.po"):
        known |= _messages(catalogue.read_text())

    ours = {message.split("\0")[0] for message in parsed(source.read_text()) if message}

    assert not ours - known


def _messages(text: str) -> set[str]:
    """The msgids of a catalogue whose strings may run over several lines."""
    joined = re.sub(r'"\n"', "", text)
    return {
        found.encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
        if "\\" in found
        else found
        for found in re.findall(r'^msgid "(.*)"$', joined, re.MULTILINE)
    }


def test_our_words_stand_before_wagtails():
    assert translated("Awaiting your review") == "Menunggu pemeriksaan saya"
    assert translated("Save draft") == "Simpan draf"


@pytest.fixture
def pages(db):
    source = LegalSourceFactory()
    course_page = published_course_page(lessons=1)
    lesson = lesson_draft(course_page)
    lesson.save_revision()
    bank = BankQuestionFactory()
    bank.save_revision()
    quiz = QuizPageFactory(parent=course_page, questions=[question(), from_bank(bank), drawn("antrean", 3)])
    quiz.save_revision()
    snippet = "/admin/snippets/quizzes/bankquestion"
    return {
        "beranda": "/admin/",
        "penjelajah": f"/admin/pages/{course_page.pk}/",
        "sunting pelatihan": f"/admin/pages/{course_page.pk}/edit/",
        "sunting materi": f"/admin/pages/{lesson.pk}/edit/",
        "tambah": f"/admin/pages/{course_page.pk}/add_subpage/",
        "riwayat": f"/admin/pages/{lesson.pk}/history/",
        "pindah": f"/admin/pages/{lesson.pk}/move/",
        "salin": f"/admin/pages/{lesson.pk}/copy/",
        "hapus": f"/admin/pages/{lesson.pk}/delete/",
        "gambar": "/admin/images/",
        "unggah gambar": "/admin/images/add/",
        "dokumen": "/admin/documents/",
        "dasar hukum": "/admin/snippets/courses/legalsource/",
        "sunting dasar hukum": f"/admin/snippets/courses/legalsource/edit/{source.pk}/",
        "riwayat dasar hukum": f"/admin/snippets/courses/legalsource/history/{source.pk}/",
        "pemakaian dasar hukum": f"/admin/snippets/courses/legalsource/usage/{source.pk}/",
        "laporan": "/admin/laporan/dasar-hukum/",
        "alur": "/admin/reports/workflow/",
        "langkah alur": "/admin/reports/workflow_tasks/",
        "cari": "/admin/pages/search/?q=materi",
        "topik": "/admin/snippets/courses/topic/",
        "tambah topik": "/admin/snippets/courses/topic/add/",
        "sunting kuis": f"/admin/pages/{quiz.pk}/edit/",
        "simpan ke bank": f"/admin/kuis/{quiz.pk}/simpan-ke-bank/",
        "soal bank berubah": "/admin/laporan/soal-bank-berubah/",
        "bank soal": f"{snippet}/",
        "tambah soal bank": f"{snippet}/add/",
        "sunting soal bank": f"{snippet}/edit/{bank.pk}/",
        "riwayat soal bank": f"{snippet}/history/{bank.pk}/",
        "pemakaian soal bank": f"{snippet}/usage/{bank.pk}/",
        "hapus soal bank": f"{snippet}/delete/{bank.pk}/",
        "tarik soal bank": f"{snippet}/unpublish/{bank.pk}/",
        "pilih soal bank": "/admin/snippets/choose/quizzes/bankquestion/results/",
    }


@pytest.mark.once_on("sqlite")
@pytest.mark.parametrize("role", [Role.TRAINER, Role.REVIEWER])
def test_no_screen_of_an_author_is_left_in_english(pages, role):
    client = signed_in(author(role))
    left: dict[str, set[str]] = {}
    for name, url in pages.items():
        response = client.get(url)
        if response.status_code == 302:
            continue
        assert response.status_code == 200, name
        if found := _english_words(response.content.decode()):
            left[name] = found

    assert not left, "\n".join(f"{name}: {sorted(found)}" for name, found in left.items())


def _english_words(html: str) -> set[str]:
    """Phrases in what a person sees or hears that contain a telling English word."""
    soup = BeautifulSoup(html, "html.parser")
    for unseen in soup(["script", "style", "template", "svg", "code"]):
        unseen.decompose()
    phrases = {text.strip() for text in soup.find_all(string=True)}
    for attribute in ("aria-label", "title", "placeholder"):
        phrases |= {tag[attribute] for tag in soup.select(f"[{attribute}]")}
    # Wagtail writes this one label into its template, out of reach of any catalogue.
    return {phrase for phrase in phrases - {"Actions"} if ENGLISH.search(phrase)}


def test_the_words_of_the_editors_scripts_are_indonesian(db):
    catalogue = signed_in(author(Role.TRAINER)).get("/admin/jsi18n/").content.decode()

    assert "Perubahan tersimpan otomatis." in catalogue


def test_the_catalogue_is_one_that_gettext_reads():
    with (settings.BASE_DIR / "locale/id/LC_MESSAGES/django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Request changes") == "Minta perbaikan"
