"""The audit trail: written in the transaction of the act itself, sealed once a day."""

from datetime import datetime

from django.db.models import Model

from .models import AuditEvent


def record(
    *,
    verb: str,
    actor,
    at: datetime,
    obj: Model | None = None,
    subject_id: int | None = None,
    unit_path: str = "",
    detail: dict | None = None,
) -> AuditEvent:
    """Write one event. ``verb`` is ``noun.verb``, e.g. ``assignment.created``; ``subject_id`` the officer concerned.

    ``actor`` is a User, or None for the platform itself (tick, import command). A list that somebody
    looked at is one event without subject. Call it inside the transaction of the change.
    """
    return AuditEvent.objects.create(
        at=at,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "sistem",
        verb=verb,
        subject_id=subject_id,
        object_type=obj._meta.label_lower if obj else "",
        object_id=str(obj.pk) if obj else "",
        unit_path=unit_path,
        detail=detail or {},
    )
