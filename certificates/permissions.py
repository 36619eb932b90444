"""Who may see certificates, keep letterheads and decide: the owner, and roles over the unit of that day."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from enrolments.models import CourseCompletion
from foundation.models import ApprovalRequest
from organisation.models import Role, Unit
from organisation.permissions import APPROVES, READS_LEARNING, subtree_scope, units_for_actor

from .models import Certificate, CertificateWork, NumberSeries, Ruling, without_certificate

MANAGES_LETTERHEADS = (Role.SDM,)
# The registrar: whoever keeps the unit's letterhead keeps its numbers.
KEEPS_NUMBERS = MANAGES_LETTERHEADS
# Who asks that a certificate be revoked, corrected, issued again or granted, and issues and sends in bulk.
ASKS = (Role.SDM,)


def certificates_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_LEARNING) -> QuerySet[Certificate]:
    """Certificates earned in units of the subtrees granted to ``actor``, by the unit of that day."""
    return Certificate.objects.filter(subtree_scope(actor, roles, at=at, prefix="unit_"))


def rulings_for_actor(actor, *, at: datetime) -> QuerySet[Ruling]:
    """What was decided about certificates earned in units of the subtrees granted to ``actor``."""
    return Ruling.objects.filter(subtree_scope(actor, READS_LEARNING, at=at, prefix="certificate__unit_"))


def uncertified_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_LEARNING) -> QuerySet[CourseCompletion]:
    """Completions without a certificate in units of the subtrees granted to ``actor``, by the unit of that day."""
    return without_certificate(CourseCompletion.objects.filter(subtree_scope(actor, roles, at=at, prefix="unit_")))


def works_for_actor(actor) -> QuerySet[CertificateWork]:
    """What the actor asked to be done; nobody fetches another person's print files."""
    return CertificateWork.objects.filter(asked_by=actor.pk)


def units_read_by(actor, *, at: datetime) -> QuerySet[Unit]:
    """Units whose certificates the actor may read."""
    return units_for_actor(actor, at=at, roles=READS_LEARNING)


def own_certificates(actor) -> QuerySet[Certificate]:
    """What the actor earned."""
    if not actor.is_authenticated:
        return Certificate.objects.none()
    return Certificate.objects.filter(officer__user=actor)


def downloadable_for_actor(actor, *, at: datetime) -> QuerySet[Certificate]:
    """Certificates whose file the actor may fetch: own ones and those of the granted subtrees."""
    if not actor.is_authenticated:
        return Certificate.objects.none()
    return Certificate.objects.filter(
        Q(officer__user=actor) | subtree_scope(actor, READS_LEARNING, at=at, prefix="unit_")
    ).exclude(rendered_at=None)


def units_with_letterhead_for_actor(actor, *, at: datetime) -> QuerySet[Unit]:
    """Units whose letterhead the actor may keep."""
    return units_for_actor(actor, at=at, roles=MANAGES_LETTERHEADS)


def series_for_actor(actor, *, at: datetime, roles: Iterable[Role] = READS_LEARNING) -> QuerySet[NumberSeries]:
    """Number series of units in the granted subtrees; who is issued by a unit further up reads none of its book."""
    return NumberSeries.objects.filter(subtree_scope(actor, roles, at=at)).select_related("unit")


def series_to_keep(actor, *, at: datetime) -> QuerySet[NumberSeries]:
    """Series whose numbers the actor may set aside, cancel and give by hand."""
    return series_for_actor(actor, at=at, roles=KEEPS_NUMBERS)


def approval_requests_for_actor(actor, *, at: datetime) -> QuerySet[ApprovalRequest]:
    """Requests over units in the subtrees that ``actor`` approves in, decided or not."""
    return ApprovalRequest.objects.filter(subtree_scope(actor, APPROVES, at=at, prefix="unit_"))
