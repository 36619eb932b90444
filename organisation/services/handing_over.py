"""The verbs of handing over: name a deputy for a time, hand a role over for good, and take either back.

Nobody gives more than they hold: the same role over the same unit, within the same days, and only what is held
definitively; what a deputy holds goes no further.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from foundation import audit
from foundation.due import due
from foundation.formats import date_medium

from ..exceptions import GrantRefused
from ..models import DEPUTIES, Capacity, Handover, Role, RoleGrant, User
from ..permissions import HANDS_OVER, may_follow
from .accounts import end_grant, grant_role
from .officers import starts_on

LONGEST = timedelta(days=184)
FARTHEST = timedelta(days=92)
Mover = Callable[..., int]
# What somebody had begun and another goes on with: label → mover(giver, receiver, role=…, at=…), how many it moved.
_movers: dict[str, Mover] = {}
Counter = Callable[..., int]
_counters: dict[str, Counter] = {}


def hands_over(label: str, *, count: Counter) -> Callable[[Mover], Mover]:
    """Register what of a person's work moves with a role, and how to count it: ``count(giver, role=…)``."""

    def register(mover: Mover) -> Mover:
        _movers[label], _counters[label] = mover, count
        return mover

    return register


def open_tasks(grant: RoleGrant) -> list[tuple[str, int]]:
    """What would move with ``grant``, and how much of it."""
    counted = ((label, count(grant.user, role=grant.role)) for label, count in _counters.items())
    return [(label, found) for label, found in counted if found]


@transaction.atomic
def name_deputy(
    *,
    grant: RoleGrant,
    deputy: User,
    capacity: Capacity,
    first: date,
    last: date,
    order_number: str,
    with_tasks: bool,
    actor: User,
    at: datetime,
) -> Handover:
    """Let ``deputy`` hold what ``grant`` holds from ``first`` to ``last``, both included. Raises GrantRefused."""
    grant = _held(grant, actor=actor, at=at)
    if capacity not in DEPUTIES:
        raise GrantRefused("Pilih Plt. atau Plh.")
    starts, ends = _starts(first, grant, at=at), starts_on(last + timedelta(days=1), unit=grant.unit, at=at)
    if ends <= starts:
        raise GrantRefused("Hari terakhir tidak boleh sebelum hari pertama.")
    if ends - starts > LONGEST:
        raise GrantRefused("Paling lama enam bulan. Untuk lebih lama, minta administrator memberi perannya.")
    if grant.valid_to and ends > grant.valid_to:
        until = date_medium(grant.valid_to - timedelta(seconds=1), grant.unit.zone)
        raise GrantRefused(f"Peran Anda sendiri hanya sampai {until}. Pilih hari terakhir pada atau sebelum itu.")
    return _give(
        grant,
        deputy,
        starts=starts,
        ends=ends,
        capacity=capacity,
        order_number=order_number,
        with_tasks=with_tasks,
        actor=actor,
        at=at,
    )


@transaction.atomic
def hand_over(
    *,
    grant: RoleGrant,
    successor: User,
    first: date,
    order_number: str,
    with_tasks: bool,
    actor: User,
    at: datetime,
) -> Handover:
    """Let ``successor`` hold what ``grant`` holds from ``first`` on, in its stead. Raises GrantRefused.

    Deputies named by the giver end with it.
    """
    grant = _held(grant, actor=actor, at=at)
    if not order_number.strip():
        raise GrantRefused("Tulis nomor Sprin atau keputusan serah terimanya.")
    starts = _starts(first, grant, at=at)
    # First, so that a deputy may be the one who follows.
    for deputy in grant.deputies.filter(valid_to__gt=starts):
        if deputy.valid_from >= starts:
            end_grant(grant=deputy, actor=actor, at=at)
        else:
            RoleGrant.objects.filter(pk=deputy.pk).update(valid_to=starts)
    handover = _give(
        grant,
        successor,
        starts=starts,
        ends=grant.valid_to,
        capacity=Capacity.DEFINITIVE,
        order_number=order_number,
        with_tasks=with_tasks,
        actor=actor,
        at=at,
    )
    RoleGrant.objects.filter(pk=grant.pk).update(valid_to=starts)
    audit.record(
        verb="role.handed_over",
        actor=actor,
        at=at,
        obj=grant,
        subject_id=grant.user.officer_pk,
        unit_path=grant.unit.path,
        detail={"role": grant.title, "name": successor.name, "from": starts, "order_number": order_number.strip()},
    )
    return handover


def _held(grant: RoleGrant, *, actor: User, at: datetime) -> RoleGrant:
    """The locked grant, if it is the actor's own, definitive and in force."""
    # Lock first: two handovers must not both give it away.
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=grant.pk)
    in_force = RoleGrant.objects.in_force(at=at).filter(pk=grant.pk).exists()
    if grant.user_id != actor.pk or not in_force or grant.role not in HANDS_OVER:
        raise GrantRefused("Anda tidak memegang peran ini.")
    if grant.is_deputy:
        raise GrantRefused("Peran sebagai Plt. atau Plh. tidak dapat diserahkan lagi. Hubungi pejabat definitif.")
    if grant.handed_over.filter(cancelled_at=None, given__capacity=Capacity.DEFINITIVE).exists():
        raise GrantRefused("Peran ini sudah diserahkan. Batalkan dahulu serah terima itu.")
    return grant


def _starts(first: date, grant: RoleGrant, *, at: datetime) -> datetime:
    starts = starts_on(first, unit=grant.unit, at=at)
    if starts < at:
        raise GrantRefused("Hari pertama sudah lewat. Pilih hari ini atau sesudahnya.")
    if starts > at + FARTHEST:
        raise GrantRefused("Hari pertama paling jauh tiga bulan lagi.")
    if grant.valid_to and starts >= grant.valid_to:
        raise GrantRefused("Peran Anda sendiri sudah berakhir pada hari itu.")
    return starts


def _give(
    grant: RoleGrant,
    receiver: User,
    *,
    starts: datetime,
    ends: datetime | None,
    capacity: Capacity,
    order_number: str,
    with_tasks: bool,
    actor: User,
    at: datetime,
) -> Handover:
    if not may_follow(grant, receiver, at=at):
        raise GrantRefused("Penerima harus personel lain yang bertugas di satuan itu atau jajarannya.")
    given = grant_role(
        user=receiver,
        role=Role(grant.role),
        unit=grant.unit,
        reason=f"Diserahkan oleh {grant.user.name}"[:200],
        actor=actor,
        at=at,
        valid_from=starts,
        valid_to=ends,
        capacity=capacity,
        order_number=order_number,
        deputises=grant if capacity in DEPUTIES else None,
    )
    handover = Handover.objects.create(grant=grant, given=given, moves_tasks=with_tasks, recorded_at=at)
    if starts <= at:
        _move_tasks(handover, at=at)
    return handover


@transaction.atomic
def cancel_handover(*, handover: Handover, actor: User, at: datetime) -> None:
    """Take back what one handed over: a deputy at any time, a handover for good until it begins."""
    handover = (
        Handover.objects.select_for_update(of=("self",)).select_related("grant__user", "given").get(pk=handover.pk)
    )
    given, grant = handover.given, handover.grant
    if grant.user_id != actor.pk or handover.cancelled_at:
        raise GrantRefused("Serah terima ini bukan milik Anda, atau sudah dibatalkan.")
    if not given.is_deputy and given.valid_from <= at:
        raise GrantRefused("Serah terima ini sudah berlaku. Minta administrator bila keliru.")
    if not given.is_deputy:
        # Unless the giver's own role ended meanwhile, as with a move elsewhere.
        RoleGrant.objects.filter(pk=grant.pk, valid_to=given.valid_from).update(valid_to=given.valid_to)
    end_grant(grant=given, actor=actor, at=at)
    Handover.objects.filter(pk=handover.pk).update(cancelled_at=at)


@due("handovers")
def move_tasks(*, at: datetime) -> int:
    """Move what goes with a role whose day has come; return how much."""
    come = Handover.objects.filter(
        Q(given__valid_to=None) | Q(given__valid_to__gt=at),
        moves_tasks=True,
        moved_at=None,
        cancelled_at=None,
        given__valid_from__lte=at,
    )
    return sum(_move_tasks(handover, at=at) for handover in come.select_related("grant__user", "given__user"))


def _move_tasks(handover: Handover, *, at: datetime) -> int:
    if not handover.moves_tasks:
        return 0
    with transaction.atomic():
        # The first one takes the row; a second tick finds it taken.
        if not Handover.objects.filter(pk=handover.pk, moved_at=None).update(moved_at=at):
            return 0
        grant = handover.grant
        moved = sum(mover(grant.user, handover.given.user, role=grant.role, at=at) for mover in _movers.values())
    return moved
