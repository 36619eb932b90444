"""Texts of the template and the number pattern name their fields; a misspelt one is refused by name."""

import pytest
from django.core.exceptions import ValidationError

from certificates.editorial import set_up_editorial
from certificates.exceptions import UnknownField
from certificates.fields import check_fields, fill
from certificates.models import CertificateTemplate
from certificates.models.letterhead import check_heading, check_pattern
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


def test_a_number_pattern_needs_its_running_number():
    with pytest.raises(ValidationError, match="urut"):
        check_pattern("{jenis}/{tahun}")


@pytest.mark.parametrize(("heading", "says"), [("a\nb\nc\nd", "3 baris"), ("X" * 42, "41")])
def test_a_heading_has_three_lines_of_forty_one_characters(heading, says):
    with pytest.raises(ValidationError, match=says):
        check_heading(heading)


def test_the_general_template_is_there_from_the_start(db):
    set_up_editorial()

    assert CertificateTemplate.objects.get().title == "SERTIFIKAT"
