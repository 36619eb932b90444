"""The audit trail: written in the transaction of the act itself, sealed once a day."""

from collections.abc import Iterable
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
    made = event(verb=verb, actor=actor, at=at, obj=obj, subject_id=subject_id, unit_path=unit_path, detail=detail)
    made.save()
    return made


def event(
    *,
    verb: str,
    actor,
    at: datetime,
    obj: Model | None = None,
    subject_id: int | None = None,
    unit_path: str = "",
    detail: dict | None = None,
) -> AuditEvent:
    """Make an event for ``record_many``; nothing is written yet."""
    return AuditEvent(
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


def record_many(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Write the events of a bulk act, e.g. an import, in its transaction."""
    return AuditEvent.objects.bulk_create(events, batch_size=500)
