"""What answers are worth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.grading import grade_percent, has_passed
from quizzes.kinds import Key, Option, kind_of

TWO_RIGHT_TWO_WRONG = [("a", Decimal(1)), ("b", Decimal(1)), ("c", Decimal(0)), ("d", Decimal(0))]
RATED = [("a", Decimal(1)), ("b", Decimal("0.5")), ("c", Decimal(0)), ("d", Decimal("-0.5"))]
SEVENTY = Decimal("0.700")


def worth(kind, options, chosen):
    key = Key([Option(uuid, uuid, fraction) for uuid, fraction in options])
    return kind_of(kind).fraction(key, list(chosen))


@pytest.mark.parametrize(("chosen", "fraction"), [(["a"], 1), (["c"], 0), ([], 0)])
def test_one_choice_is_right_or_worth_nothing(chosen, fraction):
    assert worth("single", [("a", Decimal(1)), ("c", Decimal(0))], chosen) == fraction


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        (["a", "b"], 1),
        (["a"], Fraction(1, 2)),
        (["a", "c"], 0),
        (["a", "b", "c"], Fraction(1, 2)),
        (["a", "b", "c", "d"], 0),
        (["c", "d"], 0),
        ([], 0),
    ],
)
def test_several_choices_count_right_minus_wrong_and_never_below_nothing(chosen, fraction):
    assert worth("multiple", TWO_RIGHT_TWO_WRONG, chosen) == fraction


@pytest.mark.parametrize(("chosen", "fraction"), [("a", 1), ("b", Fraction(1, 2)), ("c", 0), ("d", Fraction(-1, 2))])
def test_a_situational_answer_is_worth_what_its_option_says(chosen, fraction):
    assert worth("situational", RATED, [chosen]) == fraction


def test_the_grade_is_a_percent_with_two_places_rounded_half_up():
    assert grade_percent([(Fraction(1), 1), (Fraction(0), 2)]) == Decimal("33.33")
    assert grade_percent([(Fraction(1), 1), (Fraction(0), 7)]) == Decimal("12.50")
    assert grade_percent([(Fraction(1), 1), (Fraction(0), 799)]) == Decimal("0.13")


def test_harmful_answers_never_bring_the_grade_below_zero():
    assert grade_percent([(Fraction(-1), 1), (Fraction(-1, 2), 1)]) == 0


def test_marks_weigh_questions():
    assert grade_percent([(Fraction(1), 3), (Fraction(0), 1)]) == 75


def test_fourteen_of_twenty_pass_at_seventy_percent_and_thirteen_do_not():
    assert has_passed([(Fraction(1), 1)] * 14 + [(Fraction(0), 1)] * 6, SEVENTY)
    assert not has_passed([(Fraction(1), 1)] * 13 + [(Fraction(0), 1)] * 7, SEVENTY)


def test_three_thirds_are_a_whole_so_nobody_fails_by_rounding():
    thirteen_and_three_thirds = [(Fraction(1), 1)] * 13 + [(Fraction(1, 3), 1)] * 3 + [(Fraction(0), 1)] * 4

    assert has_passed(thirteen_and_three_thirds, SEVENTY)
    assert grade_percent(thirteen_and_three_thirds) == 70


def test_a_grade_that_only_rounds_up_to_the_pass_mark_does_not_pass():
    responses = [(Fraction(69999, 100000), 1)]

    assert grade_percent(responses) == 70
    assert not has_passed(responses, SEVENTY)


def test_a_quiz_without_marks_is_neither_passed_nor_failed():
    with pytest.raises(ValueError, match="without marks"):
        has_passed([], SEVENTY)
    with pytest.raises(ValueError, match="without marks"):
        grade_percent([])


fractions = st.fractions(min_value=-1, max_value=1, max_denominator=6)


@settings(deadline=None)
@given(st.lists(st.tuples(fractions, st.integers(1, 5)), min_size=1, max_size=30))
def test_every_grade_lies_between_0_and_100_and_a_full_pass_mark_means_100(responses):
    grade = grade_percent(responses)

    assert 0 <= grade <= 100
    assert has_passed(responses, Decimal(1)) == (sum(f * m for f, m in responses) == sum(m for _f, m in responses))


@settings(deadline=None)
@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef"), min_size=2, max_size=5))
def test_ticking_one_more_wrong_option_never_helps(chosen, right):
    options = [(option, Decimal(option in right)) for option in "abcdef"]

    for wrong in set("abcdef") - right:
        more = worth("multiple", options, chosen | {wrong})
        assert more <= worth("multiple", options, chosen - {wrong})
