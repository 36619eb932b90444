"""The book of a number series on paper: a part of so many numbers that it can be bound, set by the press."""

from datetime import datetime

from django.template.loader import render_to_string

from certificates.book import Entry
from certificates.models import NumberSeries, UnitLetterhead
from certificates.services import neutral_heading

from .document import authority_lines, signer_number
from .press import print_sheet

# Some four seconds of the press.
NUMBERS_IN_PART = 250


def printed(
    *,
    series: NumberSeries,
    entries: list[Entry],
    part: int,
    parts: int,
    letterhead: UnitLetterhead | None,
    at: datetime,
) -> bytes:
    """Return the PDF of one part. Raises PressFailed."""
    context = {
        "series": series,
        "entries": entries,
        "part": part,
        "parts": parts,
        "letterhead": letterhead,
        "heading": letterhead.heading if letterhead else neutral_heading(series.unit),
        "authority": authority_lines(letterhead) if letterhead else [],
        "signer_number": signer_number(letterhead) if letterhead else "",
        "at": at,
    }
    html = render_to_string("certificates/pdf/number_book.html", context)
    return print_sheet(html, crest=None, at=at, style="document").pdf
