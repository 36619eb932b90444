"""When a reminder is due: the plan alone, over random duties, schedules, zones and outages."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enrolments.reminders import DAY, REACH_BACK, QuietHours, Step, climb, due_days_risen, midnight, step_of, windows
from foundation.formats import day_of
from organisation.models import PATH_STEP, Zone
from tests.clock import NOON

WIB, WITA, WIT = Zone.WIB.value, Zone.WITA.value, Zone.WIT.value
SCHEDULE = [Step(days) for days in (-14, -3, 0, 1, 7, 14)]
EVENING = QuietHours(time(20), time(7))

zones = st.sampled_from(Zone.values)
moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 3, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
schedules = st.lists(st.integers(-30, 30), min_size=1, max_size=8, unique=True).map(
    lambda days: [Step(day) for day in days]
)
hours = st.times().map(lambda moment: moment.replace(microsecond=0))


def told(steps, zone, ticks, *, due_at, valid_from=datetime(2026, 1, 1, tzinfo=UTC), quiet=None, ended_at=None):
    """What an officer reads when ticks come at these moments: (moment, step) in order."""
    known, letters = set(), []
    for at in sorted(ticks):
        if quiet and quiet.cover(at, zone):
            continue
        ended = ended_at is not None and ended_at <= at
        found = windows(steps, zone=zone, at=at)
        step = step_of(found, zone=zone, due_at=due_at, valid_from=valid_from, ended=ended)
        if step is not None and step not in known:
            known.add(step)
            letters.append((at, step))
    return letters


@given(schedules, zones, moments, moments)
def test_no_two_steps_hold_one_duty_at_the_same_moment(steps, zone, at, due_at):
    holding = [
        window
        for window in windows(steps, zone=zone, at=at)
        if window.holds(due_at=due_at, valid_from=due_at - timedelta(days=365))
    ]

    assert len(holding) <= 1


@given(schedules, zones, moments, st.lists(moments, max_size=20))
def test_each_step_is_told_once_and_in_order_however_often_the_tick_runs(steps, zone, due_at, ticks):
    letters = [step for _at, step in told(steps, zone, [*ticks, *ticks], due_at=due_at)]

    assert letters == sorted(set(letters))


@given(schedules, zones, moments, moments, hours, hours)
def test_nothing_leaves_in_quiet_hours(steps, zone, due_at, first, start, end):
    assume(start != end)
    quiet = QuietHours(start, end)
    ticks = [first + timedelta(minutes=37 * place) for place in range(80)]

    for at, _step in told(steps, zone, ticks, due_at=due_at, quiet=quiet):
        local = at.astimezone(midnight(day_of(at, zone), zone).tzinfo).time()
        inside = start <= local < end if start <= end else (local >= start or local < end)
        assert not inside


@given(hours, hours, zones, moments)
def test_quiet_hours_end_at_their_end_within_a_day(start, end, zone, at):
    assume(start != end)
    quiet = QuietHours(start, end)

    after = quiet.end_after(at, zone)

    assert at <= after <= at + DAY
    assert not quiet.cover(after, zone)


@given(schedules, zones, moments, moments, st.lists(moments, max_size=20))
def test_nothing_is_told_of_a_duty_that_ended(steps, zone, due_at, ended_at, ticks):
    assert all(at < ended_at for at, _step in told(steps, zone, ticks, due_at=due_at, ended_at=ended_at))


@given(schedules, zones, moments, st.integers(1, 60))
def test_after_an_outage_of_days_only_the_newest_step_is_told(steps, zone, due_at, days):
    before = due_at - timedelta(days=20)
    letters = told(steps, zone, [before, before + days * DAY], due_at=due_at)

    after = [step for at, step in letters if at > before]
    assert len(after) <= 1
    elapsed = (day_of(before + days * DAY, zone) - day_of(due_at, zone)).days
    reached = [step.days for step in steps if step.days <= elapsed]
    assert not after or after == [max(reached)]


@given(schedules, zones, moments, moments, moments)
def test_a_duty_is_not_told_of_a_step_that_lay_before_it_began(steps, zone, due_at, valid_from, at):
    for _at, step in told(steps, zone, [at], due_at=due_at, valid_from=valid_from):
        assert valid_from <= due_at + step * DAY


@given(schedules, zones, moments)
def test_every_step_is_told_on_its_day_when_the_tick_never_fails(steps, zone, due_at):
    start = due_at - timedelta(days=40)
    ticks = [start + hour * timedelta(hours=6) for hour in range(4 * 90)]

    letters = told(steps, zone, ticks, due_at=due_at)

    assert [step for _at, step in letters] == sorted(step.days for step in steps)
    assert all((day_of(at, zone) - day_of(due_at, zone)).days == step for at, step in letters)


@pytest.mark.parametrize(("zone", "hour"), [(WIB, 17), (WITA, 16), (WIT, 15)])
def test_the_day_begins_at_midnight_of_the_unit_also_at_new_year(zone, hour):
    due_at = datetime(2027, 1, 1, hour - 1, 59, 59, tzinfo=UTC)
    # 1 January 23.59.59 of the unit; its day begins on 31 December in UTC.
    begins = datetime(2026, 12, 31, hour, tzinfo=UTC)

    assert told(SCHEDULE, zone, [begins - timedelta(seconds=1)], due_at=due_at)[0][1] == -3
    assert told(SCHEDULE, zone, [begins], due_at=due_at)[0][1] == 0


def test_a_step_older_than_its_reach_is_not_told_any_more():
    due_at = NOON - (14 + REACH_BACK) * DAY

    assert told(SCHEDULE, WIB, [NOON], due_at=due_at) == []
    assert told(SCHEDULE, WIB, [NOON], due_at=due_at + DAY) == [(NOON, 14)]


@pytest.mark.parametrize(
    ("hour", "quiet"), [(19, False), (20, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_the_night_is_quiet(hour, quiet):
    at = datetime(2026, 11, 21, hour, tzinfo=midnight(day_of(NOON, WIT), WIT).tzinfo)

    assert EVENING.cover(at, WIT) is quiet


def path(*numbers: int) -> str:
    return "".join(str(number).zfill(PATH_STEP) for number in numbers)


def test_a_late_duty_climbs_from_the_nearest_leader_upwards():
    posts = {path(1), path(1, 2), path(1, 2, 3)}
    satlantas = path(1, 2, 3, 4)

    climbed = [climb(satlantas, posts, step, path_step=PATH_STEP) for step in range(4)]

    assert climbed == [path(1, 2, 3), path(1, 2), path(1), None]


@given(st.integers(-3, 30), st.lists(st.integers(1, 7), min_size=1, max_size=12))
def test_a_duty_rises_once_however_the_days_of_digests_fall(days, gaps):
    """Whatever days lie between digests, each due date is counted in exactly one of them."""
    start = day_of(NOON, WIB)
    told_of, since = [], start
    for gap in gaps:
        today = since + gap * DAY
        told_of += due_days_risen(Step(days), since=since, today=today)
        since = today

    assert told_of == list(range(start.toordinal() + 1 - days, since.toordinal() + 1 - days))
