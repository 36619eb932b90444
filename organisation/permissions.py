"""Who may see and do what with units, officers, postings and grants: dated role × unit subtree."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Officer, Posting, Role, RoleGrant, Unit

READS_PEOPLE = (Role.SDM, Role.HEAD, Role.ADMINISTRATOR)
READS_LEARNING = (Role.SDM, Role.HEAD)
MANAGES_PEOPLE = (Role.SDM, Role.ADMINISTRATOR)
MANAGES_UNITS = (Role.SDM, Role.ADMINISTRATOR)
ASSIGNS = (Role.SDM,)
APPROVES = (Role.SDM, Role.HEAD)
GRANTS_ROLES = (Role.ADMINISTRATOR,)
STAFF = (Role.SDM, Role.TRAINER, Role.REVIEWER, Role.ADMINISTRATOR)


def grants_of(actor, roles: Iterable[Role], *, at: datetime) -> QuerySet[RoleGrant]:
    """The grants of ``roles`` that ``actor`` holds at ``at``; none for a visitor or a disabled account."""
    if not (actor.is_authenticated and actor.is_active):
        return RoleGrant.objects.none()
    return RoleGrant.objects.in_force(at=at).filter(user=actor, role__in=roles).select_related("unit")


def has_role(actor, roles: Iterable[Role], *, at: datetime) -> bool:
    return grants_of(actor, roles, at=at).exists()


def subtree_scope(actor, roles: Iterable[Role], *, at: datetime, prefix: str = "unit__") -> Q:
    """A condition for rows whose unit lies below one that ``actor`` holds a role over; matches nothing without one."""
    scope = Q(pk__in=[])
    for grant in grants_of(actor, roles, at=at):
        scope |= grant.unit.subtree_of(prefix)
    return scope


def units_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_PEOPLE) -> QuerySet[Unit]:
    """Units in the subtrees granted to ``actor``."""
    return Unit.objects.filter(subtree_scope(actor, roles, at=at, prefix=""))


def postings_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_PEOPLE) -> QuerySet[Posting]:
    """Postings in force at ``at`` in the subtrees granted to ``actor``: one row per officer."""
    return Posting.objects.in_force(at=at).filter(subtree_scope(actor, roles, at=at))


def officers_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_PEOPLE) -> QuerySet[Officer]:
    """Officers posted at ``at`` below the units granted to ``actor``."""
    return Officer.objects.filter(posting__in=postings_for_actor(actor, at=at, roles=roles))


def grants_for_actor(actor, *, at: datetime) -> QuerySet[RoleGrant]:
    """Grants over units that ``actor`` may hand out roles for."""
    return RoleGrant.objects.filter(subtree_scope(actor, GRANTS_ROLES, at=at))
