"""The days of a line over time: the ends of weeks, months or quarters."""

from datetime import date, timedelta

WEEKS = "minggu"
# key → (words, how many points)
SPANS = {WEEKS: ("12 minggu", 12), "bulan": ("12 bulan", 12), "kuartal": ("8 kuartal", 8)}


def days_of(span: str, *, today: date) -> list[date]:
    """The days looked at, old to new: the ends of the weeks, months or quarters before, and today."""
    days = [today]
    while len(days) < SPANS[span][1]:
        days.insert(0, _end_before(span, days[0]))
    return days


def _end_before(span: str, day: date) -> date:
    """The last day before the week, month or quarter that ``day`` lies in."""
    if span == WEEKS:
        return day - timedelta(days=day.isoweekday())
    first = day.month if span == "bulan" else day.month - (day.month - 1) % 3
    return day.replace(month=first, day=1) - timedelta(days=1)
