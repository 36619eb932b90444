"""The queue of answers that wait for a person: who is in it, and who holds which."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from foundation import audit
from organisation.models import User
from quizzes.exceptions import MarkingRefused
from quizzes.marking import LEASE
from quizzes.models import MarkingClaim, MarkingTask, Response
from quizzes.models.marking import MarkingTaskQuerySet

TAKEN = "Jawaban ini sedang atau sudah dinilai orang lain. Ambil jawaban berikutnya dari antrean."
# Somebody else may take the answer that was just found; after so many of them the queue is busy enough.
MOST_TRIES = 20


def queue_answers(responses: Iterable[Response], *, at: datetime) -> None:
    """Put answers that only a person can mark into the queue; those in it stay where they are."""
    for response in responses:
        MarkingTask.objects.get_or_create(
            response=response,
            dispute=None,
            closed_at=None,
            defaults={
                "attempt_id": response.attempt_id,
                "wanted": 2 if response.question.key.get("two_markers") else 1,
                "opened_at": at,
            },
        )


@transaction.atomic
def claim(*, task: MarkingTask, marker: User, may_decide: bool, at: datetime) -> MarkingClaim:
    """Give ``marker`` a seat at the task for LEASE, or prolong the one held. Raises MarkingRefused when none is free.

    Whoever was away longer than that loses the seat when another asks for it, not what was filled in.
    """
    # Lock first: two markers must not both find the same seat free. The constraint stands behind it.
    MarkingTask.objects.select_for_update().get(pk=task.pk)
    if not MarkingTask.objects.takeable_by(marker, at=at, may_decide=may_decide).filter(pk=task.pk).exists():
        raise MarkingRefused(TAKEN)
    own, created = MarkingClaim.objects.get_or_create(task=task, marker=marker, defaults={"leased_until": at + LEASE})
    if own.seat is None:
        MarkingClaim.objects.filter(task=task, leased_until__lte=at).exclude(pk=own.pk).update(seat=None)
        taken = {*task.marks.values_list("seat", flat=True), *task.claims.values_list("seat", flat=True)}
        own.seat = next(seat for seat in (1, 2, 3) if seat not in taken)
    own.leased_until, own.skipped_at = at + LEASE, None
    own.save(update_fields=["seat", "leased_until", "skipped_at"])
    if created:
        audit.record(
            verb="answer.opened_to_mark",
            actor=marker,
            at=at,
            obj=task,
            subject_id=task.attempt.enrolment.officer_id,
        )
    return own


def claim_next(*, tasks: MarkingTaskQuerySet, marker: User, may_decide: bool, at: datetime) -> MarkingTask | None:
    """Take the oldest of ``tasks`` that has a seat, those that ``marker`` skipped last; None when there is none."""
    skipped = MarkingClaim.objects.filter(marker=marker, task=OuterRef("pk")).values("skipped_at")[:1]
    waiting = tasks.takeable_by(marker, at=at, may_decide=may_decide).select_related("attempt__enrolment")
    order = (F("skipped").asc(nulls_first=True), "opened_at", "pk")
    for task in waiting.alias(skipped=Subquery(skipped)).order_by(*order)[:MOST_TRIES]:
        try:
            claim(task=task, marker=marker, may_decide=may_decide, at=at)
        except MarkingRefused:
            continue
        return task
    return None


@transaction.atomic
def keep_draft(*, task: MarkingTask, marker: User, draft: dict[str, str], at: datetime) -> datetime:
    """Keep what is filled in so far and prolong the lease. Raises MarkingRefused without a seat at the task."""
    kept = MarkingClaim.objects.filter(task=task, marker=marker, seat__isnull=False).update(
        draft=draft, saved_at=at, leased_until=at + LEASE
    )
    if not kept:
        raise MarkingRefused(TAKEN)
    return at


@transaction.atomic
def skip(*, task: MarkingTask, marker: User, at: datetime) -> None:
    """Leave the task to others; what is filled in stays for when ``marker`` comes back to it."""
    MarkingClaim.objects.filter(task=task, marker=marker).update(seat=None, skipped_at=at, leased_until=at)
