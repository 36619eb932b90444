"""The audit trail as people read it: acts in words, officers and units by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from foundation.audit_words import verb_in_words
from foundation.models import AuditEvent

from .models import Officer, Unit

CHUNK = 500


@dataclass(frozen=True)
class Act:
    """One event; ``about`` is the officer concerned, ``unit`` the unit, both empty where there is none."""

    pk: int
    at: datetime
    who: str
    did: str
    about: str
    number: str
    unit: str
    detail: str


def acts(events: Iterable[AuditEvent]) -> Iterator[Act]:
    """Read names in batches, so that a long export holds little."""
    rows = iter(events)
    while batch := list(islice(rows, CHUNK)):
        yield from _named(batch)


def _named(events: Sequence[AuditEvent]) -> Iterator[Act]:
    officers = Officer.objects.in_bulk({event.subject_id for event in events if event.subject_id})
    units = dict(
        Unit.objects.filter(path__in={event.unit_path for event in events if event.unit_path}).values_list(
            "path", "short_name"
        )
    )
    for event in events:
        officer = officers.get(event.subject_id)
        yield Act(
            pk=event.pk,
            at=event.at,
            who=event.actor_name,
            did=verb_in_words(event.verb),
            about=officer.full_name if officer else "",
            number=officer.number if officer else "",
            unit=units.get(event.unit_path, ""),
            detail=_words(event.detail),
        )


def _words(detail: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in detail.items() if value not in (None, "", [], {}))
