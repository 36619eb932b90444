"""How many officers a period and each of its activities reached, how far they are, and against which target.

An officer counts once per activity and once per period, however many orders, courses and rounds asked. Finished
means that every course asked for was done by the period's last day, on the clock of the officer's unit. Older cycles
count in their own period. A counter is a service function at one unit; it is complete when everybody who serves
there has finished, also who was never asked: the public meets them all.

Face-to-face events will complete courses in the same ledger, so they will count here without another rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from enrolments.models import Assignment, DutyFigures
from organisation.models import Posting, Zone
from programmes.models import Activity, Indicator, Measure, Period
from reports.core import CHUNK, State, Wanted, asked_by, postings_wanted, stand_wanted, state_condition
from reports.models.period_reports import mean
from reports.permissions import Moment, counted_duties, with_first_grade, with_standing
from reports.scope import Scope

# Who serves a counter that was reached, without being asked for anything.
NOT_ASKED = "tanpa"
SECOND = timedelta(microseconds=1)


def end_of(period: Period, zone: str) -> datetime:
    """The first moment after the period's last day."""
    return datetime.combine(period.ends_on + timedelta(days=1), time(), ZoneInfo(zone))


def in_time(moment: Moment, period: Period) -> Q:
    """A condition for duties of ``Reach.duties``: done by the period's last day, as far as the moment knows."""
    ends = {zone: end_of(period, zone) for zone in Zone.values}
    if moment.at < min(ends.values()):
        return moment.is_done()
    return reduce(or_, (Q(zone=zone) & moment.done_by(min(end - SECOND, moment.at)) for zone, end in ends.items()))


@dataclass(frozen=True)
class Reach:
    """The officers below the unit of ``wanted`` whom a period, or one activity of it, asked for something."""

    scope: Scope
    wanted: Wanted
    period: Period
    activity: Activity | None = None

    def duties(self) -> QuerySet[Any]:
        """What was asked, each with ``posting_pk``, ``unit_path`` and the ``zone`` of the officer's unit."""
        rows = counted_duties(stand_wanted(self.scope, self.wanted), self.scope.moment)
        # Reasons are looked for only where they can be.
        rows = rows.filter(self.asked(), course__in=self.courses)
        return rows.annotate(zone=F("officer__posting__unit__zone"))

    @cached_property
    def courses(self) -> list[int]:
        """What the orders ask for, by id. One query for this reach, whatever is read of it."""
        orders = Assignment.objects.filter(activity__period=self.period)
        if self.activity:
            orders = orders.filter(activity=self.activity)
        return list(orders.order_by().values_list("course", flat=True).distinct())

    def within(self, scope: Scope) -> "Reach":
        """The same in another scope, with the courses that are known already."""
        narrower = replace(self, scope=scope)
        narrower.__dict__["courses"] = self.courses
        return narrower

    def asked(self) -> Exists:
        """A condition for duties: this period, or this activity of it, asks for them."""
        whole = Wanted(period=self.period, activity=self.activity)
        # Asked duty by duty: SQLite would look up every officer with every duty of a list.
        return Exists(asked_by(self.scope, whole).filter(duty=OuterRef("pk")))

    def done(self) -> Q:
        return in_time(self.scope.moment, self.period)

    def by_officer(self) -> QuerySet[Any]:
        """One row per officer: courses ``asked`` and ``finished``, open duties behind their date (``late``)."""
        return (
            self.duties().values("officer").annotate(**_parts(self.done(), state_condition(State.OVERDUE, self.scope)))
        )

    def officer_is_asked(self) -> Exists:
        """A condition for postings. Asked one by one: a page shows fifty of the thousands of a great unit."""
        theirs = self.scope.moment.duties().filter(officer=OuterRef("officer"), course__in=self.courses)
        return Exists(theirs.filter(self.asked()))

    def postings(self, state: str = "") -> QuerySet[Posting]:
        """Where those officers stand, one posting each, in the order of every list of names."""
        postings = postings_wanted(self.scope, self.wanted)
        if state == NOT_ASKED:
            found = postings.filter(~self.officer_is_asked())
        elif state:
            found = postings.filter(officer__in=self.by_officer().filter(state_of_officers(state)).values("officer"))
        else:
            found = postings.filter(self.officer_is_asked())
        return found.order_by("unit__path", "rank__order", "officer__name", "officer__number", "pk")

    def graded(self) -> QuerySet[Any]:
        """The duties done in time, each with the grade ``before`` and the ``grade`` after, where there are any."""
        rows = with_standing(self.duties().filter(self.done()), self.scope.moment)
        return with_first_grade(rows, self.scope.moment)


def _parts(done: Q, late: Q, only: Q | None = None, suffix: str = "") -> dict[str, Count]:
    """What is counted per officer, of the duties that fit ``only``."""
    if only is not None:
        done, late = only & done, only & late
    return {
        f"asked{suffix}": Count("course", distinct=True, filter=only),
        f"finished{suffix}": Count("course", distinct=True, filter=done),
        f"late{suffix}": Count("pk", filter=late),
    }


def state_of_officers(state: str, suffix: str = "") -> Q:
    """A condition on rows of ``_parts``: every officer who was asked is in exactly one state."""
    asked, finished, late = f"asked{suffix}", f"finished{suffix}", f"late{suffix}"
    if state == State.DONE:
        return Q(**{f"{asked}__gt": 0, f"{finished}__gte": F(asked)})
    unfinished = Q(**{f"{finished}__lt": F(asked)})
    return unfinished & (Q(**{f"{late}__gt": 0}) if state == State.OVERDUE else Q(**{late: 0}))


# --- figures ----------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Officers asked, done and late; sums of grades of the ``both`` courses with two; counters reached and complete."""

    total: int = 0
    done: int = 0
    overdue: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    both: int = 0
    counters: int = 0
    certified: int = 0

    @property
    def officers(self) -> DutyFigures:
        return DutyFigures(total=self.total, done=self.done, overdue=self.overdue)

    @property
    def open(self) -> int:
        return self.officers.open

    @property
    def percent(self) -> int:
        return self.officers.percent

    @property
    def mean_before(self) -> Decimal | None:
        return mean(self.before, self.both)

    @property
    def mean_after(self) -> Decimal | None:
        return mean(self.after, self.both)

    def value_of(self, measure: Measure) -> Decimal | None:
        """What ``measure`` says of these figures; None where nothing is there to look at."""
        share: dict[Measure, tuple[Decimal | int, int]] = {
            Measure.PERCENT: (self.done * 100, self.total),
            Measure.COUNTERS: (self.certified * 100, self.counters),
            Measure.OVERDUE: (self.overdue * 100, self.total),
            Measure.GAIN: (self.after - self.before, self.both),
        }
        if measure in share:
            part, whole = share[measure]
            return Decimal(part) / whole if whole else None
        return Decimal(self.total if measure == Measure.ASSIGNED else self.done)


@dataclass(frozen=True)
class Target:
    """A target and what was reached. ``met`` is None while there is nothing to compare."""

    measure: Measure
    target: Decimal
    value: Decimal | None

    @property
    def met(self) -> bool | None:
        if self.value is None:
            return None
        return self.value <= self.target if self.measure.is_limit else self.value >= self.target


@dataclass(frozen=True)
class Line:
    """One activity, or the whole period where ``activity`` is None. The words are those of the day they were read."""

    activity: int | None
    code: str
    name: str
    field: str
    figures: Figures
    targets: Sequence[Target] = ()

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}" if self.code else "Seluruh periode"


def lines_of(scope: Scope, wanted: Wanted, period: Period, activities: Iterable[Activity]) -> list[Line]:
    return Board(scope, wanted, period, activities).lines()


class Board:
    """A period as a whole (place 0) and each of ``activities`` (places 1, 2, …), counted from one row per officer.

    Everything shown of them comes from the same rows: figures, units, counters. Four queries, however many activities.
    """

    def __init__(self, scope: Scope, wanted: Wanted, period: Period, activities: Iterable[Activity]) -> None:
        self.scope, self.wanted, self.activities = scope, wanted, list(activities)
        whole = Reach(scope, wanted, period)
        self.reaches = [whole, *(replace(whole, activity=activity) for activity in self.activities)]
        self.places = range(len(self.reaches))

    def _marked(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Duties with ``in_1``, ``in_2``, …: which of the activities ask for them."""
        return rows.annotate(**{f"in_{place}": self.reaches[place].asked() for place in self.places if place})

    @staticmethod
    def _only(place: int) -> Q | None:
        return Q(**{f"in_{place}": True}) if place else None

    @cached_property
    def officers(self) -> list[dict[str, Any]]:
        """``total``, ``done`` and ``overdue`` of each place."""
        return [
            {name: sum(line[part] for line in units.values()) for part, name in enumerate(("total", "done", "overdue"))}
            for units in self._tally[0]
        ]

    @cached_property
    def _tally(self) -> tuple[list[dict[str, list[int]]], list[dict[int, bool]]]:
        """Per place: unit path → total, done, overdue; and posting at a counter → whether its officer finished."""
        whole = self.reaches[0]
        done, late = whole.done(), state_condition(State.OVERDUE, self.scope)
        parts: dict[str, Count] = {}
        for place in self.places:
            parts |= _parts(done, late, self._only(place), f"_{place}")
        rows = self._marked(whole.duties()).values_list("officer", "posting_pk", "unit_path").annotate(**parts)
        serving = {posting for posting, *_counter in self._served}
        units: list[dict[str, list[int]]] = [{} for _ in self.places]
        finished: list[dict[int, bool]] = [{} for _ in self.places]
        for _officer, posting, path, *counts in rows.iterator(chunk_size=CHUNK):
            for place in self.places:
                asked, ended, behind = counts[3 * place : 3 * place + 3]
                if not asked:
                    continue
                is_done = ended >= asked
                line = units[place].setdefault(path, [0, 0, 0])
                line[0] += 1
                line[1] += is_done
                line[2] += bool(behind) and not is_done
                if posting in serving:
                    finished[place][posting] = is_done
        return units, finished

    @property
    def by_unit(self) -> list[dict[str, list[int]]]:
        """Per place: today's path of the unit → officers asked, done, late there."""
        return self._tally[0]

    @cached_property
    def _served(self) -> list[tuple]:
        """Everybody at a counter: posting, unit, its name, function, its name."""
        postings = postings_wanted(self.scope, self.wanted).filter(functions__isnull=False)
        words = ("unit", "unit__name", "functions__code", "functions__name")
        return list(postings.order_by("unit__path", "functions__order", "functions__name").values_list("pk", *words))

    @cached_property
    def counters(self) -> list[list["CounterLine"]]:
        """Per place: the counters reached, with everybody who serves there; the incomplete ones first."""
        found: list[dict[tuple, list[int]]] = [{} for _ in self.places]
        for posting, *counter in self._served:
            for place in self.places:
                line = found[place].setdefault(tuple(counter), [0, 0, 0])
                is_done = self._tally[1][place].get(posting)
                line[0] += 1
                line[1] += is_done is not None
                line[2] += bool(is_done)
        return [
            sorted(
                (CounterLine(*counter, *counts) for counter, counts in lines.items() if counts[1]),
                key=lambda line: line.is_complete,
            )
            for lines in found
        ]

    @cached_property
    def counter_sums(self) -> list[dict[str, Any]]:
        """``counters`` and the ``certified`` ones of each place."""
        return [
            {"counters": len(lines), "certified": sum(line.is_complete for line in lines)} for lines in self.counters
        ]

    @cached_property
    def grades(self) -> list[dict[str, Any]]:
        """``before``, ``after`` and ``both`` of each place."""
        marks = [f"in_{place}" for place in self.places if place]
        rows = self._marked(self.reaches[0].graded()).values_list("before", "grade", *marks)
        sums: list[dict[str, Any]] = [{"before": Decimal(0), "after": Decimal(0), "both": 0} for _ in self.places]
        # Added up here: a database would look up both grades anew for every sum.
        for before, after, *asked in rows.iterator(chunk_size=CHUNK):
            if before is None or after is None:
                continue
            for place in self.places:
                if not place or asked[place - 1]:
                    sums[place]["before"] += before
                    sums[place]["after"] += after
                    sums[place]["both"] += 1
        return sums

    @cached_property
    def targets(self) -> dict[int, list[Indicator]]:
        """Activity → what holds for the unit looked at."""
        found: dict[int, list[Indicator]] = {}
        for indicator in Indicator.objects.filter(activity__in=self.activities).holding_for(self.wanted.unit):
            found.setdefault(indicator.activity_id, []).append(indicator)
        return found

    def lines(self) -> list[Line]:
        """The period as a whole, then its activities."""
        return [self._line(place) for place in self.places]

    def _line(self, place: int) -> Line:
        found = Figures(**self.officers[place], **self.grades[place], **self.counter_sums[place])
        activity = self.reaches[place].activity
        if activity is None:
            return Line(None, "", "", "", found)
        compared = [Target(one.kind, one.target, found.value_of(one.kind)) for one in self.targets.get(activity.pk, [])]
        return Line(activity.pk, activity.code, activity.name, activity.field, found, compared)


@dataclass(frozen=True)
class CounterLine:
    """One counter that was reached: everybody who serves there, who of them was asked, who has finished."""

    unit_id: int
    unit_name: str
    function: str
    function_name: str
    people: int
    asked: int
    done: int

    @property
    def is_complete(self) -> bool:
        return self.done == self.people
