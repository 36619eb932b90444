"""The chain over the audit: each finished day's events are hashed together with the seal before.

A day ends at midnight UTC and is sealed an hour later, when no transaction of that day still runs. A seal
covers a range of event ids, so an event that says an older day (imported history) falls to the next seal.
Whoever changes an event, a seal or their number must forge every later seal too; the newest hash is
logged, and printed by ``audit_check``, so that it can be kept where this database cannot reach.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Min

from . import audit, triggers
from .due import due
from .models import AuditEvent, AuditSeal

logger = logging.getLogger(__name__)

MARGIN = timedelta(hours=1)
BEGINNING = "0" * 64
REMOVED = "audit.removed"
FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "verb",
    "subject_id",
    "object_type",
    "object_id",
    "unit_path",
    "detail",
)


@dataclass(frozen=True)
class ChainReport:
    """``problems`` name the day and what is wrong with it; empty when the chain holds."""

    seals: int
    head: str
    unsealed: int
    problems: list[str]


@due("audit-seal")
def seal_finished_days(*, at: datetime) -> int:
    """Seal each day that is over and not sealed yet; return how many."""
    last_finished = (at - MARGIN).astimezone(UTC).date() - timedelta(days=1)
    newest = AuditSeal.objects.last()
    if newest:
        day = newest.day + timedelta(days=1)
    else:
        oldest = AuditEvent.objects.aggregate(at=Min("at"))["at"]
        if oldest is None:
            return 0
        day = oldest.astimezone(UTC).date()
    sealed = 0
    while day <= last_finished:
        try:
            newest = _seal(day, after=newest, at=at)
        except IntegrityError:
            # Another machine's tick sealed this day first.
            return sealed
        logger.info("audit sealed to %s, head %s", newest.day, newest.hash)
        day += timedelta(days=1)
        sealed += 1
    return sealed


@transaction.atomic
def _seal(day: date, *, after: AuditSeal | None, at: datetime) -> AuditSeal:
    covered = AuditEvent.objects.filter(at__lt=_end_of(day), id__gt=_covered_to(after))
    span = covered.aggregate(first=Min("id"), last=Max("id"))
    events = AuditEvent.objects.filter(id__range=(span["first"], span["last"])) if span["last"] else covered.none()
    previous = after.hash if after else BEGINNING
    digest, count = _digest(day, previous, _rows(events))
    return AuditSeal.objects.create(
        day=day,
        # An empty day points where the next one begins, so that the ranges touch without a gap.
        first_id=span["first"],
        last_id=span["last"] or _covered_to(after),
        event_count=count,
        previous_hash=previous,
        hash=digest,
        sealed_at=at,
    )


def _covered_to(seal: AuditSeal | None) -> int:
    return seal.last_id or 0 if seal else 0


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _rows(events) -> Iterator[tuple]:
    return events.order_by("id").values_list(*FIELDS).iterator(chunk_size=2000)


def _digest(day: date, previous: str, rows: Iterable[tuple]) -> tuple[str, int]:
    chain = hashlib.sha256(f"{previous}\n{day.isoformat()}\n".encode())
    count = 0
    for row in rows:
        event = dict(zip(FIELDS, row, strict=True))
        event["at"] = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
        chain.update(text.encode() + b"\n")
        count += 1
    return chain.hexdigest(), count


def check_chain() -> ChainReport:
    """Recompute every seal and compare; days removed by retention keep only their place in the chain."""
    problems: list[str] = []
    removed_to = _removed_to()
    previous: AuditSeal | None = None
    count = 0
    for seal in AuditSeal.objects.order_by("day").iterator():
        count += 1
        if seal.previous_hash != (previous.hash if previous else BEGINNING):
            problems.append(f"{seal.day}: segel tidak menyambung dengan segel sebelumnya")
        if previous and seal.day != previous.day + timedelta(days=1):
            problems.append(f"{seal.day}: segel hari sebelumnya hilang")
        events = AuditEvent.objects.filter(id__gt=_covered_to(previous), id__lte=_covered_to(seal))
        digest, found = _digest(seal.day, seal.previous_hash, _rows(events))
        is_removed = removed_to is not None and seal.day <= removed_to and found == 0
        if not is_removed:
            if found != seal.event_count:
                problems.append(f"{seal.day}: {seal.event_count} peristiwa disegel, {found} ditemukan")
            elif digest != seal.hash:
                problems.append(f"{seal.day}: isi peristiwa tidak sama dengan segelnya")
        previous = seal
    unsealed = AuditEvent.objects.filter(id__gt=_covered_to(previous)).count()
    return ChainReport(count, previous.hash if previous else BEGINNING, unsealed, problems)


# --- retention --------------------------------------------------------------


def _removed_to() -> date | None:
    """The last day whose events retention removed; every removal begins at the oldest day, so one date says all."""
    event = AuditEvent.objects.filter(verb=REMOVED).order_by("id").last()
    return date.fromisoformat(event.detail["to"]) if event else None


def remove_sealed_days(*, before: datetime, at: datetime, dry_run: bool = False) -> int:
    """Remove the events of whole sealed days that ended before ``before`` and keep their seals; return the events.

    The removal is an event of its own, without which ``check_chain`` would call the days broken.
    """
    last: AuditSeal | None = None
    for seal in AuditSeal.objects.filter(day__lt=before.astimezone(UTC).date()).order_by("day"):
        # A seal may cover a few later events; a day goes only when all of its range is old enough.
        if AuditEvent.objects.filter(id__lte=_covered_to(seal), at__gte=before).exists():
            break
        last = seal
    removed_to = _removed_to()
    if last is None or (removed_to and last.day <= removed_to):
        return 0
    old = AuditEvent.objects.filter(id__lte=_covered_to(last))
    if dry_run:
        return old.count()
    with triggers.lifted(connection, AuditEvent._meta.db_table):
        removed, _by_model = old.delete()
        audit.record(
            verb=REMOVED,
            actor=None,
            at=at,
            detail={"to": last.day.isoformat(), "events": removed, "head": last.hash},
        )
    return removed
