"""What is stored about units, counted by the query core from the rows of the people who stand there.

Of now (counting.py) and of past days (day_counts.py), with the same words.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, Q, Value
from django.db.models.functions import Greatest, TruncDate, TruncMonth

from certificates.models import CertificateState
from enrolments.jp import with_jp
from foundation.formats import day_of
from foundation.planning import asked_through
from organisation.models import Posting, Unit

from .models import CountKind, CountRow, CountState
from .permissions import (
    DUTY_FACTS,
    Moment,
    certificates_of,
    counted_duties,
    ending_completions,
    newest_cycles,
    postings_that,
    with_duty_facts,
)
from .quick_wins.beforehand import reach_rows

DAYS_KEPT = timedelta(days=63)
# How far ahead pages look for what ends (expiring.WITHIN), and for how long one count answers them.
ASKED_AHEAD, COUNTED_FOR = timedelta(days=181), timedelta(days=31)
NONE_TWO = Decimal("0.00")


@dataclass
class Grades:
    """Sums over what is done, named as in ``Numbers``."""

    grades: Decimal = NONE_TWO
    graded: int = 0
    rises: Decimal = NONE_TWO
    risen: int = 0
    finals: Decimal = NONE_TWO
    risers: int = 0

    def add(self, grade: Decimal | None, before: Decimal | None) -> None:
        if grade is None:
            return
        self.grades, self.graded = self.grades + grade, self.graded + 1
        if before is not None:
            self.rises, self.risen, self.finals = self.rises + grade - before, self.risen + 1, self.finals + grade
            self.risers += grade > before


NO_GRADES = Grades()


def count_rows(units: Collection[int], *, at: datetime) -> Iterator[CountRow]:
    """What is stored about ``units`` as of now."""
    moment, zones = Moment(at), _zones(units)
    stand = moment.posted() & Q(unit__in=units)
    yield from _people(stand, zones, moment)
    years: dict[int, list[int]] = defaultdict(list)
    for unit, zone in zones.items():
        years[day_of(at, zone).year].append(unit)
    for year, there in years.items():
        yield from _jp_rows(moment.posted() & Q(unit__in=there), moment, year)
    yield from _held_rows(units, at)
    yield from _ending_rows(stand, moment)


def _held_rows(units: Collection[int], at: datetime) -> Iterator[CountRow]:
    """The certificates of ``units`` that are in force, by the month (UTC) in which they end."""
    held = certificates_of(units).in_state(CertificateState.VALID, at=at)
    month = TruncMonth("expires_at", tzinfo=UTC, output_field=DateField())
    for unit, ends, number in held.annotate(month=month).values_list("unit", "month").annotate(Count("pk")).order_by():
        yield CountRow(unit_id=unit, kind=CountKind.HELD, state=CountState.DONE, day=ends, number=number)


def _ending_rows(stand: Q, moment: Moment) -> Iterator[CountRow]:
    """Completions that lose their validity, by the day (UTC); what ended before yesterday, with yesterday."""
    ends = ending_completions(stand, moment).filter(expires_at__lt=moment.at + ASKED_AHEAD + COUNTED_FOR)
    yesterday = moment.at.astimezone(UTC).date() - timedelta(days=1)
    day = Greatest(TruncDate("expires_at", tzinfo=UTC), Value(yesterday), output_field=DateField())
    for unit, on, number in ends.annotate(on=day).values_list("stands_at", "on").annotate(Count("pk")).order_by():
        yield CountRow(unit_id=unit, kind=CountKind.ENDS, state=CountState.DONE, day=on, number=number)


def count_rows_of_day(units: Collection[int], moment: Moment) -> Iterator[CountRow]:
    """What is stored about ``units`` as of a past day; JP are those of its year so far."""
    stand = moment.posted() & Q(unit__in=units)
    yield from _people(stand, _zones(units), moment)
    # A day of Indonesia ends on the same date everywhere, UTC included, in which a stored moment comes back.
    yield from _jp_rows(stand, moment, moment.at.year)
    yield from _ending_rows(stand, moment)


def _zones(units: Collection[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=units).values_list("pk", "zone"))


def _people(stand: Q, clocks: dict[int, str], moment: Moment) -> Iterator[CountRow]:
    at = moment.at
    functions: dict[int, list[int | None]] = defaultdict(list)
    through = Posting.functions.through.objects.filter(asked_through("posting__", stand))
    serving = list(through.values_list("posting", "posting__unit", "servicefunction"))
    for posting, _unit, function in serving:
        functions[posting].append(function)
    yield from reach_rows(stand, serving, moment)
    zones = {pk: ZoneInfo(zone) for pk, zone in clocks.items()}
    numbers: Counter[tuple] = Counter()
    sums: dict[tuple, Grades] = defaultdict(Grades)
    earliest: dict[tuple[int, int], datetime] = {}
    # Of a past day: since when the one who is late for longest is late. Of now an index knows.
    longest: dict[tuple, datetime] = {}
    duties = with_duty_facts(newest_cycles(counted_duties(stand, moment), moment), moment)
    columns = ("officer__posting__unit", "posting_pk", "officer", "course", *DUTY_FACTS)
    for unit, posting, officer, course, due_at, is_done, done_at, grade, before in duties.values_list(
        *columns
    ).iterator(chunk_size=5_000):
        if is_done:
            stands: tuple = (CountState.DONE, None)
            ahead = due_at if due_at >= at else None
            if done_at > at - DAYS_KEPT:
                numbers[unit, CountKind.DAY, None, None, CountState.DONE, None, _day(done_at, zones[unit])] += 1
        else:
            stands, ahead = _owed(due_at, moment), None
            earliest[unit, officer] = min(due_at, earliest.get((unit, officer), due_at))
        places = functions.get(posting, (None,))
        by_course = [(unit, CountKind.COURSE, course, None, *stands, None)]
        by_course += [(unit, CountKind.FUNCTION, course, one, *stands, None) for one in places]
        of_all = [(unit, CountKind.UNIT, None, None, *stands, None)]
        of_all += [(unit, CountKind.AT_COUNTER, None, one, *stands, None) for one in places]
        if ahead:
            numbers[unit, CountKind.AHEAD, course, None, CountState.DONE, ahead, None] += 1
            for one in places:
                numbers[unit, CountKind.AHEAD_AT, course, one, CountState.DONE, ahead, None] += 1
        if is_done:
            for key in by_course:
                sums[key].add(grade, before)
        for key in (*by_course, *of_all):
            numbers[key] += 1
            if moment.past and stands[0] == CountState.LATE:
                longest[key] = min(due_at, longest.get(key, due_at))
    for (unit, _officer), due_at in earliest.items():
        numbers[unit, CountKind.OFFICER, None, None, *_owed(due_at, moment), None] += 1
    for key, number in numbers.items():
        unit, kind, course, function, state, due_at, day = key
        grades = sums.get(key, NO_GRADES)
        yield CountRow(
            unit_id=unit,
            kind=kind,
            course_id=course,
            function_id=function,
            state=state,
            due_at=longest.get(key, due_at),
            day=day,
            number=number,
            **vars(grades),
        )


def _owed(due_at: datetime, moment: Moment) -> tuple[CountState, datetime | None]:
    if due_at < moment.at:
        return CountState.LATE, None
    # Nothing of a past day becomes late any more.
    return CountState.OPEN, None if moment.past else due_at


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _jp_rows(stand: Q, moment: Moment, year: int) -> Iterator[CountRow]:
    """Whoever has a posting that fits ``stand`` by whether they reached the JP of ``year``, with what they have."""
    found: dict[tuple[int, CountState], CountRow] = {}
    for unit, jp, target in with_jp(postings_that(stand), moment.learned(year), moment.targets(year)).values_list(
        "unit", "jp", "target"
    ):
        state = CountState.FREE if not target else CountState.DONE if jp >= target else CountState.OPEN
        row = found.setdefault(
            (unit, state),
            CountRow(unit_id=unit, kind=CountKind.JP, state=state, day=date(year, 1, 1), number=0, grades=NONE_TWO),
        )
        row.number, row.grades = row.number + 1, row.grades + jp
    yield from found.values()
