"""Answers as they are given: ordered by (epoch, sequence), saved once, never lost (TRUST.md §3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import BigIntegerField, DateTimeField, F, IntegerField, JSONField, Q

from foundation.prepared import PreparedUpdate, Slot
from quizzes.choices import EventKind, ReviewWhen
from quizzes.exceptions import AnswerRefused
from quizzes.kinds import NO_ANSWER, Answer, Sent
from quizzes.models import Attempt, LateAnswer, Response
from quizzes.openness import opened

from .timeline import note

LARGEST_SEQUENCE = 2**31 - 1

OLDER = Q(epoch__lt=Slot("epoch", IntegerField())) | Q(
    epoch=Slot("epoch", IntegerField()), sequence__lt=Slot("sequence", IntegerField())
)
STORE = PreparedUpdate(
    lambda: Response.objects.filter(OLDER, pk=Slot("pk", BigIntegerField()), revealed_at=None),
    answer=Slot("answer", JSONField()),
    epoch=Slot("epoch", IntegerField()),
    sequence=Slot("sequence", IntegerField()),
    saved_at=Slot("at", DateTimeField()),
)


class SaveState(models.TextChoices):
    """What became of an answer that reached the server."""

    SAVED = "saved", "Tersimpan di server"
    SUPERSEDED = "superseded", "Jawaban yang lebih baru sudah tersimpan"
    LATE = "late", "Diterima setelah kuis ditutup, disimpan untuk ditinjau"
    LEFT = "left", "Soal ini sudah dilewati; jawaban disimpan, tetapi tidak dihitung"


@dataclass(frozen=True)
class Acknowledgement:
    """The server's word on one answer of ``attempt``: what stands now (``answer``) and since when (``saved_at``)."""

    state: SaveState
    answer: Answer
    saved_at: datetime
    attempt: Attempt


@transaction.atomic
def open_on_device(*, attempt: Attempt, at: datetime) -> int:
    """Return a new epoch: answers given on this device from now on are newer than all before."""
    Attempt.objects.filter(pk=attempt.pk).update(epoch=F("epoch") + 1)
    attempt.refresh_from_db(fields=["epoch"])
    note(attempt, EventKind.OPENED, at=at, epoch=attempt.epoch)
    return attempt.epoch


def save_answer(
    *, attempt: Attempt, position: int, sent: Sent, epoch: int, sequence: int, at: datetime
) -> Acknowledgement:
    """As ``save_found_answer``, where the attempt is at hand."""
    found = Response.objects.for_saving().filter(attempt=attempt, position=position)
    return save_found_answer(find=found.first, sent=sent, epoch=epoch, sequence=sequence, at=at)


@transaction.atomic
def save_found_answer(
    *, find: Callable[[], Response | None], sent: Sent, epoch: int, sequence: int, at: datetime
) -> Acknowledgement:
    """Store the answer that ``find`` reads and locks, unless a newer one stands.

    To see whose it is, to lock it and to read it is one query, hence ``find``. ``sent`` holds the fields of
    the question's kind (``quizzes/kinds``). ``epoch`` was given out by ``open_on_device``, ``sequence``
    counts within it. Sending the same again changes nothing. What arrives after the attempt closed, or to
    a question left for good, is kept as a LateAnswer and never counted. Raises AnswerRefused.
    """
    # Lock first: a submit in another tab must not grade between the check and the save.
    response = find()
    if response is None:
        raise AnswerRefused("Soal ini tidak ada dalam percobaan Anda. Muat ulang halaman.")
    attempt, position = response.attempt, response.position
    answer = response.question.rules.accept(response.asked_without_words(), sent, response.answer)
    refuse_strange_counters(attempt, epoch, sequence)
    newer = (response.epoch, response.sequence) < (epoch, sequence)
    over, left = not attempt.accepts_answers(at=at), attempt.has_left(position)
    if newer and (over or left):
        late, created = LateAnswer.objects.get_or_create(
            response=response,
            epoch=epoch,
            sequence=sequence,
            defaults={"answer": answer, "received_at": at, "after_leaving": left and not over},
        )
        if created:
            note(attempt, EventKind.LATE, at=at, position=position, epoch=epoch, sequence=sequence)
        return Acknowledgement(SaveState.LATE if over else SaveState.LEFT, response.answer, late.received_at, attempt)
    # Counters only rise and a revealed answer stays: what was read as no newer cannot become so.
    storable = newer and response.revealed_at is None
    if storable and STORE.run(pk=response.pk, answer=answer, epoch=epoch, sequence=sequence, at=at):
        note(
            attempt,
            EventKind.SAVED,
            at=at,
            position=position,
            epoch=epoch,
            sequence=sequence,
            answered=bool(answer),
        )
        return Acknowledgement(SaveState.SAVED, answer, at, attempt)
    response.refresh_from_db()
    repeated = (response.epoch, response.sequence, response.answer) == (epoch, sequence, answer)
    state = SaveState.SAVED if repeated else SaveState.SUPERSEDED
    if not repeated:
        note(attempt, EventKind.SUPERSEDED, at=at, position=position, epoch=epoch, sequence=sequence)
    return Acknowledgement(state, response.answer, response.saved_at or at, attempt)


def refuse_strange_counters(attempt: Attempt, epoch: int, sequence: int) -> None:
    """Raise AnswerRefused for an epoch that was never given out or a sequence that nobody counts to."""
    if not (1 <= epoch <= attempt.epoch and 0 <= sequence <= LARGEST_SEQUENCE):
        raise AnswerRefused("Halaman ini sudah usang. Muat ulang halaman, lalu jawab lagi.")


@transaction.atomic
def reveal_answer(*, attempt: Attempt, position: int, at: datetime) -> None:
    """Open the review of one answered question; from then on its answer stands. Raises AnswerRefused."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("version").get(pk=attempt.pk)
    if not opened(attempt.version.review_options, ReviewWhen.DURING):
        raise AnswerRefused("Pembahasan kuis ini baru terbuka setelah dikirim.")
    answered = attempt.responses.filter(position=position).exclude(answer=NO_ANSWER)
    if not answered:
        raise AnswerRefused("Jawab dahulu soal ini.")
    if not attempt.has_left(position) and answered.filter(revealed_at=None).update(revealed_at=at):
        note(attempt, EventKind.REVEALED, at=at, position=position)


def leave_question(*, attempt: Attempt, position: int) -> None:
    """Go on from ``position`` for good, where there is no going back; anything but the open question stays put."""
    # One statement: a button pressed twice leaves one question.
    Attempt.objects.running().filter(pk=attempt.pk, furthest=position).update(furthest=position + 1)
