"""When attempts end and windows close, with the time that outages took: plain arithmetic."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.spans import merged
from quizzes.clockwork import base_deadline, closing, deadline

MIDNIGHT = datetime(2026, 11, 21, 23, 50, tzinfo=ZoneInfo("Asia/Jayapura"))


def at(minutes: int) -> datetime:
    """So many minutes after 23.50 WIT: the stories run across midnight."""
    return MIDNIGHT + timedelta(minutes=minutes)


def span(start: int, end: int | None) -> tuple[datetime, datetime | None]:
    return at(start), None if end is None else at(end)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_an_attempt_across_midnight_lasts_as_long_as_any_other(zone):
    started = datetime(2026, 11, 21, 23, 50, tzinfo=ZoneInfo(zone))

    assert base_deadline(started, minutes=40, closes_at=None) == started + timedelta(minutes=40)
    assert (started + timedelta(minutes=40)).day == 22


def test_an_attempt_ends_when_the_quiz_closes_if_that_is_earlier():
    assert base_deadline(at(0), minutes=40, closes_at=at(15)) == at(15)
    assert base_deadline(at(0), minutes=0, closes_at=at(15)) == at(15)
    assert base_deadline(at(0), minutes=40, closes_at=None) == at(40)
    assert base_deadline(at(0), minutes=0, closes_at=None) is None


@pytest.mark.parametrize(
    ("outages", "ends"),
    [
        ([], 40),
        ([(10, 20)], 50),  # whole in the attempt
        ([(-10, 5)], 45),  # began before it: only what lay in the attempt
        ([(35, 60)], 65),  # five minutes were left when it began, and are left when it ends
        ([(40, 50)], 40),  # began when time was over
        ([(-20, 0)], 40),  # over when the attempt began
        ([(10, 20), (15, 25)], 55),  # overlapping: each minute once
        ([(10, 20), (10, 20)], 50),  # the same one recorded twice
        ([(10, 20), (45, 55)], 60),  # the second lies in the time the first gave back
        ([(10, 20), (20, 30)], 60),  # one after the other
        ([(10, None)], 40),  # goes on: the clock stands, nothing is given back yet
    ],
)
def test_each_minute_of_an_outage_within_an_attempt_is_given_back_once(outages, ends):
    assert deadline(at(0), at(40), [span(*outage) for outage in outages]) == at(ends)


@pytest.mark.parametrize(
    ("outages", "seen", "closes"),
    [
        ([], 0, 60),
        ([(10, 20)], 30, 60),  # over long before: there was time left to begin
        ([(50, 80)], 90, 90),  # ten minutes were left when it began
        ([(50, 80)], 55, 65),  # seen while it went on: still ten minutes
        ([(50, None)], 70, 80),  # goes on past the closing
        ([(60, 80)], 90, 60),  # began when it was closed
        ([(50, 80), (85, 95)], 100, 100),  # the second began within the ten minutes the first left
        ([(50, 70), (65, 80)], 90, 90),  # overlapping: one outage
    ],
)
def test_a_window_that_would_close_during_an_outage_stays_open_that_much_longer(outages, seen, closes):
    assert closing(at(60), [span(*outage) for outage in outages], at=at(seen)) == at(closes)


def test_outages_that_touch_are_one():
    assert merged([span(20, 30), span(0, 20), span(40, None), span(45, 50)]) == [span(0, 30), span(40, None)]


minutes = st.integers(-200, 200)
outages = st.lists(
    st.tuples(minutes, st.integers(1, 60)).map(lambda pair: span(pair[0], pair[0] + pair[1])), max_size=6
)


@given(outages, st.integers(1, 120))
def test_outages_never_take_time_and_their_order_and_repetition_change_nothing(spans, length):
    ends = deadline(at(0), at(length), spans)

    assert ends >= at(length)
    assert deadline(at(0), at(length), [*reversed(spans), *spans]) == ends
    # What is left outside the outages is exactly the time the quiz allows.
    worked = sum(
        not any(start <= at(minute) < end for start, end in spans)
        for minute in range(int((ends - at(0)) / timedelta(minutes=1)))
    )
    assert worked == length
