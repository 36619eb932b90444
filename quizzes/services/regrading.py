"""After a correction: every attempt that drew the question is graded anew, and what follows from that.

The run is asked for in the outbox, remembers how far it came and may be cut off anywhere: a batch is one
short transaction, and doing it again changes nothing.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from enrolments.corrections import correct_completion
from foundation import audit, outbox
from foundation.due import due
from quizzes.choices import Consequence, EventKind, News
from quizzes.corrections import effects_of
from quizzes.models import Attempt, AttemptEvent, GradeChange, Regrade

from .announcing import announce
from .recounting import Recount, attempts_with, recounted, with_people
from .submitting import credit_attempt, store_fractions

REGRADE = "quiz.regrade"
# An attempt being submitted in the moment of the approval may have been graded by the old key.
OVERLAP = timedelta(minutes=5)


@outbox.handles(REGRADE)
def regrade_all(payload: dict) -> None:
    regrade = Regrade.objects.select_related("correction").get(pk=payload["regrade"])
    continue_regrade(regrade=regrade, at=timezone.now())


@due("regrades")
def finish_regrades(*, at: datetime) -> int:
    """Go on with runs that were cut off, and look once more at what was submitted around the approval."""
    looked_at = 0
    for regrade in Regrade.objects.filter(settled_at=None).select_related("correction").order_by("pk"):
        if regrade.finished_at is None:
            looked_at += continue_regrade(regrade=regrade, at=at)
        elif regrade.correction.at + OVERLAP <= at:
            looked_at += _settle(regrade, at=at)
    return looked_at


def continue_regrade(*, regrade: Regrade, at: datetime) -> int:
    """Grade anew from where the run stopped to its end; return how many attempts were looked at."""
    if regrade.finished_at:
        return 0
    correction = regrade.correction
    looked_at, before = 0, regrade.last_attempt
    effects = effects_of(correction.item_id)
    for batch in recounted(attempts_with(correction), item_id=correction.item_id, effects=effects, after=before):
        last = batch[-1].attempt.pk
        with transaction.atomic():
            # The claim is lock and guard in one statement: of two workers only one moves the pointer on.
            claimed = Regrade.objects.filter(pk=regrade.pk, last_attempt=before, finished_at=None).update(
                last_attempt=last, checked=F("checked") + len(batch)
            )
            if not claimed:
                return looked_at
            changed = _store(regrade, batch, at=at)
            Regrade.objects.filter(pk=regrade.pk).update(changed=F("changed") + changed)
        before = last
        looked_at += len(batch)
    Regrade.objects.filter(pk=regrade.pk, last_attempt=before, finished_at=None).update(finished_at=at)
    return looked_at


def _settle(regrade: Regrade, *, at: datetime) -> int:
    correction = regrade.correction
    around = attempts_with(correction).filter(submitted_at__gte=correction.at - OVERLAP)
    looked_at = 0
    for batch in recounted(around, item_id=correction.item_id, effects=effects_of(correction.item_id)):
        with transaction.atomic():
            changed = _store(regrade, batch, at=at)
            Regrade.objects.filter(pk=regrade.pk).update(changed=F("changed") + changed)
        looked_at += len(batch)
    Regrade.objects.filter(pk=regrade.pk).update(settled_at=at)
    return looked_at


def _store(regrade: Regrade, batch: list[Recount], *, at: datetime) -> int:
    """Write what is different now, with everything that follows; return how many results changed."""
    _store_fractions(batch)
    changed = [recount for recount in batch if recount.grade_changed and _take_grade(recount, at=at)]
    if not changed:
        return 0
    with_people(changed)
    correction = regrade.correction
    GradeChange.objects.bulk_create(
        [
            GradeChange(
                attempt=recount.attempt,
                correction=correction,
                old_grade=recount.attempt.grade,
                old_passed=recount.attempt.passed,
                new_grade=recount.new_grade,
                new_passed=recount.outcome.passed,
                at=at,
            )
            for recount in changed
        ],
        ignore_conflicts=True,
    )
    _write_down(regrade, changed, at=at)
    # One that a changed quiz set aside keeps an honest grade, and nothing hangs on it.
    counting = [recount for recount in changed if recount.attempt.set_aside_by_id is None]
    for recount in counting:
        _draw_consequence(regrade, recount, at=at)
    Attempt.objects.filter(pk__in=[recount.attempt.pk for recount in counting]).update(news=News.RECOUNTED)
    for recount in counting:
        if recount.attempt.enrolment.officer.user.email:
            announce(recount.attempt, News.RECOUNTED, about=correction.pk, at=at)
    return len(changed)


def _store_fractions(batch: list[Recount]) -> None:
    wrong = [pair for recount in batch for pair in recount.wrong_fractions]
    for response, fraction in wrong:
        response.fraction = fraction
    store_fractions(response for response, _fraction in wrong)


def _take_grade(recount: Recount, *, at: datetime) -> bool:
    """Store the new grade unless a marker changed the old one since it was read; say whether it was stored."""
    attempt, outcome = recount.attempt, recount.outcome
    unchanged = Attempt.objects.filter(pk=attempt.pk, grade=attempt.grade, passed=attempt.passed)
    return bool(
        unchanged.update(grade=outcome.grade, passed=outcome.passed, graded_at=attempt.graded_at or at),
    )


def _write_down(regrade: Regrade, changed: list[Recount], *, at: datetime) -> None:
    actor = regrade.correction.approved_by
    AttemptEvent.objects.bulk_create(
        AttemptEvent(
            attempt=recount.attempt,
            kind=EventKind.REGRADED,
            at=at,
            actor=actor,
            detail={"grade": str(recount.outcome.grade), "before": _text(recount.attempt.grade)},
        )
        for recount in changed
    )
    audit.record_many(
        audit.event(
            verb="attempt.regraded",
            actor=actor,
            at=at,
            obj=recount.attempt,
            subject_id=recount.attempt.enrolment.officer_id,
            detail={
                "correction": str(regrade.correction.uuid),
                "old_grade": _text(recount.attempt.grade),
                "old_passed": recount.attempt.passed,
                "grade": str(recount.outcome.grade),
                "passed": recount.outcome.passed,
            },
        )
        for recount in changed
    )


def _text(grade: Decimal | None) -> str:
    return "" if grade is None else str(grade)


def _draw_consequence(regrade: Regrade, recount: Recount, *, at: datetime) -> None:
    """Let completion and ledger follow the new result: always upwards, downwards only where the approver said so."""
    attempt, outcome, correction = recount.attempt, recount.outcome, regrade.correction
    old_grade, old_passed = attempt.grade, attempt.passed
    attempt.grade, attempt.passed, attempt.graded_at = outcome.grade, outcome.passed, attempt.graded_at or at
    if old_grade is None or (outcome.passed and not old_passed):
        credit_attempt(attempt, recorded_at=at)
        return
    lost = old_passed is True and not outcome.passed
    worse = lost or recount.new_grade < old_grade
    if old_passed is False or (worse and correction.consequence == Consequence.KEEP):
        return
    correct_completion(
        enrolment=attempt.enrolment,
        item=attempt.item,
        evidence=attempt.uuid,
        grade=outcome.grade,
        withdrawn=lost,
        actor=correction.approved_by,
        reason=correction.reason,
        at=at,
    )
