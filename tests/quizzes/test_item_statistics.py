"""The figures of item analysis: against a table computed by hand, against Python's statistics, and their bounds."""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics import Flag, Item, Sitting, analyse, median_of

# Five officers, four questions of one mark. By hand:
#            Q1  Q2  Q3  Q4   total
#   Andi      1   1   1   1     4
#   Budi      1   1   1   0     3
#   Citra     1   1   0   0     2
#   Dewi      1   0   0   1     2
#   Eko       0   0   0   0     0
# Means 4/5, 3/5, 2/5, 2/5. Sums of squares around them 0.8, 1.2, 1.2, 1.2, of the totals (mean 2.2) 8.8.
# alpha = 4/3 · (1 − 4.4/8.8) = 2/3.
# Q1 against the rest (3, 2, 1, 1, 0; mean 1.4): Σxy = 0.2·1.6+0.2·0.6+0.2·(−0.4)·2+(−0.8)(−1.4) = 1.4,
#   Σx² = 0.8, Σy² = 5.2: r = 1.4 / √4.16 = 0.68641.
# Q4 against the rest (3, 3, 2, 1, 0; mean 1.8): Σxy = 4 − 5·0.4·1.8 = 0.4, Σx² = 1.2, Σy² = 6.8:
#   r = 0.4 / √8.16 = 0.14003.
TABLE = [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0]]


def sitting(fractions, *, names=None, marks=None) -> Sitting:
    names = names or [f"Q{number}" for number in range(1, len(fractions) + 1)]
    marks = marks or [1] * len(fractions)
    return Sitting([Item(name, x, m) for name, x, m in zip(names, fractions, marks, strict=True)])


def figures_of(table, **more):
    return analyse(lambda: [sitting(row, **more) for row in table])


def test_the_figures_are_those_of_the_table_computed_by_hand():
    figures = figures_of(TABLE)

    assert figures.n == 5
    assert figures.mean == pytest.approx(55)
    assert figures.alpha == pytest.approx(2 / 3)
    assert [round(figures.questions[q].facility, 4) for q in ("Q1", "Q2", "Q3", "Q4")] == [0.8, 0.6, 0.4, 0.4]
    assert figures.questions["Q1"].discrimination == pytest.approx(0.68641, abs=1e-5)
    assert figures.questions["Q4"].discrimination == pytest.approx(0.14003, abs=1e-5)
    # Totals in percent 100, 75, 50, 50, 0: squares around 55 add up to 5500, 5500/4 = 1375, √1375 = 37.081.
    assert figures.deviation == pytest.approx(37.0810, abs=1e-4)
    assert figures.error == pytest.approx(37.0810 / 3**0.5, abs=1e-4)
    assert figures.bands == [1, 0, 0, 0, 0, 2, 0, 1, 0, 1]


def test_an_independent_library_finds_the_same_on_complete_data():
    chance = random.Random(3)
    ability = [chance.random() for _ in range(300)]
    marks = [1, 2, 1, 3, 1, 1]
    table = [
        [chance.choice([0, 0.5, 1]) if chance.random() < 0.3 else float(chance.random() < a) for _ in marks]
        for a in ability
    ]

    figures = figures_of(table, marks=marks)

    columns = list(zip(*[[x * m for x, m in zip(row, marks, strict=True)] for row in table], strict=True))
    totals = [sum(row) for row in zip(*columns, strict=True)]
    k = len(marks)
    alpha = k / (k - 1) * (1 - sum(map(statistics.variance, columns)) / statistics.variance(totals))
    assert figures.alpha == pytest.approx(alpha)
    assert figures.deviation == pytest.approx(statistics.stdev(totals) / sum(marks) * 100)
    for number, column in enumerate(columns):
        rest = [total - own for total, own in zip(totals, column, strict=True)]
        found = figures.questions[f"Q{number + 1}"]
        assert found.discrimination == pytest.approx(statistics.correlation(column, rest))
        assert found.facility == pytest.approx(statistics.fmean(row[number] for row in table))


def test_drawing_ten_of_twenty_questions_estimates_the_reliability_that_the_ten_would_have():
    chance = random.Random(5)
    names = [f"Q{number}" for number in range(20)]
    sittings, complete = [], []
    for _ in range(3000):
        ability = chance.gauss(0, 1)
        answers = {name: float(ability + chance.gauss(0, 1.5) > 0) for name in names}
        complete.append(sitting([answers[name] for name in names[:10]], names=names[:10]))
        drawn = chance.sample(names, 10)
        sittings.append(sitting([answers[name] for name in drawn], names=drawn))

    assert analyse(lambda: sittings).alpha == pytest.approx(analyse(lambda: complete).alpha, abs=0.03)


def test_the_rest_is_a_share_so_that_an_easy_draw_does_not_look_like_ability():
    # Two halves of the officers were asked easy or hard companions; Q itself has nothing to do with either.
    easy = [sitting([x, y, 1], names=["Q", "A", "B"]) for x in (0, 1) for y in (0, 1)]
    hard = [sitting([x, 0, y], names=["Q", "C", "D"], marks=[1, 5, 5]) for x in (0, 1) for y in (0, 1)]

    assert analyse(lambda: easy + hard).questions["Q"].discrimination == pytest.approx(0)


def answered(*chosen, right, n=1):
    return [Sitting([Item("Q", float(c == right), chosen=[c]), Item("R", f, 3)]) for c, f in chosen for _ in range(n)]


def test_a_wrong_option_that_the_best_prefer_is_flagged():
    sittings = answered(("key", 0), ("wrong", 1), right="key", n=15)

    found = analyse(lambda: sittings).questions["Q"]

    assert found.flags(right=["key"], wrong=["wrong"]) == [Flag.KEY_BEATEN, Flag.NEGATIVE]
    assert (found.high.chosen, found.low.chosen) == ({"wrong": 15}, {"key": 15})


def test_a_wrong_option_that_more_people_choose_than_the_key_is_flagged():
    sittings = answered(("key", 1), right="key", n=10) + answered(("wrong", 0), right="key", n=11)

    assert analyse(lambda: sittings).questions["Q"].flags(right=["key"], wrong=["wrong"]) == [Flag.KEY_BEATEN]


@pytest.mark.parametrize(("fraction", "flag"), [(1, Flag.ALL_RIGHT), (0, Flag.ALL_WRONG)])
def test_a_question_that_parts_nobody_is_flagged(fraction, flag):
    assert figures_of([[fraction, 1], [fraction, 0]] * 10).questions["Q1"].flags() == [flag]


def test_nineteen_answers_are_shown_without_a_verdict():
    assert figures_of([[0, 1]] * 19).questions["Q1"].flags() == [Flag.TOO_FEW]


def test_four_people_are_not_shown():
    figures = figures_of(TABLE[:4])

    assert figures.is_private
    assert figures.questions["Q1"].is_private


def test_a_dropped_question_stays_out_of_everybodys_total():
    def with_dropped(row):
        return Sitting([*sitting(row).items, Item("X", 1.0, 5, counts=False)])

    figures = analyse(lambda: [with_dropped(row) for row in TABLE])

    assert figures.alpha == pytest.approx(2 / 3)
    assert figures.mean == pytest.approx(55)
    assert figures.questions["X"].facility == 1


def test_the_time_on_an_item_is_a_median_without_those_who_left():
    seconds = [10, 20, 30, 4000, None]
    figures = analyse(lambda: [Sitting([Item("Q", 1, seconds=s), Item("R", 1)]) for s in seconds])

    assert figures.questions["Q"].seconds == 20
    assert median_of({}) is None


TABLES = st.lists(
    st.lists(st.sampled_from([-1, -0.5, 0, 0.33333, 0.5, 1]), min_size=3, max_size=3), min_size=1, max_size=30
)


@given(TABLES, st.randoms())
def test_no_figure_leaves_its_bounds_and_the_order_of_attempts_means_nothing(table, chance):
    shuffled = list(table)
    chance.shuffle(shuffled)

    figures, again = figures_of(table), figures_of(shuffled)

    for name, found in figures.questions.items():
        assert -1 <= found.facility <= 1
        assert found.discrimination is None or -1 <= found.discrimination <= 1
        assert found.everyone.n == found.n == found.full + found.partial + found.none
        other = again.questions[name]
        assert (found.high.n, found.low.n, found.full) == (other.high.n, other.low.n, other.full)
        assert found.discrimination == pytest.approx(other.discrimination, abs=1e-6)
    assert figures.alpha is None or figures.alpha <= 1
    assert figures.alpha == pytest.approx(again.alpha, abs=1e-6)
