"""Marks as they read afterwards, for the officer, for SDM, and for whoever decides between two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from foundation.formats import number

from .grading import rounded
from .marking import Criteria
from .models import Attempt, Mark, MarkingTask


@dataclass(frozen=True)
class CriterionShown:
    text: str
    points: str
    available: int
    comments: list[str]


@dataclass(frozen=True)
class MarkShown:
    """Marks as they read afterwards: points per criterion, comments, and the sum in words."""

    criteria: list[CriterionShown]
    comments: list[str]
    total: str


def marks_of(attempt: Attempt) -> dict[int, MarkShown]:
    """By response: the marks that decided, for everything a person marked; empty before all of it is decided."""
    tasks = (
        MarkingTask.objects.filter(attempt=attempt, dispute=None, closed_at__isnull=False)
        .select_related("response__question")
        .prefetch_related("marks")
        .order_by("pk")
    )
    found = {}
    for task in tasks:
        marks = list(task.marks.all())
        if task.response and marks:
            # The third marker decides alone. Of an answer that was replaced the newest task stands last.
            found[task.response.pk] = shown(task.response.question.shape["criteria"], marks[2:] or marks)
    return found


def shown(criteria: Criteria, marks: Sequence[Mark]) -> MarkShown:
    """The mean of the marks, criterion by criterion, with every comment."""
    rows = [
        CriterionShown(
            text=criterion["text"],
            points=_mean(mark.points[criterion["uuid"]] for mark in marks),
            available=criterion["points"],
            comments=[mark.comments[criterion["uuid"]] for mark in marks if criterion["uuid"] in mark.comments],
        )
        for criterion in criteria
    ]
    comments = [mark.comment for mark in marks if mark.comment]
    return MarkShown(rows, comments, f"{_mean(mark.earned for mark in marks)} dari {marks[0].available} poin")


def _mean(points: Iterable[int]) -> str:
    given = list(points)
    return number(rounded(Fraction(sum(given), len(given)), places=2))
