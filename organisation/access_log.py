"""Who looked at or changed the record of an officer: the audit trail read from the officer's side."""

from django.db.models import Q, QuerySet

from foundation.models import AuditEvent

from .models import PATH_STEP, Officer, Posting

LISTS = ("officers.listed", "officers.exported")


def events_about(officer: Officer) -> QuerySet[AuditEvent]:
    """Events by others about this officer, newest first."""
    return AuditEvent.objects.filter(subject_id=officer.pk).exclude(actor_id=officer.user_id).order_by("-id")


def events_by(officer: Officer) -> QuerySet[AuditEvent]:
    """The officer's own sign-ins and acts on the own record, newest first."""
    return AuditEvent.objects.filter(subject_id=officer.pk, actor_id=officer.user_id).order_by("-id")


def lists_with(officer: Officer, posting: Posting | None) -> QuerySet[AuditEvent]:
    """Lists that others opened or downloaded over the officer's unit or a unit above it.

    A list is one event without names, so this is everybody who could have seen the row.
    """
    if posting is None:
        return AuditEvent.objects.none()
    path = posting.unit.path
    above = [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]
    seen = Q(unit_path__in=[*above, ""], verb__in=LISTS, at__gte=posting.valid_from)
    return AuditEvent.objects.filter(seen).exclude(actor_id=officer.user_id).order_by("-id")
