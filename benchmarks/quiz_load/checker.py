"""What must hold after any load, read from the database: nothing acknowledged is lost, nothing happened twice.

I1: every acknowledged answer stands with its sequence, or a later one stands in its place.
I2: one attempt, one submission and one completion per officer; the grade is the one its stored answers earn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from enrolments.models import CourseCompletion, ItemCompletion
from foundation.models import AuditEvent
from quizzes.grading import grade_percent, has_passed
from quizzes.models import Attempt, Response

from .officers import Officer


@dataclass
class Verdict:
    """One sentence for each thing found."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def checked(officers: Iterable[Officer], version_id: int) -> Verdict:
    verdict = Verdict()
    for officer in officers:
        attempts = Attempt.objects.filter(enrolment__officer__user=officer.person.number, version=version_id)
        found = list(attempts.select_related("version", "enrolment"))
        if len(found) > 1:
            verdict.doubled.append(f"{officer.person.number}: {len(found)} attempts")
        attempt = next((attempt for attempt in found if str(attempt.uuid) == officer.attempt), None)
        if attempt is None:
            if officer.attempt:
                verdict.lost.append(f"{officer.person.number}: the attempt itself")
            continue
        _check_answers(officer, attempt, verdict)
        _check_end(officer, attempt, verdict)
    return verdict


def _check_answers(officer: Officer, attempt: Attempt, verdict: Verdict) -> None:
    stored = {response.position: response for response in attempt.responses.all()}
    for promise in officer.acknowledged:
        response = stored.get(promise.position)
        stands = (response.epoch, response.sequence) if response else (0, 0)
        same = stands == (promise.epoch, promise.sequence) and set(response.answer) == set(promise.answer)
        if not same and stands <= (promise.epoch, promise.sequence):
            verdict.lost.append(f"{attempt.uuid} question {promise.position}: {promise.sequence}, stored {stands}")


def _check_end(officer: Officer, attempt: Attempt, verdict: Verdict) -> None:
    if not officer.submitted:
        return
    if attempt.submitted_at is None:
        verdict.lost.append(f"{attempt.uuid}: the submission")
        return
    grade, passed = _earned(attempt)
    if (attempt.grade, attempt.passed) != (grade, passed):
        verdict.lost.append(f"{attempt.uuid}: grade {attempt.grade}, its answers earn {grade}")
    counts = {
        "submissions": AuditEvent.objects.filter(verb="attempt.submitted", object_id=str(attempt.pk)).count(),
        "item completions": ItemCompletion.objects.filter(enrolment=attempt.enrolment, item=attempt.item).count(),
        "course completions": CourseCompletion.objects.filter(enrolment=attempt.enrolment).count(),
    }
    expected = {"submissions": 1, "item completions": int(passed), "course completions": int(passed)}
    for name, count in counts.items():
        if count > expected[name]:
            verdict.doubled.append(f"{attempt.uuid}: {count} {name}")
        elif count < expected[name]:
            verdict.lost.append(f"{attempt.uuid}: {count} {name} of {expected[name]}")


def _earned(attempt: Attempt):
    """Grade and pass, worked out anew from what is stored."""
    responses = Response.objects.filter(attempt=attempt).select_related("question")
    pairs = [
        (response.question.rules.fraction(response.question.answer_key, response.answer), response.question.marks)
        for response in responses.prefetch_related("question__options")
    ]
    return grade_percent(pairs), has_passed(pairs, attempt.version.pass_fraction)
