"""Answers as they are given: ordered by (epoch, sequence), saved once, never lost (TRUST.md §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q

from quizzes.choices import QuestionKind, ReviewSetting
from quizzes.exceptions import AnswerRefused
from quizzes.models import Attempt, LateAnswer, Response

LARGEST_SEQUENCE = 2**31 - 1


class SaveState(models.TextChoices):
    """What became of an answer that reached the server."""

    SAVED = "saved", "Tersimpan di server"
    SUPERSEDED = "superseded", "Jawaban yang lebih baru sudah tersimpan"
    LATE = "late", "Diterima setelah kuis ditutup, disimpan untuk ditinjau"


@dataclass(frozen=True)
class Acknowledgement:
    """The server's word on one answer: what stands now (``chosen``) and since when (``saved_at``)."""

    state: SaveState
    chosen: Sequence[str]
    saved_at: datetime


def open_on_device(*, attempt: Attempt) -> int:
    """Return a new epoch: answers given on this device from now on are newer than all before."""
    Attempt.objects.filter(pk=attempt.pk).update(epoch=F("epoch") + 1)
    attempt.refresh_from_db(fields=["epoch"])
    return attempt.epoch


@transaction.atomic
def save_answer(
    *, attempt: Attempt, position: int, chosen: Sequence[str], epoch: int, sequence: int, at: datetime
) -> Acknowledgement:
    """Store the answer to the question at ``position`` unless a newer one stands.

    ``chosen`` holds option uuids; none means the answer was taken back. ``epoch`` was given out by
    ``open_on_device``, ``sequence`` counts within it. Sending the same again changes nothing. What
    arrives after the attempt closed is kept as a LateAnswer and never counted. Raises AnswerRefused.
    """
    # Lock first: a submit in another tab must not grade between the check and the save.
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    response = attempt.responses.select_related("question").filter(position=position).first()
    if response is None:
        raise AnswerRefused("Soal ini tidak ada dalam percobaan Anda. Muat ulang halaman.")
    chosen = _accepted(response, chosen)
    if not (1 <= epoch <= attempt.epoch and 0 <= sequence <= LARGEST_SEQUENCE):
        raise AnswerRefused("Halaman ini sudah usang. Muat ulang halaman, lalu jawab lagi.")
    newer = (response.epoch, response.sequence) < (epoch, sequence)
    if newer and not attempt.accepts_answers(at=at):
        late, _created = LateAnswer.objects.get_or_create(
            response=response, epoch=epoch, sequence=sequence, defaults={"chosen": chosen, "received_at": at}
        )
        return Acknowledgement(SaveState.LATE, response.chosen, late.received_at)
    older = Q(epoch__lt=epoch) | Q(epoch=epoch, sequence__lt=sequence)
    stored = Response.objects.filter(older, pk=response.pk, revealed_at=None).update(
        chosen=chosen, epoch=epoch, sequence=sequence, saved_at=at
    )
    if stored:
        return Acknowledgement(SaveState.SAVED, chosen, at)
    response.refresh_from_db()
    repeated = (response.epoch, response.sequence, response.chosen) == (epoch, sequence, chosen)
    state = SaveState.SAVED if repeated else SaveState.SUPERSEDED
    return Acknowledgement(state, response.chosen, response.saved_at or at)


@transaction.atomic
def reveal_answer(*, attempt: Attempt, position: int, at: datetime) -> None:
    """Open key and explanation of one answered question; from then on its answer stands. Raises AnswerRefused."""
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.version.review != ReviewSetting.DURING:
        raise AnswerRefused("Pembahasan kuis ini baru terbuka setelah dikirim.")
    answered = attempt.responses.filter(position=position).exclude(chosen=[])
    if not answered:
        raise AnswerRefused("Jawab dahulu soal ini.")
    answered.filter(revealed_at=None).update(revealed_at=at)


def _accepted(response: Response, chosen: Sequence[str]) -> list[str]:
    """The choice in the order shown, so that the same choice is always the same list. Raises AnswerRefused."""
    wanted = set(chosen)
    if not wanted <= set(response.option_order):
        raise AnswerRefused("Pilihan ini bukan bagian dari soalnya. Muat ulang halaman, lalu jawab lagi.")
    if len(wanted) > 1 and response.question.kind != QuestionKind.MULTIPLE:
        raise AnswerRefused("Pilih satu jawaban saja.")
    return [uuid for uuid in response.option_order if uuid in wanted]
