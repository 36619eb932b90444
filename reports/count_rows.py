"""What is stored about units, counted by the query core from the rows of the people who stand there (counting.py)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from enrolments.jp import with_jp
from enrolments.models import DutyEnd
from foundation.formats import day_of
from organisation.models import Posting, Unit

from .models import CountKind, CountRow, CountState
from .permissions import Moment, counted_duties, newest_cycles, with_grades_when_done
from .quick_wins.beforehand import reach_rows

DAYS_KEPT = timedelta(days=63)
NONE_TWO = Decimal("0.00")


def count_rows(units: Collection[int], *, at: datetime) -> Iterator[CountRow]:
    """What is stored about ``units``, read from the rows by the query core."""
    moment = Moment(at)
    postings = Posting.objects.in_force(at=at).filter(unit__in=units)
    functions: dict[int, list[int | None]] = defaultdict(list)
    through = Posting.functions.through.objects.filter(posting__in=postings)
    serving = list(through.values_list("posting", "posting__unit", "servicefunction"))
    for posting, _unit, function in serving:
        functions[posting].append(function)
    clocks = dict(Unit.objects.filter(pk__in=units).values_list("pk", "zone"))
    zones = {pk: ZoneInfo(zone) for pk, zone in clocks.items()}
    numbers: Counter[tuple] = Counter()
    sums: dict[tuple, list[Any]] = defaultdict(lambda: [NONE_TWO, 0, NONE_TWO, 0])
    earliest: dict[tuple[int, int], datetime] = {}
    duties = with_grades_when_done(newest_cycles(counted_duties(postings, moment), moment), moment)
    columns = ("officer__posting__unit", "posting_pk", "officer", "course", "due_at", "ended_as", "valid_to")
    for unit, posting, officer, course, due_at, ended_as, ended_at, grade, before in duties.values_list(
        *columns, "grade", "before"
    ).iterator(chunk_size=5_000):
        if ended_as == DutyEnd.COMPLETED:
            stands: tuple = (CountState.DONE, None)
            if ended_at > at - DAYS_KEPT:
                numbers[unit, CountKind.DAY, None, None, CountState.DONE, None, _day(ended_at, zones[unit])] += 1
            _add_grades(sums[unit, CountKind.COURSE, course, None, *stands, None], grade, before)
        else:
            stands = (CountState.LATE, None) if due_at < at else (CountState.OPEN, due_at)
            earliest[unit, officer] = min(due_at, earliest.get((unit, officer), due_at))
        numbers[unit, CountKind.COURSE, course, None, *stands, None] += 1
        for served in functions.get(posting) or (None,):
            numbers[unit, CountKind.FUNCTION, None, served, *stands, None] += 1
    for (unit, _officer), due_at in earliest.items():
        stands = (CountState.LATE, None) if due_at < at else (CountState.OPEN, due_at)
        numbers[unit, CountKind.OFFICER, None, None, *stands, None] += 1
    for key, number in numbers.items():
        unit, kind, course, function, state, due_at, day = key
        grades, graded, rises, risen = sums.get(key, (NONE_TWO, 0, NONE_TWO, 0))
        yield CountRow(
            unit_id=unit,
            kind=kind,
            course_id=course,
            function_id=function,
            state=state,
            due_at=due_at,
            day=day,
            number=number,
            grades=grades,
            graded=graded,
            rises=rises,
            risen=risen,
        )
    yield from reach_rows(postings, serving, moment)
    years: dict[int, list[int]] = defaultdict(list)
    for unit, zone in clocks.items():
        years[day_of(at, zone).year].append(unit)
    for year, there in years.items():
        yield from _jp_rows(postings.filter(unit__in=there), year)


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
