"""How dates, times, numbers and money are written in Indonesian, whatever locale is active.

Plain values in, text out. A datetime is aware and always comes with the IANA zone it is shown in,
because the day itself depends on it. Source: DOMAIN §8 (date, time and number conventions).
"""

from datetime import date, datetime, time
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}

Number = int | float | Decimal


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return ``moment`` on the clock of ``zone``. Raises ValueError for a naive moment or a missing zone."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place on a clock")
    if not zone:
        raise ValueError("a datetime is shown in a zone: give one")
    return moment.astimezone(ZoneInfo(str(zone)))


def day_of(value: date | datetime, zone: str | None = None) -> date:
    """Return the calendar day of ``value``; a datetime needs the ``zone`` its day is read in."""
    if isinstance(value, datetime):
        return in_zone(value, zone or "").date()
    return value


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of ``day`` on the clock of ``zone``."""
    return datetime.combine(day, time.max, ZoneInfo(zone))


def zone_label(zone: str) -> str:
    """Return WIB, WITA or WIT. Raises ValueError for a zone outside Indonesia."""
    try:
        return ZONE_LABELS[str(zone)]
    except KeyError:
        raise ValueError(f"{zone} is not a zone of Indonesia") from None


# --- dates and times --------------------------------------------------------


def date_medium(value: date | datetime, zone: str | None = None) -> str:
    """``21 November 2026``"""
    day = day_of(value, zone)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_long(value: date | datetime, zone: str | None = None) -> str:
    """``Sabtu, 21 November 2026``"""
    day = day_of(value, zone)
    return f"{DAYS[day.weekday()]}, {date_medium(day)}"


def date_short(value: date | datetime, zone: str | None = None) -> str:
    """``21/11/2026``"""
    return f"{day_of(value, zone):%d/%m/%Y}"


def month_year(value: date | datetime, zone: str | None = None) -> str:
    """``November 2026``"""
    day = day_of(value, zone)
    return f"{MONTHS[day.month - 1]} {day.year}"


def roman_month(value: date | datetime, zone: str | None = None) -> str:
    """``XI``, as official numbers write the month."""
    return ROMAN_MONTHS[day_of(value, zone).month - 1]


def time_zone(moment: datetime, zone: str) -> str:
    """``08.00 WIT``"""
    return f"{in_zone(moment, zone):%H.%M} {zone_label(zone)}"


def datetime_zone(moment: datetime, zone: str) -> str:
    """``21 November 2026 08.00 WIT``"""
    return f"{date_medium(moment, zone)} {time_zone(moment, zone)}"


def datetime_long(moment: datetime, zone: str) -> str:
    """``Sabtu, 21 November 2026 pukul 08.00 WIT``"""
    return f"{date_long(moment, zone)} pukul {time_zone(moment, zone)}"


def time_range(start: datetime, end: datetime, zone: str) -> str:
    """``08.00–10.30 WIB``, both on one day; the caller writes the day."""
    return f"{in_zone(start, zone):%H.%M}–{time_zone(end, zone)}"


def date_range(
    start: date | datetime, end: date | datetime, zone: str | None = None, *, in_document: bool = False
) -> str:
    """``20–21 November 2026``; what both ends share is written once. A document writes ``20 s.d. 21``."""
    first, last = day_of(start, zone), day_of(end, zone)
    if first == last:
        return date_medium(last)
    if (first.year, first.month) == (last.year, last.month):
        opening = str(first.day)
    elif first.year == last.year:
        opening = f"{first.day} {MONTHS[first.month - 1]}"
    else:
        opening = date_medium(first)
    between = " s.d. " if in_document else "–" if opening.isdigit() else " – "
    return f"{opening}{between}{date_medium(last)}"


def days_left(due: datetime, *, at: datetime, zone: str) -> str:
    """``7 hari lagi``, ``besok``, ``hari ini``, ``lewat hari ini``, ``lewat 2 hari``: calendar days in ``zone``."""
    days = (day_of(due, zone) - day_of(at, zone)).days
    if days < 0:
        return f"lewat {number(-days)} hari"
    if days == 0:
        return "lewat hari ini" if due < at else "hari ini"
    return "besok" if days == 1 else f"{number(days)} hari lagi"


def greeting(at: datetime, zone: str) -> str:
    """``Selamat pagi``, siang (from 11.00), sore (from 15.00) or malam (from 18.00)."""
    hour = in_zone(at, zone).hour
    part = "pagi" if hour < 11 else "siang" if hour < 15 else "sore" if hour < 18 else "malam"
    return f"Selamat {part}"


def minutes_text(minutes: int) -> str:
    """``45 menit``, ``2 jam``, ``1 jam 30 menit``"""
    hours, rest = divmod(int(minutes), 60)
    parts = [f"{number(hours)} jam"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} menit")
    return " ".join(parts)


# --- numbers ----------------------------------------------------------------


def number(value: Number, places: int | None = None) -> str:
    """``1.234.567,8``; with ``places`` exactly so many decimals (half up), else those that are not zero."""
    exact = Decimal(str(value))
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(str.maketrans(",.", ".,"))


def rupiah(value: Number) -> str:
    """``Rp30.000``; sen are written only when there are any: ``Rp30.000,50``."""
    exact = Decimal(str(value))
    amount = number(abs(exact), 0 if exact == exact.to_integral_value() else 2)
    return f"-Rp{amount}" if exact < 0 else f"Rp{amount}"


def percent(value: Number, places: int = 1) -> str:
    """``87,5%`` for 87.5 (0..100), rounded down: 99,96 is not yet 100% and 69,96 has not reached 70%."""
    return f"{number(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN))}%"


def byte_size(size: int) -> str:
    """``850 B``, ``48 KB``, ``1,2 MB``: decimal units, one decimal from MB up."""
    if size < 1000:
        return f"{size} B"
    if size < 999_500:
        return f"{number(Decimal(size) / 1000, 0)} KB"
    unit, name = (10**6, "MB") if size < 999_950_000 else (10**9, "GB")
    tenths = (Decimal(size) / unit).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{number(tenths)} {name}"
