"""The HTML that the press sets: every word comes from the certificate's own row, never from elsewhere."""

import math
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from certificates.identifiers import grouped
from certificates.models import Certificate
from foundation.formats import date_medium

# Points per character of the bold face at size 1, a little generous; widths in points.
CHARACTER_WIDTH = 0.6
NAME_WIDTH, NAME_SIZES = 640, (34, 31, 28, 25, 22, 19, 16, 13)
COURSE_WIDTH, COURSE_SIZES = 640, (20, 18, 16, 14, 12)


def fitting_size(text: str, *, width: float, sizes: tuple[float, ...]) -> float:
    """Return the largest size at which ``text`` stands on one line; failing that, on two; else the smallest.

    Sizes shrink to the middle of the range before a line is broken, and two lines begin there. Nothing is ever cut.
    """

    def lines(size: float) -> int:
        return math.ceil(len(text) * CHARACTER_WIDTH * size / width)

    middle = len(sizes) // 2
    for wanted, offered in ((1, sizes[: middle + 1]), (2, sizes[middle:])):
        for size in offered:
            if lines(size) <= wanted:
                return size
    return sizes[-1]


def balanced(text: str, *, size: float, width: float) -> str:
    """Return ``text`` with a line break near its middle when it needs two lines, so that none is left with one word."""
    if len(text) * CHARACTER_WIDTH * size <= width:
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


def qr_picture(url: str) -> SafeString:
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
        "Kode QR ke halaman verifikasi",
    )


def html_of(certificate: Certificate) -> str:
    """Return the page of one certificate."""
    url = verification_url(certificate.public_id)
    name_size = fitting_size(certificate.holder_name, width=NAME_WIDTH, sizes=NAME_SIZES)
    course_size = fitting_size(certificate.course_title, width=COURSE_WIDTH, sizes=COURSE_SIZES)
    context = {
        "certificate": certificate,
        "words": certificate.wording,
        "name": balanced(certificate.holder_name, size=name_size, width=NAME_WIDTH),
        "name_size": name_size,
        "course": balanced(certificate.course_title, size=course_size, width=COURSE_WIDTH),
        "course_size": course_size,
        "day": date_medium(certificate.issued_at, certificate.zone),
        "shown_id": grouped(certificate.public_id),
        "place": verification_place(),
        "qr": qr_picture(url),
        "signer_number_kind": "NIP" if len(certificate.signer_number) == 18 else "NRP",
    }
    return render_to_string("certificates/pdf/certificate.html", context)
