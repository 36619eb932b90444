"""Figures counted beforehand, unit by unit, for pages that ask nothing but unit and course.

A count is taken by the one query core itself (``newest_cycles`` of ``counted_duties``), stored per unit, and summed
over the tree when it is read. Triggers mark what changed, in the transaction of the change (marking.py). Whoever reads
counts the few marked units anew first (recounting.py), so a figure stays the length of its list. Past days are
day_counts.py; anything else (a rank, an order, a name) is counted from the rows. ``manage.py check_counts`` proves the
counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Substr

from enrolments.models import DutyFigures
from organisation.models import PATH_STEP, Unit, subtrees_of
from programmes.models import Period

from .core import NO_COUNTER, State, Wanted, added
from .day_counts import rows_of_day
from .exceptions import StillCounting
from .models import CountKind, CountState
from .recounting import made_ready
from .scope import Scope
from .tallies import FIGURES, Tally

# Only what is done has a grade; to add up as many noughts besides takes a sixth of the time of a nation's table.
SUMS_OF_GRADES = {name: Sum(name, filter=Q(state=CountState.DONE)) for name in ("grades", "graded", "rises", "risen")}

Group = tuple[str, int, int, int, int]
Grades = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Counted:
    """The counts of the opened unit with all below it, as of the scope; ``since`` says that they are older, how old.

    Those of a past day are known unit by unit: the tree of today does not say what stood below what.
    """

    rows: QuerySet[Any]
    scope: Scope
    wanted: Wanted
    since: datetime | None = None

    def unfinished(self) -> "Counted":
        """Without what is done, half of all rows: a chase list asks who is late and nothing else."""
        return replace(self, rows=self.rows.filter(state__in=(CountState.OPEN, CountState.LATE)))

    @property
    def _late(self) -> Q:
        return Q(state=CountState.LATE) | Q(state=CountState.OPEN, due_at__lt=self.scope.at)

    def _sums(self) -> dict[str, Any]:
        return {
            "total": Sum("number"),
            "done": Coalesce(Sum("number", filter=Q(state=CountState.DONE)), 0),
            "overdue": Coalesce(Sum("number", filter=self._late), 0),
        }

    def _by_course(self) -> QuerySet[Any]:
        rows = self.rows.filter(course=self.wanted.course) if self.wanted.course else self.rows
        if not self.wanted.function:
            return rows.filter(kind=CountKind.COURSE)
        return rows.filter(kind=CountKind.FUNCTION, function=function_of(self.scope, self.wanted))

    def by_child(self) -> list[Group]:
        """(path of a child, or of the opened unit itself, course id, total, done, overdue)."""
        return [tuple(row[name] for name in ("place", "course", "total", "done", "overdue")) for row in self._children]

    @cached_property
    def _children(self) -> list[dict[str, Any]]:
        rows = self._by_course().annotate(place=place_of(self.scope, self.wanted)).values("place", "course")
        return list(rows.annotate(**self._sums(), **SUMS_OF_GRADES).order_by())

    @cached_property
    def _units(self) -> list[tuple[int, DutyFigures]]:
        return self._per_unit(self._by_course())

    def _per_unit(self, rows: QuerySet[Any]) -> list[tuple[int, DutyFigures]]:
        found = rows.values_list("unit").annotate(**self._sums()).order_by("unit__path")
        return [(pk, DutyFigures(total=total, done=done, overdue=overdue)) for pk, total, done, overdue in found]

    def by_unit(self, state: str) -> list[tuple[int, int]]:
        """(unit id, rows in ``state``, all for none) in the order of the tree; units without any are left out."""
        return _in_state(self._units, state)

    def figures_in(self, state: str) -> DutyFigures:
        """The figures of the rows in ``state``, all for none."""
        whole = self.figures_of_units()
        parts = {State.DONE: (whole.done, whole.done, 0), State.OVERDUE: (whole.overdue, 0, whole.overdue)}
        if not state:
            return whole
        total, done, overdue = parts.get(State(state), (whole.open, 0, 0))
        return DutyFigures(total=total, done=done, overdue=overdue)

    def longest_late(self, most: int) -> tuple[set[int], set[int]]:
        """Of a past day: the units and the courses, by id, among which the ``most`` duties are that are late longest.

        In the order date, path of the unit, course: a duty of a further unit and course comes behind as many others.
        """
        late = self._by_course().filter(state=CountState.LATE).order_by("due_at", "unit__path", "course_id")
        found = list(late.values_list("unit", "course")[:most])
        return {unit for unit, _course in found}, {course for _unit, course in found}

    def figures_of_units(self) -> DutyFigures:
        """As ``figures``, where ``by_unit`` is asked for too."""
        return added(figures for _pk, figures in self._units)

    def _read(self, *kinds: CountKind) -> dict[str, list[dict[str, Any]]]:
        """Each of ``kinds`` → sums by service function, all in one query."""
        wanted = Q(kind__in=kinds)
        if self.wanted.course:
            wanted &= ~Q(kind__in=(CountKind.COURSE, CountKind.FUNCTION)) | Q(course=self.wanted.course)
        found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
        for row in self.rows.filter(wanted).values("kind", "function").annotate(**self._sums()).order_by():
            found[row["kind"]].append(row)
        return found

    @cached_property
    def _totals(self) -> dict[str, list[dict[str, Any]]]:
        """Of people and counters; of all courses too, unless the page has read them already for its table."""
        people = CountKind.OFFICER, self._at_counter
        known = self._shared is not None or "_units" in self.__dict__
        return self._read(*people) if known else self._read(CountKind.COURSE, *people)

    @property
    def _shared(self) -> list[dict[str, Any]] | None:
        """The sums of all courses where the page has read them for its table already."""
        return None if self.wanted.function else self.__dict__.get("_children")

    def _of_courses(self) -> list[dict[str, Any]]:
        if self._shared is not None:
            return self._shared
        return (self._totals if CountKind.COURSE in self._totals else self._read(CountKind.COURSE))[CountKind.COURSE]

    @property
    def _at_counter(self) -> CountKind:
        """A row of a counter for each course only where one course is asked for."""
        return CountKind.FUNCTION if self.wanted.course else CountKind.AT_COUNTER

    @cached_property
    def _days(self) -> dict[str, dict[date | None, int]]:
        """Kind → day → number: half of all rows; of now they are read from their index alone."""
        rows = self.rows.filter(kind__in=(CountKind.DAY, CountKind.HELD)).values_list("kind", "day")
        found: dict[str, dict[date | None, int]] = defaultdict(dict)
        for kind, day, number in rows.annotate(Sum("number")).order_by():
            found[kind][day] = number
        return found

    def figures(self) -> DutyFigures:
        if "_units" in self.__dict__:
            return self.figures_of_units()
        if self.wanted.function:
            return added(part for code, _name, part in self.by_function() if code == self.wanted.function)
        return added(_figures(row) for row in self._of_courses())

    def late_officers(self) -> int:
        return sum(row["overdue"] for row in self._totals[CountKind.OFFICER])

    def grades(self) -> Grades:
        """Mean final grade, and mean rise from pre- to post-test."""
        rows = self._children
        grades, graded, rises, risen = (
            sum(row[name] or 0 for row in rows) for name in ("grades", "graded", "rises", "risen")
        )
        return (Decimal(grades) / graded if graded else None, Decimal(rises) / risen if risen else None)

    def gains(self) -> list[tuple[int, int, Decimal, Decimal, int]]:
        """(course id, rounds with both grades, sums of the final ones and of the rises, how many rose)."""
        rows = self._by_course().filter(state=CountState.DONE).values_list("course")
        return list(rows.annotate(Sum("risen"), Sum("finals"), Sum("rises"), Sum("risers")).order_by())

    def by_function(self) -> list[tuple[str, str, DutyFigures]]:
        """As ``core.by_counter``."""
        rows = {row["function"]: _figures(row) for row in self._totals[self._at_counter]}
        counters = [(one.code, one.name, rows[pk]) for pk, one in self.scope.functions.items() if pk in rows]
        return [*counters, (NO_COUNTER, "Tanpa loket layanan", rows[None])] if None in rows else counters

    def quick_wins(self, period: Period) -> list[dict[str, Any]] | None:
        """Sums by ``kind`` (ASKED, COUNTER), ``activity`` and ``place``, as in ``by_child``.

        None where the period got another last day and not everything was counted since.
        """
        rows: QuerySet[Any] = self.rows.filter(kind__in=(CountKind.ASKED, CountKind.COUNTER), period=period)
        sums = self._sums() | {name: Sum(name) for name in ("grades", "graded", "rises")}
        by_place = rows.annotate(place=place_of(self.scope, self.wanted)).values("kind", "activity", "day", "place")
        found = list(by_place.annotate(**sums).order_by())
        return found if all(row["day"] in (None, period.ends_on) for row in found) else None

    def asked_by_unit(self, period: Period, activity: int | None, state: str) -> list[tuple[int, int]] | None:
        """As ``by_unit``: officers in ``state`` whom the period or its activity asked; None as ``quick_wins``."""
        rows = self.rows.filter(kind=CountKind.ASKED, period=period, activity=activity)
        found = list(rows.values_list("unit", "day").annotate(**self._sums()).order_by("unit__path"))
        if any(day != period.ends_on for _pk, day, *_sums in found):
            return None
        figures = [(pk, DutyFigures(total=total, done=done, overdue=late)) for pk, _day, total, done, late in found]
        return _in_state(figures, state)

    def jp(self, year: int) -> dict[CountState, tuple[int, Decimal]] | None:
        """State → officers and their JP; None where they were not counted, or for another year."""
        rows = self.rows.filter(kind=CountKind.JP).values_list("state", "day")
        found = list(rows.annotate(Sum("number"), Sum("grades")).order_by())
        if not found or any(day != date(year, 1, 1) for _state, day, *_sums in found):
            return None
        return {CountState(state): (number, jp) for state, _day, number, jp in found}

    def jp_by_unit(self, states: Collection[CountState]) -> list[tuple[int, int]]:
        """As ``by_unit``: the officers in one of the ``states``."""
        rows = self.rows.filter(kind=CountKind.JP, state__in=states)
        return list(rows.values_list("unit").annotate(Sum("number")).order_by("unit__path"))

    def people_by_unit(self) -> list[tuple[int, int]]:
        """As ``by_unit``: everybody who stands there, whether asked for anything or not."""
        return self.jp_by_unit(CountState)

    def done_by_day(self) -> dict[date, int]:
        """How many were done on each of the last days, on the clock of each unit."""
        return {day: number for day, number in self._days[CountKind.DAY].items() if day}

    def ending(self, first: date | None, end: date) -> list[tuple[date, int]]:
        """(day of UTC, how many completions end with nothing newer) from ``first`` (none: ever) to before ``end``.

        ``end`` is no more than ASKED_AHEAD away.
        """
        rows = self.rows.filter(kind=CountKind.ENDS, day__lt=end)
        found = rows.filter(day__gte=first) if first else rows
        return list(found.values_list("day").annotate(Sum("number")).order_by("day"))

    def held_from(self, month: date) -> int:
        """How many certificates are in force that end in ``month`` (its first day) or later, or never."""
        return sum(number for day, number in self._days[CountKind.HELD].items() if day is None or day >= month)


def function_of(scope: Scope, wanted: Wanted) -> int | None:
    """The counter that is asked for; by id, without the table of functions: so an index gives its counts alone."""
    by_code = {NO_COUNTER: None} | {function.code: pk for pk, function in scope.functions.items()}
    return by_code[wanted.function]


def place_of(scope: Scope, wanted: Wanted) -> F | Substr:
    """The path of the child below which a row lies, or of the opened unit itself; of a past day, of its unit."""
    if scope.past:
        return F("unit__path")
    deep = len(wanted.unit.path) + PATH_STEP if wanted.unit else Unit._meta.get_field("path").max_length
    return Substr("unit__path", 1, deep)


def _in_state(units: Iterable[tuple[int, DutyFigures]], state: str) -> list[tuple[int, int]]:
    part = {State.DONE: "done", State.OVERDUE: "overdue", State.OPEN: "open"}
    name = part[State(state)] if state else "total"
    return [(pk, number) for pk, figures in units if (number := getattr(figures, name))]


def _figures(row: dict[str, Any]) -> DutyFigures:
    return DutyFigures(total=row["total"], done=row["done"], overdue=row["overdue"])


def is_counted(wanted: Wanted) -> bool:
    """Whether what is asked for is counted beforehand; ``wanted.state`` is left to the caller."""
    return not (wanted.rank or wanted.period or wanted.activity or wanted.order or wanted.search)


def counted(scope: Scope, wanted: Wanted) -> Counted | None:
    """The counts for what is asked; None where only the rows can tell.

    ``wanted.state`` is left to the caller. People and days are counted over all courses and counters. Raises
    StillCounting for a past day of many people.
    """
    if not is_counted(wanted):
        return None
    found = stored(FIGURES, scope, wanted)
    return Counted(found[0], scope, wanted, found[1]) if found else None


def stored(tally: Tally, scope: Scope, wanted: Wanted) -> tuple[QuerySet[Any], datetime | None] | None:
    """The rows of ``tally`` about the opened unit (or it alone), and from when they are where they are older.

    None where something was never counted. Raises StillCounting for a past day of many people.
    """
    if scope.past:
        return rows_of_day(tally, scope, units_behind(scope, wanted)), None
    if wanted.unit and wanted.direct:
        units, rows = Unit.objects.filter(pk=wanted.unit.pk), tally.rows.objects.filter(unit=wanted.unit)
    else:
        opened = [wanted.unit] if wanted.unit else scope.roots
        units, rows = Unit.objects.below(opened), tally.rows.objects.filter(subtrees_of(opened, "unit__"))
    ready, since = made_ready(tally, units, at=scope.at)
    return (rows, since) if ready else None


def units_behind(scope: Scope, wanted: Wanted) -> set[int]:
    """The units, by id, whose people the figures are about."""
    return {wanted.unit.pk} if wanted.unit and wanted.direct else scope.units_behind(wanted.unit)


def still_counting(tally: Tally, scope: Scope, wanted: Wanted) -> StillCounting:
    """What to say where ``stored`` has nothing and the rows themselves are too many to be read."""
    units = Unit.objects.filter(pk__in=scope.units_behind(wanted.unit))
    done = units.exclude(**{tally.on_unit: None}).count()
    return StillCounting(None, done, units.count())


def counted_already(scope: Scope, wanted: Wanted) -> Counted | None:
    """As ``counted``, for a page that its rows can answer: a past day is told from them until it has been counted."""
    try:
        return counted(scope, wanted)
    except StillCounting:
        return None
