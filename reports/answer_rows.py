"""What is stored about the answers of those who stand at the counters of units, of now and of past days.

Looked at is each officer's newest graded attempt at every quiz, pre-tests aside; a question that was dropped or given
to everybody says nothing. A share is marks earned of marks available, as everywhere (quizzes/success.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import product

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum

from courses.models import CourseItem, ItemKind
from foundation.planning import asked_through
from organisation.models import Posting
from quizzes.corrections import undecided_questions

from .models import AnswerKind, AnswerRow
from .permissions import Moment, answers_at_posts, postings_that

# As many places as a fraction has.
FIFTH = Decimal("0.00001")
# Answers, marks earned and available.
Figures = tuple[int, Decimal, int]
# Unit, kind, function, course and topic.
Key = tuple[int, AnswerKind, int | None, int | None, str]


@dataclass
class _Share:
    people: set[int] = field(default_factory=set)
    answers: int = 0
    earned: Decimal = Decimal(0)
    available: int = 0

    def add(self, posting: int, answers: int, earned: Decimal, available: int) -> None:
        self.people.add(posting)
        self.answers += answers
        self.earned += earned
        self.available += available


def answer_rows(units: Collection[int], *, at: datetime) -> Iterator[AnswerRow]:
    """What is stored about ``units`` (ids) as of now."""
    return answer_rows_of_day(units, Moment(at))


def answer_rows_of_day(units: Collection[int], moment: Moment) -> Iterator[AnswerRow]:
    """What is stored about ``units`` as of a past day."""
    stand = moment.posted()
    through = Posting.functions.through.objects.filter(asked_through("posting__", stand), posting__unit__in=units)
    functions: dict[int, list[int]] = defaultdict(list)
    unit_of: dict[int, int] = {}
    shares: dict[Key, _Share] = defaultdict(_Share)
    standing: dict[Key, int] = defaultdict(int)
    for posting, unit, function in through.values_list("posting", "posting__unit", "servicefunction"):
        functions[posting].append(function)
        unit_of[posting] = unit
        standing[unit, AnswerKind.COUNTER, function, None, ""] += 1
    postings = postings_that(stand & Q(unit__in=units, functions__isnull=False))
    for posting, course, topic, figures in _answers(postings, moment):
        if posting not in unit_of:
            # Came to a counter this very moment; its mark has the unit counted again.
            continue
        unit = unit_of[posting]
        for about, function in product((course, None), functions[posting]):
            shares[unit, AnswerKind.COUNTER, function, about, ""].add(posting, *figures)
        for about, at_counter in product((course, None), (*functions[posting], None)):
            shares[unit, AnswerKind.TOPIC, at_counter, about, topic].add(posting, *figures)
    for key in {**standing, **shares}:
        unit, kind, at_counter, about, topic = key
        share = shares[key]
        yield AnswerRow(
            unit_id=unit,
            kind=kind,
            function_id=at_counter,
            course_id=about,
            topic=topic,
            standing=standing.get(key, 0),
            people=len(share.people),
            answers=share.answers,
            earned=share.earned,
            available=share.available,
        )


def _answers(postings: QuerySet[Posting], moment: Moment) -> Iterator[tuple[int, int, str, Figures]]:
    """Posting, course, topic, and what was earned there."""
    quizzes = CourseItem.objects.filter(kind=ItemKind.QUIZ).values_list("pk", flat=True)
    answers = answers_at_posts(postings, moment).exclude(question__in=undecided_questions(set(quizzes)))
    earned = ExpressionWrapper(F("fraction") * F("question__marks"), output_field=DecimalField())
    sums = {"number": Count("pk"), "earned": Sum(earned), "available": Sum("question__marks")}
    rows = answers.values_list("posting", "attempt__item__course", "question__topic").annotate(**sums)
    for posting, course, topic, number, marks, available in rows.iterator(chunk_size=5_000):
        # SQLite adds decimals up as floats.
        yield posting, course, topic, (number, Decimal(str(marks)).quantize(FIFTH), available)
