"""The back names every material with JP and grade, as they were on the day of issue."""

from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from certificates.materials import shared_jp
from certificates.models import CertificateTemplate, CertificateTemplateVersion
from certificates.rendering.document import arrangement_of
from certificates.rendering.preview import example
from certificates.rendering.store import sheet_of
from certificates.wording import DEFAULT_TEXTS, EXAMPLES, days_words, worded
from courses.models import ItemKind
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import CourseItemFactory, CourseVersionItemFactory, published_course
from tests.factories.organisation import OfficerFactory

pytestmark = pytest.mark.once_on("sqlite")


def pages(certificate) -> list[str]:
    reader = PdfReader(BytesIO(sheet_of(certificate).pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_back_lists_what_was_learned_and_its_grade(db):
    certificate = issued(course=published_course(lessons=2))

    front, back = pages(certificate)

    assert "DAFTAR MATERI" in back
    assert "1 Materi 1 1 selesai" in back
    assert "3 Pos-tes 2 85" in back
    assert "Jumlah JP dan nilai akhir 4 85" in back
    assert certificate.number in back
    assert certificate.shown_id in back
    assert "DAFTAR MATERI" not in front


def test_an_exercise_that_nobody_must_take_is_no_material(db):
    course = published_course(lessons=1)
    quiz = CourseItemFactory(course=course, kind=ItemKind.QUIZ)
    CourseVersionItemFactory(version=course.current_version, item=quiz, title="Latihan", required=False)

    titles = [line["title"] for line in issued(course=course).materials]

    assert titles == ["Materi 1", "Pos-tes"]


def test_the_list_stays_as_it_was_on_the_day_of_issue(db):
    course = published_course(lessons=1)
    certificate = issued(course=course)

    published_course(course=course, lessons=4)
    certificate.refresh_from_db()

    assert [(line["title"], line["grade"]) for line in certificate.materials] == [
        ("Materi 1", None),
        ("Pos-tes", "85.00"),
    ]


@pytest.mark.parametrize(
    ("total", "minutes", "shares"),
    [
        (4, [20, 20, 20, 40], ["0.8", "0.8", "0.8", "1.6"]),
        (4, [30] * 6, ["0.7", "0.7", "0.7", "0.7", "0.6", "0.6"]),
        (1, [0, 0], [None, None]),
        (2, [], []),
        (2, [0, 45], ["0", "2"]),
    ],
)
def test_the_jp_of_the_lines_add_up_to_that_of_the_front(total, minutes, shares):
    found = shared_jp(Decimal(total), minutes)

    assert found == [None if share is None else Decimal(share) for share in shares]


def test_a_template_without_a_back_prints_one_page(db):
    template = CertificateTemplate.objects.get()
    template.with_back = False
    template.save()

    assert len(pages(issued())) == 1


@pytest.mark.parametrize("lines", [1, 9, 14, 18, 24])
def test_a_list_of_ordinary_length_stands_on_one_page(lines):
    certificate = example(shape="short")
    certificate.materials = [
        {"title": f"Melayani pemohon di loket {place}", "kind": "lesson", "minutes": 45, "jp": "1", "grade": None}
        for place in range(lines)
    ]

    assert len(pages(certificate)) == 2


def test_a_list_of_any_length_is_printed_whole():
    certificate = example(shape="short")
    certificate.materials = [
        {"title": f"Butir{place} " + "panjang " * (place % 30), "kind": "lesson", "minutes": 1, "jp": "1", "grade": "9"}
        for place in range(80)
    ]

    found = pages(certificate)

    text = " ".join(found)
    assert all(f"Butir{place} " in text for place in range(80))
    # Overleaf the columns are named again.
    assert all("No. Materi JP Nilai" in page for page in found[1:])


def test_an_english_template_prints_english_words_and_dates(db):
    unit_template = CertificateTemplateFactory(language="en", name="English")
    unit_template.full_clean()
    unit_template.save()

    certificate = issued(OfficerFactory(name="Sari"))
    front, back = pages(certificate)

    assert "is awarded to Sari" in front
    assert "21 November 2026" in front
    assert "Issued at" in front
    assert "LIST OF MATERIAL" in back
    assert "Total hours and final grade" in back
    assert PdfReader(BytesIO(sheet_of(certificate).pdf)).trailer["/Root"]["/Lang"] == "en"


def test_days_in_english_share_what_both_ends_share():
    from datetime import date

    def words(first, last):
        return days_words(first, last, language="en")

    assert words(date(2026, 5, 3), date(2026, 5, 3)) == "3 May 2026"
    assert words(date(2026, 5, 3), date(2026, 5, 14)) == "3 to 14 May 2026"
    assert words(date(2026, 5, 3), date(2026, 6, 1)) == "3 May to 1 June 2026"
    assert words(date(2026, 5, 3), date(2027, 6, 1)) == "3 May 2026 to 1 June 2027"


LONG = {
    "holder_name": "Prof. Dr. Drs. H. Muhammad Abdurrahman Kusumawardhana Prawirodirdjo, S.H., S.I.K., M.Si.",
    "course_title": "Pelayanan Prima dan Penanganan Pengaduan di Sentra Pelayanan Kepolisian Terpadu",
    "holder_post": "Kepala Subbagian " * 7,
}
SIGNER = {
    "on_behalf_of": "KEPALA KEPOLISIAN DAERAH ISTIMEWA CONTOH RAYA SELATAN DAN KEPULAUAN SEKITARNYA",
    "via_post": "WAKIL KEPALA KEPOLISIAN DAERAH ISTIMEWA CONTOH",
    "signer_capacity": "Plh.",
    "signer_post": "KEPALA BIRO SUMBER DAYA MANUSIA KEPOLISIAN DAERAH ISTIMEWA CONTOH RAYA",
    "signer_name": "Prof. Dr. MUHAMMAD ABDURRAHMAN KUSUMAWARDHANA PRAWIRODIRDJO, S.H., S.I.K., M.Si.",
}


@pytest.mark.parametrize(
    "columns",
    [{}, SIGNER, LONG, LONG | SIGNER, {"holder_name": "Ñ"}, {"holder_name": "X" * 120} | SIGNER],
    ids=["plain", "signer", "long", "long and signer", "one letter", "one long word"],
)
@pytest.mark.parametrize("crest", ["", "logo"])
def test_no_words_lie_over_others_whoever_signs(columns, crest):
    version = CertificateTemplateVersion(texts=DEFAULT_TEXTS)
    certificate = example(version=version)
    for name, value in columns.items():
        setattr(certificate, name, value)
    certificate.wording = worded(version.texts, certificate)
    if crest:
        certificate.crest = "new"

    pdf = sheet_of(certificate, crest=_picture()).pdf

    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [text.get_rect(place) for place in range(text.count_rects())]
    for place, (left, bottom, right, top) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top in boxes[place + 1 :]:
            across = min(right, other_right) - max(left, other_left)
            down = min(top, other_top) - max(bottom, other_bottom)
            assert across <= 1 or down <= 1.5
    # Nothing of the signature goes below the frame.
    assert min(bottom for _left, bottom, _right, _top in boxes) > 57


def _picture() -> bytes:
    from tests.factories.certificates import picture

    return picture()


def test_a_short_certificate_is_not_crowded():
    density, high = arrangement_of(example())

    assert (density.css, high) == ("", False)


@pytest.mark.parametrize("shape", EXAMPLES)
def test_every_shape_of_the_preview_is_light_enough(shape):
    assert len(sheet_of(example(shape=shape)).pdf) <= 120_000


def test_the_signature_names_who_is_acting_for_whom():
    certificate = example()
    for name, value in {"via_post": "WAKAPOLRES", "signer_capacity": "Plh."}.items():
        setattr(certificate, name, value)

    text = pages(certificate)[0]

    assert "a.n. KEPALA KEPOLISIAN RESOR KOTA CONTOH WAKAPOLRES u.b. Plh. KABAG SDM NAMA PEJABAT, S.I.K." in text
