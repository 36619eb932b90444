"""What an order would do, counted by the database: as ``assignment.preview`` for any number of people."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, QuerySet, TextChoices, Value, When

from courses.models import Course
from foundation.paging import is_wide
from organisation.models import Posting, Unit, Zone

from .assignment import AssignmentPreview, AssignmentRule, Due
from .models import CourseCompletion, Duty, DutyReason, Relief

FIRST_NAMES = 10


class Change(TextChoices):
    """What an order changes for whom it reaches; everybody is of one sort. The values are states of a ``tag``."""

    GAINS = "gains", "Mendapat kewajiban baru"
    OWED = "owed", "Sudah wajib"
    # Owed by another order until a later date.
    SOONER = "sooner", "Berbenturan dengan perintah lain"
    DONE = "done", "Sudah selesai"
    EXEMPT = "exempt", "Dikecualikan"


@dataclass(frozen=True)
class UnitEffect:
    """How many of a unit are of each sort; the parts add up to ``total``."""

    unit: Unit
    total: int
    parts: Mapping[Change, int]


@dataclass(frozen=True)
class FirstName:
    """``orders`` ask this officer already, where they do."""

    posting: Posting
    orders: Sequence[DutyReason] = ()


@dataclass(frozen=True)
class Sort:
    """All of one sort, the first of them by name: the highest ranks."""

    change: Change
    total: int
    first: Sequence[FirstName]


@dataclass(frozen=True)
class Effect:
    """The parts add up to ``total``; those ``exempt`` get a duty that counts nowhere while the exemption lasts.

    ``units`` is the largest first; ``sorts`` has those with somebody in them.
    """

    total: int
    parts: Mapping[Change, int]
    units: list[UnitEffect]
    sorts: list[Sort]


def count_effect(rule: AssignmentRule, course: Course, due: Due, *, at: datetime) -> Effect:
    """Count everybody the rule reaches by what the order would change for them; a fixed number of queries."""
    postings = rule.postings(at=at)
    sorts = _sorts(postings, course, due, at=at)
    total = _by_unit(postings)
    by_unit: dict[Change, Counter[int]] = {
        change: _by_unit(rows) for change, rows in sorts.items() if change != Change.GAINS
    }
    # Who is left, by subtraction: of an order to everybody it is most of them.
    by_unit[Change.GAINS] = total - sum(by_unit.values(), Counter())
    found = Unit.objects.in_bulk(total)
    people = {change: by_unit[change].total() for change in Change}
    named = {
        change: _in_order(sorts[change], many=is_wide(total.total()))[:FIRST_NAMES]
        for change in Change
        if people[change]
    }
    return _effect({found[pk]: count for pk, count in total.items()}, by_unit, people, named, [course])


def counted(preview: AssignmentPreview, courses: Collection[Course]) -> Effect:
    """The same of a preview that names everybody, as that of a path of ``courses`` does."""
    sorts = _people(preview)
    by_unit = {change: Counter(posting.unit_id for posting in people) for change, people in sorts.items()}
    named = {change: people[:FIRST_NAMES] for change, people in sorts.items() if people}
    return _effect(Counter(posting.unit for posting in preview.everybody), by_unit, parts_of(preview), named, courses)


def parts_of(preview: AssignmentPreview) -> dict[Change, int]:
    """How many are of each sort."""
    return {change: len(people) for change, people in _people(preview).items()}


def _people(preview: AssignmentPreview) -> dict[Change, list[Posting]]:
    """Everybody of ``preview`` once."""
    sooner = {posting.officer_id for posting in preview.sooner}
    return {
        Change.GAINS: preview.gains,
        Change.OWED: [posting for posting in preview.already_owes if posting.officer_id not in sooner],
        Change.SOONER: preview.sooner,
        Change.DONE: preview.already_complete,
        Change.EXEMPT: preview.exempt,
    }


def _effect(
    units: Mapping[Unit, int],
    by_unit: Mapping[Change, Counter[int]],
    people: Mapping[Change, int],
    named: Mapping[Change, Collection[Posting]],
    courses: Collection[Course],
) -> Effect:
    first = {change: list(postings) for change, postings in named.items()}
    asked = _orders_asking([one for change in (Change.OWED, Change.SOONER) for one in first.get(change, ())], courses)
    rows = [
        UnitEffect(unit, total, {change: by_unit[change][unit.pk] for change in Change})
        for unit, total in units.items()
    ]
    return Effect(
        total=sum(units.values()),
        parts=people,
        units=sorted(rows, key=lambda row: (-row.total, row.unit.name)),
        sorts=[
            Sort(change, people[change], [FirstName(one, asked.get(one.officer_id, ())) for one in first[change]])
            for change in Change
            if people[change]
        ],
    )


def _sorts(postings: QuerySet[Posting], course: Course, due: Due, *, at: datetime) -> dict[Change, QuerySet[Posting]]:
    """One sort after the other, each without those of the sorts before it, as sorted_by_effect does."""
    owing = Duty.objects.open().filter(course=course)
    owes, complete = _in(owing), _in(CourseCompletion.objects.in_force(at=at).filter(course=course))
    exempt = _in(Relief.objects.exempting(course, at=at))
    # An order of this moment counts its days from this moment, so its date differs only from zone to zone.
    dates: Any = Case(
        *(When(unit__zone=zone, then=Value(due.counted_from(at, zone))) for zone in Zone.values),
        output_field=DateTimeField(),
    )
    dated = postings.alias(would_be=dates)
    sooner = _in(owing.filter(due_at__gt=OuterRef("would_be")))
    return {
        Change.GAINS: postings.filter(~owes, ~complete, ~exempt),
        Change.OWED: dated.filter(owes, ~sooner),
        Change.SOONER: dated.filter(sooner),
        Change.DONE: postings.filter(~owes, complete),
        Change.EXEMPT: postings.filter(~owes, ~complete, exempt),
    }


def _in(rows: QuerySet[Any]) -> Exists:
    """Said this way PostgreSQL joins; NOT IN would look through all rows for each officer."""
    return Exists(rows.filter(officer=OuterRef("officer")))


def _by_unit(postings: QuerySet[Posting]) -> Counter[int]:
    return Counter(dict(postings.order_by().values_list("unit").annotate(Count("pk"))))


def _in_order(postings: Any, *, many: bool) -> Any:
    return postings.for_wide_list() if many else postings.for_officer_list()


def _orders_asking(postings: Collection[Posting], courses: Collection[Course]) -> dict[int, list[DutyReason]]:
    """Officer id → by which orders they owe any of ``courses`` now, the earliest date first. One query."""
    found: dict[int, list[DutyReason]] = defaultdict(list)
    officers = [posting.officer_id for posting in postings]
    if officers:
        asking = DutyReason.objects.filter(
            duty__valid_to=None, duty__course__in=courses, duty__officer__in=officers, ended_at=None
        )
        # The parts of a path are one order with one number.
        known = set()
        for reason in asking.select_related("duty", "assignment").order_by("due_at", "pk"):
            said = (reason.duty.officer_id, reason.assignment.order_number, reason.due_at)
            if said not in known:
                known.add(said)
                found[reason.duty.officer_id].append(reason)
    return found
