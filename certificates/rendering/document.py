"""The HTML that the press sets: every word comes from the certificate's own row, never from elsewhere."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from certificates.identifiers import grouped
from certificates.models import Certificate, UnitLetterhead
from certificates.wording import LABELS, amount_words, day_words

# Points per character of the two faces at size 1, a little generous; widths in points.
BOLD_WIDTH, TEXT_WIDTH, SPACED_WIDTH = 0.6, 0.53, 0.8
MILLIMETRE = 72 / 25.4
MIDDLE_WIDTH, SIGN_WIDTH = 640, 272
# From the top of the sheet to the first word of the middle.
TOP, TOP_HIGH = 44.5 * MILLIMETRE, 37 * MILLIMETRE
SHEET, SIGN_BOTTOM, AIR = 210 * MILLIMETRE, 21 * MILLIMETRE, 2 * MILLIMETRE
# The lines of the back that one page holds at each size; a list that goes on overleaf is set at a readable one.
BACK_SIZES, BACK_LONG = ((9, 11), (14, 10), (18, 9), (24, 8)), 9


@dataclass(frozen=True)
class Density:
    """How much room the words take: sizes to choose from and, as in certificate.css, text sizes and gaps in points."""

    css: str
    titles: tuple[float, ...]
    names: tuple[float, ...]
    courses: tuple[float, ...]
    text: float
    gaps: float
    sign: float
    sign_gap: float


DENSITIES = (
    Density("", (36, 31, 25, 19), (34, 31, 28, 25, 22, 19, 16, 13), (20, 18, 16, 14, 12), 11.5, 60, 9.6, 37),
    Density("tight", (31, 25, 19, 16), (28, 25, 22, 19, 16, 13), (18, 16, 14, 12), 10.5, 36, 9, 30),
    Density("tighter", (22, 19, 16, 14), (19, 16, 14, 13), (14, 13, 12), 9, 20, 8.2, 24),
)


def lines_of(text: str, *, size: float, width: float, face: float) -> int:
    """How many lines ``text`` takes, a little generous: a break never fills its line."""
    wide = len(text) * face * size / width
    return math.ceil(wide * 1.08 if wide > 1 else wide)


def fitting_size(text: str, *, width: float, sizes: tuple[float, ...], face: float = BOLD_WIDTH) -> float:
    """Return the largest size at which ``text`` stands on one line; failing that, on two; else the smallest.

    Sizes shrink to the middle of the range before a line is broken, and two lines begin there. Nothing is ever cut.
    """

    def lines(size: float) -> int:
        return math.ceil(len(text) * face * size / width)

    middle = len(sizes) // 2
    for wanted, offered in ((1, sizes[: middle + 1]), (2, sizes[middle:])):
        for size in offered:
            if lines(size) <= wanted:
                return size
    return sizes[-1]


def arrangement_of(certificate: Certificate) -> tuple[Density, bool]:
    """The roomiest density at which the middle ends above the signature, and whether it begins high on the sheet.

    So no words lie over others. Without a crest the middle may begin where that would stand.
    """
    pictured = certificate.crest or (certificate.template_version and certificate.template_version.logo)
    for density in DENSITIES:
        for high in (False,) if pictured else (False, True):
            if _height(certificate, density) <= _room(certificate, density, high=high):
                return density, high
    return DENSITIES[-1], not pictured


def _height(certificate: Certificate, density: Density) -> float:
    words = certificate.wording
    height = density.gaps
    for text, sizes, face in (
        (words["title"], density.titles, SPACED_WIDTH),
        (certificate.holder_name, density.names, BOLD_WIDTH),
        (certificate.course_title, density.courses, BOLD_WIDTH),
    ):
        size = fitting_size(text, width=MIDDLE_WIDTH, sizes=sizes, face=face)
        height += lines_of(text, size=size, width=MIDDLE_WIDTH, face=face) * size * 1.26
    for name in ("intro", "holder", "statement", "detail", "validity"):
        lines = lines_of(words.get(name, ""), size=density.text, width=MIDDLE_WIDTH, face=TEXT_WIDTH)
        height += lines * density.text * 1.45
    return height


def _room(certificate: Certificate, density: Density, *, high: bool) -> float:
    signature = sum(
        lines_of(line, size=density.sign, width=SIGN_WIDTH, face=BOLD_WIDTH) for line in signature_lines(certificate)
    )
    top = TOP_HIGH if high else TOP
    return SHEET - SIGN_BOTTOM - AIR - top - signature * density.sign * 1.4 - density.sign_gap


def signature_lines(certificate: Certificate) -> list[str]:
    """Every line of the signature from the place to the rank; DOMAIN §5.4 (a.n., u.b., Plt. and Plh.)."""
    rank = [certificate.signer_rank, signer_number(certificate)]
    return [
        *([certificate.place] if certificate.place else []),
        "day",
        *authority_lines(certificate),
        certificate.signer_name,
        " ".join(part for part in rank if part),
    ]


def authority_lines(certificate: Certificate | UnitLetterhead) -> list[str]:
    """On whose behalf and as what the signer signs: ``a.n. KEPALA …``, ``WAKA``, ``u.b.``, ``Plh. KABAG SDM``."""
    post = " ".join(part for part in (certificate.signer_capacity, certificate.signer_post) if part)
    lines = [f"a.n. {certificate.on_behalf_of}"] if certificate.on_behalf_of else []
    if certificate.via_post:
        lines += [certificate.via_post, "u.b."]
    return [*lines, post]


def signer_number(certificate: Certificate | UnitLetterhead) -> str:
    number = certificate.signer_number
    return f"{'NIP' if len(number) == 18 else 'NRP'} {number}" if number else ""


def emphasised(text: str) -> SafeString:
    """``text`` with its words in capitals set bold: LULUS is what counts in the sentence."""
    return mark_safe(re.sub(r"\b[A-Z]{4,}\b", r"<strong>\g<0></strong>", escape(text)))


def material_rows(certificate: Certificate) -> list[dict]:
    """The lines of the back page as they are printed."""
    language = certificate.language
    return [
        {
            "title": line["title"],
            "jp": amount_words(Decimal(line["jp"]), language) if line["jp"] else "",
            "grade": amount_words(Decimal(line["grade"]), language) if line["grade"] else "",
        }
        for line in certificate.materials
    ]


def back_size(rows: list[dict]) -> int:
    """The size at which the list stands on one page."""
    lines = sum(lines_of(row["title"], size=10, width=460, face=TEXT_WIDTH) for row in rows)
    return next((size for most, size in BACK_SIZES if lines <= most), BACK_LONG)


def balanced(text: str, *, size: float, width: float) -> str:
    """Return ``text`` with a line break near its middle when it needs two lines, so that none is left with one word."""
    if len(text) * BOLD_WIDTH * size <= width:
        return text
    blanks = [place for place, character in enumerate(text) if character == " "]
    if not blanks:
        return text
    # Degrees keep together where that costs little: a break behind a comma counts as five characters nearer.
    best = min(blanks, key=lambda place: abs(place - len(text) / 2) - (5 if text[place - 1] == "," else 0))
    return f"{text[:best]}\n{text[best + 1 :]}"


def verification_url(public_id: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}/verifikasi/{grouped(public_id)}/"


def verification_place() -> str:
    """What people type when they cannot scan: the domain and the page, without the scheme."""
    address = urlsplit(settings.SITE_URL)
    return f"{address.netloc}{address.path.rstrip('/')}/verifikasi"


def qr_picture(url: str, title: str = "Kode QR ke halaman verifikasi") -> SafeString:
    """The code's square with its modules beside it, drawn by rendering/finishing.py; its title is read aloud.

    Middle error correction survives a fold and a stamp.
    """
    rows = segno.make(url, error="m", boost_error=False).matrix
    modules = "-".join(f"{int(''.join(map(str, row)), 2):x}" for row in rows)
    return format_html(
        '<svg viewBox="0 0 {0} {0}" data-modules="{1}" fill="#15203a"><title>{2}</title>'
        '<rect width="{0}" height="{0}"/></svg>',
        len(rows),
        modules,
        title,
    )


def html_of(certificate: Certificate) -> str:
    """Return the pages of one certificate: the front, and the list of material where the template has one."""
    url = verification_url(certificate.public_id)
    version = certificate.template_version
    density, high = arrangement_of(certificate)
    title_size = fitting_size(certificate.wording["title"], width=MIDDLE_WIDTH, sizes=density.titles, face=SPACED_WIDTH)
    name_size = fitting_size(certificate.holder_name, width=MIDDLE_WIDTH, sizes=density.names)
    course_size = fitting_size(certificate.course_title, width=MIDDLE_WIDTH, sizes=density.courses)
    rows = material_rows(certificate) if version and version.with_back else []
    context = {
        "certificate": certificate,
        "version": version,
        "language": certificate.language,
        "labels": LABELS[certificate.language],
        "words": certificate.wording,
        "statement": emphasised(certificate.wording["statement"]),
        "density": density.css,
        "high": high,
        "title_size": title_size,
        "name": balanced(certificate.holder_name, size=name_size, width=MIDDLE_WIDTH),
        "name_size": name_size,
        "course": balanced(certificate.course_title, size=course_size, width=MIDDLE_WIDTH),
        "course_size": course_size,
        "day": day_words(certificate.issued_at, certificate.zone, language=certificate.language),
        "shown_id": grouped(certificate.public_id),
        "place": verification_place(),
        "qr": qr_picture(url, LABELS[certificate.language]["qr"]),
        "authority": authority_lines(certificate),
        "signer_number": signer_number(certificate),
        "rows": rows,
        "back_size": back_size(rows),
        "grade": "" if certificate.grade is None else amount_words(certificate.grade, certificate.language),
        "jp": amount_words(certificate.jp, certificate.language),
    }
    return render_to_string("certificates/pdf/certificate.html", context)
