"""Completion against target over time: at the end of each day of a row, the figures of that day.

They are those of the day as it was, or as it was known then: ``Wanted.axis`` says which.

The target is what the orders themselves ask for: the share of the duties of that day whose date had passed. No
other target of a unit is on record, and this one needs no keeping. A point is a count over the same rows as the
page of that day (``duty_rows``), so each one equals what "per tanggal" shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Value

from enrolments.models import DutyFigures
from foundation.formats import MONTHS, day_of
from foundation.pictures import whole_percent
from foundation.spreadsheets import Cell, Percent

from .against_dates import AgainstDates, of_days, of_now
from .core import Wanted, counts, duty_rows, postings_wanted
from .counting import counted, is_counted, still_counting
from .exceptions import StillCounting
from .past import scopes_on
from .scope import Scope
from .spans import WEEKS, days_of
from .tallies import FIGURES

# Of more people than a Polsek has the points are counted beforehand, where they can be: of a Polres, twelve points
# read from the rows take a second.
MANY_OFFICERS = 100
# Until they are counted, so many people are read from the rows all the same: a second or two, once.
READ_MEANWHILE = 1_000
# Where they cannot, each point counts everybody anew, as they stood that day: of a nation a page shows the last few.
TOO_MANY_OFFICERS, FEW_POINTS = 30_000, 4
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


@dataclass(frozen=True)
class Line:
    """The last of ``points`` is now, or ``since`` where its figures are older."""

    points: list[Point]
    since: datetime | None = None


def trend(scope: Scope, wanted: Wanted, *, span: str) -> Line:
    """The points of ``span`` for what ``wanted`` asks for in the scope of now.

    Raises StillCounting where past days of many people were not counted yet.
    """
    days = days_of(span, today=day_of(scope.now, scope.zone(None)))
    officers = postings_wanted(scope, wanted).count()
    beforehand = officers > MANY_OFFICERS and is_counted(wanted)
    if officers > TOO_MANY_OFFICERS and not beforehand:
        days = days[-FEW_POINTS:]
    scopes = scopes_on(scope, days, axis=wanted.axis)
    try:
        found, since = _stored(scopes, wanted) if beforehand else (_figures(scopes, wanted), None)
    except StillCounting:
        if officers > READ_MEANWHILE:
            raise
        found, since = _figures(scopes, wanted), None
    return Line([Point(day, _label(day, span), *found[place]) for place, day in enumerate(days)], since)


def _stored(scopes: Sequence[Scope], wanted: Wanted) -> tuple[dict[int, AgainstDates], datetime | None]:
    """As ``_figures``, from what was counted beforehand, and from when those of now are where they are older."""
    *past, today = scopes
    now = counted(today, wanted)
    if now is None:
        raise still_counting(FIGURES, today, wanted)
    return dict(enumerate([*of_days(past, wanted), of_now(now)])), now.since


def _figures(scopes: Sequence[Scope], wanted: Wanted) -> dict[int, AgainstDates]:
    """Place of the scope → figures and how many were due."""
    first, *others = (_asked(place, scope, wanted) for place, scope in enumerate(scopes))
    return {
        row["place"]: (DutyFigures(total=row["total"], done=row["done"], overdue=row["overdue"]), row["due"])
        for row in first.union(*others, all=True)
    }


def _asked(place: int, scope: Scope, wanted: Wanted) -> Any:
    due = Count("pk", filter=scope.moment.is_due())
    rows = duty_rows(scope, wanted).values(place=Value(place)).annotate(**counts(scope), due=due)
    return rows.values("place", "total", "done", "overdue", "due")


def _label(day: date, span: str) -> str:
    month = MONTHS[day.month - 1][:3]
    return f"{day.day} {month}" if span == WEEKS else f"{month} {day.year % 100:02}"


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
