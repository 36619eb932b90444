"""Texts of the template and the number pattern name their fields; a misspelt one is refused by name."""

import pytest
from django.core.exceptions import ValidationError

from certificates.editorial import set_up_editorial
from certificates.exceptions import UnknownField
from certificates.fields import check_fields, fill
from certificates.models import CertificateTemplate
from certificates.models.letterhead import check_heading, check_pattern
from certificates.models.template import check_text
from certificates.rendering.document import html_of
from certificates.rendering.preview import example
from certificates.wording import DEFAULT_TEXTS
from tests.factories.certificates import CertificateTemplateFactory


def test_a_part_in_brackets_is_left_out_when_its_field_is_empty():
    text = "{pangkat}[ · NRP {nrp}] · {jabatan}"

    assert fill(text, {"pangkat": "AKP", "nrp": "85010001", "jabatan": "Kanit"}) == "AKP · NRP 85010001 · Kanit"
    assert fill(text, {"pangkat": "Irjen Pol", "nrp": "", "jabatan": "Kapolda"}) == "Irjen Pol · Kapolda"


def test_a_value_with_braces_is_printed_as_it_is():
    assert fill("{nama}", {"nama": "{nrp} [x]"}) == "{nrp} [x]"


@pytest.mark.parametrize("text", ["{nmaa}", "{}", "{nama", "nama}", "[{nama}", "{nama}]", "[[{nama}]]"])
def test_an_unknown_or_unfinished_field_is_refused(text):
    with pytest.raises(UnknownField):
        check_fields(text, ("nama",))


def test_a_template_with_an_unknown_field_is_refused_by_its_name(db):
    template = CertificateTemplateFactory.build(detail="{jp} JP, {tnaggal}")

    with pytest.raises(ValidationError, match=r"\{tnaggal\}"):
        template.full_clean()


@pytest.mark.parametrize(
    "text",
    [
        "{nama.__class__}",
        "{certificate.officer.user.password}",
        "{0}",
        "{nama!r}",
        "{nama:>99999999}",
        "{{ settings.SECRET_KEY }}",
        "{% load static %}",
    ],
)
def test_what_other_languages_would_run_is_an_unknown_field_here(text):
    with pytest.raises(ValidationError, match="Tidak dikenal: "):
        check_text(text)


def test_a_mark_up_is_printed_as_letters(db):
    certificate = example(texts=DEFAULT_TEXTS | {"intro": "<img src=x>", "passed": "<b>LULUS</b>"})

    page = html_of(certificate)

    assert "&lt;img src=x&gt;" in page
    assert "&lt;b&gt;<strong>LULUS</strong>&lt;/b&gt;" in page


def test_a_letter_that_the_fonts_do_not_have_is_named():
    with pytest.raises(ValidationError, match="Tidak ada dalam huruf cetak: → 警"):
        check_text("satu → 警")
    check_text("Łukasz Ātmāja Şen · “Presisi” – é")


@pytest.mark.parametrize(("pattern", "missing"), [("{jenis}/{tahun}", "urut"), ("{jenis}/{urut}", "tahun")])
def test_a_number_pattern_needs_its_running_number_and_year(pattern, missing):
    with pytest.raises(ValidationError, match=missing):
        check_pattern(pattern)


@pytest.mark.parametrize(("heading", "says"), [("a\nb\nc\nd", "3 baris"), ("X" * 42, "41")])
def test_a_heading_has_three_lines_of_forty_one_characters(heading, says):
    with pytest.raises(ValidationError, match=says):
        check_heading(heading)


def test_the_general_template_is_there_from_the_start(db):
    set_up_editorial()

    assert CertificateTemplate.objects.get().title == "SERTIFIKAT"
