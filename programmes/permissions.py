"""Programmes are orders from above: whoever stands below the owner may read them, the owner's level writes them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from organisation.models import PATH_STEP, Role, Unit
from organisation.permissions import has_role, held, subtree_scope

from .models import Activity, Indicator, Period, Programme

MANAGES_PROGRAMMES = (Role.SDM, Role.ADMINISTRATOR)
CENTRAL = (Role.ADMINISTRATOR,)


def programmes_for_actor(actor, *, at: datetime) -> QuerySet[Programme]:
    """Those from above the platform, and those owned by a unit above or below one granted to ``actor``."""
    reach = Q(owner=None) | subtree_scope(actor, Role, at=at, prefix="owner__")
    for grant in held(actor, Role, at=at):
        path = grant.unit.path
        reach |= Q(owner__path__in=[path[:end] for end in range(PATH_STEP, len(path), PATH_STEP)])
    return Programme.objects.filter(reach)


def activities_for_actor(actor, *, at: datetime) -> QuerySet[Activity]:
    """Newest period first."""
    mine = Activity.objects.filter(period__programme__in=programmes_for_actor(actor, at=at))
    return mine.select_related("period__programme").order_by("-period__starts_on", "code")


def programmes_to_manage(actor, *, at: datetime) -> QuerySet[Programme]:
    """Those owned below a unit that ``actor`` is SDM or administrator of; central ones are administrators'."""
    mine = subtree_scope(actor, MANAGES_PROGRAMMES, at=at, prefix="owner__")
    return Programme.objects.filter(mine | Q(owner=None) if has_role(actor, CENTRAL, at=at) else mine)


def periods_to_manage(actor, *, at: datetime) -> QuerySet[Period]:
    return Period.objects.filter(programme__in=programmes_to_manage(actor, at=at))


def activities_to_manage(actor, *, at: datetime) -> QuerySet[Activity]:
    return Activity.objects.filter(period__programme__in=programmes_to_manage(actor, at=at))


def indicators_to_manage(actor, *, at: datetime) -> QuerySet[Indicator]:
    return Indicator.objects.filter(activity__period__programme__in=programmes_to_manage(actor, at=at))


def owners_for_actor(actor, *, at: datetime) -> QuerySet[Unit]:
    """The units in whose name ``actor`` may keep a programme."""
    return Unit.objects.filter(subtree_scope(actor, MANAGES_PROGRAMMES, at=at, prefix="")).in_force(at=at)


def units_for_targets(actor, *, at: datetime) -> QuerySet[Unit]:
    """The units for which ``actor`` may set a target of their own."""
    return owners_for_actor(actor, at=at)
