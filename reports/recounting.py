"""The counts of counting.py kept true: what triggers marked, and what the clock changed, is counted anew.

A page counts a few units before it reads them. When very many are marked (an order to the whole nation was just
carried out) it says from when its figures are, and ``tick`` catches up.
"""

import time
from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from foundation.due import due
from foundation.formats import day_of
from organisation.models import Posting, Unit

from .count_rows import COUNTED_FOR
from .day_counts import forget_changed, in_parts
from .models import CountKind, CountRow, Mark
from .tallies import ANSWERS, FIGURES, Tally

# Units with so many people are counted while a page waits; one takes about 1.5 ms, with twenty courses.
AT_ONCE = 600
# More marks than this are an order to thousands: not looked through while a page waits.
MOST_MARKS = 4_000
BATCH = 20
SECONDS_OF_A_TICK = 25


def made_ready(tally: Tally, units: QuerySet[Unit], *, at: datetime) -> tuple[bool, datetime | None]:
    """Count what is marked. Say whether the counts can be used, and from when they are where that was too much.

    They cannot where something was never counted.
    """
    places, missing = _to_count(tally, units, at=at)
    marked = set(units.filter(pk__in=places).values_list("pk", flat=True)) if places else places
    wanting = set(missing) | (marked or set())
    if not wanting and marked is not None:
        return True, None
    if marked is not None and Posting.objects.in_force(at=at).filter(unit__in=wanting).count() <= AT_ONCE:
        recount(tally, wanting, at=at)
        return True, None
    if any(counted_at is None or counted_at > at for counted_at in missing.values()):
        return False, None
    old = units if marked is None else units.filter(pk__in=wanting)
    return True, old.aggregate(oldest=Min(f"{tally.on_unit}__counted_at"))["oldest"]


def _outdated(tally: Tally, at: datetime) -> Q:
    """Units that were never counted, or that the clock or another time zone changed since."""
    last = tally.on_unit
    return Q(**{last: None}) | Q(**{f"{last}__valid_until__lte": at}) | ~Q(**{f"{last}__zone": F("zone")})


def _of_another_period() -> QuerySet[Any]:
    """Units, by id, whose Quick Wins were counted up to another last day than the period has today."""
    rows = CountRow.objects.filter(kind=CountKind.ASKED).exclude(day=F("period__ends_on"))
    return rows.values_list("unit", flat=True).distinct()


def _to_count(
    tally: Tally, units: QuerySet[Unit], *, at: datetime
) -> tuple[set[int] | None, dict[int, datetime | None]]:
    """The units that marks are about, and of ``units`` those that the clock made untrue, with when they were counted.

    By id, in one query. None where there are too many marks to look at each.
    """
    all_marks, counted_at = tally.marks.objects, f"{tally.on_unit}__counted_at"
    here = Posting.objects.in_force(at=at).filter(officer=OuterRef("officer_id")).values("unit")[:1]
    place = Coalesce("unit_id", Subquery(here), output_field=BigIntegerField())
    marks = all_marks.filter(pk__in=all_marks.order_by("pk").values("pk")[:MOST_MARKS])
    about = marks.annotate(mark=Value(True), place=place, at=Value(None, DateTimeField()))
    untrue = units.filter(_outdated(tally, at) | Q(**{f"{counted_at}__gt": at})).annotate(mark=Value(False))
    found = untrue.values_list("mark", "pk", counted_at)
    places: list[int | None] = []
    missing: dict[int, datetime | None] = {}
    for is_mark, unit, last in found.union(about.values_list("mark", "place", "at"), all=True):
        if is_mark:
            places.append(unit)
        else:
            missing[unit] = last
    # Whoever stands nowhere is counted nowhere.
    return (None if len(places) >= MOST_MARKS else {place for place in places if place is not None}), missing


def marked_units(tally: Tally, *, at: datetime) -> set[int]:
    """The same of any number of marks, an order to the whole nation leaves a million: asked of the postings."""
    marks = tally.marks.objects
    officers = marks.filter(officer_id__isnull=False).values("officer_id")
    standing = Posting.objects.in_force(at=at).filter(officer__in=officers)
    named = marks.filter(unit_id__isnull=False).values_list("unit_id", flat=True)
    return {*standing.order_by().values_list("unit", flat=True).distinct(), *named.order_by().distinct()}


def _of_nobody(tally: Tally, *, at: datetime) -> QuerySet[Mark]:
    """Marks of officers who stand nowhere, and so are counted nowhere."""
    here = Posting.objects.in_force(at=at).filter(officer=OuterRef("officer_id"))
    return tally.marks.objects.filter(~Exists(here), unit_id=None)


@transaction.atomic
def recount(tally: Tally, units: Collection[int], *, at: datetime) -> None:
    """Count ``units`` (ids) anew as of ``at``, and remove the marks that this answers."""
    last, stored = tally.last.objects, tally.rows.objects
    # In one order: two that count the same units must not wait for each other.
    zones = dict(Unit.objects.filter(pk__in=units).order_by("pk").values_list("pk", "zone"))
    units = list(zones)
    last.bulk_create(
        [tally.last(unit_id=pk, counted_at=at, zone=zone) for pk, zone in zones.items()], ignore_conflicts=True
    )
    # Lock first: of two that count one unit the later must not store what it read earlier.
    list(last.select_for_update().filter(unit__in=units).order_by("unit"))
    # Marks before rows: what is marked meanwhile keeps its mark and is counted again.
    marks = _marks_of(tally, units, at=at)
    rows = list(tally.count(units, at=at))
    stored.filter(unit__in=units).delete()
    stored.bulk_create(rows, batch_size=1_000)
    bounds = _next_changes(zones, at=at)
    last.bulk_create(
        [tally.last(unit_id=pk, counted_at=at, valid_until=bounds[pk], zone=zone) for pk, zone in zones.items()],
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["counted_at", "valid_until", "zone"],
    )
    _answer(tally, marks, at=at)


def _answer(tally: Tally, marks: list[int], *, at: datetime) -> None:
    """Remove ``marks``, some at a time; what all say of past days is dealt with first."""
    if marks:
        forget_changed(tally, at=at)
    # An order to a Polda leaves more marks in one unit than a statement of SQLite takes values.
    for some in in_parts(marks):
        tally.marks.objects.filter(pk__in=some).delete()


def _marks_of(tally: Tally, units: Collection[int], *, at: datetime) -> list[int]:
    here = Posting.objects.in_force(at=at).filter(unit__in=units)
    marks = tally.marks.objects.filter(Q(unit_id__in=units) | Q(officer_id__in=here.values("officer")))
    return list(marks.values_list("pk", flat=True))


def _next_changes(zones: dict[int, str], *, at: datetime) -> dict[int, datetime]:
    """When the clock alone changes units (id → zone): somebody comes or goes, or a year begins.

    What loses its validity was looked for as far ahead as pages ask within COUNTED_FOR.
    """
    found = {pk: min(_new_year(at, zone), at + COUNTED_FOR) for pk, zone in zones.items()}
    for name in ("valid_from", "valid_to"):
        rows = Posting.objects.filter(unit__in=zones, **{f"{name}__gt": at}).values_list("unit").annotate(Min(name))
        for unit, moment in rows.order_by():
            found[unit] = min(moment, found[unit])
    return found


def _new_year(at: datetime, zone: str) -> datetime:
    return datetime(day_of(at, zone).year + 1, 1, 1, tzinfo=ZoneInfo(zone))


@due("counts")
def recount_marked(*, at: datetime) -> int:
    """Count again what is marked, was never counted or was changed by the clock; return how many units."""
    return _catch_up(FIGURES, set(_of_another_period()), at=at)


@due("answer_counts")
def recount_answers(*, at: datetime) -> int:
    """The same of answers."""
    return _catch_up(ANSWERS, set(), at=at)


def _catch_up(tally: Tally, also: set[int], *, at: datetime) -> int:
    """Count ``also`` and whatever else is not true any more.

    A tick ends after ``SECONDS_OF_A_TICK``, so that reminders and certificates do not wait for a nation; the next
    one goes on.
    """
    until = time.monotonic() + SECONDS_OF_A_TICK
    _answer(tally, list(_of_nobody(tally, at=at).values_list("pk", flat=True)), at=at)
    untrue = Unit.objects.filter(_outdated(tally, at)).values_list("pk", flat=True)
    waiting = sorted({*untrue, *also, *marked_units(tally, at=at)})
    done = 0
    while done < len(waiting) and time.monotonic() < until:
        recount(tally, waiting[done : done + BATCH], at=at)
        done += BATCH
    return min(done, len(waiting))
