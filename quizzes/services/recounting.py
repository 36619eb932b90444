"""Attempts graded anew from what is stored, in batches: constant memory however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from django.db.models import QuerySet, prefetch_related_objects

from quizzes.effects import Effects, Outcome, digest_of, outcome_of
from quizzes.models import Attempt, KeyCorrection, Response, Ruling, VersionQuestion

BATCH = 200


@dataclass(frozen=True)
class Recount:
    """A submitted attempt, its stored responses, and what they are worth by the rules of now."""

    attempt: Attempt
    responses: list[Response]
    outcome: Outcome

    @property
    def grade_changed(self) -> bool:
        """Whether the result is another one; an attempt that waits for a marker has none yet."""
        outcome, attempt = self.outcome, self.attempt
        return outcome.grade is not None and (outcome.grade, outcome.passed) != (attempt.grade, attempt.passed)

    @property
    def new_grade(self) -> Decimal:
        """The grade of a result that ``grade_changed``. Raises ValueError while a person must mark it."""
        if self.outcome.grade is None:
            raise ValueError("an attempt that waits for a marker has no grade")
        return self.outcome.grade

    @property
    def wrong_fractions(self) -> list[tuple[Response, Decimal | None]]:
        """The responses whose stored fraction is not what they earn, with what they earn."""
        pairs = zip(self.responses, self.outcome.fractions, strict=True)
        return [(response, fraction) for response, fraction in pairs if response.fraction != fraction]


def questions_of(item_id: int) -> dict[int, VersionQuestion]:
    """Every compiled question of an item with its options, oldest version first."""
    rows = VersionQuestion.objects.filter(version__item=item_id).select_related("version").prefetch_related("options")
    return {question.pk: question for question in rows.order_by("version__number", "order")}


def recountable(item_id: int) -> QuerySet[Attempt]:
    """Submitted attempts at an item whose answers are still there, without those that a redo ended ungraded."""
    kept = Attempt.objects.filter(item=item_id, submitted_at__isnull=False, answers_purged_at=None)
    return kept.exclude(set_aside_by__isnull=False, grade=None)


def attempts_with(correction: KeyCorrection) -> QuerySet[Attempt]:
    """Submitted attempts that drew the question as the correction means it."""
    meant = [
        question.pk
        for question in questions_of(correction.item_id).values()
        if question.uuid == correction.question and digest_of(question) in correction.digests
    ]
    return recountable(correction.item_id).filter(responses__question__in=meant)


def recounted(
    attempts: QuerySet[Attempt], *, item_id: int, effects: Effects, after: int = 0
) -> Iterator[list[Recount]]:
    """Yield ``attempts`` (all of one item, with an id above ``after``) in batches, graded anew; nothing is written."""
    questions = questions_of(item_id)
    versions = {question.version_id: question.version for question in questions.values()}
    while batch := list(attempts.filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        for attempt in batch:
            attempt.version = versions[attempt.version_id]
        yield _recount(batch, questions, effects)


def with_people(recounts: list[Recount]) -> list[Recount]:
    """Read whose attempts these are, in one query per table."""
    attempts = [recount.attempt for recount in recounts]
    prefetch_related_objects(attempts, "item", "enrolment__officer__user", "enrolment__course")
    return recounts


def _recount(batch: list[Attempt], questions: dict[int, VersionQuestion], effects: Effects) -> list[Recount]:
    ids = [attempt.pk for attempt in batch]
    ruled: dict[int, Fraction | None] = {
        ruling.response_id: ruling.fraction for ruling in Ruling.objects.filter(response__attempt__in=ids)
    }
    rows = Response.objects.filter(attempt__in=ids).order_by("attempt_id", "position")
    by_attempt = {pk: list(group) for pk, group in groupby(rows, key=lambda response: response.attempt_id)}
    recounts = []
    for attempt in batch:
        responses = by_attempt.get(attempt.pk, [])
        for response in responses:
            response.question = questions[response.question_id]
        recounts.append(
            Recount(attempt, responses, outcome_of(responses, attempt.version, effects=effects, ruled=ruled))
        )
    return recounts
