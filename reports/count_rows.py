"""What is stored about units, counted by the query core from the rows of the people who stand there.

Of now (counting.py) and of past days (day_counts.py), with the same words.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from enrolments.jp import with_jp
from foundation.formats import day_of
from organisation.models import Posting, Unit

from .models import CountKind, CountRow, CountState
from .permissions import STANDING, Moment, counted_duties, newest_cycles, with_all_that_stands
from .quick_wins.beforehand import reach_rows

DAYS_KEPT = timedelta(days=63)
NONE_TWO = Decimal("0.00")


def count_rows(units: Collection[int], *, at: datetime) -> Iterator[CountRow]:
    """What is stored about ``units`` as of now."""
    moment = Moment(at)
    yield from _people(units, moment)
    for year, there in _years(units, at).items():
        yield from _jp_rows(_postings(there, moment), year)


def count_rows_of_day(units: Collection[int], moment: Moment) -> Iterator[CountRow]:
    """What is stored about ``units`` as of a past day; JP, which are those of a year, at its end."""
    yield from _people(units, moment)
    # A day of Indonesia ends on the same date everywhere, UTC included, in which a stored moment comes back.
    if not moment.as_known and moment.at.year < (moment.at + timedelta(days=1)).year:
        yield from _jp_rows(_postings(units, moment), moment.at.year)


def _postings(units: Collection[int], moment: Moment) -> QuerySet[Posting]:
    return moment.postings().filter(unit__in=units)


def _serving(units: Collection[int], moment: Moment) -> list[tuple[int, int, int]]:
    """Posting, unit and function of everybody at a counter."""
    through = Posting.functions.through.objects.filter(posting__in=_postings(units, moment))
    return list(through.values_list("posting", "posting__unit", "servicefunction"))


def _people(units: Collection[int], moment: Moment) -> Iterator[CountRow]:
    at, postings = moment.at, _postings(units, moment)
    functions: dict[int, list[int | None]] = defaultdict(list)
    serving = _serving(units, moment)
    for posting, _unit, function in serving:
        functions[posting].append(function)
    yield from reach_rows(postings, serving, moment)
    zones = {pk: ZoneInfo(zone) for pk, zone in Unit.objects.filter(pk__in=units).values_list("pk", "zone")}
    numbers: Counter[tuple] = Counter()
    sums: dict[tuple, list[Any]] = defaultdict(lambda: [NONE_TWO, 0, NONE_TWO, 0])
    earliest: dict[tuple[int, int], datetime] = {}
    # Of a past day: since when the one who is late for longest is late. Of now an index knows.
    longest: dict[tuple, datetime] = {}
    duties = with_all_that_stands(newest_cycles(counted_duties(postings, moment), moment), moment)
    columns = ("officer__posting__unit", "posting_pk", "officer", "course", *STANDING)
    for unit, posting, officer, course, due_at, is_done, done_at, grade, before in duties.values_list(
        *columns
    ).iterator(chunk_size=5_000):
        if is_done:
            stands: tuple = (CountState.DONE, None)
            if done_at > at - DAYS_KEPT:
                numbers[unit, CountKind.DAY, None, None, CountState.DONE, None, _day(done_at, zones[unit])] += 1
            _add_grades(sums[unit, CountKind.COURSE, course, None, *stands, None], grade, before)
        else:
            stands = _owed(due_at, moment)
            earliest[unit, officer] = min(due_at, earliest.get((unit, officer), due_at))
        at_counters = [
            (unit, CountKind.FUNCTION, course, one, *stands, None) for one in functions.get(posting, (None,))
        ]
        for key in ((unit, CountKind.COURSE, course, None, *stands, None), *at_counters):
            numbers[key] += 1
            if moment.past and stands[0] == CountState.LATE:
                longest[key] = min(due_at, longest.get(key, due_at))
    for (unit, _officer), due_at in earliest.items():
        numbers[unit, CountKind.OFFICER, None, None, *_owed(due_at, moment), None] += 1
    for key, number in numbers.items():
        unit, kind, course, function, state, due_at, day = key
        grades, graded, rises, risen = sums.get(key, (NONE_TWO, 0, NONE_TWO, 0))
        yield CountRow(
            unit_id=unit,
            kind=kind,
            course_id=course,
            function_id=function,
            state=state,
            due_at=longest.get(key, due_at),
            day=day,
            number=number,
            grades=grades,
            graded=graded,
            rises=rises,
            risen=risen,
        )


def _owed(due_at: datetime, moment: Moment) -> tuple[CountState, datetime | None]:
    if due_at < moment.at:
        return CountState.LATE, None
    # Nothing of a past day becomes late any more.
    return CountState.OPEN, None if moment.past else due_at


def _years(units: Collection[int], at: datetime) -> dict[int, list[int]]:
    """The year that each unit's clock shows → the units."""
    years: dict[int, list[int]] = defaultdict(list)
    for unit, zone in Unit.objects.filter(pk__in=units).values_list("pk", "zone"):
        years[day_of(at, zone).year].append(unit)
    return years


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _add_grades(sums: list[Any], grade: Decimal | None, before: Decimal | None) -> None:
    if grade is not None:
        sums[0], sums[1] = sums[0] + grade, sums[1] + 1
        if before is not None:
            sums[2], sums[3] = sums[2] + grade - before, sums[3] + 1


def _jp_rows(postings: QuerySet[Posting], year: int) -> Iterator[CountRow]:
    """The officers of ``postings`` by whether they reached the JP of ``year``, with what they have."""
    found: dict[tuple[int, CountState], CountRow] = {}
    for unit, jp, target in with_jp(postings, year).values_list("unit", "jp", "target"):
        state = CountState.FREE if not target else CountState.DONE if jp >= target else CountState.OPEN
        row = found.setdefault(
            (unit, state),
            CountRow(unit_id=unit, kind=CountKind.JP, state=state, day=date(year, 1, 1), number=0, grades=NONE_TWO),
        )
        row.number, row.grades = row.number + 1, row.grades + jp
    yield from found.values()
