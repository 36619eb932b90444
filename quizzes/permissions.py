"""Who may open an attempt, and who may bend the rules of a quiz for whom."""

from datetime import datetime

from django.db.models import QuerySet

from organisation.models import Officer, Role
from organisation.permissions import ASSIGNS, officers_for_actor, subtree_scope

from .models import Accommodation, Attempt, Outage, RedoOrder

GRANTS_ATTEMPTS = (Role.SDM,)
ACCOMMODATES = (Role.SDM,)
RECORDS_OUTAGES = (Role.SDM,)
ORDERS_REDO = ASSIGNS
# Content knows no units: who writes it asks, and SDM decides for the own people.
ASKS_REDO = (Role.TRAINER, Role.REVIEWER)


def attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts that ``actor`` may open: only the own ones, whatever the role."""
    if not actor.is_authenticated:
        return Attempt.objects.none()
    return Attempt.objects.filter(enrolment__officer__user=actor)


def used_up_attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """The last attempts of officers in the scope of ``actor`` who have none left and did not pass; never the own."""
    officers = officers_for_actor(actor, at=at, roles=GRANTS_ATTEMPTS).exclude(user=actor)
    return Attempt.objects.used_up().filter(enrolment__officer__in=officers, enrolment__completed_at=None)


def officers_to_accommodate(actor, *, at: datetime) -> QuerySet[Officer]:
    """Officers below for whom ``actor`` may ask for an accommodation; nobody asks for themselves."""
    return officers_for_actor(actor, at=at, roles=ACCOMMODATES).exclude(user=actor)


def accommodations_for_actor(actor, *, at: datetime) -> QuerySet[Accommodation]:
    """Accommodations of officers in the scope of ``actor``."""
    return Accommodation.objects.filter(officer__in=officers_for_actor(actor, at=at, roles=ACCOMMODATES))


def outages_for_actor(actor, *, at: datetime) -> QuerySet[Outage]:
    """Outages of units in the subtrees granted to ``actor``."""
    return Outage.objects.filter(subtree_scope(actor, RECORDS_OUTAGES, at=at))


def redo_orders_for_actor(actor, *, at: datetime) -> QuerySet[RedoOrder]:
    """Orders over units in the subtrees that ``actor`` assigns in."""
    return RedoOrder.objects.filter(subtree_scope(actor, ORDERS_REDO, at=at))
