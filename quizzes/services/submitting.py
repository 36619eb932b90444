"""The end of an attempt: graded once, from the stored answers, and what a pass completes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q

from courses.models import Course
from enrolments.exceptions import CompletionNotEarned
from enrolments.models import ItemCompletion, Look
from enrolments.services import complete_item
from foundation import audit
from foundation.due import due
from foundation.prepared import PreparedRows, PreparedUpdate, Slot
from quizzes.answers import responses_of
from quizzes.choices import AttemptEnd, EventKind, QuizRole
from quizzes.corrections import effects_of
from quizzes.effects import outcome_of
from quizzes.models import Attempt, Response, Ruling

from .queueing import queue_answers
from .timeline import note

CLAIM = PreparedUpdate(
    lambda: Attempt.objects.running().filter(pk=Slot("pk", BigIntegerField())),
    submitted_at=Slot("at", DateTimeField()),
    ended_as=AttemptEnd.SUBMITTED,
)
WITH_ALL = PreparedRows(
    lambda: Attempt.objects.select_related(
        "version", "enrolment__officer__user", "enrolment__course__current_version", "item"
    ).filter(pk=Slot("pk", BigIntegerField()))
)
STORE_FRACTION = PreparedUpdate(
    lambda: Response.objects.filter(pk=Slot("pk", BigIntegerField())),
    fraction=Slot("fraction", Response._meta.get_field("fraction")),
)
STORE_GRADE = PreparedUpdate(
    lambda: Attempt.objects.filter(pk=Slot("pk", BigIntegerField())),
    grade=Slot("grade", Attempt._meta.get_field("grade")),
    passed=Slot("passed", Attempt._meta.get_field("passed")),
    graded_at=Slot("at", DateTimeField()),
)
RULED = PreparedRows(lambda: Ruling.objects.filter(response__attempt=Slot("attempt", BigIntegerField())))
# How far the step has looked, and when it last looked at everything.
EARNED, ALL_EARNED = "earned-quizzes", "earned-quizzes-all"
LOOK_AT_ALL, LOOK_BACK = timedelta(hours=6), timedelta(hours=1)
MOST_ITEMS = 5_000


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """End the attempt, grade it and complete its item when it earned that. A second submit returns the first result.

    Past the deadline and its grace it counts as closed at the deadline, whoever asks.
    """
    # The claim is lock and guard in one statement, on every database: only one submit gets the row.
    # What is not overdue in hand is not so in the database: time is only ever added.
    if not attempt.accepts_answers(at=at) and _claim_overdue(attempt, at=at):
        return _finish(attempt, at=at)
    return _finish(attempt, at=at) if CLAIM.run(pk=attempt.pk, at=at) else _read(attempt)


@transaction.atomic
def close_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """End an attempt whose time is over as it stands in the database; one that was given more time goes on."""
    return _finish(attempt, at=at) if _claim_overdue(attempt, at=at) else _read(attempt)


def _claim_overdue(attempt: Attempt, *, at: datetime) -> bool:
    # Asked of the database, not of the row in hand: an outage may have lengthened it since it was read.
    overdue = Attempt.objects.due_to_close(at=at).filter(pk=attempt.pk)
    return overdue.update(submitted_at=F("deadline_at"), ended_as=AttemptEnd.TIMED_OUT) == 1


def _read(attempt: Attempt) -> Attempt:
    return next(WITH_ALL.rows(pk=attempt.pk))


def _finish(attempt: Attempt, *, at: datetime) -> Attempt:
    """Grade a claimed attempt, complete what it earned and write it down."""
    attempt = _read(attempt)
    timed_out = attempt.ended_as == AttemptEnd.TIMED_OUT
    ended = EventKind.TIMED_OUT if timed_out else EventKind.SUBMITTED
    note(attempt, ended, at=at, actor=None if timed_out else attempt.enrolment.officer.user)
    if grade_attempt(attempt, at=at):
        credit_attempt(attempt)
    audit.record(
        verb="attempt.submitted",
        actor=None if attempt.ended_as == AttemptEnd.TIMED_OUT else attempt.enrolment.officer.user,
        at=at,
        obj=attempt,
        subject_id=attempt.enrolment.officer_id,
        detail={"course": attempt.enrolment.course.code, "number": attempt.number, "ended_as": attempt.ended_as},
    )
    return attempt


def close_if_due(*, attempt: Attempt, at: datetime) -> bool:
    """Close a running attempt whose time is over; say whether it is closed now."""
    if attempt.submitted_at:
        return True
    if attempt.accepts_answers(at=at):
        return False
    close_attempt(attempt=attempt, at=at)
    attempt.refresh_from_db(
        fields=["submitted_at", "ended_as", "graded_at", "grade", "passed", "deadline_at", "closes_at", "paused_at"]
    )
    return attempt.submitted_at is not None


@due("attempts")
def close_due_attempts(*, at: datetime) -> int:
    """Close every abandoned attempt whose time is over, each in its own transaction."""
    overdue = list(Attempt.objects.due_to_close(at=at))
    return sum(close_attempt(attempt=attempt, at=at).submitted_at is not None for attempt in overdue)


@due("earned-quizzes")
def credit_earned_attempts(*, at: datetime) -> int:
    """Complete items whose attempt earned them while a new version of the course held them locked.

    What frees one is another item done, or a newer version: only there a tick looks, and at everything now and then.
    """
    complete = ItemCompletion.objects.standing().filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    earned = Q(passed=True) | ~Q(version__role=QuizRole.POSTTEST)
    waiting = Attempt.objects.counting().filter(~Exists(complete), earned, graded_at__isnull=False)
    freed = _freed_since_last_look(at=at)
    related = waiting.filter(freed).select_related("version", "enrolment", "item").order_by("pk")
    credited = sum(credit_attempt(attempt) for attempt in list(related))
    Look.objects.update_or_create(name=EARNED, defaults={"looked_at": at})
    if not freed:
        Look.objects.update_or_create(name=ALL_EARNED, defaults={"looked_at": at})
    return credited


def _freed_since_last_look(*, at: datetime) -> Q:
    """The attempts that something new may have freed; no condition where all must be looked at."""
    looked = dict(Look.objects.filter(name__in=(EARNED, ALL_EARNED)).values_list("name", "looked_at"))
    if ALL_EARNED not in looked or not at - LOOK_AT_ALL < looked[ALL_EARNED] <= at:
        return Q()
    since = looked[EARNED] - LOOK_BACK
    # By id, the newest first: there is no index over the moment, and a tick has only a few.
    newest = list(ItemCompletion.objects.order_by("-pk").values_list("enrolment", "recorded_at")[:MOST_ITEMS])
    if len(newest) == MOST_ITEMS and newest[-1][1] > since:
        return Q()
    courses = Course.objects.filter(current_version__published_at__gt=since)
    enrolments = {enrolment for enrolment, recorded_at in newest if recorded_at > since}
    return Q(enrolment__in=enrolments) | Q(enrolment__course__in=list(courses.values_list("pk", flat=True)))


def grade_attempt(attempt: Attempt, *, at: datetime) -> bool:
    """Store the fraction of each response and, once all have one, grade and pass; say whether the grade stands.

    What people ruled stands above the rule of the question's kind; answers that only a person can mark
    go into the queue.
    """
    if attempt.answers_purged_at:
        # The answers are gone after their time (retention.py); the grade they earned stands.
        return attempt.graded_at is not None
    responses = responses_of(attempt)
    ruled = {ruling.response_id: ruling.fraction for ruling in RULED.rows(attempt=attempt.pk)}
    outcome = outcome_of(responses, attempt.version, effects=effects_of(attempt.item_id), ruled=ruled)
    for response, fraction in zip(responses, outcome.fractions, strict=True):
        response.fraction = fraction
    store_fractions(responses)
    if outcome.grade is None:
        queue_answers(outcome.waiting, at=at)
        if attempt.graded_at:
            # A late answer took the place of a marked one: until it is marked there is no grade.
            _store_grade(attempt, None, None, at=None)
        return False
    before = attempt.grade
    _store_grade(attempt, outcome.grade, outcome.passed, at=at)
    if before is None:
        note(attempt, EventKind.GRADED, at=at, grade=str(attempt.grade))
    elif before != attempt.grade:
        note(attempt, EventKind.REGRADED, at=at, grade=str(attempt.grade), before=str(before))
    return True


def _store_grade(attempt: Attempt, grade: Decimal | None, passed: bool | None, *, at: datetime | None) -> None:
    attempt.grade, attempt.passed, attempt.graded_at = grade, passed, at
    STORE_GRADE.run(pk=attempt.pk, grade=grade, passed=passed, at=at)


def store_fractions(responses: Iterable[Response]) -> None:
    """Write down what each answer is worth."""
    STORE_FRACTION.run_many({"pk": response.pk, "fraction": response.fraction} for response in responses)


def credit_attempt(attempt: Attempt, *, recorded_at: datetime | None = None) -> bool:
    """Complete the item when the attempt earned it; say whether it did. ``recorded_at``: when it turned out so."""
    earned = attempt.passed or attempt.version.role != QuizRole.POSTTEST
    if not earned or attempt.graded_at is None or attempt.submitted_at is None:
        return False
    try:
        complete_item(
            enrolment=attempt.enrolment,
            item=attempt.item,
            evidence=attempt.uuid,
            grade=attempt.grade,
            at=attempt.submitted_at,
            recorded_at=recorded_at,
        )
    except CompletionNotEarned:
        # The course changed under the attempt. The grade stands; credit_earned_attempts tries again.
        return False
    return True
