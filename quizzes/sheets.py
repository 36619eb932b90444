"""What an officer sees while an attempt runs. Built without keys: fraction and feedback are not even read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from foundation.formats import in_zone, zone_label

from .choices import QuestionKind, ReviewSetting
from .kinds import Answer, Asked, kind_of
from .models import Attempt, Response
from .review import ReviewedQuestion, reviewed
from .services.effects import effects_of

FEW_MINUTES = 5 * 60


@dataclass(frozen=True)
class Dot:
    """One question in the row of dots and in the list of all questions."""

    number: int
    url: str
    answered: bool
    current: bool


@dataclass(frozen=True)
class Clock:
    """The time left by the server's clock, in whole seconds."""

    seconds: int

    @property
    def low(self) -> bool:
        return self.seconds < FEW_MINUTES

    @property
    def words(self) -> str:
        if self.seconds <= 0:
            return "Waktu habis"
        if self.seconds < 60:
            return f"Sisa {self.seconds} detik"
        return f"Sisa {-(-self.seconds // 60)} menit"


@dataclass(frozen=True)
class ShownQuestion:
    """A question that can still be answered: its text, and the fragment with the fields of its kind."""

    html: SafeString
    kind: str
    template: str
    fields: Any
    is_story: bool

    @property
    def multiple(self) -> bool:
        return self.kind == QuestionKind.MULTIPLE


@dataclass(frozen=True)
class Sheet:
    """The page of one question. ``sequence`` is the newest stored one of the epoch: the page counts on from it."""

    attempt: Attempt
    position: int
    total: int
    question: ShownQuestion
    dots: list[Dot]
    sequence: int
    stored_sequence: int
    saved_text: str
    clock: Clock | None
    may_reveal: bool
    reviewed: ReviewedQuestion | None = field(default=None)

    @property
    def answered(self) -> int:
        return sum(dot.answered for dot in self.dots)

    @property
    def sentence(self) -> str:
        return f"Soal {self.position} dari {self.total}, {self.answered} terjawab"

    @property
    def following_sequence(self) -> int:
        """What a form without script carries: one more than everything stored so far."""
        return self.sequence + 1


def clock_of(attempt: Attempt, *, at: datetime) -> Clock | None:
    """Time left until the deadline; None without a time limit. Grace is not shown, it only forgives."""
    if attempt.deadline_at is None:
        return None
    return Clock(max(int((attempt.deadline_at - at).total_seconds()), 0))


def clock_text(moment: datetime, zone: str) -> str:
    """``14.03.07 WIT``: the second an answer was saved."""
    return f"{in_zone(moment, zone):%H.%M.%S} {zone_label(zone)}"


def dots_of(attempt: Attempt, responses: list[Response], *, current: int = 0) -> list[Dot]:
    return [
        Dot(
            number=response.position,
            url=reverse("quiz-question", args=[attempt.uuid, response.position]),
            answered=response.answered,
            current=response.position == current,
        )
        for response in responses
    ]


def first_open_position(responses: list[Response]) -> int:
    """The first question without an answer; the first of all when every one has its answer."""
    return next((response.position for response in responses if not response.answered), 1)


def sheet_of(
    attempt: Attempt, responses: list[Response], response: Response, *, epoch: int, zone: str, at: datetime
) -> Sheet:
    """The page of ``response``, one of ``responses`` of ``attempt``, on the device that holds ``epoch``."""
    question = response.question
    opened = response.revealed_at is not None
    during = attempt.version.review == ReviewSetting.DURING
    return Sheet(
        attempt=attempt,
        position=response.position,
        total=len(responses),
        question=shown_question(question.kind, response.asked(), response.answer),
        dots=dots_of(attempt, responses, current=response.position),
        sequence=max((other.sequence for other in responses if other.epoch == epoch), default=0),
        stored_sequence=response.sequence if response.epoch == epoch else 0,
        saved_text=clock_text(response.saved_at, zone) if response.saved_at and response.answered else "",
        clock=clock_of(attempt, at=at),
        may_reveal=during and not opened,
        reviewed=reviewed(response, effects_of(attempt.item_id)) if opened else None,
    )


def shown_question(kind: str, asked: Asked, answer: Answer) -> ShownQuestion:
    """The fields of a question with what was answered so far."""
    rules = kind_of(kind)
    return ShownQuestion(mark_safe(asked.html), kind, rules.template, rules.fields(asked, answer), rules.is_story)
