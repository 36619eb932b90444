"""Printed in grey on an office printer, a certificate still reads and its code still scans."""

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageFilter

from certificates.identifiers import check_character
from certificates.rendering.document import verification_url
from certificates.rendering.preview import EXAMPLE_ID
from certificates.wording import EXAMPLES
from tests.certificates.sealing import sealed

DOTS_PER_INCH = 150
# WCAG's 4.5:1 between letters and paper.
READABLE = 4.5


def printed(pdf: bytes, *, page: int = 0):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=DOTS_PER_INCH / 72).to_pil().convert("L")
    finally:
        document.close()


@pytest.mark.parametrize("shape", EXAMPLES)
def test_the_code_on_a_grey_print_opens_the_verification_page(shape):
    paper = printed(sealed(shape))

    found = [one.text for one in zxingcpp.read_barcodes(paper)]

    assert found == [verification_url(EXAMPLE_ID + check_character(EXAMPLE_ID))]


@pytest.mark.parametrize("harm", ["blurred", "turned", "pale"])
def test_the_code_survives_a_copier(harm):
    paper = printed(sealed())
    if harm == "blurred":
        paper = paper.filter(ImageFilter.GaussianBlur(1.2))
    elif harm == "turned":
        paper = paper.rotate(4, fillcolor=255, expand=True)
    else:
        paper = paper.point(lambda grey: 110 + grey * 145 // 255)

    assert len(zxingcpp.read_barcodes(paper)) == 1


def luminance(grey: int) -> float:
    share = grey / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def test_every_word_stands_out_from_the_paper_in_grey():
    pdf = sealed("titles")
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    height, scale = document[0].get_height(), DOTS_PER_INCH / 72
    paper = printed(pdf)

    for place in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(place)
        box = paper.crop(
            (int(left * scale), int((height - top) * scale), int(right * scale) + 1, int((height - bottom) * scale) + 1)
        )
        darkest, lightest = box.getextrema()
        contrast = (luminance(lightest) + 0.05) / (luminance(darkest) + 0.05)
        assert contrast >= READABLE, text.get_text_bounded(left, bottom, right, top)
    document.close()


def test_a_code_that_is_not_there_is_not_found():
    paper = printed(sealed())
    paper.paste(255, (0, paper.height // 2, paper.width // 3, paper.height))

    assert zxingcpp.read_barcodes(paper) == []
