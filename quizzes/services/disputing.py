"""An officer questions a result, once; a marker answers, and what changes is graded anew."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction

from foundation import audit
from organisation.models import User
from quizzes.aftermath import may_question
from quizzes.choices import EventKind, News, RulingOrigin
from quizzes.exceptions import DisputeRefused
from quizzes.models import Attempt, Dispute, DisputeAnswer, MarkingClaim, MarkingTask, QuizVersion
from quizzes.review import review_of

from .announcing import announce
from .marking import rule, settle
from .queueing import TAKEN
from .terms import terms_of
from .timeline import note

LONGEST_TEXT = 1000


def may_be_questioned(attempt: Attempt, *, at: datetime) -> bool:
    """``aftermath.may_question`` for whoever comes now."""
    if attempt.submitted_at is None:
        return False
    newest = QuizVersion.objects.newest().get(item=attempt.item_id)
    terms = terms_of(attempt.enrolment, newest, at=at)
    review = review_of(attempt, closes_at=terms.closes_at, at=at)
    return may_question(attempt, review, Dispute.objects.filter(attempt=attempt).first())


def question_result(*, attempt: Attempt, actor: User, position: int | None, text: str, at: datetime) -> Dispute:
    """Ask about the answer at ``position``, or the whole result (None). Raises DisputeRefused."""
    text = _checked(text, "Tuliskan apa yang Anda pertanyakan.")
    if not may_be_questioned(attempt, at=at):
        raise DisputeRefused("Hasil ini sudah pernah Anda pertanyakan, atau pembahasannya belum terbuka.")
    response = attempt.responses.filter(position=position).first() if position else None
    if position and response is None:
        raise DisputeRefused("Soal ini tidak ada dalam percobaan Anda. Muat ulang halaman.")
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(attempt=attempt, response=response, text=text, asked_at=at)
            MarkingTask.objects.create(attempt=attempt, dispute=dispute, opened_at=at)
            note(attempt, EventKind.DISPUTED, at=at, actor=actor, position=position)
            audit.record(
                verb="attempt.disputed", actor=actor, at=at, obj=dispute, subject_id=attempt.enrolment.officer_id
            )
    except IntegrityError:
        # Two presses of the button: the constraint let one through.
        raise DisputeRefused("Hasil ini sudah pernah Anda pertanyakan.") from None
    return dispute


@transaction.atomic
def answer_dispute(
    *, task: MarkingTask, marker: User, changes: Mapping[int, Fraction], explanation: str, at: datetime
) -> DisputeAnswer:
    """Answer with an explanation; ``changes`` maps positions to new fractions (0..1), empty when the result stands.

    A second press of the button returns the first answer. Raises DisputeRefused.
    """
    explanation = _checked(explanation, "Tuliskan penjelasannya; personel membacanya.")
    # Lock first: the second press must see the first one's answer.
    task = MarkingTask.objects.select_for_update(of=("self",)).for_marking_page().get(pk=task.pk)
    dispute, attempt = task.dispute, task.attempt
    if dispute is None or not MarkingClaim.objects.filter(task=task, marker=marker, seat__isnull=False).exists():
        if dispute and (stored := DisputeAnswer.objects.filter(dispute=dispute, answered_by=marker).first()):
            return stored
        raise DisputeRefused(TAKEN)
    responses = {response.position: response for response in attempt.responses.all()}
    for position, fraction in changes.items():
        if position not in responses or not 0 <= fraction <= 1:
            raise DisputeRefused("Nilai baru adalah 0 sampai 100 persen untuk soal dalam percobaan ini.")
    reply = DisputeAnswer.objects.create(
        dispute=dispute, stands=not changes, explanation=explanation, answered_by=marker, answered_at=at
    )
    for position, fraction in changes.items():
        rule(responses[position], fraction, origin=RulingOrigin.DISPUTE, actor=marker, at=at, reason=explanation)
    MarkingTask.objects.filter(pk=task.pk).update(closed_at=at)
    task.claims.all().delete()
    note(attempt, EventKind.DISPUTE_REPLIED, at=at, actor=marker, changed=sorted(changes))
    if changes:
        settle(attempt, at=at)
    audit.record(
        verb="dispute.answered",
        actor=marker,
        at=at,
        obj=reply,
        subject_id=attempt.enrolment.officer_id,
        detail={"changed": sorted(changes)},
    )
    announce(attempt, News.REPLIED, about=reply.pk, at=at)
    return reply


def _checked(text: str, missing: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise DisputeRefused(missing)
    if len(text) > LONGEST_TEXT:
        raise DisputeRefused(f"Tulisan terlalu panjang: {len(text)} huruf, paling banyak {LONGEST_TEXT}.")
    return text
