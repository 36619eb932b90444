"""The server's outbox: effects that a committed row asks for, each done once however often it is tried.

Put an entry in the transaction of the row that needs it. The queue is told after the commit; when
the queue forgets (a killed worker), ``sweep`` finds the entry by its due time and lease.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from .due import due
from .models import OutboxEntry

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MAXIMUM_TRIES = 10
Handler = Callable[[dict], None]
_handlers: dict[str, Handler] = {}


class NotYet(Exception):
    """Raised by a handler whose effect must wait, such as a mail in quiet hours: no failure, and no try is used up."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M %Z}")
        self.until = until


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of ``kind``. It gets the payload, must be idempotent and opens its own transactions."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def put(*, kind: str, key: str, payload: dict, at: datetime) -> OutboxEntry:
    """Ask for an effect once per (kind, key). Call it inside the transaction of the row that needs it."""
    entry, created = OutboxEntry.objects.get_or_create(
        kind=kind, key=key, defaults={"payload": payload, "created_at": at, "due_at": at}
    )
    if created:
        transaction.on_commit(partial(deliver.enqueue, entry.pk))
    return entry


def put_many(*, kind: str, payloads: Mapping[str, dict], at: datetime) -> None:
    """Ask for many effects at once, key → payload; ``sweep`` queues them in its own measure, minute by minute."""
    OutboxEntry.objects.bulk_create(
        [
            OutboxEntry(kind=kind, key=key, payload=payload, created_at=at, due_at=at)
            for key, payload in payloads.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


@task()
def deliver(entry_id: int) -> None:
    """Do the effect of one entry unless it is done or somebody holds its lease."""
    now = timezone.now()
    claimed = (
        OutboxEntry.objects.filter(pk=entry_id, done_at=None)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .update(leased_until=now + LEASE, tries=F("tries") + 1)
    )
    if not claimed:
        return
    entry = OutboxEntry.objects.get(pk=entry_id)
    try:
        _handlers[entry.kind](entry.payload)
    except NotYet as wait:
        OutboxEntry.objects.filter(pk=entry_id).update(leased_until=None, due_at=wait.until, tries=F("tries") - 1)
    except Exception as error:
        # Any failure of a handler is a failure of the effect: keep the entry, say why, try later.
        logger.exception("outbox %s %s failed", entry.kind, entry.pk)
        OutboxEntry.objects.filter(pk=entry_id).update(
            last_error=f"{type(error).__name__}: {error}"[:500],
            leased_until=None,
            due_at=timezone.now() + timedelta(minutes=2**entry.tries),
        )
    else:
        OutboxEntry.objects.filter(pk=entry_id).update(done_at=timezone.now(), leased_until=None, last_error="")


@due("outbox")
def sweep(*, at: datetime) -> int:
    """Queue again what is due, not done and not held by a living lease."""
    forgotten = list(
        OutboxEntry.objects.filter(done_at=None, due_at__lte=at, tries__lt=MAXIMUM_TRIES)
        .filter(Q(leased_until=None) | Q(leased_until__lte=at))
        .order_by("due_at")
        .values_list("pk", flat=True)[:500]
    )
    # Look again only after a lease: a queue that is behind must not get the same entry every minute.
    OutboxEntry.objects.filter(pk__in=forgotten, done_at=None).update(due_at=at + LEASE)
    for pk in forgotten:
        deliver.enqueue(pk)
    return len(forgotten)


def given_up(*, at: datetime) -> QuerySet[OutboxEntry]:
    """What failed ``MAXIMUM_TRIES`` times, the last try not under way: somebody must mend the cause first."""
    entries = OutboxEntry.objects.filter(done_at=None, tries__gte=MAXIMUM_TRIES)
    return entries.filter(Q(leased_until=None) | Q(leased_until__lte=at))


def try_again(entries: QuerySet[OutboxEntry], *, at: datetime) -> int:
    """Let ``sweep`` try ``entries`` anew, as if they were asked for now; return how many."""
    return entries.update(tries=0, due_at=at)
