"""The end of an attempt: graded once, from the stored answers, and what a pass completes."""

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from enrolments.exceptions import CompletionNotEarned
from enrolments.models import ItemCompletion
from enrolments.services import complete_item
from foundation import audit
from foundation.due import due
from quizzes.choices import AttemptEnd, QuizRole
from quizzes.grading import grade_percent, has_passed, rounded
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
    if grade_attempt(attempt, at=at):
        credit_attempt(attempt)
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
    attempt.refresh_from_db(fields=["submitted_at", "ended_as", "graded_at", "grade", "passed"])
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
    earned = Q(passed=True) | ~Q(version__role=QuizRole.POSTTEST)
    waiting = Attempt.objects.filter(~Exists(complete), earned, graded_at__isnull=False)
    related = waiting.select_related("version", "enrolment", "item").order_by("pk")
    return sum(credit_attempt(attempt) for attempt in related)


def grade_attempt(attempt: Attempt, *, at: datetime) -> bool:
    """Store the fraction of each response and, once all have one, grade and pass; say whether the grade stands.

    Answers that a person marks keep the fraction they were given. A pre-test neither passes nor fails.
    """
    responses = list(attempt.responses.select_related("question").prefetch_related("question__options"))
    graded: list[tuple[Fraction, int]] = []
    for response in responses:
        fraction = response.question.rules.fraction(response.question.answer_key, response.answer)
        if fraction is None:
            if response.fraction is None:
                continue
            fraction = Fraction(response.fraction)
        response.fraction = rounded(fraction, places=5)
        graded.append((fraction, response.question.marks))
    Response.objects.bulk_update(responses, ["fraction"])
    if len(graded) < len(responses):
        return False
    pass_fraction = attempt.version.pass_fraction
    attempt.grade = grade_percent(graded)
    attempt.passed = None if pass_fraction is None else has_passed(graded, pass_fraction)
    attempt.graded_at = at
    attempt.save(update_fields=["grade", "passed", "graded_at"])
    return True


def credit_attempt(attempt: Attempt) -> bool:
    """Complete the item when the attempt earned it; say whether it did."""
    earned = attempt.passed or attempt.version.role != QuizRole.POSTTEST
    if not earned or attempt.graded_at is None:
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
