"""The official number as it is printed: its parts and its pattern."""

from datetime import datetime

from foundation.formats import in_zone, roman_month

from .fields import fill

DEFAULT_KIND = "Sertif"
DEFAULT_PATTERN = "{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}[/{satfung}]"
DEFAULT_ARCHIVE_CODE = "DIK.2.6."
NUMBER_FIELDS = ("jenis", "urut", "bulan_romawi", "kka", "tahun", "satfung")


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
