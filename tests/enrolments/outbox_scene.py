"""The worker in the stories about what an order tells people."""

from enrolments.services import announcing
from foundation import outbox
from foundation.models import OutboxEntry


def work(*kinds: str) -> list:
    """Do what waits in the outbox; return until when what could not be done yet waits."""
    waits = []
    for kind in kinds or (announcing.ASSIGNED, announcing.TAKEN_BACK):
        for entry in OutboxEntry.objects.filter(kind=kind, done_at=None):
            try:
                outbox._handlers[kind](entry.payload)
            except outbox.NotYet as wait:
                waits.append(wait.until)
    return waits
