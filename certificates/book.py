"""The book of a number series: every number that was used, reserved or cancelled, in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.formats import day_of

from .models import Certificate, CertificateState, NumberSeries, SetAsideNumber

PIECE = 1000


class NumberState(models.TextChoices):
    USED = "used", "Terpakai"
    RESERVED = "reserved", "Dipesan"
    CANCELLED = "cancelled", "Dibatalkan"


@dataclass(frozen=True)
class Entry:
    """One line of the book. ``holder`` and what follows are of the certificate; empty for a number without one."""

    sequence: int
    state: NumberState
    number: str = ""
    day: date | None = None
    holder: str = ""
    holder_number: str = ""
    unit: str = ""
    course: str = ""
    certificate: str = ""
    certificate_state: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figures:
    used: int
    reserved: int
    cancelled: int


def sequences(series: NumberSeries, *, text: str = "", state: str = "") -> QuerySet:
    """The running numbers of the lines that the filter leaves, in order: one query, however long the book is."""
    used = series.certificates.exclude(sequence=None)
    aside = series.set_aside.exclude(Exists(_users()))
    if text:
        used = used.filter(
            Q(holder_name__icontains=text) | Q(number__icontains=text) | Q(holder_number=text.replace(" ", ""))
        )
        asked = Q(reason__icontains=text) | Q(cancelled_reason__icontains=text)
        aside = aside.filter(asked | Q(sequence=int(text)) if text.isdecimal() and len(text) < 9 else asked)
    if state == NumberState.USED:
        aside = aside.none()
    elif state:
        used = used.none()
        aside = aside.filter(cancelled_at__isnull=state == NumberState.RESERVED)
    return (
        used.order_by()
        .values_list("sequence", flat=True)
        .union(aside.order_by().values_list("sequence", flat=True), all=True)
        .order_by("sequence")
    )


def _users() -> QuerySet:
    return Certificate.objects.filter(series=OuterRef("series"), sequence=OuterRef("sequence"))


def figures(series: NumberSeries) -> Figures:
    open_ones = series.set_aside.exclude(Exists(_users()))
    cancelled = open_ones.exclude(cancelled_at=None).count()
    return Figures(series.certificates.exclude(sequence=None).count(), open_ones.count() - cancelled, cancelled)


def entries(series: NumberSeries, numbers: Iterable[int], *, at: datetime) -> list[Entry]:
    """The lines of these running numbers, in order: two queries."""
    wanted = list(numbers)
    used = series.certificates.select_related("replaced_by").filter(sequence__in=wanted)
    aside = series.set_aside.select_related("set_aside_by", "cancelled_by").filter(sequence__in=wanted)
    lines = {row.sequence: _aside(row, series) for row in aside}
    # A number that was set aside and then given to a certificate is used; why it stood outside the order stays.
    lines |= {row.sequence: _used(row, lines.get(row.sequence), at=at) for row in used if row.sequence}
    return [lines[number] for number in wanted if number in lines]


def all_entries(series: NumberSeries, numbers: QuerySet, *, at: datetime) -> Iterator[Entry]:
    """Every line, read in pieces of ``PIECE``: an export of any length keeps little in memory."""
    piece: list[int] = []
    for number in list(numbers):
        piece.append(number)
        if len(piece) == PIECE:
            yield from entries(series, piece, at=at)
            piece = []
    yield from entries(series, piece, at=at)


def _used(row: Certificate, aside: Entry | None, *, at: datetime) -> Entry:
    return Entry(
        sequence=row.sequence or 0,
        state=NumberState.USED,
        number=row.number,
        day=day_of(row.issued_at, row.zone),
        holder=row.shown_holder,
        holder_number=row.holder_number,
        unit=row.unit_name,
        course=row.course_title,
        certificate=row.shown_id,
        certificate_state=CertificateState(row.state_at(at)).label,
        note=aside.note if aside else "",
    )


def _aside(row: SetAsideNumber, series: NumberSeries) -> Entry:
    zone = series.unit.zone
    if row.cancelled_at and row.cancelled_by:
        note = f"{row.cancelled_reason} ({row.cancelled_by.name}). Semula: {row.reason}"
        return Entry(row.sequence, NumberState.CANCELLED, day=day_of(row.cancelled_at, zone), note=note)
    note = f"{row.reason} ({row.set_aside_by.name})"
    return Entry(row.sequence, NumberState.RESERVED, day=day_of(row.set_aside_at, zone), note=note)


HEADER = (
    "Urut",
    "Nomor",
    "Keadaan nomor",
    "Tanggal",
    "Nama",
    "NRP/NIP",
    "Kesatuan",
    "Pelatihan",
    "Kode verifikasi",
    "Keadaan sertifikat",
    "Keterangan",
)


def export_row(entry: Entry) -> list:
    return [
        entry.sequence,
        entry.number,
        entry.state.label,
        entry.day,
        entry.holder,
        entry.holder_number,
        entry.unit,
        entry.course,
        entry.certificate,
        entry.certificate_state,
        entry.note,
    ]
