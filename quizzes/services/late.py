"""Answers that came after the attempt closed: counted only when a person says so (TRUST.md §8, I10)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from foundation import audit
from organisation.models import User
from quizzes.choices import EventKind, News, RulingOrigin
from quizzes.exceptions import LateDecisionRefused
from quizzes.models import Attempt, LateAnswer, LateDecision, MarkingTask, Response

from .announcing import announce
from .marking import rule, settle
from .timeline import note

DECIDED = "Jawaban ini sudah ditinjau, atau ada yang lebih baru. Muat ulang daftar."


@transaction.atomic
def decide_late_answer(*, late: LateAnswer, accepted: bool, reason: str, actor: User, at: datetime) -> LateDecision:
    """Accept the late answer, which then takes the stored one's place, or refuse it. Raises LateDecisionRefused."""
    if not reason.strip():
        raise LateDecisionRefused("Tuliskan alasannya; personel membacanya.")
    # Lock first: an answer may only be replaced by what is newer than itself at this moment.
    response = Response.objects.select_for_update(of=("self",)).select_related("question").get(pk=late.response_id)
    attempt = Attempt.objects.select_related("enrolment__officer", "version").get(pk=response.attempt_id)
    if (response.epoch, response.sequence) >= (late.epoch, late.sequence):
        raise LateDecisionRefused(DECIDED)
    if accepted and response.revealed_at:
        raise LateDecisionRefused(
            "Kunci soal ini sudah dibuka sebelum dijawab. Jawaban terlambat tidak dapat diterima."
        )
    try:
        with transaction.atomic():
            decision = LateDecision.objects.create(
                late=late,
                accepted=accepted,
                reason=reason.strip(),
                replaced=_as_stored(response) if accepted else {},
                decided_by=actor,
                decided_at=at,
            )
    except IntegrityError:
        raise LateDecisionRefused(DECIDED) from None
    kind = EventKind.LATE_ACCEPTED if accepted else EventKind.LATE_REFUSED
    note(attempt, kind, at=at, actor=actor, position=response.position, epoch=late.epoch, sequence=late.sequence)
    if accepted:
        _replace(response, late, actor=actor, at=at)
        settle(attempt, at=at)
    audit.record(
        verb="late_answer.accepted" if accepted else "late_answer.refused",
        actor=actor,
        at=at,
        obj=decision,
        subject_id=attempt.enrolment.officer_id,
        detail={"position": response.position, "reason": decision.reason},
    )
    announce(attempt, News.LATE_DECIDED, about=decision.pk, at=at)
    return decision


def _as_stored(response: Response) -> dict:
    saved = response.saved_at.isoformat() if response.saved_at else None
    return {
        "answer": response.answer,
        "epoch": response.epoch,
        "sequence": response.sequence,
        "saved_at": saved,
        "fraction": None if response.fraction is None else str(response.fraction),
    }


def _replace(response: Response, late: LateAnswer, *, actor: User, at: datetime) -> None:
    """Let the late answer count. What people decided about the old one no longer holds: it is looked at anew."""
    Response.objects.filter(pk=response.pk).update(
        answer=late.answer, epoch=late.epoch, sequence=late.sequence, saved_at=late.received_at, fraction=None
    )
    MarkingTask.objects.open().filter(response=response).update(closed_at=at)
    if response.rulings.exists():
        rule(response, None, origin=RulingOrigin.LATE, actor=actor, at=at, reason="Jawaban diganti")
