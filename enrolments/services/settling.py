"""The date of every duty comes from here: what asks for it, what was agreed, and the days the clock stood still."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from enrolments.clock import Ask, Deferral, due_date
from enrolments.models import DueChange, Duty, DutyEnd, DutyReason, Relief, ReliefKind
from foundation.spans import Span

BATCH = 1000


@dataclass
class _Known:
    """The reliefs of one officer."""

    pauses: list[Span] = field(default_factory=list)
    exempt: set[int] = field(default_factory=set)
    deferrals: dict[int, list[Deferral]] = field(default_factory=lambda: defaultdict(list))


NOTHING = _Known()


def settle(duties: Iterable[Duty], *, at: datetime, because: Relief | None = None) -> int:
    """End those of ``duties`` whose officer is exempt, and write the due date of the others; return how many changed.

    Call it in the transaction of whatever changed: a reason added or ended, a relief approved or ended. It looks at
    open duties only, and doing it again changes nothing. ``because`` is kept beside a date that moved.
    """
    changed = 0
    for piece in _pieces(duties):
        with transaction.atomic():
            changed += _settle([duty.pk for duty in piece], at=at, because=because)
    return changed


def settle_opened(duties: Iterable[Duty], *, at: datetime) -> int:
    """``settle`` for duties just opened with the date of their only order: looks only at officers with a relief."""
    changed = 0
    for piece in _pieces(duties):
        rows = Relief.objects.standing().filter(officer__in=[duty.officer_id for duty in piece])
        relieved = set(rows.values_list("officer", flat=True))
        changed += settle([duty for duty in piece if duty.officer_id in relieved], at=at)
    return changed


def _pieces(duties: Iterable[Duty]) -> Iterator[list[Duty]]:
    remaining = iter(duties)
    while piece := list(islice(remaining, BATCH)):
        yield piece


@dataclass(frozen=True)
class _Row:
    """What must be known of an open duty; a thousand models would cost more than the dates."""

    pk: int
    officer: int
    course: int
    due_at: datetime
    valid_from: datetime


def _settle(pks: list[int], *, at: datetime, because: Relief | None) -> int:
    # Lock first: whoever comes second sees the reason or the relief that the first one wrote.
    locked = Duty.objects.open().filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    duties = [_Row(*row) for row in locked.values_list("pk", "officer", "course", "due_at", "valid_from")]
    known = _reliefs({duty.officer for duty in duties}, at=at)
    asks = _asks(duties)
    exempt: list[int] = []
    moved: dict[datetime, list[_Row]] = defaultdict(list)
    for duty in duties:
        mine = known.get(duty.officer, NOTHING)
        if duty.course in mine.exempt:
            exempt.append(duty.pk)
            continue
        due_at = due_date(asks[duty.pk], deferrals=mine.deferrals.get(duty.pk, ()), pauses=mine.pauses, at=at)
        if due_at != duty.due_at:
            moved[due_at].append(duty)
    if exempt:
        Duty.objects.filter(pk__in=exempt).update(valid_to=at, ended_as=DutyEnd.EXEMPT)
    for due_at, rows in moved.items():
        Duty.objects.filter(pk__in=[duty.pk for duty in rows]).update(due_at=due_at)
    DueChange.objects.bulk_create(
        DueChange(duty_id=duty.pk, before=duty.due_at, after=due_at, relief=because, recorded_at=at)
        for due_at, rows in moved.items()
        for duty in rows
    )
    return len(exempt) + sum(map(len, moved.values()))


def _reliefs(officers: set[int], *, at: datetime) -> dict[int, _Known]:
    known: dict[int, _Known] = defaultdict(_Known)
    for relief in Relief.objects.of_officers(officers):
        mine = known[relief.officer_id]
        if relief.kind == ReliefKind.PAUSE:
            mine.pauses.append(relief.span)
        elif relief.kind == ReliefKind.DEFERRAL:
            mine.deferrals[relief.duty_id].append(Deferral(relief.ends_at, relief.recorded_at))
        elif relief.starts_at <= at and not relief.is_over(at=at):
            mine.exempt.add(relief.course_id)
    return known


def _asks(duties: list[_Row]) -> dict[int, list[Ask]]:
    asks: dict[int, list[Ask]] = defaultdict(list)
    standing = DutyReason.objects.filter(duty__in=[duty.pk for duty in duties], ended_at=None)
    for duty, due_at, added_at in standing.values_list("duty", "due_at", "added_at"):
        asks[duty].append(Ask(due_at, added_at))
    unasked = [duty for duty in duties if duty.pk not in asks]
    if unasked:
        # Nothing asks for it by an order: the date it was written with.
        first: dict[int, datetime] = {}
        changes = DueChange.objects.filter(duty__in=[duty.pk for duty in unasked]).order_by("pk")
        for pk, before in changes.values_list("duty", "before"):
            first.setdefault(pk, before)
        for row in unasked:
            asks[row.pk] = [Ask(first.get(row.pk, row.due_at), row.valid_from)]
    return asks
