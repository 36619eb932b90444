"""How many officers a period and each of its activities reached, how far they are, and against which target.

An officer counts once per activity and once per period, however many orders, courses and rounds asked. Finished
means that every course asked for was done by the period's last day, on the clock of the officer's unit. Older cycles
count in their own period. A counter is a service function at one unit; it is complete when everybody who serves
there has finished, also who was never asked: the public meets them all.

Face-to-face events will complete courses in the same ledger, so they will count here without another rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from enrolments.models import DutyFigures
from organisation.models import Posting, Zone
from programmes.models import Activity, Indicator, Measure, Period
from reports.core import State, Wanted, asked_by, postings_wanted, state_condition
from reports.models.period_reports import CENTS, mean
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
        rows = counted_duties(postings_wanted(self.scope, self.wanted), self.scope.moment)
        return rows.filter(self.asked()).annotate(zone=F("officer__posting__unit__zone"))

    def asked(self) -> Q:
        whole = Wanted(period=self.period, activity=self.activity)
        return Q(pk__in=asked_by(self.scope, whole).values("duty"))

    def done(self) -> Q:
        return in_time(self.scope.moment, self.period)

    def by_officer(self) -> QuerySet[Any]:
        """One row per officer: courses ``asked`` and ``finished``, open duties behind their date (``late``)."""
        return (
            self.duties().values("officer").annotate(**_parts(self.done(), state_condition(State.OVERDUE, self.scope)))
        )

    def officers(self, state: str = "") -> QuerySet[Any]:
        """The ids of the officers in ``state``, a value of State; all for none."""
        rows = self.by_officer()
        return (rows.filter(state_of_officers(state)) if state else rows).values("officer")

    def postings(self, state: str = "") -> QuerySet[Posting]:
        """Where those officers stand, one posting each, in the order of every list of names."""
        postings = postings_wanted(self.scope, self.wanted)
        if state == NOT_ASKED:
            found = postings.exclude(officer__in=self.officers())
        else:
            found = postings.filter(officer__in=self.officers(state))
        return found.order_by("unit__path", "rank__order", "officer__name", "officer__number", "pk")

    def graded(self) -> QuerySet[Any]:
        """The duties done in time with a grade ``before`` and a ``grade`` after; of several rounds the last."""
        rows = self.duties().filter(self.done())
        same = rows.filter(officer=OuterRef("officer"), course=OuterRef("course"))
        later = same.filter(Q(cycle__gt=OuterRef("cycle")) | Q(cycle=OuterRef("cycle"), pk__gt=OuterRef("pk")))
        last = with_standing(rows.filter(~Exists(later)), self.scope.moment)
        graded: QuerySet[Any] = with_first_grade(last, self.scope.moment)
        return graded.filter(before__isnull=False, grade__isnull=False)


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


def lines_of(scope: Scope, wanted: Wanted, period: Period, activities: Sequence[Activity]) -> list[Line]:
    """The period as a whole, then each of ``activities`` (all of its own): four queries, however many there are."""
    whole = Reach(scope, wanted, period)
    reaches = [whole, *(Reach(scope, wanted, period, activity) for activity in activities)]
    officers = _officers(reaches)
    grades = _grades(reaches)
    counters = _counters(reaches)
    targets: dict[int, list[Indicator]] = {}
    for indicator in Indicator.objects.filter(activity__in=activities).holding_for(wanted.unit):
        targets.setdefault(indicator.activity_id, []).append(indicator)
    lines = []
    for place, reach in enumerate(reaches):
        found = Figures(**officers[place], **grades[place], **counters[place])
        activity = reach.activity
        mine = targets.get(activity.pk, []) if activity else []
        compared = [Target(one.kind, one.target, found.value_of(one.kind)) for one in mine]
        if activity:
            lines.append(Line(activity.pk, activity.code, activity.name, activity.field, found, compared))
        else:
            lines.append(Line(None, "", "", "", found))
    return lines


def _split(found: dict[str, Any], names: Sequence[str], count: int) -> list[dict[str, Any]]:
    """``{"total_0": 3, "total_1": 2}`` by their numbers."""
    return [{name: found[f"{name}_{place}"] for name in names} for place in range(count)]


def _only(reaches: Sequence[Reach]) -> Iterator[tuple[int, Q | None]]:
    """For each reach which of the whole period's duties it means; None for all of them."""
    for place, reach in enumerate(reaches):
        yield place, reach.asked() if reach.activity else None


def _officers(reaches: Sequence[Reach]) -> list[dict[str, Any]]:
    """``total``, ``done`` and ``overdue`` of each: the duties of the period are grouped by officer once."""
    whole = reaches[0]
    done, late = whole.done(), state_condition(State.OVERDUE, whole.scope)
    parts: dict[str, Count] = {}
    sums: dict[str, Count] = {}
    for place, only in _only(reaches):
        parts |= _parts(done, late, only, f"_{place}")
        sums |= {
            f"total_{place}": Count("officer", filter=Q(**{f"asked_{place}__gt": 0})),
            f"done_{place}": Count("officer", filter=state_of_officers(State.DONE, f"_{place}")),
            f"overdue_{place}": Count("officer", filter=state_of_officers(State.OVERDUE, f"_{place}")),
        }
    found = whole.duties().values("officer").annotate(**parts).aggregate(**sums)
    return _split(found, ("total", "done", "overdue"), len(reaches))


def _grades(reaches: Sequence[Reach]) -> list[dict[str, Any]]:
    """``before``, ``after`` and ``both`` of each."""
    sums: dict[str, Any] = {}
    for place, only in _only(reaches):
        sums |= {
            f"before_{place}": Sum("before", filter=only),
            f"after_{place}": Sum("grade", filter=only),
            f"both_{place}": Count("pk", filter=only),
        }
    found = _split(reaches[0].graded().aggregate(**sums), ("before", "after", "both"), len(reaches))
    return [{name: cents(value) if name != "both" else value for name, value in one.items()} for one in found]


def cents(value: Any) -> Decimal:
    """A sum of grades as both databases give it: exactly two decimals."""
    return Decimal(str(value or 0)).quantize(CENTS, ROUND_HALF_UP)


def served(reach: Reach) -> QuerySet[Any]:
    """A row per counter: ``unit``, ``functions`` and its ``people``."""
    postings = postings_wanted(reach.scope, reach.wanted).filter(functions__isnull=False)
    return postings.values("unit", "functions").annotate(people=Count("pk")).order_by()


def at_counters(reach: Reach, suffix: str = "") -> dict[str, Count]:
    return {
        f"asked{suffix}": Count("pk", filter=Q(officer__in=reach.officers())),
        f"done{suffix}": Count("pk", filter=Q(officer__in=reach.officers(State.DONE))),
    }


def _counters(reaches: Sequence[Reach]) -> list[dict[str, Any]]:
    """``counters`` (reached) and ``certified`` of each."""
    groups = served(reaches[0])
    sums: dict[str, Count] = {}
    for place, reach in enumerate(reaches):
        groups = groups.annotate(**at_counters(reach, f"_{place}"))
        reached = Q(**{f"asked_{place}__gt": 0})
        complete = reached & Q(**{f"done_{place}": F("people")})
        sums |= {
            f"counters_{place}": Count("unit", filter=reached),
            f"certified_{place}": Count("unit", filter=complete),
        }
    return _split(groups.aggregate(**sums), ("counters", "certified"), len(reaches))
