"""Answers go after their time (TRUST.md §7); grade, fractions and completion stay, and the attempt says when."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from foundation import audit, retention, triggers
from quizzes.kinds import NO_ANSWER
from quizzes.models import (
    Attempt,
    AttemptEvent,
    Dispute,
    DisputeAnswer,
    LateAnswer,
    LateDecision,
    Mark,
    MarkingTask,
    Response,
    Ruling,
)

BATCH = 500
# What was said about answers, in the order in which rows point to each other, with the way to the attempt.
SAID = (
    (AttemptEvent, "attempt"),
    (Mark, "task__attempt"),
    (MarkingTask, "attempt"),
    (DisputeAnswer, "dispute__attempt"),
    (Dispute, "attempt"),
    (Ruling, "response__attempt"),
    (LateDecision, "late__response__attempt"),
    (LateAnswer, "response__attempt"),
)
WRITTEN_ONCE = [model for model, _way in SAID if model not in (MarkingTask, LateAnswer)]


@retention.removes("answers")
def purge_answers(*, at: datetime, dry_run: bool = False) -> int:
    """Remove the answers of attempts that ended before the period, with all that was said about them; count attempts.

    An attempt that still waits for a marker keeps them.
    """
    before = at - timedelta(days=settings.ANSWER_RETENTION_DAYS)
    due = Attempt.objects.filter(submitted_at__lt=before, graded_at__isnull=False, answers_purged_at=None)
    if dry_run:
        return due.count()
    purged = 0
    while batch := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with triggers.lifted(connection, *(model._meta.db_table for model in WRITTEN_ONCE)):
            for model, way in SAID:
                model._default_manager.filter(**{f"{way}__in": batch}).delete()
            Response.objects.filter(attempt__in=batch).update(answer=NO_ANSWER)
            Attempt.objects.filter(pk__in=batch).update(answers_purged_at=at, news="")
            audit.record(verb="answers.purged", actor=None, at=at, detail={"attempts": len(batch)})
        purged += len(batch)
    return purged
