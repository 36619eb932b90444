"""The date of every duty comes from here: what asks for it, what was agreed, and the days the clock stood still."""

from collections import defaultdict
from collections.abc import Iterable
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


def settle(duties: Iterable[Duty], *, at: datetime, because: Relief | None = None) -> int:
    """End those of ``duties`` whose officer is exempt, and write the due date of the others; return how many changed.

    Call it in the transaction of whatever changed: a reason added or ended, a relief approved or ended. It looks at
    open duties only, and doing it again changes nothing. ``because`` is kept beside a date that moved.
    """
    remaining = iter([duty.pk for duty in duties])
    changed = 0
    while piece := list(islice(remaining, BATCH)):
        with transaction.atomic():
            changed += _settle(piece, at=at, because=because)
    return changed


def _settle(pks: list[int], *, at: datetime, because: Relief | None) -> int:
    # Lock first: whoever comes second sees the reason or the relief that the first one wrote.
    duties = list(Duty.objects.open().filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)))
    known = _reliefs({duty.officer_id for duty in duties}, at=at)
    asks = _asks(duties)
    exempt = [duty.pk for duty in duties if duty.course_id in known[duty.officer_id].exempt]
    moved: dict[datetime, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.course_id in known[duty.officer_id].exempt:
            continue
        mine = known[duty.officer_id]
        due_at = due_date(asks[duty.pk], deferrals=mine.deferrals[duty.pk], pauses=mine.pauses, at=at)
        if due_at != duty.due_at:
            moved[due_at].append(duty)
    if exempt:
        Duty.objects.filter(pk__in=exempt).update(valid_to=at, ended_as=DutyEnd.EXEMPT)
    for due_at, rows in moved.items():
        Duty.objects.filter(pk__in=[duty.pk for duty in rows]).update(due_at=due_at)
    DueChange.objects.bulk_create(
        DueChange(duty=duty, before=duty.due_at, after=due_at, relief=because, recorded_at=at)
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


def _asks(duties: list[Duty]) -> dict[int, list[Ask]]:
    asks: dict[int, list[Ask]] = defaultdict(list)
    standing = DutyReason.objects.filter(duty__in=duties, ended_at=None)
    for duty, due_at, added_at in standing.values_list("duty", "assignment__due_at", "added_at"):
        asks[duty].append(Ask(due_at, added_at))
    unasked = [duty for duty in duties if duty.pk not in asks]
    if unasked:
        # Nothing asks for it by an order: the date it was written with.
        first: dict[int, datetime] = {}
        for duty, before in DueChange.objects.filter(duty__in=unasked).order_by("pk").values_list("duty", "before"):
            first.setdefault(duty, before)
        for row in unasked:
            asks[row.pk] = [Ask(first.get(row.pk, row.due_at), row.valid_from)]
    return asks
