"""Opening an attempt: what is left, whether the gate is open, which questions are drawn."""

from datetime import datetime
from random import Random
from secrets import SystemRandom

from django.db import transaction
from django.db.models import BigIntegerField

from enrolments.models import Enrolment
from enrolments.services import progress_of
from foundation import audit
from foundation.prepared import PreparedRows, Slot
from quizzes.answers import QUESTIONS
from quizzes.choices import EventKind, QuestionKind
from quizzes.clockwork import GRACE, base_deadline
from quizzes.exceptions import AlreadyPassed, QuizLocked
from quizzes.models import Attempt, QuizVersion, Response
from quizzes.pools import draw_from

from .answering import open_on_device
from .submitting import close_attempt
from .terms import Terms, attempts_at, refuse_unless_open, terms_of
from .timeline import note

LOCKED = PreparedRows(
    lambda: (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "officer__user")
        .filter(pk=Slot("pk", BigIntegerField()))
    )
)


def start_attempt(
    *, version: QuizVersion, enrolment: Enrolment, at: datetime, chance: Random | None = None, on_device: bool = False
) -> Attempt:
    """Open the next attempt at the quiz of ``version``, or return the one that is running.

    ``on_device``: the device that asks goes on with it, as by ``open_on_device``.

    Raises QuizLocked while required items before it are open, AlreadyPassed, and what ``Terms.refusal`` says:
    too early, closed, none left, or the waiting time still runs. ``chance`` draws the questions; the
    system's own unless a test brings another.
    """
    # Closed in its own transaction: a refusal below must not undo it.
    for attempt in attempts_at(enrolment, version.item_id):
        if attempt.submitted_at is None and not attempt.accepts_answers(at=at):
            close_attempt(attempt=attempt, at=at)
    with transaction.atomic():
        # Lock first: two tabs opened together must not both pass the count below.
        [enrolment] = LOCKED.rows(pk=enrolment.pk)
        attempts = attempts_at(enrolment, version.item_id)
        if running := next((attempt for attempt in attempts if attempt.submitted_at is None), None):
            if on_device:
                open_on_device(attempt=running, at=at)
            return running
        terms = terms_of(enrolment, version, at=at, attempts=attempts)
        _refuse_when_shut(version, enrolment, terms)
        refuse_unless_open(enrolment, terms, at=at)
        return _open_attempt(
            version, enrolment, terms, at, chance or SystemRandom(), number=len(attempts) + 1, epoch=int(on_device)
        )


def _open_attempt(
    version: QuizVersion, enrolment: Enrolment, terms: Terms, at: datetime, chance: Random, *, number: int, epoch: int
) -> Attempt:
    deadline = base_deadline(at, minutes=terms.minutes, closes_at=terms.closes_at)
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        item=version.item,
        version=version,
        number=number,
        started_at=at,
        deadline_at=deadline,
        closes_at=deadline + GRACE if deadline else None,
        paused_at=at if terms.paused and deadline else None,
        epoch=epoch,
    )
    draw_questions(attempt, chance)
    note(attempt, EventKind.STARTED, at=at, actor=enrolment.officer.user, version=version.number)
    if epoch:
        note(attempt, EventKind.OPENED, at=at, epoch=epoch)
    audit.record(
        verb="attempt.started",
        actor=enrolment.officer.user,
        at=at,
        obj=attempt,
        subject_id=enrolment.officer_id,
        detail={"course": enrolment.course.code, "number": attempt.number, "version": version.number},
    )
    return attempt


def _refuse_when_shut(version: QuizVersion, enrolment: Enrolment, terms: Terms) -> None:
    standing = progress_of(enrolment, enrolment.course).standing_of(version.item_id)
    if standing is None:
        raise QuizLocked("Kuis ini tidak lagi menjadi bagian dari pelatihan. Muat ulang halaman pelatihan.")
    if standing.locked:
        raise QuizLocked("Selesaikan dahulu semua materi wajib sebelum kuis ini.")
    if terms.passed:
        raise AlreadyPassed


def draw_questions(attempt: Attempt, chance: Random) -> None:
    """Store what the attempt asks, and in which order questions and options stand."""
    version = attempt.version
    drawn = [question.pk for question in draw_from(version, chance)]
    questions = QUESTIONS.many(drawn)
    responses = []
    for position, question in enumerate((questions[pk] for pk in drawn), start=1):
        order = [str(option.uuid) for option in question.options.all()]
        if question.kind == QuestionKind.ORDERING:
            # The author's order of the steps is the answer itself.
            right = list(order)
            while order == right:
                chance.shuffle(order)
        elif version.shuffle_options and question.rules.shuffles:
            chance.shuffle(order)
        responses.append(Response(attempt=attempt, question=question, position=position, option_order=order))
    Response.objects.bulk_create(responses)
