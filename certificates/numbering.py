"""The official number: its parts, and the counter that gives each running number exactly once."""

from datetime import datetime

from django.db import transaction

from foundation.formats import in_zone, roman_month

from .fields import fill

DEFAULT_KIND = "Sertif"
DEFAULT_PATTERN = "{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}[/{satfung}]"
DEFAULT_ARCHIVE_CODE = "DIK.2.6."
NUMBER_FIELDS = ("jenis", "urut", "bulan_romawi", "kka", "tahun", "satfung")


def take_number(*, unit, kind: str, at: datetime):
    """Return (series, running number) of ``unit``, ``kind`` and the year that ``at`` has in the unit's zone.

    Call it inside the transaction that stores the certificate: both stand or fall together, so a
    series has no gap. The row is raised by one statement that locks it until the end of that
    transaction; a unique constraint backs it.
    """
    from .models import NumberSeries

    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the certificate's own transaction")
    series, _created = NumberSeries.objects.get_or_create(unit=unit, kind=kind, year=in_zone(at, unit.zone).year)
    # Lock first: on PostgreSQL the row waits here for the certificate before it; SQLite writes one at a time anyway.
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series, series.last_number


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
