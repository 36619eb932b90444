"""The audit trail as people read it: acts in words, officers and units by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from foundation.audit_words import verb_in_words
from foundation.models import AuditEvent

from .deputies import Named, capacities, signed
from .models import Officer, Unit

CHUNK = 500
# What an event notes besides; what has no word here is for whoever reads the rows themselves.
DETAILS = {
    "reason": "alasan",
    "order_number": "nomor perintah",
    "course": "pelatihan",
    "quiz": "kuis",
    "name": "nama",
    "number": "percobaan",
    "cycle": "siklus",
    "role": "peran",
    "until": "sampai",
    "from": "dari",
    "to": "menjadi",
    "old_grade": "nilai lama",
    "grade": "nilai",
    "officers": "personel",
    "new_duties": "kewajiban baru",
    "ended_duties": "kewajiban berakhir",
    "title": "berkas",
    "rows": "baris",
    "count": "jumlah",
    "version": "versi",
    "format": "format",
    "asked_by": "diminta oleh",
}


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
    capacity = capacities(event.actor_id for event in events)
    for event in events:
        officer = officers.get(event.subject_id)
        yield Act(
            pk=event.pk,
            at=event.at,
            who=_signed(event, officer, capacity),
            did=verb_in_words(event.verb),
            about=officer.full_name if officer else "",
            number=officer.number if officer else "",
            unit=units.get(event.unit_path, ""),
            detail=_words(event.detail),
        )


def _signed(event: AuditEvent, about: Officer | None, capacity: Named) -> str:
    """Who did it; with the deputy's capacity unless they did it about themselves."""
    if about and about.user_id == event.actor_id:
        return event.actor_name
    return signed(event.actor_name, capacity(event.actor_id, event.at, event.unit_path))


def _words(detail: dict[str, Any]) -> str:
    known = ((DETAILS[name], detail[name]) for name in DETAILS if detail.get(name) not in (None, "", [], {}))
    return "; ".join(f"{word}: {_text(value)}" for word, value in known)


def _text(value: Any) -> str:
    """A posting's facts come as a dict of text."""
    return ", ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)
