"""Where somebody looks: the units granted to them, and the one they opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Length

from foundation.formats import datetime_zone
from organisation.models import PATH_STEP, Posting, Role, Unit, User, Zone
from organisation.permissions import READS_LEARNING, grants_of, postings_for_actor

LEVELS_OFFERED = 2


@dataclass(frozen=True)
class Scope:
    """What ``actor`` may read at ``at``: ``roots``, the highest units granted, and the ``postings`` below them."""

    actor: User
    at: datetime
    roots: list[Unit]
    postings: QuerySet[Posting]

    def units(self) -> QuerySet[Unit]:
        return Unit.objects.below(self.roots)

    def opened(self, unit: Unit | None) -> Unit | None:
        """The unit a page is about: the one asked for, else the only root; None for several roots together."""
        return unit or (self.roots[0] if len(self.roots) == 1 else None)

    def children(self, unit: Unit | None) -> list[Unit]:
        """The units one step below ``unit``; the roots themselves for None."""
        return list(Unit.objects.filter(parent=unit).order_by("level", "name")) if unit else self.roots

    def way_to(self, unit: Unit | None) -> list[Unit]:
        """From the root down to ``unit``, both included; nothing above the root."""
        if unit is None:
            return []
        root = next(root for root in self.roots if root.contains(unit))
        steps = range(len(root.path), len(unit.path), PATH_STEP)
        above = Unit.objects.filter(path__in=[unit.path[:length] for length in steps])
        return [*above.order_by("path"), unit]

    def offered(self, unit: Unit | None) -> list[Unit]:
        """The units a filter offers: the way to ``unit``, and what lies up to two levels below it."""
        units: QuerySet[Unit] = self.units() if unit is None else Unit.objects.below([unit])
        deepest = max((len(start.path) for start in ([unit] if unit else self.roots)), default=0)
        near = units.alias(length=Length("path")).filter(length__lte=deepest + LEVELS_OFFERED * PATH_STEP)
        return [*self.way_to(unit)[:-1], *near.order_by("path")]

    def zone(self, unit: Unit | None) -> str:
        """The clock of the unit looked at."""
        shown = unit or next(iter(self.roots), None)
        return shown.zone if shown else Zone.WIB

    def as_of(self, unit: Unit | None) -> str:
        """``21 November 2026 12.00 WIB``: the moment that the figures describe."""
        return datetime_zone(self.at, self.zone(unit))


def scope_of(actor: User, *, at: datetime, roles: Iterable[Role] = READS_LEARNING) -> Scope:
    """Read once per request what ``actor`` may see through ``roles``."""
    roles = tuple(roles)
    granted = sorted({grant.unit for grant in grants_of(actor, roles, at=at)}, key=lambda unit: unit.path)
    roots = [unit for unit in granted if not any(other is not unit and other.contains(unit) for other in granted)]
    return Scope(actor=actor, at=at, roots=roots, postings=postings_for_actor(actor, at=at, roles=roles))
