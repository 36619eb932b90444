"""What an officer sees while an attempt runs. Built without keys: fraction and feedback are not even read."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from foundation.formats import in_zone, minutes_text, zone_label

from .choices import QuestionKind, ReviewWhen
from .corrections import effects_of
from .effects import Effects
from .kinds import Answer, Asked, kind_of
from .models import Attempt, Response, VersionOption
from .openness import opened
from .review import ReviewedQuestion, reviewed

FEW_MINUTES = 5 * 60


@dataclass(frozen=True)
class Dot:
    """One question in the row of dots and in the list of all questions; without ``url`` it cannot be opened."""

    number: int
    url: str
    answered: bool
    current: bool


@dataclass(frozen=True)
class Clock:
    """The time left by the server's clock, in whole seconds; it stands still while ``paused``."""

    seconds: int
    paused: bool = False

    @property
    def low(self) -> bool:
        return self.seconds < FEW_MINUTES and not self.paused

    @property
    def words(self) -> str:
        if self.paused:
            return "Waktu dijeda"
        if self.seconds <= 0:
            return "Waktu habis"
        if self.seconds < 60:
            return f"Sisa {self.seconds} detik"
        return f"Sisa {-(-self.seconds // 60)} menit"


@dataclass(frozen=True)
class ShownQuestion:
    """A question that can still be answered: its text, and the fragment with the fields of its kind.

    ``prefix`` stands before every name and id of those fields, where a page shows more than one question.
    """

    html: SafeString
    kind: str
    template: str
    fields: Any
    is_story: bool
    prefix: str = ""

    @property
    def multiple(self) -> bool:
        return self.kind == QuestionKind.MULTIPLE


@dataclass(frozen=True)
class Part:
    """One question on a page: what it shows, since when its answer is stored, and what ``lama`` says of it."""

    position: int
    question: ShownQuestion
    stored_sequence: int
    saved_text: str
    may_reveal: bool
    shown: str
    reviewed: ReviewedQuestion | None = None

    @property
    def anchor(self) -> str:
        return f"soal-{self.position}"


@dataclass(frozen=True)
class Sheet:
    """The page of one question, or of all. ``sequence`` is the newest stored one of the epoch: the page counts on."""

    attempt: Attempt
    parts: list[Part]
    total: int
    dots: list[Dot]
    sequence: int
    clock: Clock | None
    extension: str = field(default="")

    @property
    def part(self) -> Part:
        """The only question of a page with one."""
        return self.parts[0]

    @property
    def position(self) -> int:
        return self.part.position

    @property
    def answered(self) -> int:
        return sum(dot.answered for dot in self.dots)

    @property
    def sentence(self) -> str:
        return f"Soal {self.position} dari {self.total}, {self.answered} terjawab"

    @property
    def sentence_of_all(self) -> str:
        return f"{self.total} soal, {self.answered} terjawab"

    @property
    def following_sequence(self) -> int:
        """What a form without script carries: one more than everything stored so far."""
        return self.sequence + 1


def clock_of(attempt: Attempt, *, at: datetime) -> Clock | None:
    """Time left until the deadline; None without one. Grace is not shown, it only forgives."""
    if attempt.deadline_at is None:
        return None
    return Clock(max(int((attempt.deadline_at - at).total_seconds()), 0), paused=attempt.paused_at is not None)


def clock_text(moment: datetime, zone: str) -> str:
    """``14.03.07 WIT``: the second an answer was saved."""
    return f"{in_zone(moment, zone):%H.%M.%S} {zone_label(zone)}"


def extension_of(attempt: Attempt) -> str:
    """What an outage did to the clock, in a sentence; empty when nothing."""
    if attempt.paused_at is not None and attempt.submitted_at is None:
        return "Waktu Anda dijeda karena gangguan di satuan Anda. Anda boleh tetap menjawab."
    if attempt.extended_seconds:
        return f"Waktu Anda diperpanjang {minutes_text(-(-attempt.extended_seconds // 60))} karena gangguan."
    return ""


def question_url(attempt: Attempt, position: int) -> str:
    """Where a question of a running attempt is answered."""
    if attempt.version.on_one_page:
        return f"{reverse('quiz-sheet', args=[attempt.uuid])}#soal-{position}"
    return reverse("quiz-question", args=[attempt.uuid, position])


def dots_of(attempt: Attempt, responses: list[Response], *, current: int = 0) -> list[Dot]:
    no_links = attempt.version.forward_only
    return [
        Dot(
            number=response.position,
            url="" if no_links else question_url(attempt, response.position),
            answered=response.answered,
            current=response.position == current,
        )
        for response in responses
    ]


def first_open_position(responses: list[Response]) -> int:
    """The first question without an answer; the first of all when every one has its answer."""
    return next((response.position for response in responses if not response.answered), 1)


def sheet_of(
    attempt: Attempt, responses: list[Response], shown: Sequence[Response], *, epoch: int, zone: str, at: datetime
) -> Sheet:
    """The page of ``shown``, one or all of ``responses`` of ``attempt``, on the device that holds ``epoch``."""
    what = opened(attempt.version.review_options, ReviewWhen.DURING)
    revealed = [response for response in shown if response.revealed_at is not None]
    # Keys are read for what was revealed, and for nothing else.
    prefetch_related_objects(revealed, "question__legal_source", "question__options")
    effects = effects_of(attempt.item_id) if revealed else Effects()
    single = len(shown) == 1 and not attempt.version.on_one_page
    parts = []
    for response, asked in zip(shown, asked_all(shown), strict=True):
        question = response.question
        prefix = "" if single else f"s{response.position}-"
        parts.append(
            Part(
                position=response.position,
                question=shown_question(question.kind, asked, response.answer, prefix=prefix),
                stored_sequence=response.sequence if response.epoch == epoch else 0,
                saved_text=clock_text(response.saved_at, zone) if response.saved_at and response.answered else "",
                may_reveal=bool(what) and response.revealed_at is None,
                shown=fingerprint(question.rules.untouched(asked, response.answer)),
                reviewed=reviewed(response, effects, what=what, penalty=attempt.version.wrong_penalty)
                if response.revealed_at is not None
                else None,
            )
        )
    return Sheet(
        attempt=attempt,
        parts=parts,
        total=len(responses),
        dots=dots_of(attempt, responses, current=shown[0].position if single else 0),
        sequence=max((other.sequence for other in responses if other.epoch == epoch), default=0),
        clock=clock_of(attempt, at=at),
        extension=extension_of(attempt),
    )


def asked_all(responses: Sequence[Response]) -> list[Asked]:
    """What the officer's page may know of each question, in one query for the options of all."""
    html: dict[int, dict[str, SafeString]] = {response.question_id: {} for response in responses}
    options = VersionOption.objects.filter(question__in=list(html))
    for question_id, uuid, text in options.values_list("question", "uuid", "html"):
        html[question_id][str(uuid)] = mark_safe(text)
    return [response.asked(html[response.question_id]) for response in responses]


def fingerprint(answer: Answer) -> str:
    """A short mark of an answer, by which a form without script shows that nobody touched it."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:12]


def shown_question(kind: str, asked: Asked, answer: Answer, *, prefix: str = "") -> ShownQuestion:
    """The fields of a question with what was answered so far."""
    rules = kind_of(kind)
    return ShownQuestion(
        mark_safe(asked.html), kind, rules.template, rules.fields(asked, answer), rules.is_story, prefix
    )
