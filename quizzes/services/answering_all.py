"""Saving the page that shows all questions: what its one form sends without script, each answer by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quizzes.exceptions import AnswerRefused
from quizzes.kinds import Sent
from quizzes.models import Attempt, LateAnswer, Response
from quizzes.sheets import asked_all, fingerprint

from .answering import refuse_strange_counters


@dataclass
class SheetSaved:
    """What became of a whole page: how many answers were stored or kept as late, and why some were refused."""

    stored: int = 0
    late: int = 0
    refused: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def save_sheet(*, attempt: Attempt, sent: Mapping[int, Sent], epoch: int, sequence: int, at: datetime) -> SheetSaved:
    """Store every answer of ``sent`` (position → fields) that was changed on the page and is newer than what stands.

    ``lama`` among the fields is the fingerprint of what the page showed: an untouched question of an old tab
    must not undo what another one saved. One refused answer holds up no other. Raises AnswerRefused for
    counters that were never given out.
    """
    # Lock first: a submit in another tab must not grade between the check and the save.
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    refuse_strange_counters(attempt, epoch, sequence)
    over = not attempt.accepts_answers(at=at)
    result, changed, late = SheetSaved(), [], []
    responses = list(attempt.responses.select_related("question"))
    for response, asked in zip(responses, asked_all(responses), strict=True):
        fields = sent.get(response.position)
        if fields is None or response.revealed_at is not None:
            continue
        try:
            answer = response.question.rules.accept(asked, fields, response.answer)
        except AnswerRefused as refusal:
            result.refused[response.position] = str(refusal)
            continue
        untouched = (fields.get("lama") or [""])[-1] == fingerprint(answer)
        if untouched or answer == response.answer or (response.epoch, response.sequence) >= (epoch, sequence):
            continue
        if over:
            late.append(LateAnswer(response=response, answer=answer, epoch=epoch, sequence=sequence, received_at=at))
            continue
        response.answer, response.epoch, response.sequence, response.saved_at = answer, epoch, sequence, at
        changed.append(response)
    # A constraint and a condition stand behind the lock, as in save_answer.
    LateAnswer.objects.bulk_create(late, ignore_conflicts=True)
    older = Q(epoch__lt=epoch) | Q(epoch=epoch, sequence__lt=sequence)
    Response.objects.filter(older, revealed_at=None).bulk_update(
        changed, ["answer", "epoch", "sequence", "saved_at"], batch_size=100
    )
    result.stored, result.late = len(changed), len(late)
    return result
