"""Which questions an attempt gets, and in which order. Chance comes in, so that a test can choose it."""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar


class Drawable(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def order(self) -> int: ...


Question = TypeVar("Question", bound=Drawable)


def draw(
    questions: Sequence[Question], *, count: int, min_scenarios: int, shuffle: bool, chance: Random
) -> list[Question]:
    """Return ``count`` of ``questions`` with at least ``min_scenarios`` situational ones among them.

    Without ``shuffle`` they stand in the author's order. Raises ValueError when there are too few.
    """
    scenarios = [question for question in questions if question.kind == "situational"]
    drawn = chance.sample(scenarios, min_scenarios)
    rest = [question for question in questions if question not in drawn]
    drawn += chance.sample(rest, count - min_scenarios)
    if shuffle:
        chance.shuffle(drawn)
    else:
        drawn.sort(key=lambda question: question.order)
    return drawn
