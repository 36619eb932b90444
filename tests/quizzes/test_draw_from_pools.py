"""Questions drawn from the bank: so many of a topic, so many of each difficulty, none twice."""

from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing import Pool, draw, fill, shortage_of


@dataclass(frozen=True)
class Question:
    order: int
    difficulty: str
    kind: str = "single"


DIFFICULTIES = ["easy", "medium", "hard"]


def questions(*difficulties: str) -> list[Question]:
    return [Question(order, difficulty) for order, difficulty in enumerate(difficulties, start=1)]


@st.composite
def pools(draw_):
    """Pools over one set of questions, nested, overlapping or apart; some cannot be filled."""
    there = questions(*draw_(st.lists(st.sampled_from(DIFFICULTIES), max_size=14)))
    made = []
    for _ in range(draw_(st.integers(1, 4))):
        members = [question for question in there if draw_(st.booleans())]
        least = {difficulty: draw_(st.integers(0, 2)) for difficulty in DIFFICULTIES}
        made.append(Pool(members, sum(least.values()) + draw_(st.integers(0, 3)), least))
    return made


def can_be_filled(pools) -> bool:
    """The slow way: try every question for every place."""
    places = []
    for pool in pools:
        for difficulty, least in pool.least.items():
            places += [frozenset(q for q in pool.members if q.difficulty == difficulty)] * least
        places += [frozenset(pool.members)] * (pool.count - sum(pool.least.values()))
    # Hall: no group of places has fewer candidates than places. Places alike count as one group.
    groups = list(Counter(places).items())
    for chosen in range(1, 2 ** len(groups)):
        picked = [group for bit, group in enumerate(groups) if chosen >> bit & 1]
        if len(frozenset().union(*(fitting for fitting, _n in picked))) < sum(n for _fitting, n in picked):
            return False
    return True


@given(pools(), st.integers(0, 2**32))
def test_pools_are_filled_exactly_when_they_can_be(made, seed):
    if not can_be_filled(made):
        assert shortage_of(made)
        with pytest.raises(ValueError, match="the pools want"):
            fill(made, Random(seed))
        return

    drawn = fill(made, Random(seed))

    assert shortage_of(made) is None
    assert len(set(drawn)) == len(drawn) == sum(pool.count for pool in made)
    assert can_be_filled([Pool([q for q in pool.members if q in drawn], pool.count, pool.least) for pool in made])


@given(pools())
def test_a_shortage_names_pools_that_want_more_than_there_is_for_them(made):
    if shortage := shortage_of(made):
        named = [made[index] for index in shortage.pools]
        assert shortage.wanted > shortage.available
        assert shortage.wanted <= sum(pool.count for pool in named)
        assert not can_be_filled(named)


@given(st.lists(st.sampled_from(DIFFICULTIES), min_size=6, max_size=20), st.integers(0, 2**32))
def test_one_pool_gives_its_count_with_its_mix(difficulties, seed):
    there = questions(*difficulties)
    counts = Counter(difficulties)
    least = {difficulty: min(counts[difficulty], 1) for difficulty in DIFFICULTIES}

    drawn = fill([Pool(there, 5, least)], Random(seed))

    assert len(drawn) == 5
    assert all(Counter(q.difficulty for q in drawn)[difficulty] >= n for difficulty, n in least.items())


def test_a_free_choice_gives_way_to_one_that_has_none():
    only_hard, *others = questions("hard", "easy", "easy")
    free, choosy = Pool([only_hard, *others], 2, {}), Pool([only_hard], 1, {"hard": 1})

    for seed in range(50):
        assert only_hard in fill([free, choosy], Random(seed))


def test_each_question_of_a_pool_comes_up_about_as_often():
    there = questions(*["easy"] * 10)
    seen = Counter(q for seed in range(2000) for q in fill([Pool(there, 3, {})], Random(seed)))

    assert all(500 < seen[question] < 700 for question in there)


def test_a_draw_takes_the_pages_own_questions_and_those_of_its_pools():
    own, bank = questions("easy", "easy", "easy"), [Question(10 + n, "hard") for n in range(4)]

    drawn = draw(own, count=2, min_scenarios=0, shuffle=False, chance=Random(1), pools=[Pool(bank, 3, {"hard": 3})])

    assert [q.order for q in drawn] == sorted(q.order for q in drawn)
    assert sum(q in own for q in drawn) == 2
    assert sum(q in bank for q in drawn) == 3
