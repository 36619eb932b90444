"""The end of an attempt: graded once, from the stored answers, and what a pass completes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from enrolments.exceptions import CompletionNotEarned
from enrolments.models import ItemCompletion
from enrolments.services import complete_item
from foundation import audit
from foundation.due import due
from quizzes.choices import AttemptEnd, QuizRole
from quizzes.grading import fraction_of_answer, grade_percent, has_passed, rounded
from quizzes.models import Attempt, Response


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """End the attempt, grade it and complete its item when it earned that. A second submit returns the first result.

    Past the deadline and its grace it counts as closed at the deadline, whoever asks.
    """
    timed_out = attempt.closes_at is not None and attempt.closes_at <= at
    ended_at = attempt.deadline_at if timed_out else at
    # The claim is lock and guard in one statement, on every database: only one submit gets the row.
    claimed = (
        Attempt.objects.running()
        .filter(pk=attempt.pk)
        .update(submitted_at=ended_at, ended_as=AttemptEnd.TIMED_OUT if timed_out else AttemptEnd.SUBMITTED)
    )
    attempt = Attempt.objects.select_related("version", "enrolment__officer__user", "enrolment__course", "item").get(
        pk=attempt.pk
    )
    if not claimed:
        return attempt
    attempt.grade, attempt.passed = _graded(attempt)
    attempt.save(update_fields=["grade", "passed"])
    _credit(attempt)
    audit.record(
        verb="attempt.submitted",
        actor=None if timed_out else attempt.enrolment.officer.user,
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
    submit_attempt(attempt=attempt, at=at)
    attempt.refresh_from_db(fields=["submitted_at", "ended_as", "grade", "passed"])
    return True


@due("attempts")
def close_due_attempts(*, at: datetime) -> int:
    """Close every abandoned attempt whose time is over, each in its own transaction."""
    overdue = list(Attempt.objects.due_to_close(at=at))
    for attempt in overdue:
        submit_attempt(attempt=attempt, at=at)
    return len(overdue)


@due("earned-quizzes")
def credit_earned_attempts(*, at: datetime) -> int:
    """Complete items whose attempt earned them while a new version of the course held them locked."""
    complete = ItemCompletion.objects.filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    earned = Q(passed=True) | Q(version__role=QuizRole.PRETEST)
    waiting = Attempt.objects.filter(~Exists(complete), earned, submitted_at__isnull=False)
    return sum(_credit(attempt) for attempt in waiting.select_related("version", "enrolment", "item").order_by("pk"))


def _graded(attempt: Attempt) -> tuple:
    """Store the fraction of each response; return grade and pass of the whole. A pre-test neither passes nor fails."""
    responses = list(attempt.responses.select_related("question").prefetch_related("question__options"))
    graded = []
    for response in responses:
        options = [(str(option.uuid), option.fraction) for option in response.question.options.all()]
        fraction = fraction_of_answer(response.question.kind, options, response.chosen)
        response.fraction = rounded(fraction, places=5)
        graded.append((fraction, response.question.marks))
    Response.objects.bulk_update(responses, ["fraction"])
    pass_fraction = attempt.version.pass_fraction
    return grade_percent(graded), None if pass_fraction is None else has_passed(graded, pass_fraction)


def _credit(attempt: Attempt) -> bool:
    """Complete the item when the attempt earned it; say whether it did."""
    earned = attempt.passed or attempt.version.role == QuizRole.PRETEST
    if not earned or attempt.submitted_at is None:
        return False
    try:
        complete_item(
            enrolment=attempt.enrolment,
            item=attempt.item,
            evidence=attempt.uuid,
            grade=attempt.grade,
            at=attempt.submitted_at,
        )
    except CompletionNotEarned:
        # The course changed under the attempt. The grade stands; credit_earned_attempts tries again.
        return False
    return True
