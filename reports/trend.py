"""Completion against target over time: at the end of each day of a row, the figures of that day.

They are those of the day as it was, or as it was known then: ``Wanted.axis`` says which.

The target is what the orders themselves ask for: the share of the duties of that day whose date had passed. No
other target of a unit is on record, and this one needs no keeping. A point is a count over the same rows as the
page of that day (``duty_rows``), so each one equals what "per tanggal" shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Value

from enrolments.models import DutyFigures
from foundation.formats import MONTHS, day_of
from foundation.pictures import whole_percent
from foundation.spreadsheets import Cell, Percent

from .core import Wanted, counts, duty_rows, postings_wanted
from .past import scopes_on
from .scope import Scope

# key → (words, how many points)
SPANS = {"minggu": ("12 minggu", 12), "bulan": ("12 bulan", 12), "kuartal": ("8 kuartal", 8)}
# Each point counts everybody anew, as they stood that day: of a whole nation a page shows the last few.
MANY_OFFICERS, FEW_POINTS = 30_000, 4
HEADER = (
    "Tanggal",
    "Ditugaskan",
    "Seharusnya selesai",
    "Selesai",
    "Lewat batas waktu",
    "Belum selesai",
    "Target (%)",
    "Persen selesai",
)


@dataclass(frozen=True)
class Point:
    """One day: ``due`` of the duties had to be done by its end. The last point is now."""

    day: date
    label: str
    figures: DutyFigures
    due: int

    @property
    def target(self) -> int:
        """Whole percent that had to be done, rounded down as the share done is."""
        return whole_percent(self.due, self.figures.total)

    @property
    def behind(self) -> int:
        """Percentage points below the target; 0 when it is met."""
        return max(0, self.target - self.figures.percent)


def days_of(span: str, *, today: date) -> list[date]:
    """The days looked at, old to new: the ends of the weeks, months or quarters before, and today."""
    days = [today]
    while len(days) < SPANS[span][1]:
        days.insert(0, _end_before(span, days[0]))
    return days


def _end_before(span: str, day: date) -> date:
    """The last day before the week, month or quarter that ``day`` lies in."""
    if span == "minggu":
        return day - timedelta(days=day.isoweekday())
    first = day.month if span == "bulan" else day.month - (day.month - 1) % 3
    return day.replace(month=first, day=1) - timedelta(days=1)


def trend(scope: Scope, wanted: Wanted, *, span: str) -> list[Point]:
    """The points of ``span`` for what ``wanted`` asks for in the scope of now; one query for all figures."""
    days = days_of(span, today=day_of(scope.now, scope.zone(None)))
    if postings_wanted(scope, wanted).count() > MANY_OFFICERS:
        days = days[-FEW_POINTS:]
    found = _figures(scopes_on(scope, days, axis=wanted.axis), wanted)
    return [Point(day, _label(day, span), *found[place]) for place, day in enumerate(days)]


def _figures(scopes: Sequence[Scope], wanted: Wanted) -> dict[int, tuple[DutyFigures, int]]:
    """Place of the scope → figures and how many were due."""
    first, *others = (_counted(place, scope, wanted) for place, scope in enumerate(scopes))
    return {
        row["place"]: (DutyFigures(total=row["total"], done=row["done"], overdue=row["overdue"]), row["due"])
        for row in first.union(*others, all=True)
    }


def _counted(place: int, scope: Scope, wanted: Wanted) -> Any:
    due = Count("pk", filter=scope.moment.is_due())
    rows = duty_rows(scope, wanted).values(place=Value(place)).annotate(**counts(scope), due=due)
    return rows.values("place", "total", "done", "overdue", "due")


def _label(day: date, span: str) -> str:
    month = MONTHS[day.month - 1][:3]
    return f"{day.day} {month}" if span == "minggu" else f"{month} {day.year % 100:02}"


def trend_table(points: Sequence[Point]) -> tuple[Sequence[str], list[list[Cell]]]:
    return HEADER, [
        [
            point.day,
            point.figures.total,
            point.due,
            point.figures.done,
            point.figures.overdue,
            point.figures.open,
            Percent(point.target) if point.figures.total else None,
            Percent(point.figures.percent) if point.figures.total else None,
        ]
        for point in points
    ]
