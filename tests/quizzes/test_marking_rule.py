"""What marks given by people add up to."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.exceptions import MarkingRefused
from quizzes.marking import LARGEST_GAP, decided, earned, needs_third, points_given

fractions = st.fractions(min_value=0, max_value=1, max_denominator=200)
RUBRIC = [{"uuid": "a", "text": "Empati", "points": 4}, {"uuid": "b", "text": "Dasar hukum", "points": 6}]


@given(fractions)
def test_one_marker_decides_alone_where_one_is_wanted(first):
    assert decided([first], wanted=1) == first


@given(fractions)
def test_the_first_of_two_decides_nothing(first):
    assert decided([first], wanted=2) is None


@given(fractions, fractions)
def test_two_who_agree_earn_their_mean_and_two_who_do_not_wait_for_a_third(first, second):
    result = decided([first, second], wanted=2)

    if abs(first - second) > LARGEST_GAP:
        assert result is None
        assert needs_third([first, second])
    else:
        assert result == (first + second) / 2
        assert min(first, second) <= result <= max(first, second)


@given(fractions, fractions)
def test_which_of_two_markers_came_first_changes_nothing(first, second):
    assert decided([first, second], wanted=2) == decided([second, first], wanted=2)


@given(fractions, fractions, fractions)
def test_the_third_marker_decides_alone(first, second, third):
    assert decided([first, second, third], wanted=3) == third


def test_exactly_a_fifth_apart_is_still_agreement():
    assert decided([Fraction(1, 2), Fraction(7, 10)], wanted=2) == Fraction(3, 5)


@given(st.none() | fractions, fractions)
def test_what_people_ruled_stands_above_the_rule_of_the_kind(answered, ruled):
    assert earned(answered, ruled) == ruled
    assert earned(answered, None) == answered


def test_points_are_read_criterion_by_criterion():
    assert points_given(RUBRIC, {"a": "4", "b": " 0 "}) == {"a": 4, "b": 0}


@pytest.mark.parametrize("wrong", ["5", "-1", "2,5", "x", "٣", "9" * 40])
def test_points_beyond_the_criterion_are_refused_with_its_name(wrong):
    with pytest.raises(MarkingRefused, match="Empati"):
        points_given(RUBRIC, {"a": wrong, "b": "1"})


def test_a_criterion_without_points_is_asked_for_by_name():
    with pytest.raises(MarkingRefused, match="Beri poin untuk kriteria 2: Dasar hukum"):
        points_given(RUBRIC, {"a": "1"})
