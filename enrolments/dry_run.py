"""What an order would do, counted as carrying it out does, for any number of people and courses.

The database finds who has to do with the courses already: owes them, has done them, is exempt. Of each of these one
number is kept; everybody else, of an order to a nation most, is counted in passing, and only who is shown is named.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import zip_longest

from django.db.models import QuerySet, TextChoices

from courses.models import Course, PathStep, PathVersion
from foundation.paging import is_wide
from organisation.models import Posting, Unit, Zone

from .assignment import AssignmentRule, Due
from .models import CourseCompletion, Duty, DutyReason, Relief, ReliefKind

FIRST_NAMES = 10
CHUNK = 10_000
# What is known of somebody and a course, as bits; those of the next course stand further left.
OWES, HAS_DONE, IS_EXEMPT = 1, 2, 4
# Owed until later than this order asks for in the zone.
OWES_LATER = {zone: 8 << place for place, zone in enumerate(Zone.values)}
WIDTH = 3 + len(OWES_LATER)


class Change(TextChoices):
    """What an order changes for whom it reaches; everybody is of one sort. The values are states of a ``tag``."""

    GAINS = "gains", "Mendapat kewajiban baru"
    OWED = "owed", "Sudah wajib"
    # Owed by another order until a later date.
    SOONER = "sooner", "Berbenturan dengan perintah lain"
    DONE = "done", "Sudah selesai"
    EXEMPT = "exempt", "Dikecualikan"


# Of several courses the first of these that any of them brings.
FOREMOST = (Change.GAINS, Change.SOONER, Change.OWED, Change.EXEMPT, Change.DONE)


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

    ``units`` is the largest first; ``sorts`` has those with somebody in them. ``steps`` has the courses of a path,
    each with its own parts: who has chosen enough others is in none of them.
    """

    total: int
    parts: Mapping[Change, int]
    units: list[UnitEffect]
    sorts: list[Sort]
    steps: list[tuple[PathStep, Mapping[Change, int]]]


def count_effect(rule: AssignmentRule, learning: Course | PathVersion, due: Due, *, at: datetime) -> Effect:
    """Count everybody the rule reaches by what the order would change for them; a fixed number of queries."""
    path = learning if isinstance(learning, PathVersion) else None
    steps = list(path.path_steps.select_related("course")) if path else []
    courses = [step.course_id for step in steps] or [learning.pk]
    optional = {place for place, step in enumerate(steps) if not step.required}
    postings = rule.postings(at=at)
    many = is_wide(postings.count())
    known = _known(None if many else postings, courses, due, at=at)

    @cache
    def changes(bits: int, zone: str) -> tuple[Change | None, ...]:
        return _changes(bits, zone, len(courses), optional, needed=path.options_needed if path else 0)

    @cache
    def foremost(bits: int, zone: str) -> Change:
        return _foremost(changes(bits, zone))

    # How many of a unit are known alike; of a nation some thousands.
    alike: Counter[tuple[int, str, int]] = Counter()
    first: dict[Change, list[int]] = defaultdict(list)
    listed = postings.for_wide_list() if many else postings.for_officer_list()
    rows = listed.prefetch_related(None).values_list("pk", "officer", "unit", "unit__zone")
    for pk, officer, unit, zone in rows.iterator(chunk_size=CHUNK):
        bits = known.get(officer, 0)
        alike[unit, zone, bits] += 1
        named = first[foremost(bits, zone)]
        if len(named) < FIRST_NAMES:
            named.append(pk)
    by_unit: dict[int, Counter[Change]] = defaultdict(Counter)
    by_step: list[Counter[Change]] = [Counter() for _course in courses]
    for (unit, zone, bits), people in alike.items():
        by_unit[unit][foremost(bits, zone)] += people
        for counter, change in zip(by_step, changes(bits, zone), strict=True):
            if change:
                counter[change] += people
    return Effect(
        total=alike.total(),
        parts=_parts(sum(by_unit.values(), Counter())),
        units=_units(by_unit),
        sorts=_sorts(sum(by_unit.values(), Counter()), _named(first), courses),
        steps=[(step, _parts(counter)) for step, counter in zip(steps, by_step, strict=False)],
    )


def _known(among: QuerySet[Posting] | None, courses: Sequence[int], due: Due, *, at: datetime) -> dict[int, int]:
    """Officer id → the bits of each course, of those who have to do with any of ``courses``.

    Where ``among`` is None it is asked who in the nation: to look very many up one by one takes twice as long.
    """
    known: dict[int, int] = defaultdict(int)
    shifts = {course: WIDTH * place for place, course in enumerate(courses)}

    def note(bits: int, rows: QuerySet) -> None:
        concerned = rows.filter(course__in=courses).order_by()
        if among is not None:
            concerned = concerned.filter(officer__in=among.values("officer"))
        for officer, course in concerned.values_list("officer", "course").iterator(chunk_size=CHUNK):
            known[officer] |= bits << shifts[course]

    owing = Duty.objects.open()
    note(OWES, owing)
    # An order of this moment counts its days from this moment, so its date differs only from zone to zone; who owes
    # until later than one of them is read once, with the bits of all that come before.
    dates: dict[datetime, int] = defaultdict(int)
    for zone, bit in OWES_LATER.items():
        dates[due.counted_from(at, zone)] |= bit
    begins, later_than = sorted(dates), 0
    for date, until in zip_longest(begins, begins[1:]):
        later_than |= dates[date]
        later = owing.filter(due_at__gt=date)
        note(later_than, later.filter(due_at__lte=until) if until else later)
    note(HAS_DONE, CourseCompletion.objects.in_force(at=at))
    note(IS_EXEMPT, Relief.objects.in_force(at=at).filter(kind=ReliefKind.EXEMPTION))
    return known


def _changes(
    bits: int, zone: str, courses: int, optional: Collection[int], *, needed: int
) -> tuple[Change | None, ...]:
    """Course by course; None where enough others are done and it is not asked for. As sorted_by_effect sorts."""
    each = [bits >> WIDTH * place & (1 << WIDTH) - 1 for place in range(courses)]
    enough = bool(optional) and sum(1 for place in optional if each[place] & HAS_DONE) >= needed
    found = (_change(of_one, zone) for of_one in each)
    return tuple(
        None if enough and place in optional and change != Change.DONE else change for place, change in enumerate(found)
    )


def _change(bits: int, zone: str) -> Change:
    if bits & OWES:
        return Change.SOONER if bits & OWES_LATER[zone] else Change.OWED
    if bits & HAS_DONE:
        return Change.DONE
    return Change.EXEMPT if bits & IS_EXEMPT else Change.GAINS


def _foremost(changes: Iterable[Change | None]) -> Change:
    """What an order changes for somebody as a whole; nothing where nothing of it is asked for any more."""
    return min((change for change in changes if change), key=FOREMOST.index, default=Change.DONE)


def _parts(counter: Counter[Change]) -> dict[Change, int]:
    return {change: counter[change] for change in Change}


def _units(by_unit: Mapping[int, Counter[Change]]) -> list[UnitEffect]:
    found = Unit.objects.in_bulk(list(by_unit))
    rows = [UnitEffect(found[pk], counter.total(), _parts(counter)) for pk, counter in by_unit.items()]
    return sorted(rows, key=lambda row: (-row.total, row.unit.name))


def _named(first: Mapping[Change, list[int]]) -> dict[Change, list[Posting]]:
    wanted = [pk for pks in first.values() for pk in pks]
    # Each by its own key: the rule was asked already.
    found = {posting.pk: posting for posting in Posting.objects.filter(pk__in=wanted).for_officer_list()}
    return {change: [found[pk] for pk in pks] for change, pks in first.items()}


def _sorts(people: Counter[Change], first: Mapping[Change, list[Posting]], courses: Collection[int]) -> list[Sort]:
    asked = _orders_asking([one for change in (Change.OWED, Change.SOONER) for one in first.get(change, ())], courses)
    return [
        Sort(change, people[change], [FirstName(one, asked.get(one.officer_id, ())) for one in first[change]])
        for change in Change
        if people[change]
    ]


def _orders_asking(postings: Collection[Posting], courses: Collection[int]) -> dict[int, list[DutyReason]]:
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
