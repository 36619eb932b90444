"""Opening an attempt: what is left, whether the gate is open, which questions are drawn."""

from datetime import datetime
from random import Random
from secrets import SystemRandom

from django.db import transaction
from django.db.models import BigIntegerField, Prefetch, prefetch_related_objects

from enrolments.models import Enrolment
from enrolments.services import progress_of
from foundation import audit
from foundation.prepared import PreparedRows, Slot
from quizzes.choices import EventKind, QuestionKind
from quizzes.clockwork import GRACE, base_deadline
from quizzes.exceptions import AlreadyPassed, QuizLocked
from quizzes.models import Attempt, QuizVersion, Response, VersionOption
from quizzes.pools import draw_from

from .submitting import close_attempt
from .terms import Terms, refuse_unless_open, terms_of
from .timeline import note

LOCKED = PreparedRows(
    lambda: (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "officer__user")
        .filter(pk=Slot("pk", BigIntegerField()))
    )
)


def start_attempt(*, version: QuizVersion, enrolment: Enrolment, at: datetime, chance: Random | None = None) -> Attempt:
    """Open the next attempt at the quiz of ``version``, or return the one that is running.

    Raises QuizLocked while required items before it are open, AlreadyPassed, and what ``Terms.refusal`` says:
    too early, closed, none left, or the waiting time still runs. ``chance`` draws the questions; the
    system's own unless a test brings another.
    """
    # Closed in its own transaction: a refusal below must not undo it.
    for overdue in Attempt.objects.of(version.item, enrolment).due_to_close(at=at):
        close_attempt(attempt=overdue, at=at)
    with transaction.atomic():
        # Lock first: two tabs opened together must not both pass the count below.
        [enrolment] = LOCKED.rows(pk=enrolment.pk)
        if running := Attempt.objects.of(version.item, enrolment).running().first():
            return running
        _refuse_when_shut(version, enrolment)
        terms = terms_of(enrolment, version, at=at)
        refuse_unless_open(enrolment, terms, at=at)
        return _open_attempt(version, enrolment, terms, at, chance or SystemRandom())


def _open_attempt(version: QuizVersion, enrolment: Enrolment, terms: Terms, at: datetime, chance: Random) -> Attempt:
    deadline = base_deadline(at, minutes=terms.minutes, closes_at=terms.closes_at)
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        item=version.item,
        version=version,
        number=Attempt.objects.of(version.item, enrolment).count() + 1,
        started_at=at,
        deadline_at=deadline,
        closes_at=deadline + GRACE if deadline else None,
        paused_at=at if terms.paused and deadline else None,
    )
    draw_questions(attempt, chance)
    note(attempt, EventKind.STARTED, at=at, actor=enrolment.officer.user, version=version.number)
    audit.record(
        verb="attempt.started",
        actor=enrolment.officer.user,
        at=at,
        obj=attempt,
        subject_id=enrolment.officer_id,
        detail={"course": enrolment.course.code, "number": attempt.number, "version": version.number},
    )
    return attempt


def _refuse_when_shut(version: QuizVersion, enrolment: Enrolment) -> None:
    standing = progress_of(enrolment, enrolment.course).standing_of(version.item_id)
    if standing is None:
        raise QuizLocked("Kuis ini tidak lagi menjadi bagian dari pelatihan. Muat ulang halaman pelatihan.")
    if standing.locked:
        raise QuizLocked("Selesaikan dahulu semua materi wajib sebelum kuis ini.")
    if Attempt.objects.of(version.item, enrolment).counting().filter(passed=True).exists():
        raise AlreadyPassed


def draw_questions(attempt: Attempt, chance: Random) -> None:
    """Store what the attempt asks, and in which order questions and options stand."""
    version = attempt.version
    drawn = draw_from(version, chance)
    # To draw is to choose and to order: no text and no key is read for it.
    prefetch_related_objects(drawn, Prefetch("options", VersionOption.objects.only("uuid", "question")))
    responses = []
    for position, question in enumerate(drawn, start=1):
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
