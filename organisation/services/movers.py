"""Which roles end when their holder is posted elsewhere: those of the place left behind (decision 0035)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ..models import Capacity, Officer, Posting, Role, RoleGrant, Unit
from ..pieces import pieces
from .accounts import end_grant

NAMED = 5


@dataclass(frozen=True)
class Move:
    """The account of an officer who stands in ``old`` now and in ``new`` from ``starts`` on."""

    user_id: int
    old: Unit
    new: Unit
    starts: datetime


@dataclass(frozen=True)
class RoleEnding:
    """A role that ends with a move, at ``ends``."""

    grant: RoleGrant
    move: Move
    ends: datetime

    @property
    def words(self) -> str:
        """``Staf SDM di Polres Contoh``, and the deputies whose roles end with it."""
        deputies = [deputy for deputy in self.grant.deputies.all() if deputy.valid_to and deputy.valid_to > self.ends]
        also = ", ".join(f"{deputy.title} ({deputy.user.name})" for deputy in deputies)
        return f"{self.grant.title} di {self.grant.unit.short_name}" + (f" beserta {also}" if also else "")


def roles_ending(moves: Iterable[Move], *, at: datetime) -> list[RoleEnding]:
    """The roles that end with ``moves``: over a unit in line with the old one and not with the new one.

    A role that never belonged to the old place stays, and so does that of an administrator without whom nobody would
    administer its unit for good. Nothing is dated back: the move of a past day ends a role at ``at``.
    """
    moved = {move.user_id: move for move in moves if not move.old.is_in_line_with(move.new)}
    found = []
    for some in pieces(moved):
        grants = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), user__in=some)
        related = grants.select_related("unit", "user").prefetch_related("deputies__user")
        for grant in related.order_by("unit__path", "pk"):
            move = moved[grant.user_id]
            ends = max(move.starts, at)
            lasts = grant.valid_to is None or grant.valid_to > ends
            if lasts and grant.unit.is_in_line_with(move.old) and not grant.unit.is_in_line_with(move.new):
                found.append(RoleEnding(grant, move, ends))
    spared = _last_administrators([ending.grant for ending in found], at=at)
    return [ending for ending in found if ending.grant.pk not in spared]


def end_roles(moves: Iterable[Move], *, actor, at: datetime) -> None:
    """End what ``roles_ending`` names, each with an event that says where its holder went."""
    endings = roles_ending(moves, at=at)
    going = {ending.grant.pk for ending in endings}
    for ending in endings:
        # The deputy of somebody who moves too ends with the other's role.
        if ending.grant.deputises_id not in going:
            reason = f"mutasi ke {ending.move.new.short_name}"
            end_grant(grant=ending.grant, actor=actor, at=at, ends=ending.ends, reason=reason)


def told(words: Sequence[str]) -> str:
    """``Peran berakhir: …`` with the first few of ``words``; empty where none ended."""
    if not words:
        return ""
    more = f"; dan {len(words) - NAMED} lagi" if len(words) > NAMED else ""
    return f"Peran berakhir: {'; '.join(words[:NAMED])}{more}."


def standing_elsewhere(grants: Sequence[RoleGrant], *, at: datetime) -> dict[int, str]:
    """Where the holder stands, in words by the id of the grant, where that is neither in, above nor below its unit.

    Who is no officer stands nowhere and is not named.
    """
    places: dict[int, Unit | None] = {}
    for some in pieces({grant.user_id for grant in grants}):
        places |= dict.fromkeys(Officer.objects.filter(user__in=some).values_list("user", flat=True))
        posted = Posting.objects.in_force(at=at).filter(officer__user__in=some).select_related("unit", "officer")
        places |= {posting.officer.user_id: posting.unit for posting in posted}
    words = {}
    for grant in grants:
        if grant.user_id in places:
            place = places[grant.user_id]
            if place is None:
                words[grant.pk] = "tanpa penempatan"
            elif not place.is_in_line_with(grant.unit):
                words[grant.pk] = f"bertugas di {place.short_name}"
    return words


def _last_administrators(ending: Sequence[RoleGrant], *, at: datetime) -> set[int]:
    going = [grant for grant in ending if grant.role == Role.ADMINISTRATOR]
    if not going:
        return set()
    others = RoleGrant.objects.in_force(at=at).filter(
        role=Role.ADMINISTRATOR, capacity=Capacity.DEFINITIVE, valid_to=None, user__is_active=True
    )
    staying = [grant.unit for grant in others.exclude(pk__in=[one.pk for one in going]).select_related("unit")]
    return {grant.pk for grant in going if not any(unit.contains(grant.unit) for unit in staying)}
