"""What an order would do, counted by the database: as ``assignment.preview`` for any number of people."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from courses.models import Course
from organisation.models import Posting, Unit, Zone

from .assignment import AssignmentPreview, AssignmentRule, Due
from .models import CourseCompletion, Duty, Relief

FIRST_NAMES = 10


@dataclass(frozen=True)
class UnitEffect:
    """How many of a unit are reached, gain the duty, owe it already and have done it."""

    unit: Unit
    total: int
    gains: int
    owes: int
    complete: int


@dataclass(frozen=True)
class Effect:
    """The parts add up to ``total``; ``sooner`` counts those of ``owes`` whose date would come earlier.

    ``exempt`` get a duty that counts nowhere while the exemption lasts. ``units`` is the largest first, ``first``
    the highest ranks among all.
    """

    total: int
    owes: int
    sooner: int
    complete: int
    exempt: int
    units: list[UnitEffect]
    first: list[Posting]

    @property
    def gains(self) -> int:
        return self.total - self.owes - self.complete - self.exempt


def count_effect(rule: AssignmentRule, course: Course, due: Due, *, at: datetime) -> Effect:
    """Count everybody the rule reaches by what the order would change for them; a fixed number of queries."""
    postings = rule.postings(at=at)
    total = _by_unit(postings)
    owing = Duty.objects.open().filter(course=course)
    complete = CourseCompletion.objects.in_force(at=at).filter(course=course)
    exempting = Relief.objects.exempting(course, at=at)
    # One sort after the other, each without those of the sorts before it, as sorted_by_effect does.
    owes_it = postings.filter(officer__duty__in=owing)
    has_done_it = postings.filter(~_in(owing), officer__completion__in=complete)
    is_exempt = postings.filter(~_in(owing), ~_in(complete), officer__relief__in=exempting)
    owes, done, exempt = _by_unit(owes_it), _by_unit(has_done_it), _by_unit(is_exempt)
    found = Unit.objects.in_bulk(total)
    units = [
        UnitEffect(found[pk], count, count - owes[pk] - done[pk] - exempt[pk], owes[pk], done[pk])
        for pk, count in total.items()
    ]
    return Effect(
        total=total.total(),
        owes=owes.total(),
        sooner=_sooner(owes_it, course, due, at=at),
        complete=done.total(),
        exempt=exempt.total(),
        units=sorted(units, key=lambda row: (-row.total, row.unit.name)),
        first=list(postings.for_officer_list()[:FIRST_NAMES]),
    )


def counted(preview: AssignmentPreview) -> Effect:
    """The same of a preview that names everybody, as that of a path does."""
    total, gains, owes, complete = (
        Counter(posting.unit for posting in postings)
        for postings in (preview.everybody, preview.gains, preview.already_owes, preview.already_complete)
    )
    units = [UnitEffect(unit, count, gains[unit], owes[unit], complete[unit]) for unit, count in total.items()]
    return Effect(
        total=total.total(),
        owes=owes.total(),
        sooner=len(preview.sooner),
        complete=complete.total(),
        exempt=len(preview.exempt),
        units=sorted(units, key=lambda row: (-row.total, row.unit.name)),
        first=preview.everybody[:FIRST_NAMES],
    )


def _in(rows: QuerySet[Any]) -> Exists:
    """Said this way PostgreSQL joins; NOT IN would look through all rows for each officer."""
    return Exists(rows.filter(officer=OuterRef("officer")))


def _by_unit(postings: QuerySet[Posting]) -> Counter[int]:
    return Counter(dict(postings.order_by().values_list("unit").annotate(Count("officer", distinct=True))))


def _sooner(owes_it: QuerySet[Posting], course: Course, due: Due, *, at: datetime) -> int:
    """An order of this moment counts its days from this moment, so its date differs only from zone to zone."""
    dates: Any = Case(
        *(When(unit__zone=zone, then=Value(due.counted_from(at, zone))) for zone in Zone.values),
        output_field=DateTimeField(),
    )
    owed = Duty.objects.open().filter(officer=OuterRef("officer"), course=course).order_by("due_at")
    rows = owes_it.alias(owed_until=Subquery(owed.values("due_at")[:1]), would_be=dates)
    return rows.filter(owed_until__gt=F("would_be")).order_by().count()
