"""What is counted of Quick Wins beforehand, unit by unit (reports/counting.py).

The rules are those of figures.py: who was asked, finished in time or is late, and which counters are complete.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from enrolments.models import Assignment
from foundation.planning import asked_through
from programmes.models import Period
from reports.models import CountKind, CountRow, CountState
from reports.permissions import DUTY_FACTS, POSTING, Moment, counted_duties, with_duty_facts

from .figures import end_of

# Period and activity, or the whole period.
Place = tuple[int, int | None]


@dataclass
class _Asked:
    """What a place asked of one officer: courses, those finished in time, and the earliest date still open."""

    unit: int
    courses: set[int] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    due_at: datetime | None = None
    after: Decimal = Decimal(0)
    risen: Decimal = Decimal(0)
    both: int = 0

    @property
    def is_done(self) -> bool:
        return self.finished == self.courses

    def stands(self, at: datetime) -> tuple[CountState, datetime | None]:
        if self.is_done:
            return CountState.DONE, None
        # Without a date: done, but after the period.
        is_late = self.due_at is not None and self.due_at < at
        return (CountState.LATE, None) if is_late else (CountState.OPEN, self.due_at)


def reach_rows(stand: Q, serving: Iterable[tuple[int, int, int]], moment: Moment) -> Iterator[CountRow]:
    """Of whoever ``stand`` fits, a condition for postings; ``serving``: posting, unit, function of all at a counter."""
    people: dict[tuple[int, Place], _Asked] = {}
    periods = Period.objects.in_bulk()
    for place, posting, unit, zone, course, due_at, is_done, done_at, grade, before in _asked(stand, moment):
        one = people.setdefault((posting, place), _Asked(unit))
        one.courses.add(course)
        if not is_done:
            one.due_at = min(due_at, one.due_at or due_at)
        elif done_at < end_of(periods[place[0]], zone):
            one.finished.add(course)
            if grade is not None and before is not None:
                one.after, one.risen, one.both = one.after + grade, one.risen + grade - before, one.both + 1
    yield from _officers(people, periods, moment.at)
    yield from _counters(people, serving)


def _asked(stand: Q, moment: Moment) -> Iterator[tuple]:
    reasons = moment.reasons().filter(assignment__activity__isnull=False)
    places: dict[int, set[Place]] = defaultdict(set)
    # An order asks for its own course.
    courses = list(Assignment.objects.exclude(activity=None).order_by().values_list("course", flat=True).distinct())
    theirs = reasons.filter(asked_through(f"duty__{POSTING}", stand), duty__course__in=courses)
    for duty, activity, period in theirs.values_list("duty", "assignment__activity", "assignment__activity__period"):
        places[duty] |= {(period, None), (period, activity)}
    asked = Exists(reasons.filter(duty=OuterRef("pk")))
    duties = counted_duties(stand, moment).filter(asked, course__in=courses)
    columns = ("officer__posting__unit", "officer__posting__unit__zone", "course", *DUTY_FACTS)
    rows = with_duty_facts(duties, moment).values_list("pk", "posting_pk", *columns)
    for duty, posting, *facts in rows.iterator(chunk_size=5_000):
        for place in places[duty]:
            yield place, posting, *facts


def _officers(people: dict[tuple[int, Place], _Asked], periods: dict[int, Period], at: datetime) -> Iterator[CountRow]:
    found: dict[tuple, CountRow] = {}
    for (_posting, (period, activity)), one in people.items():
        state, due_at = one.stands(at)
        key = (one.unit, period, activity, state, due_at)
        if key not in found:
            found[key] = CountRow(
                kind=CountKind.ASKED,
                unit_id=one.unit,
                period_id=period,
                activity_id=activity,
                state=state,
                due_at=due_at,
                day=periods[period].ends_on,
                number=0,
            )
        row = found[key]
        row.number += 1
        row.grades, row.graded = row.grades + one.after, row.graded + one.both
        row.rises, row.risen = row.rises + one.risen, row.risen + one.both
    yield from found.values()


def _counters(people: dict[tuple[int, Place], _Asked], serving: Iterable[tuple[int, int, int]]) -> Iterator[CountRow]:
    at_counter: dict[tuple[int, int], list[int]] = defaultdict(list)
    for posting, unit, function in serving:
        at_counter[unit, function].append(posting)
    places = {place for _posting, place in people}
    numbers: Counter[tuple] = Counter()
    for (unit, _function), postings in at_counter.items():
        for place in places:
            asked = [people.get((posting, place)) for posting in postings]
            if any(asked):
                is_complete = all(one is not None and one.is_done for one in asked)
                numbers[unit, *place, CountState.DONE if is_complete else CountState.OPEN] += 1
    for (unit, period, activity, state), number in numbers.items():
        yield CountRow(
            kind=CountKind.COUNTER,
            unit_id=unit,
            period_id=period,
            activity_id=activity,
            state=state,
            number=number,
        )
