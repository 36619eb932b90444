"""Pages poured from the boxes of an earlier one have the very bytes of pages laid out in full."""

from decimal import Decimal

import pytest

from certificates.identifiers import check_character
from certificates.rendering import moulds, pdf_process
from certificates.rendering.document import html_of
from certificates.rendering.preview import example
from tests.certificates.sealing import printed_words
from tests.clock import NOON

EPOCH = int(NOON.timestamp())
ALPHABET = "0123456789ABCDEF"
NAMES = [
    "Sari",
    "Budi Santoso",
    "Yohanis Wamafma, S.H.",
    "O'Brien & Anak <Polri>",
    "Łukasz Ātmāja Şen",
    "Fifi Affandi",
    "Etika Pelayanan Publik",
    "Polresta Contoh",
    "1",
    "Siti  Nur   Aisyah",
    "Ratna Maharani",
    "Muhammad Abdurrahman Kusumawardhana Prawirodirdjo, S.H., S.I.K., M.Si.",
    "X" * 90,
]


def page(number: int, name: str, shape: str = "short", *, grade: int = 85) -> str:
    certificate = example(shape=shape)
    characters = "".join(ALPHABET[(number * 7 + place) % 16] for place in range(16))
    certificate.public_id = characters + check_character(characters)
    certificate.number = f"Sertif/{number}/XI/DIK.2.6./2026"
    certificate.holder_name = name
    certificate.holder_number = f"{80000000 + number}"
    certificate.grade = Decimal(grade)
    certificate.wording = printed_words(certificate)
    return html_of(certificate)


def rendered(html: str) -> bytes:
    pdf, refused = pdf_process.render(html, crest=None, epoch=EPOCH, seal=2048)
    assert not refused
    return pdf


@pytest.fixture
def poured(monkeypatch):
    """How often a mould fitted; every test begins without moulds."""
    pdf_process._moulds.cache_clear()
    fits, count = moulds.Mould.fits, []

    def counted(self, shape):
        fitted = fits(self, shape)
        count.append(fitted)
        return fitted

    monkeypatch.setattr(moulds.Mould, "fits", counted)
    yield count
    pdf_process._moulds.cache_clear()


def in_full(pages: list[str], monkeypatch) -> list[bytes]:
    with monkeypatch.context() as patch:
        patch.setattr(moulds.Mould, "fits", lambda self, shape: False)
        return [rendered(html) for html in pages]


# Setting a page in full takes a third of a second, and two dozen materials a whole one.
@pytest.mark.parametrize(("shape", "names"), [("short", NAMES), ("materials", NAMES[:3]), ("english", NAMES[:3])])
def test_whatever_the_name_both_ways_give_the_same_bytes(shape, names, poured, monkeypatch):
    pages = [page(number, name, shape, grade=60 + number) for number, name in enumerate(names, start=1)]

    assert [rendered(html) for html in pages] == in_full(pages, monkeypatch)


def test_most_of_a_cohort_is_poured(poured):
    for number in range(1, 6):
        rendered(page(number, f"Personel Nomor {number}", grade=70 + number))

    assert poured == [True] * 4


def test_a_name_that_would_break_its_line_is_laid_out_in_full(poured):
    rendered(page(1, "X" * 75))
    before = len(poured)
    rendered(page(2, "W" * 75))

    assert not any(poured[before:])


def test_a_mould_whose_first_page_differs_is_not_used(poured, monkeypatch):
    pages = [page(number, f"Personel {number}") for number in range(1, 5)]
    wanted = in_full(pages, monkeypatch)
    pdf_process._moulds.cache_clear()
    real = moulds.Mould._set

    def askew(self, line, text):
        box = real(self, line, text)
        box.translate(3, 0)
        return box

    monkeypatch.setattr(moulds.Mould, "_set", askew)

    assert [rendered(html) for html in pages] == wanted


def test_moulds_do_not_pile_up(poured, monkeypatch):
    monkeypatch.setattr(moulds, "KEPT", 2)
    for number in range(4):
        rendered(page(1, "Sari").replace("<p class", f"<p data-number='{number}' class", 1))

    assert len(pdf_process._moulds()._kept) == 2
