"""Months as people count them, and days as the clock on the wall has them."""

import calendar
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

# A day, or a moment of it.
Day = TypeVar("Day", bound=date)


def add_months(moment: Day, months: int) -> Day:
    """The same day ``months`` later, or the month's last day where that day does not exist (31 January + 1)."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def day_start(day: date, zone: str) -> datetime:
    """Midnight at the beginning of ``day`` on the clock of ``zone``."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))


def day_end(day: date, zone: str) -> datetime:
    """The last second of ``day`` on the clock of ``zone``: until then something is in time."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone))
