"""Any table as a PDF on A4: set by the limited press, which opens no address and knows only the shipped fonts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from certificates.rendering.press import print_sheet
from certificates.rendering.store import UnknownAddress
from foundation.formats import date_medium, datetime_zone
from foundation.spreadsheets import Cell

from .exports import filter_words, unit_words
from .files import File
from .paper import laid_out
from .past import says

PDF_TYPE = "application/pdf"


@dataclass(frozen=True)
class Heading:
    """What a printed table says of itself: ``moment`` of its figures, ``facts`` in a list of two columns, ``notes`` in
    sentences, who made it, and ``at`` when, on the clock of ``zone``."""

    title: str
    unit: str
    moment: str
    facts: Mapping[str, str]
    notes: Sequence[str]
    author: str
    at: datetime
    zone: str


def heading_of(made: File, *, at: datetime) -> Heading:
    scope, wanted = made.scope, made.wanted
    if scope.day:
        moment = f"Per {date_medium(scope.day)}, {scope.axis_words.lower()}"
    else:
        moment = f"{scope.axis_words} {made.as_of}"
    return Heading(
        title=made.title,
        unit=unit_words(scope, wanted),
        moment=moment,
        facts=filter_words(wanted, made.asked),
        notes=says(scope),
        author=scope.actor.name,
        at=at,
        zone=scope.zone(wanted.unit),
    )


def printed(heading: Heading, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the PDF. Raises FileRefused for a table that no paper holds, PressFailed, UnknownAddress."""
    paper = laid_out(header, list(rows))
    context = {"heading": heading, "paper": paper, "made": datetime_zone(heading.at, heading.zone)}
    html = render_to_string("reports/pdf/table.html", context)
    sheet = print_sheet(html, crest=None, at=heading.at, style="table")
    if sheet.refused:
        raise UnknownAddress(f"{len(sheet.refused)} alamat ditolak")
    return sheet.pdf
