"""Tasks that a killed worker left behind: freed after their lease, forgotten some time after their end.

The queue is only a hint (foundation/outbox.py holds the truth), so a task may run twice and is tried
at most three times.
"""

from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import QuerySet

from .due import due

LEASE = timedelta(minutes=10)
MAXIMUM_CLAIMS = 3
KEPT = timedelta(days=14)
STRANDED = "foundation.reaper.Stranded"


def is_installed() -> bool:
    """Say whether tasks are kept in the database at all."""
    return apps.is_installed("django_tasks_db")


def stranded(*, at: datetime) -> QuerySet:
    """Tasks that say RUNNING for longer than their lease."""
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.running().filter(started_at__lt=at - LEASE)


@due("task-reaper")
def free_stranded_tasks(*, at: datetime) -> int:
    """Put stranded tasks back in the queue, or among the failed after three claims; return how many."""
    if not is_installed():
        return 0
    from django_tasks_db.models import DBTaskResult

    freed = 0
    for task in stranded(at=at):
        same_claim = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
        if len(task.worker_ids) < MAXIMUM_CLAIMS:
            freed += same_claim.update(status="READY", started_at=None)
        else:
            freed += same_claim.update(status="FAILED", finished_at=at, exception_class_path=STRANDED)
    return freed


@due("task-prune")
def forget_finished_tasks(*, at: datetime) -> int:
    """Remove the records of tasks that ended two weeks ago; return how many."""
    if not is_installed():
        return 0
    from django_tasks_db.models import DBTaskResult

    count, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=at - KEPT).delete()
    return count
