"""What a marker sees of an answer or of a dispute. No name stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from .corrections import effects_of
from .marks_shown import MarkShown, marks_of, shown
from .models import MarkingTask, Response
from .review import ReviewedQuestion, reviewed

# Up to here the points are buttons that a digit key chooses; above it they are typed.
MOST_BUTTONS = 9
LONGEST_DRAFT = 2000
Filled = Mapping[str, str]


@dataclass(frozen=True)
class CriterionField:
    """One criterion with its fields; ``buttons`` (points, checked) is empty where points are typed."""

    uuid: str
    number: int
    text: str
    guide: str
    points: int
    value: str
    buttons: list[tuple[int, bool]]
    comment: str


@dataclass(frozen=True)
class MarkSheet:
    """The page of one essay. ``earlier`` holds the marks that the third marker decides between."""

    html: SafeString
    answer: str
    words: int
    max_words: int
    criteria: list[CriterionField]
    comment: str
    earlier: list[MarkShown]
    available: int


@dataclass(frozen=True)
class DisputeSheet:
    """The page of one dispute: what was asked, and the answers it is about, each with a field for a new fraction."""

    text: str
    whole: bool
    questions: list["DisputedQuestion"]
    explanation: str


@dataclass(frozen=True)
class DisputedQuestion:
    reviewed: ReviewedQuestion
    value: str


def mark_sheet(task: MarkingTask, filled: Filled) -> MarkSheet:
    """The sheet of an essay with what ``filled`` already holds (the names of ``fields_of``)."""
    response: Response = task.response  # type: ignore[assignment]  # a task without dispute has its answer
    question = response.question
    criteria = question.shape["criteria"]
    guides = question.key.get("guides", {})
    return MarkSheet(
        html=mark_safe(question.html),
        answer=response.answer or "",
        words=len((response.answer or "").split()),
        max_words=question.shape.get("max_words", 0),
        criteria=[
            _criterion(position, criterion, guides.get(criterion["uuid"], ""), filled)
            for position, criterion in enumerate(criteria, start=1)
        ],
        comment=filled.get("komentar", ""),
        earlier=[shown(criteria, [mark]) for mark in task.marks.all()] if task.wanted == 3 else [],
        available=sum(criterion["points"] for criterion in criteria),
    )


def _criterion(position: int, criterion: Mapping, guide: str, filled: Filled) -> CriterionField:
    value = filled.get(f"poin-{criterion['uuid']}", "")
    points = criterion["points"]
    buttons = [(point, value == str(point)) for point in range(points + 1)] if points <= MOST_BUTTONS else []
    comment = filled.get(f"komentar-{criterion['uuid']}", "")
    return CriterionField(criterion["uuid"], position, criterion["text"], guide, points, value, buttons, comment)


def fields_of(task: MarkingTask, posted: Mapping[str, str]) -> dict[str, str]:
    """What a form or a draft holds of this task's own fields; everything else is left out."""
    if task.dispute:
        names = ["penjelasan", *(f"nilai-{response.position}" for response in disputed(task))]
    else:
        criteria = task.response.question.shape["criteria"]  # type: ignore[union-attr]
        names = ["komentar", *(f"{kind}-{row['uuid']}" for row in criteria for kind in ("poin", "komentar"))]
    return {name: posted[name].replace("\x00", "") for name in names if posted.get(name)}


def without_prefix(filled: Filled, prefix: str) -> dict[str, str]:
    """``poin-<uuid>`` → ``<uuid>``."""
    return {name.removeprefix(prefix): value for name, value in filled.items() if name.startswith(prefix)}


def disputed(task: MarkingTask) -> list[Response]:
    """The answers a dispute is about: one, or all of its attempt."""
    rows = task.attempt.responses.select_related("question__legal_source").prefetch_related("question__options")
    only = task.dispute.response_id  # type: ignore[union-attr]
    return list(rows.filter(pk=only) if only else rows)


def dispute_sheet(task: MarkingTask, filled: Filled) -> DisputeSheet:
    marks = marks_of(task.attempt)
    effects = effects_of(task.attempt.item_id)
    questions = [
        DisputedQuestion(
            reviewed(response, effects, given_marks=marks.get(response.pk)),
            filled.get(f"nilai-{response.position}", ""),
        )
        for response in disputed(task)
    ]
    dispute = task.dispute
    assert dispute is not None  # noqa: S101  # the page of a dispute
    return DisputeSheet(dispute.text, dispute.response_id is None, questions, filled.get("penjelasan", ""))
