"""Orders too big for the page that gives them or takes them back: asked for here, done by a worker (carrying.py)."""

from datetime import datetime

from enrolments.models import Assignment, OrderWork, WorkKind
from foundation import outbox
from organisation.models import User

# Up to so many people the page itself does the work; it takes about a second.
BIG_ORDER = 2_000
KIND = "order.work"


def is_big(people: int) -> bool:
    return people > BIG_ORDER


def begin_work(*, assignment: Assignment, kind: WorkKind, total: int, actor: User, at: datetime) -> OrderWork:
    """Ask for the work. Call it in the transaction of the order; the caller has the turn of the course."""
    work = OrderWork.objects.create(
        assignment=assignment, kind=kind, total=total, asked_by=actor, created_at=at, moved_at=at
    )
    outbox.put(kind=KIND, key=str(work.uuid), payload={"work": work.pk}, at=at)
    return work


def stop_work(assignment: Assignment, *, at: datetime) -> None:
    """What is not done yet stays undone; the caller has the turn of the course, as every chunk does."""
    OrderWork.objects.filter(assignment=assignment, finished_at=None).update(finished_at=at)
