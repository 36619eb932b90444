"""Item analysis of stored attempts: reads them in one stream and hands plain values to ``statistics``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Avg, Count, Max, QuerySet, Sum

from .corrections import effects_of
from .distribution import Choice, choices_of, chosen, is_chosen, plain
from .effects import Effect, Effects
from .models import Attempt, GradeChange, QuizVersion, Response, VersionQuestion
from .services.recounting import questions_of
from .statistics import Flag, Item, QuestionFigures, QuizFigures, Sitting, analyse

BATCH = 500


@dataclass(frozen=True)
class Selection:
    """Which attempts are looked at: of one version or all; each officer's first in a cycle, or every one.

    Only the first counts unless somebody asks otherwise: a second attempt is made by people who failed and
    have read what was right, so it says less about the question than about the review.
    """

    item_id: int
    version: int | None = None
    every_attempt: bool = False

    def attempts(self) -> QuerySet[Attempt]:
        rows = Attempt.objects.counting().filter(item=self.item_id, graded_at__isnull=False)
        if self.version is not None:
            rows = rows.filter(version__number=self.version)
        return rows if self.every_attempt else rows.filter(number=1)


@dataclass(frozen=True)
class QuestionRow:
    """One question of a quiz with its figures; ``question`` is the newest version of it, ``number`` its place there."""

    question: VersionQuestion
    number: int
    figures: QuestionFigures
    choices: list[Choice]
    flags: list[Flag]
    treatment: str

    @property
    def title(self) -> str:
        return plain(self.question.html, 90)

    @property
    def discrimination(self) -> float | None:
        return self.figures.discrimination

    @property
    def facility_percent(self) -> float:
        return self.figures.facility * 100

    @property
    def is_flagged(self) -> bool:
        return any(flag is not Flag.TOO_FEW for flag in self.flags)


@dataclass(frozen=True)
class QuizAnalysis:
    selection: Selection
    figures: QuizFigures
    rows: list[QuestionRow]

    @property
    def flagged(self) -> int:
        return sum(row.is_flagged for row in self.rows)

    def row(self, question) -> QuestionRow | None:
        return next((row for row in self.rows if row.question.uuid == question), None)


def analysis_of(selection: Selection) -> QuizAnalysis:
    """Analyse the selected attempts. The same attempts are worked out once per process."""
    state = selection.attempts().aggregate(
        n=Count("pk"), last=Max("pk"), graded=Max("graded_at"), grades=Sum("grade"), numbers=Avg("version")
    )
    changes = GradeChange.objects.filter(correction__item=selection.item_id).aggregate(last=Max("pk"))
    newest = QuizVersion.objects.filter(item=selection.item_id).aggregate(last=Max("pk"))
    return _worked_out(selection, (*state.values(), *changes.values(), *newest.values()))


@lru_cache(maxsize=64)
def _worked_out(selection: Selection, _state: tuple) -> QuizAnalysis:
    effects = effects_of(selection.item_id)
    questions = questions_of(selection.item_id)
    figures = analyse(
        lambda: sittings(selection, questions, effects), lambda: brief_sittings(selection, questions, effects)
    )
    newest: dict[Any, VersionQuestion] = {}
    for question in questions.values():
        if selection.version is None or question.version.number <= selection.version:
            newest[str(question.uuid)] = question
    rows = [question_row(newest[uuid], found, effects.on(newest[uuid])) for uuid, found in figures.questions.items()]
    rows.sort(key=lambda row: (-row.question.version.number, row.number))
    return QuizAnalysis(selection, figures, rows)


def question_row(question: VersionQuestion, figures: QuestionFigures, effect: Effect) -> QuestionRow:
    choices = choices_of(question, effect.key)
    comparable = choices if is_chosen(question) else []
    return QuestionRow(
        question=question,
        number=question.order,
        figures=figures,
        choices=choices,
        flags=figures.flags(
            right=[choice.key for choice in comparable if choice.right],
            wrong=[choice.key for choice in comparable if not choice.right],
        ),
        treatment=effect.words,
    )


def brief_sittings(selection: Selection, questions: dict[int, VersionQuestion], effects: Effects) -> Iterator[Sitting]:
    """The selected attempts with what each answer earned and nothing else."""
    counted = {
        pk: (str(question.uuid), question.marks, effects.on(question).counts) for pk, question in questions.items()
    }
    for _attempt, passed, answers in _read(selection, "question_id", "fraction"):
        yield Sitting(
            [
                Item(uuid, float(fraction), marks, counts=counts)
                for _, question, fraction in answers
                if fraction is not None
                for uuid, marks, counts in [counted[question]]
            ],
            passed,
        )


def sittings(selection: Selection, questions: dict[int, VersionQuestion], effects: Effects) -> Iterator[Sitting]:
    """The selected attempts with all that is known of their answers."""
    counted = {pk: (str(question.uuid), question, effects.on(question)) for pk, question in questions.items()}
    for started_at, passed, answers in _read(selection, "question_id", "fraction", "answer", "saved_at"):
        seconds = _seconds_each(started_at, answers)
        yield Sitting(
            [
                Item(
                    question=uuid,
                    fraction=float(fraction),
                    marks=question.marks,
                    answered=bool(answer),
                    chosen=chosen(question, effect.key, answer),
                    seconds=seconds.get(question_id),
                    counts=effect.counts,
                )
                for _, question_id, fraction, answer, _ in answers
                if fraction is not None
                for uuid, question, effect in [counted[question_id]]
            ],
            passed,
        )


def _read(selection: Selection, *columns: str) -> Iterator[tuple[datetime, bool | None, list[tuple]]]:
    """Start, result and answers (attempt id first) of one attempt after the other, a batch in memory at a time."""
    attempts, last = selection.attempts().order_by("pk").values_list("pk", "started_at", "passed"), 0
    while batch := list(attempts.filter(pk__gt=last)[:BATCH]):
        last = batch[-1][0]
        rows = Response.objects.filter(attempt__in=[pk for pk, _start, _passed in batch])
        in_order = rows.order_by("attempt_id", "position").values_list("attempt_id", *columns)
        answers = {pk: list(group) for pk, group in groupby(in_order.iterator(), key=itemgetter(0))}
        for pk, started_at, passed in batch:
            if pk in answers:
                yield started_at, passed, answers[pk]


def _seconds_each(started_at: datetime, answers: list[tuple]) -> dict[int, float]:
    """Question id → seconds from the save before it (or the start) to its own last save.

    Only last saves are stored: who comes back to a question moves its time to the end, and reading ahead
    is counted on the question answered next. The median over many people bears that; a single figure does not.
    """
    saved = sorted((row[4], row[1]) for row in answers if row[4] is not None)
    before = started_at
    seconds = {}
    for moment, question in saved:
        seconds[question] = (moment - before).total_seconds()
        before = moment
    return seconds
