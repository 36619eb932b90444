"""What an officer's browser gets of a lesson: plain elements that answer without a script."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_factories import ImageFactory

from courses.blocks import CaseBlock, ImageBlock, QuickCheckBlock, SafeRichTextBlock, TableBlock, VideoBlock
from courses.models import SourceStatus
from courses.reading import reading_minutes
from organisation.models import Role
from tests.courses.helpers import author, lesson_draft, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory, LegalSourceFactory, TariffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def html_of(*body) -> str:
    return str(lesson_draft(CoursePageFactory(), body=list(body)).measure.html)


def test_a_heading_is_its_own_anchor():
    assert '<h2 id="menyapa-dahulu">Menyapa dahulu</h2>' in html_of(("heading", "Menyapa dahulu"))


def test_rich_text_keeps_only_the_marks_an_author_may_use():
    stored = SafeRichTextBlock().get_prep_value(
        SafeRichTextBlock().to_python(
            '<p onclick="x()">Satu <b>dua</b><script>x()</script><img src=x></p><h1>Tiga</h1>'
        )
    )

    assert stored == "<p>Satu <b>dua</b></p>Tiga"


def test_a_link_to_a_script_loses_its_address():
    assert "javascript" not in html_of(("text", '<p><a href="javascript:alert(1)">klik</a></p>'))


def test_a_picture_without_words_for_it_is_refused():
    block = ImageBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"image": ImageFactory().pk, "alt": "", "caption": ""}))


def test_a_picture_carries_its_words_and_its_sizes():
    html = html_of(
        ("image", {"image": ImageFactory(file=get_test_image_file()), "alt": "Loket SKCK", "caption": "Pagi"})
    )

    assert 'alt="Loket SKCK"' in html
    assert 'src="/berkas/' in html
    assert "<figcaption>Pagi</figcaption>" in html


def test_a_callout_shows_the_state_of_its_source():
    source = LegalSourceFactory(short="UU 25/2009", status=SourceStatus.REPEALED)

    html = html_of(("callout", {"kind": "hukum", "title": "Dasar", "text": "<p>Pasal 4.</p>", "source": source}))

    assert "UU 25/2009" in html
    assert "Dicabut" in html


def test_a_table_has_a_caption_and_headings_for_a_screen_reader():
    table = {"caption": "Asas", "columns": [{"type": "text", "heading": "Asas"}], "rows": [{"values": ["Cepat"]}]}

    html = html_of(("table", TableBlock().to_python(table)))

    assert "<caption>Asas</caption>" in html
    assert '<th scope="col">Asas</th>' in html
    assert '<th scope="row">Cepat</th>' in html


def test_a_table_without_caption_is_refused():
    block = TableBlock()
    table = {"caption": " ", "columns": [{"type": "text", "heading": "Asas"}], "rows": [{"values": ["Cepat"]}]}

    with pytest.raises(ValidationError):
        block.clean(block.to_python(table))


CASE = {
    "title": "Pemohon marah",
    "setting": "SPKT",
    "situation": "<p>Ia menunggu.</p>",
    "quote": "Lama sekali.",
    "choices": [
        {"text": "Diam", "consequence": "Ia marah", "quality": "poor"},
        {"text": "Jelaskan", "consequence": "Ia tenang", "quality": "best"},
    ],
}


def test_a_case_opens_each_consequence_without_a_script():
    html = html_of(("case", CASE))

    assert html.count("<details") == 2
    assert "Ia tenang" in html
    assert "<script" not in html


def test_a_case_needs_a_best_choice():
    block = CaseBlock()
    value = {**CASE, "choices": [{**choice, "quality": "fair"} for choice in CASE["choices"]]}

    with pytest.raises(ValidationError):
        block.clean(block.normalize(value))


def test_a_quick_check_has_exactly_one_right_answer():
    block = QuickCheckBlock()
    options = [{"text": text, "correct": True, "feedback": "Ya."} for text in ("Satu", "Dua")]

    with pytest.raises(ValidationError):
        block.clean(block.normalize({"question": "Mana?", "options": options, "explanation": ""}))


def test_fees_come_from_the_tariff_and_its_source():
    tariff = TariffFactory(amount=30_000, payee="PNBP", legal_source__short="PP 76/2020")

    html = html_of(("tariff", {"tariffs": [tariff]}))

    for words in ("Rp30.000", "PNBP", "PP 76/2020", "3 November 2026"):
        assert words in html


def test_a_fee_of_nothing_is_written_as_free():
    assert "Gratis" in html_of(("tariff", {"tariffs": [TariffFactory(amount=0)]}))


def document(name: str, content: bytes):
    return get_document_model().objects.create(title=name, file=SimpleUploadedFile(name, content))


def test_a_video_has_captions_a_transcript_its_size_and_loads_nothing_by_itself():
    html = html_of(
        (
            "video",
            {
                "title": "Menyapa",
                "video": document("sapa.mp4", b"\0" * 300_000),
                "poster": ImageFactory(file=get_test_image_file()),
                "captions": document("sapa.vtt", b"WEBVTT"),
                "transcript": "<p>Selamat pagi, Ibu.</p>",
            },
        )
    )

    assert 'preload="none"' in html
    assert '<track kind="captions" srclang="id"' in html
    assert "Selamat pagi, Ibu." in html
    assert "293 KB" in html


def test_a_video_must_be_mp4_with_vtt_captions():
    block = VideoBlock()
    wrong = document("sapa.txt", b"halo")
    value = {
        "title": "Menyapa",
        "video": wrong,
        "poster": ImageFactory(file=get_test_image_file()),
        "captions": wrong,
        "transcript": "<p>Halo.</p>",
    }

    with pytest.raises(ValidationError) as refusal:
        block.clean(block.normalize(value))

    assert set(refusal.value.block_errors) == {"video", "captions"}


def test_a_lesson_says_how_long_it_takes_and_what_it_costs():
    measure = lesson_draft(CoursePageFactory(), body=[("text", f"<p>{'kata ' * 400}</p>")]).measure

    assert (measure.words, measure.minutes) == (400, 3)
    assert 0 < measure.size < 2_000


def test_even_a_short_lesson_takes_a_minute():
    assert reading_minutes(3) == 1


@pytest.mark.parametrize(("mode", "open_answers"), [("officer", 0), ("author", 2)])
def test_an_author_previews_the_officers_page_with_or_without_answers(mode, open_answers):
    lesson = lesson_draft(CoursePageFactory(), body=[("case", CASE)])

    html = lesson.make_preview_request(preview_mode=mode).render().content.decode()

    assert html.count("<details open") == open_answers


def test_a_trainer_sees_a_draft_that_officers_do_not():
    lesson = lesson_draft(published_course_page(), title="Draf saya")

    page = signed_in(author(Role.TRAINER)).get(f"/admin/pages/{lesson.pk}/view_draft/")

    assert "Draf saya" in page.content.decode()


def test_the_summary_stands_under_the_title():
    lesson = lesson_draft(published_course_page(lessons=1), summary="Tiga janji dan empat laku di depan loket.")
    lesson.save_revision()

    preview = signed_in(author(Role.TRAINER)).get(f"/admin/pages/{lesson.pk}/view_draft/").content.decode()

    assert "Tiga janji dan empat laku di depan loket." in preview
