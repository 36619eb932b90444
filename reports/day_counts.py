"""Past days counted beforehand, unit by unit, so that a past day of the nation opens as now does (decision 0032).

A day is counted when somebody first asks for it: a few hundred people while the page waits, more by a worker while the
page says how far it is. The end of the last month is counted unasked. What is written later about a day that lies
behind (a transfer dated back, a completion taken back) carries in its mark (marking.py) from when on it changes the
past: those days of the units concerned are forgotten before anybody reads them again. Their rows stay for a while, for
pages that found them a moment before.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, QuerySet
from django.utils import timezone

from foundation import outbox, retention
from foundation.due import due
from foundation.formats import day_of, end_of_day
from foundation.works import LONGEST_RUN
from organisation.models import Posting, Unit

from .exceptions import StillCounting
from .models import DayAnswers, DayCount, DayRow, TallyKind
from .permissions import Axis, Moment, leading_grants
from .scope import Scope, highest
from .spans import WEEKS, days_of
from .tallies import ANSWERS, FIGURES, TALLIES, Tally

KIND = "reports.days"
# Units with so many people are counted while a page waits; one takes about 2 ms, with twenty courses.
AT_ONCE = 600
BATCH = 20
MARKS_AT_ONCE = 5_000
REMOVED_AT_ONCE = 100
VALUES_AT_ONCE = 5_000
SECONDS_OF_A_TICK = 20
# Longer than the weeks that are asked for unasked.
KEPT = timedelta(days=100)
# Longer than a page or a file reads a day that was forgotten meanwhile.
LEFT_TO_READERS = timedelta(hours=1)
# JP belong to the year that the clock of their unit shows, which is two hours ahead in the east.
CLOCKS_DIFFER = timedelta(hours=2)


def rows_of_day(tally: Tally, scope: Scope, units: set[int]) -> QuerySet[Any]:
    """What was counted of ``units`` (ids) as of the past day of ``scope``.

    Raises StillCounting while more is missing than a page can wait for.
    """
    moment = scope.moment
    changed = Exists(tally.marks.objects.filter(since__lte=moment.at + CLOCKS_DIFFER))
    found = list(counted_days(tally, moment).filter(unit__in=units).values_list("unit", "pk").annotate(changed=changed))
    if not found or any(changed for *_day, changed in found):
        # Also before the first count: of what was written by then nothing is counted that could be wrong later.
        forget_changed(tally, up_to=moment.at, at=scope.now)
        ready = dict(counted_days(tally, moment).filter(unit__in=units).values_list("unit", "pk"))
    else:
        ready = {unit: pk for unit, pk, _changed in found}
    if missing := units - ready.keys():
        _ask(tally, missing, moment, at=scope.now)
        if _people(moment, missing) > AT_ONCE:
            raise StillCounting(moment.at.date(), len(ready), len(units))
        ready |= _count_at_once(tally, moment, missing, at=scope.now)
        if len(ready) < len(units):
            # Counted by somebody else and forgotten again, just now.
            raise StillCounting(moment.at.date(), len(ready), len(units))
    # By number: what is forgotten from here on is read to the end as it was found.
    return tally.day_rows.objects.filter(count__in=ready.values())


def read_of_days(
    tally: Tally, asked: Sequence[tuple[Moment, set[int]]], read: Callable[[], list[dict[str, int]]], *, at: datetime
) -> list[dict[str, int]]:
    """What ``read`` finds of the units of several days: a row for each of ``asked``, with ``known``, of how many.

    It asks for ``counted_days``, all in one query, so that nothing is forgotten half way. Raises StillCounting.
    """
    newest = max(moment.at for moment, _units in asked)
    if tally.marks.objects.filter(since__lte=newest + CLOCKS_DIFFER).exists():
        forget_changed(tally, up_to=newest, at=at)
    found = read()
    if not _is_whole(found, asked):
        _count_days(tally, asked, at=at)
        found = read()
    if not _is_whole(found, asked):
        raise _still(found, asked)
    return found


def _is_whole(found: list[dict[str, int]], asked: Sequence[tuple[Moment, set[int]]]) -> bool:
    return all(row["known"] == len(units) for row, (_moment, units) in zip(found, asked, strict=True))


def _still(found: list[dict[str, int]], asked: Sequence[tuple[Moment, set[int]]]) -> StillCounting:
    first = next(moment for row, (moment, units) in zip(found, asked, strict=True) if row["known"] < len(units))
    return StillCounting(first.at.date(), sum(row["known"] for row in found), sum(len(units) for _at, units in asked))


def _count_days(tally: Tally, asked: Sequence[tuple[Moment, set[int]]], *, at: datetime) -> None:
    """Write down what of ``asked`` is wanted, and count it where it is a few hundred people in all."""
    missing = []
    for moment, units in asked:
        there = set(counted_days(tally, moment).filter(unit__in=units).values_list("unit", flat=True))
        _ask(tally, units - there, moment, at=at)
        missing.append((moment, units - there))
    if sum(_people(moment, units) for moment, units in missing if units) <= AT_ONCE:
        for moment, units in missing:
            _count_at_once(tally, moment, units, at=at)


def _people(moment: Moment, units: Collection[int]) -> int:
    return Posting.objects.in_force(at=moment.at).filter(unit__in=units).count()


def _count_at_once(tally: Tally, moment: Moment, units: Collection[int], *, at: datetime) -> dict[int, int]:
    """Count what of ``units`` is not; return unit → number of the day."""
    with transaction.atomic():
        # Locked: nobody forgets one of them while this looks, whoever counted it.
        days = list(_days(tally, moment).filter(unit__in=units).select_for_update().order_by("pk"))
        _count([day for day in days if not day.counted_at], at=at)
    return {day.unit_id: day.pk for day in days}


def _days(tally: Tally, moment: Moment) -> QuerySet[DayCount]:
    return DayCount.objects.known().filter(tally=tally.kind, at=moment.at, as_known=moment.as_known)


def counted_days(tally: Tally, moment: Moment) -> QuerySet[DayCount]:
    """Every unit of which the day was counted."""
    return _days(tally, moment).exclude(counted_at=None)


def _ask(tally: Tally, units: Iterable[int], moment: Moment, *, at: datetime) -> None:
    """Write down that ``units`` are wanted; only what nobody asked for yet is told to a worker."""
    units = set(units)
    new = units - set(_days(tally, moment).filter(unit__in=units).values_list("unit", flat=True))
    if not new:
        return
    with transaction.atomic():
        DayCount.objects.bulk_create(
            [
                DayCount(tally=tally.kind, unit_id=pk, at=moment.at, as_known=moment.as_known, asked_at=at)
                for pk in sorted(new)
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
        key = f"{tally.kind} {moment.at:%Y-%m-%dT%H%z} {moment.as_known} {at:%Y-%m-%dT%H%M%S}"
        outbox.put(kind=KIND, key=key, payload={}, at=at)


@outbox.handles(KIND)
def count_asked(payload: dict) -> None:
    """Count what anybody waits for, whichever day it was asked for."""
    until = time.monotonic() + LONGEST_RUN.total_seconds()
    while count_next(at=timezone.now()):
        if time.monotonic() > until:
            raise outbox.NotYet(timezone.now())


@due("day_counts")
def prepare_days(*, at: datetime) -> int:
    """Ask for the end of the last month and of the last weeks, for whoever reads figures; count a little of what waits.

    Return how many units were counted. Workers count most; this also does what they gave up.
    What was forgotten and nobody reads any more is removed.
    """
    until = time.monotonic() + SECONDS_OF_A_TICK
    _remove_forgotten(at=at, until=until)
    done = _count_waiting(at=at, until=until)
    for tally, moment, units in _prepared(at=at):
        # One day after the other: whoever asks for another day meanwhile waits for one at most.
        if DayCount.objects.known().filter(counted_at=None).exists():
            break
        _ask(tally, units, moment, at=at)
        done += _count_waiting(at=at, until=until)
    return done


def _prepared(*, at: datetime) -> Iterator[tuple[Tally, Moment, set[int]]]:
    """The days that are asked for unasked, with their units (ids): the end of the last month, and the last weeks."""
    granted = Unit.objects.filter(pk__in=leading_grants(at=at).order_by().values("unit"))
    for zone in granted.order_by().values_list("zone", flat=True).distinct():
        # A day ends by the clock of the reader's highest unit, whatever the clocks below it show.
        today = day_of(at, zone)
        last_month = today.replace(day=1) - timedelta(days=1)
        below = set(Unit.objects.below(highest(granted.filter(zone=zone))).values_list("pk", flat=True))
        weeks = days_of(WEEKS, today=today)[-2::-1]
        for tally, day in ((FIGURES, last_month), (ANSWERS, last_month), *((FIGURES, week) for week in weeks)):
            yield tally, Moment(end_of_day(day, zone), past=True), below


def _count_waiting(*, at: datetime, until: float) -> int:
    """Count what waits ``until`` (of the steady clock); return how many units."""
    done = 0
    while time.monotonic() < until and (counted := count_next(at=at)):
        done += counted
    return done


def count_next(*, at: datetime) -> int:
    """Count the next units of the day of which the fewest wait: a Polda does not wait for weeks of the nation."""
    waiting = DayCount.objects.known().filter(counted_at=None)
    days = waiting.values("tally", "at", "as_known").annotate(number=Count("pk"), first=Min("asked_at"))
    day = days.order_by("number", "first").first()
    if day is None:
        return 0
    forget_changed(TALLIES[TallyKind(day["tally"])], up_to=day["at"], at=at)
    with transaction.atomic():
        same = waiting.filter(tally=day["tally"], at=day["at"], as_known=day["as_known"]).order_by("pk")
        return _count(list(same.select_for_update(skip_locked=True)[:BATCH]), at=at)


def _count(days: list[DayCount], *, at: datetime) -> int:
    """Count ``days``, all of one tally and moment and locked: who forgets one meanwhile waits for it."""
    if days:
        tally, by_unit = TALLIES[TallyKind(days[0].tally)], {day.unit_id: day.pk for day in days}
        rows = tally.count_day(list(by_unit), moment_of(days[0]))
        stored = tally.day_rows.objects
        stored.bulk_create([tally.as_day_row(row, by_unit[row.unit_id]) for row in rows], batch_size=1_000)
        DayCount.objects.filter(pk__in=by_unit.values()).update(counted_at=at)
    return len(days)


def moment_of(day: DayCount) -> Moment:
    return Moment(day.at, past=True, axis=Axis.AS_KNOWN if day.as_known else Axis.AS_IT_WAS)


def forget_changed(tally: Tally, *, up_to: datetime | None = None, at: datetime) -> None:
    """Forget the days of ``tally`` that were counted before something was written about them, as the marks say.

    Only what changes the days until ``up_to`` (none: until the last one that was counted) is looked at.
    """
    days, marks = DayCount.objects.known().filter(tally=tally.kind), tally.marks.objects
    end = up_to or days.aggregate(newest=Max("at"))["newest"]
    if end is None:
        return
    late = marks.filter(since__lte=end + CLOCKS_DIFFER)
    found = list(late.order_by("pk").values_list("pk", "officer_id", "unit_id", "since")[: MARKS_AT_ONCE + 1])
    if len(found) > MARKS_AT_ONCE:
        # Somebody wrote years of a whole force. What is marked meanwhile keeps its mark.
        answered = list(late.values_list("pk", flat=True))
        _forget(list(days.values_list("pk", flat=True)), at=at)
    elif found:
        answered = [pk for pk, *_about in found]
        _forget(_days_about(days, found), at=at)
    else:
        return
    # Days before marks: whoever is killed between the two finds the marks again.
    for some in in_parts(answered):
        marks.filter(pk__in=some).update(since=None)


def _days_about(days: QuerySet[DayCount], marks: list[tuple]) -> list[int]:
    """Those of ``days``, by number, that ``marks`` (number, officer, unit, since) change."""
    of_officer: dict[int, datetime] = {}
    of_unit: dict[int, datetime] = {}
    for _pk, officer, unit, since in marks:
        if officer is not None:
            of_officer[officer] = min(since, of_officer.get(officer, since))
        elif unit is not None:
            of_unit[unit] = min(since, of_unit.get(unit, since))
    for officer, unit in Posting.objects.filter(officer__in=of_officer).values_list("officer", "unit"):
        of_unit[unit] = min(of_officer[officer], of_unit.get(unit, of_officer[officer]))
    found = days.filter(unit__in=of_unit).values_list("pk", "unit", "at")
    return [pk for pk, unit, at in found if at >= of_unit[unit] - CLOCKS_DIFFER]


def _forget(days: list[int], *, at: datetime) -> int:
    """Take from readers what was counted of ``days``; return how many. What still waits will be counted right."""
    forgotten = 0
    for some in in_parts(sorted(days)):
        with transaction.atomic():
            # Locked: who is counting one of them ends first.
            locked = DayCount.objects.known().filter(pk__in=some).select_for_update().order_by("pk")
            counted = [day.pk for day in locked if day.counted_at]
            forgotten += DayCount.objects.filter(pk__in=counted).update(forgotten_at=at)
    return forgotten


def _remove_forgotten(*, at: datetime, until: float) -> None:
    """Remove what nobody reads any more, with its rows, some at a time and until ``until`` (of the steady clock)."""
    forgotten = DayCount.objects.filter(forgotten_at__lt=at - LEFT_TO_READERS).order_by("forgotten_at")
    while time.monotonic() < until and (some := list(forgotten.values_list("pk", flat=True)[:REMOVED_AT_ONCE])):
        with transaction.atomic():
            for rows in (DayRow, DayAnswers):
                rows.objects.filter(count__in=some).delete()
            DayCount.objects.filter(pk__in=some).delete()


def in_parts(numbers: list[int]) -> Iterator[list[int]]:
    """``numbers`` in parts that a statement of both databases takes."""
    for start in range(0, len(numbers), VALUES_AT_ONCE):
        yield numbers[start : start + VALUES_AT_ONCE]


@retention.removes("day_counts")
def forget_old_days(*, at: datetime, dry_run: bool) -> int:
    """Forget what was first asked for long ago; asked for again, it is counted again."""
    old = DayCount.objects.known().exclude(counted_at=None).filter(asked_at__lt=at - KEPT)
    return old.count() if dry_run else _forget(list(old.values_list("pk", flat=True)), at=at)
