"""When something is due, with the days on which its clock stood still: plain arithmetic, random pauses and zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrolments.calendar import day_end, day_start
from enrolments.clock import Ask, Deferral, assumed_end, due_date, pushed
from foundation.formats import day_of
from organisation.models import Zone
from tests.clock import NOON

DAY = timedelta(days=1)
ZONES = [zone.value for zone in Zone]
# Long after every story: no pause is open any more.
AFTER = NOON + 400 * DAY
ASKED = Ask(due_at=day_end(date(2026, 12, 10), Zone.WIB), since=day_start(date(2026, 11, 20), Zone.WIB))


def pause(first: date, last: date, zone: str = Zone.WIB):
    return day_start(first, zone), day_start(last + DAY, zone)


def due_on(*pauses, ask: Ask = ASKED, deferrals=(), zone: str = Zone.WIB, at: datetime = AFTER) -> date:
    return day_of(due_date([ask], deferrals=deferrals, pauses=pauses, at=at), zone)


def test_seven_days_of_leave_move_the_date_by_seven_days():
    assert due_on(pause(date(2026, 11, 25), date(2026, 12, 1))) == date(2026, 12, 17)


def test_the_time_of_the_day_stays():
    moved = due_date([ASKED], pauses=[pause(date(2026, 11, 25), date(2026, 12, 1))], at=AFTER)

    assert moved == day_end(date(2026, 12, 17), Zone.WIB)


def test_the_clock_goes_on_with_the_days_left_when_the_date_fell_into_the_pause():
    # Two days were left on 9 December: the 9th and the 10th.
    assert due_on(pause(date(2026, 12, 9), date(2026, 12, 31))) == date(2027, 1, 2)


def test_a_second_pause_before_the_new_date_counts_too():
    first, second = pause(date(2026, 12, 9), date(2026, 12, 15)), pause(date(2026, 12, 16), date(2026, 12, 17))

    assert due_on(first, second) == date(2026, 12, 19)
    # Without the first one the date has passed before the second begins.
    assert due_on(second) == date(2026, 12, 10)


def test_an_order_given_during_a_pause_gets_only_the_days_that_were_left_of_it():
    given_on_the_28th = Ask(ASKED.due_at, datetime(2026, 11, 28, 3, 0, tzinfo=UTC))

    moved = due_date([given_on_the_28th], pauses=[pause(date(2026, 11, 20), date(2026, 11, 30))], at=AFTER)

    # 28, 29 and 30 November; the 28th counts whole, although the order came at ten.
    assert moved == day_end(date(2026, 12, 13), Zone.WIB)


def test_a_deferral_moves_the_order_that_stood_then_and_not_one_given_later():
    agreed = Deferral(day_end(date(2026, 12, 20), Zone.WIB), since=NOON)
    later = Ask(day_end(date(2026, 12, 12), Zone.WIB), since=NOON + DAY)

    assert due_on(deferrals=[agreed]) == date(2026, 12, 20)
    assert day_of(due_date([ASKED, later], deferrals=[agreed], at=AFTER), Zone.WIB) == date(2026, 12, 12)


def test_a_pause_known_when_a_deferral_was_agreed_moves_its_date_only_by_the_days_to_come():
    agreed = Deferral(day_end(date(2026, 12, 20), Zone.WIB), since=day_start(date(2026, 11, 29), Zone.WIB))

    assert due_on(pause(date(2026, 11, 25), date(2026, 12, 1)), deferrals=[agreed]) == date(2026, 12, 23)


def test_while_a_pause_without_end_runs_nothing_becomes_late():
    began = day_start(date(2026, 11, 25), Zone.WIB)
    seen = [NOON + number * DAY for number in range(5, 800, 9)]

    assert all(due_date([ASKED], pauses=[(began, None)], at=at) > at + 28 * DAY for at in seen)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
        (datetime(2027, 1, 31, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_pause_without_end_is_taken_to_last_through_the_next_month(at, end):
    assert assumed_end(at) == end


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_days_of_the_unit_also_at_the_end_of_the_year(zone):
    asked = Ask(day_end(date(2026, 12, 31), zone), since=day_start(date(2026, 12, 1), zone))

    # The pause begins with the day after the last one: nothing moves. One second earlier a whole day would.
    assert due_on(pause(date(2027, 1, 1), date(2027, 1, 5), zone), ask=asked, zone=zone) == date(2026, 12, 31)
    assert due_on(pause(date(2026, 12, 31), date(2027, 1, 5), zone), ask=asked, zone=zone) == date(2027, 1, 6)
    moved = due_date([asked], pauses=[pause(date(2026, 12, 31), date(2026, 12, 31), zone)], at=AFTER)
    assert moved == datetime(2027, 1, 1, 23, 59, 59, tzinfo=ZoneInfo(zone))


def test_midnight_in_the_east_is_not_midnight_in_the_west():
    assert day_start(date(2027, 1, 1), Zone.WIT) == datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    assert day_start(date(2027, 1, 1), Zone.WITA) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert day_start(date(2027, 1, 1), Zone.WIB) == datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


# --- random pauses ----------------------------------------------------------

days = st.dates(date(2026, 1, 1), date(2027, 6, 30))
pauses = st.builds(
    lambda first, length, zone: pause(first, first + length * DAY, zone),
    days,
    st.integers(0, 60),
    st.sampled_from(ZONES),
)
some_pauses = st.lists(pauses, max_size=8)
asks = st.builds(
    lambda since, length, zone: Ask(day_end(since + length * DAY, zone), day_start(since, zone) + 10 * DAY / 24),
    days,
    st.integers(0, 120),
    st.sampled_from(ZONES),
)
deferrals = st.lists(
    st.builds(lambda day, since: Deferral(day_end(day, Zone.WITA), day_start(since, Zone.WITA)), days, days), max_size=3
)


@given(asks, deferrals, some_pauses, pauses)
def test_a_pause_never_makes_a_date_earlier(ask, deferrals, others, one_more):
    without = due_date([ask], deferrals=deferrals, pauses=others, at=AFTER)

    assert ask.due_at <= without <= due_date([ask], deferrals=deferrals, pauses=[*others, one_more], at=AFTER)


@given(asks, st.permutations(range(6)), st.lists(pauses, min_size=6, max_size=6))
def test_the_order_of_pauses_does_not_matter(ask, order, rows):
    assert due_date([ask], pauses=rows, at=AFTER) == due_date([ask], pauses=[rows[place] for place in order], at=AFTER)


@given(asks, days, st.integers(0, 40), st.integers(0, 40), st.sampled_from(ZONES))
def test_overlapping_pauses_count_once(ask, first, length, offset, zone):
    whole = pause(first, first + (length + offset) * DAY, zone)
    parts = [
        pause(first, first + length * DAY, zone),
        pause(first + min(offset, length) * DAY, first + (length + offset) * DAY, zone),
    ]

    assert due_date([ask], pauses=parts, at=AFTER) == due_date([ask], pauses=[whole], at=AFTER)
    assert due_date([ask], pauses=[whole, whole], at=AFTER) == due_date([ask], pauses=[whole], at=AFTER)


@given(asks, some_pauses)
def test_a_pause_before_it_was_asked_or_after_it_was_due_changes_nothing(ask, rows):
    elsewhere = [(start, end) for start, end in rows if end <= ask.since or start >= ask.due_at]

    assert pushed(ask.due_at, since=ask.since, pauses=elsewhere, at=AFTER) == ask.due_at


@given(asks, some_pauses)
def test_nothing_becomes_due_during_a_pause_that_began_before(ask, rows):
    due_at = due_date([ask], pauses=rows, at=AFTER)

    assert not any(max(start, ask.since) < due_at < end for start, end in rows)


@given(asks, some_pauses)
def test_what_is_due_later_stays_due_later(ask, rows):
    later = Ask(ask.due_at + 3 * DAY, ask.since)

    assert due_date([ask], pauses=rows, at=AFTER) <= due_date([later], pauses=rows, at=AFTER)


@given(asks, asks, some_pauses)
def test_the_earliest_of_several_orders_counts(one, other, rows):
    both = due_date([one, other], pauses=rows, at=AFTER)

    assert both == min(due_date([one], pauses=rows, at=AFTER), due_date([other], pauses=rows, at=AFTER))
