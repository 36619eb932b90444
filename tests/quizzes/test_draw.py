"""Which questions an attempt gets."""

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.drawing import draw


@dataclass(frozen=True)
class Question:
    kind: str
    order: int


def pool(plain: int, scenarios: int) -> list[Question]:
    kinds = ["single"] * plain + ["situational"] * scenarios
    return [Question(kind, order) for order, kind in enumerate(kinds, start=1)]


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 20), st.integers(0, 2**32), st.data())
def test_a_draw_has_its_count_without_repetition_and_enough_scenarios(plain, scenarios, seed, data):
    count = data.draw(st.integers(0, plain + scenarios))
    least = data.draw(st.integers(0, min(scenarios, count)))

    drawn = draw(pool(plain, scenarios), count=count, min_scenarios=least, shuffle=True, chance=Random(seed))

    assert len(set(drawn)) == len(drawn) == count
    assert sum(question.kind == "situational" for question in drawn) >= least


def test_without_shuffling_questions_stand_in_the_order_of_the_author():
    drawn = draw(pool(10, 10), count=12, min_scenarios=6, shuffle=False, chance=Random(3))

    assert [question.order for question in drawn] == sorted(question.order for question in drawn)


def test_each_question_comes_up_sooner_or_later():
    seen = set()
    for seed in range(200):
        seen |= set(draw(pool(34, 6), count=20, min_scenarios=2, shuffle=True, chance=Random(seed)))

    assert len(seen) == 40


def test_a_pool_that_is_too_small_is_an_error():
    with pytest.raises(ValueError, match="Sample larger"):
        draw(pool(3, 1), count=5, min_scenarios=0, shuffle=True, chance=Random(1))
