"""Answers as they are given: ordered by (epoch, sequence), saved once, never lost (TRUST.md §3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q

from quizzes.choices import EventKind, ReviewSetting
from quizzes.exceptions import AnswerRefused
from quizzes.kinds import NO_ANSWER, Answer, Sent
from quizzes.models import Attempt, LateAnswer, Response

from .timeline import note

LARGEST_SEQUENCE = 2**31 - 1


class SaveState(models.TextChoices):
    """What became of an answer that reached the server."""

    SAVED = "saved", "Tersimpan di server"
    SUPERSEDED = "superseded", "Jawaban yang lebih baru sudah tersimpan"
    LATE = "late", "Diterima setelah kuis ditutup, disimpan untuk ditinjau"


@dataclass(frozen=True)
class Acknowledgement:
    """The server's word on one answer: what stands now (``answer``) and since when (``saved_at``)."""

    state: SaveState
    answer: Answer
    saved_at: datetime


@transaction.atomic
def open_on_device(*, attempt: Attempt, at: datetime) -> int:
    """Return a new epoch: answers given on this device from now on are newer than all before."""
    Attempt.objects.filter(pk=attempt.pk).update(epoch=F("epoch") + 1)
    attempt.refresh_from_db(fields=["epoch"])
    note(attempt, EventKind.OPENED, at=at, epoch=attempt.epoch)
    return attempt.epoch


@transaction.atomic
def save_answer(
    *, attempt: Attempt, position: int, sent: Sent, epoch: int, sequence: int, at: datetime
) -> Acknowledgement:
    """Store the answer to the question at ``position`` unless a newer one stands.

    ``sent`` holds the fields of the question's kind (``quizzes/kinds``). ``epoch`` was given out by
    ``open_on_device``, ``sequence`` counts within it. Sending the same again changes nothing. What
    arrives after the attempt closed is kept as a LateAnswer and never counted. Raises AnswerRefused.
    """
    # Lock first: a submit in another tab must not grade between the check and the save.
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    response = attempt.responses.select_related("question").filter(position=position).first()
    if response is None:
        raise AnswerRefused("Soal ini tidak ada dalam percobaan Anda. Muat ulang halaman.")
    answer = response.question.rules.accept(response.asked(), sent, response.answer)
    if not (1 <= epoch <= attempt.epoch and 0 <= sequence <= LARGEST_SEQUENCE):
        raise AnswerRefused("Halaman ini sudah usang. Muat ulang halaman, lalu jawab lagi.")
    newer = (response.epoch, response.sequence) < (epoch, sequence)
    if newer and not attempt.accepts_answers(at=at):
        late, created = LateAnswer.objects.get_or_create(
            response=response, epoch=epoch, sequence=sequence, defaults={"answer": answer, "received_at": at}
        )
        if created:
            note(attempt, EventKind.LATE, at=at, position=position, epoch=epoch, sequence=sequence)
        return Acknowledgement(SaveState.LATE, response.answer, late.received_at)
    older = Q(epoch__lt=epoch) | Q(epoch=epoch, sequence__lt=sequence)
    stored = Response.objects.filter(older, pk=response.pk, revealed_at=None).update(
        answer=answer, epoch=epoch, sequence=sequence, saved_at=at
    )
    if stored:
        note(
            attempt,
            EventKind.SAVED,
            at=at,
            position=position,
            epoch=epoch,
            sequence=sequence,
            answered=bool(answer),
        )
        return Acknowledgement(SaveState.SAVED, answer, at)
    response.refresh_from_db()
    repeated = (response.epoch, response.sequence, response.answer) == (epoch, sequence, answer)
    state = SaveState.SAVED if repeated else SaveState.SUPERSEDED
    if not repeated:
        note(attempt, EventKind.SUPERSEDED, at=at, position=position, epoch=epoch, sequence=sequence)
    return Acknowledgement(state, response.answer, response.saved_at or at)


@transaction.atomic
def reveal_answer(*, attempt: Attempt, position: int, at: datetime) -> None:
    """Open key and explanation of one answered question; from then on its answer stands. Raises AnswerRefused."""
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.version.review != ReviewSetting.DURING:
        raise AnswerRefused("Pembahasan kuis ini baru terbuka setelah dikirim.")
    answered = attempt.responses.filter(position=position).exclude(answer=NO_ANSWER)
    if not answered:
        raise AnswerRefused("Jawab dahulu soal ini.")
    if answered.filter(revealed_at=None).update(revealed_at=at):
        note(attempt, EventKind.REVEALED, at=at, position=position)
