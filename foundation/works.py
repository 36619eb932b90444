"""Much to do, done by a worker chunk by chunk, whoever is killed in between.

A room has rows of a ``foundation.models.Work`` and a function that does the next chunk of one and says whether there
is more. The chunk's own transaction moves the cursor on; that is guard and progress in one, so two workers at once
deal with nobody twice.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from . import outbox

# Below the lease of the outbox: a run that takes longer is put down and taken up again.
LONGEST_RUN = timedelta(minutes=4)
# A work that has not moved for so long was given up by the outbox; tick itself moves it on, a little each minute.
STALLED = timedelta(minutes=15)
CHUNKS_OF_A_TICK = 10

# ``step(work=…, at=…)`` does the next chunk and says whether there is more to do.
Step = Callable[..., bool]


def carry_on(step: Step, work: Any) -> None:
    """Do chunks until there are no more, or until others should have their turn. For a handler of the outbox."""
    until = time.monotonic() + LONGEST_RUN.total_seconds()
    while step(work=work, at=timezone.now()):
        if time.monotonic() > until:
            raise outbox.NotYet(timezone.now())


def move_stalled(step: Step, works: QuerySet[Any], *, at: datetime) -> int:
    """Move on what no worker does any more; return with how many rows. For a step of ``tick``."""
    before = after = 0
    for work in works.filter(finished_at=None, moved_at__lte=at - STALLED).order_by("pk"):
        before += work.handled
        for _chunk in range(CHUNKS_OF_A_TICK):
            if not step(work=work, at=at):
                break
        work.refresh_from_db()
        after += work.handled
    return after - before
