"""Marking: one person's marks, what they add up to, and the grade that follows in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from foundation import audit
from organisation.models import User
from quizzes import marking
from quizzes.choices import EventKind, News, RulingOrigin
from quizzes.exceptions import MarkingRefused
from quizzes.models import Attempt, Mark, MarkingClaim, MarkingTask, Response, Ruling

from .announcing import announce
from .queueing import TAKEN
from .submitting import credit_attempt, grade_attempt
from .timeline import note

LONGEST_COMMENT = 2000


@transaction.atomic
def give_marks(
    *,
    task: MarkingTask,
    marker: User,
    points: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    at: datetime,
) -> Mark:
    """Store what ``marker`` gives the answer and, with the last mark it waits for, grade the attempt.

    ``points`` and ``comments`` are by the uuid of the criterion. A second press of the button returns the
    first mark. Raises MarkingRefused for missing points, and without a seat at the task.
    """
    # Lock first: two markers who finish together must not each think that the other is still missing.
    task = MarkingTask.objects.select_for_update(of=("self",)).for_marking_page().get(pk=task.pk)
    if stored := task.marks.filter(marker=marker).first():
        return stored
    claim = MarkingClaim.objects.filter(task=task, marker=marker, seat__isnull=False).first()
    response = task.response
    if claim is None or claim.seat is None or task.closed_at or response is None:
        raise MarkingRefused(TAKEN)
    criteria = response.question.shape["criteria"]
    given = marking.points_given(criteria, points)
    mark = Mark.objects.create(
        task=task,
        seat=claim.seat,
        marker=marker,
        points=given,
        comments=_comments(criteria, comments),
        comment=_short(comment),
        earned=sum(given.values()),
        available=marking.points_available(criteria),
        marked_at=at,
    )
    claim.delete()
    note(task.attempt, EventKind.MARKED, at=at, actor=marker, position=response.position, seat=mark.seat)
    audit.record(verb="answer.marked", actor=marker, at=at, obj=mark, subject_id=task.attempt.enrolment.officer_id)
    _conclude(task, response, mark, at=at)
    return mark


def _conclude(task: MarkingTask, response: Response, last: Mark, *, at: datetime) -> None:
    fractions = [mark.fraction for mark in task.marks.all()]
    fraction = marking.decided(fractions, wanted=task.wanted)
    if fraction is None:
        if marking.needs_third(fractions):
            MarkingTask.objects.filter(pk=task.pk).update(wanted=3)
        return
    MarkingTask.objects.filter(pk=task.pk).update(closed_at=at)
    task.claims.all().delete()
    ruling = rule(response, fraction, origin=RulingOrigin.RUBRIC, actor=last.marker, at=at)
    if settle(task.attempt, at=at):
        announce(task.attempt, News.MARKED, about=ruling.pk, at=at)


def rule(
    response: Response, fraction: Fraction | None, *, origin: RulingOrigin, actor: User, at: datetime, reason: str = ""
) -> Ruling:
    """Write what the response earns from now on (-1..1); None takes back what was decided before."""
    return Ruling.objects.create(
        response=response,
        number=response.rulings.count() + 1,
        origin=origin,
        earned=None if fraction is None else fraction.numerator,
        available=None if fraction is None else fraction.denominator,
        reason=reason,
        ruled_by=actor,
        ruled_at=at,
    )


def settle(attempt: Attempt, *, at: datetime) -> bool:
    """Grade the attempt anew and complete its item when it earned that; say whether the grade stands.

    A grade that falls takes no completion away (docs/decisions/0014-marking.md).
    """
    related = Attempt.objects.select_for_update(of=("self",)).select_related(
        "version", "enrolment__officer__user", "enrolment__course", "item"
    )
    attempt = related.get(pk=attempt.pk)
    graded = grade_attempt(attempt, at=at)
    if graded:
        credit_attempt(attempt)
    return graded


def _comments(criteria: marking.Criteria, comments: Mapping[str, str]) -> dict[str, str]:
    written = {criterion["uuid"]: _short(comments.get(criterion["uuid"], "")) for criterion in criteria}
    return {uuid: text for uuid, text in written.items() if text}


def _short(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST_COMMENT:
        raise MarkingRefused(f"Komentar terlalu panjang: {len(text)} huruf, paling banyak {LONGEST_COMMENT}.")
    return text
