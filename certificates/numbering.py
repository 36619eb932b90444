"""The official number: its parts, and the counter that gives each running number exactly once."""

from datetime import datetime

from django.db import transaction

from foundation.formats import in_zone, roman_month

from .fields import fill

DEFAULT_KIND = "Sertif"
DEFAULT_PATTERN = "{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}[/{satfung}]"
DEFAULT_ARCHIVE_CODE = "DIK.2.6."
NUMBER_FIELDS = ("jenis", "urut", "bulan_romawi", "kka", "tahun", "satfung")


def locked_series(*, unit, kind: str, at: datetime):
    """The series of ``unit``, ``kind`` and the year that ``at`` has in the unit's zone, locked.

    The lock lasts until the transaction ends. Whoever gives out, sets aside, cancels or types a number holds it.
    PostgreSQL waits here for whoever came before; SQLite writes one transaction at a time anyway. Unique constraints
    back it.
    """
    from .models import NumberSeries

    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the certificate's own transaction")
    series, _created = NumberSeries.objects.get_or_create(unit=unit, kind=kind, year=in_zone(at, unit.zone).year)
    return NumberSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)


def take_number(*, unit, kind: str, at: datetime):
    """Return (series, running number): the next one that nobody set aside.

    Call it inside the transaction that stores the certificate: both stand or fall together, so what is rolled back
    gives its number back, the next certificate gets it, and a series has no gap.
    """
    series = locked_series(unit=unit, kind=kind, at=at)
    series.last_number = next_number(series)
    series.save(update_fields=["last_number"])
    return series, series.last_number


def next_number(series) -> int:
    """The number that the series gives out next: numbers set aside are passed over."""
    number = series.last_number + 1
    aside = series.set_aside.filter(sequence__gte=number).order_by("sequence").values_list("sequence", flat=True)
    for sequence in aside.iterator():
        if sequence != number:
            break
        number += 1
    return number


def number_text(
    *, pattern: str, kind: str, sequence: int, archive_code: str, function_code: str, at: datetime, zone: str
) -> str:
    """Return the number as it is printed, e.g. ``Sertif/27/XI/DIK.2.6./2026``."""
    values = {
        "jenis": kind,
        "urut": str(sequence),
        "bulan_romawi": roman_month(at, zone),
        "kka": archive_code,
        "tahun": str(in_zone(at, zone).year),
        "satfung": function_code,
    }
    return fill(pattern, values)
