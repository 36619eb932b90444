"""Whatever the tree, the orders and the clocks: a Quick Wins figure is the length of its list of names."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from enrolments.models import Assignment, DutyEnd, DutyReason
from organisation.models import Role, Zone
from organisation.services import change_posting
from programmes.models import Indicator, Measure
from reports.core import State, Wanted
from reports.counting import counted
from reports.past import scope_on
from reports.permissions import Axis
from reports.quick_wins.behind import people, unit_lines
from reports.quick_wins.counted import CountedBoard, board_of
from reports.quick_wins.figures import NOT_ASKED, Board, Figures, Reach, lines_of
from reports.quick_wins.sheet import amount_words, difference, kept_sheet, live_sheet, scope_of_period
from reports.quick_wins.submitting import prepare_report, submit_report
from reports.scope import scope_of
from tests.clock import NOON
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, assigned
from tests.factories.organisation import (
    OfficerFactory,
    PostingFactory,
    RankFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.factories.programmes import ActivityFactory, IndicatorFactory, PeriodFactory
from tests.reports.scenes import polres, staff

FUNCTIONS = ("spkt", "skck", "sim")
STATES = ("done", "done late", "late", "open", "withdrawn", "exempt")
ZONES = list(Zone.values)
ENDS_ON = date(2026, 11, 20)

trees = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(ZONES)), min_size=1, max_size=5)
crowds = st.lists(st.tuples(st.integers(0, 5), st.sets(st.sampled_from(FUNCTIONS), max_size=2)), min_size=1, max_size=5)
# (officer, course, round, state, which activities ask, minutes around the period's end)
asked = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 1),
        st.integers(1, 2),
        st.sampled_from(STATES),
        st.sets(st.integers(0, 2), min_size=0, max_size=3),
        st.integers(0, 150),
    ),
    max_size=10,
)
TOLD = settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def _end(zone: str) -> datetime:
    return datetime(2026, 11, 21, tzinfo=ZoneInfo(zone))


class Scene:
    """Units in three zones, officers at counters, a period with two activities, and another one that must not count."""

    def __init__(self, tree, crowd, duties):
        self.units = [UnitFactory(zone=Zone.WIB)]
        for place, zone in tree:
            self.units.append(UnitFactory(parent=self.units[place % len(self.units)], zone=zone))
        # The whole, and one place of it: any unit may be that one.
        self.looked_at = (self.units[0], self.units[-1])
        self.sdm = staff(Role.SDM, self.units[0])
        self.officers, self.serves = [], {}
        for place, functions in crowd:
            officer = OfficerFactory(posting=None)
            unit = self.units[place % len(self.units)]
            PostingFactory(
                officer=officer, unit=unit, functions=[ServiceFunctionFactory(code=code) for code in sorted(functions)]
            )
            self.officers.append(officer)
            self.serves[officer.pk] = (unit, functions)
        self.period = PeriodFactory(ends_on=ENDS_ON)
        self.activities = [ActivityFactory(period=self.period, code=f"P3.{n}") for n in (1, 2)]
        elsewhere = ActivityFactory(period=PeriodFactory(ends_on=date(2027, 3, 31)))
        courses = [published_course(lessons=1) for _ in range(2)]
        orders = [
            Assignment.objects.create(
                course=course,
                unit=self.units[0],
                due_at=NOON,
                order_number="Sprin/1",
                issuer="Kapolres Uji",
                reason="Quick Wins",
                activity=activity,
                assigned_by=self.sdm,
                recorded_at=NOON - timedelta(days=20),
            )
            for activity in (*self.activities, elsewhere)
            for course in courses
        ]
        self.rows, seen = [], set()
        for who, what, cycle, state, activities, minutes in duties:
            officer, course = self.officers[who % len(self.officers)], courses[what]
            if (officer, course, cycle) in seen:
                continue
            seen.add((officer, course, cycle))
            end = _end(self.serves[officer.pk][0].zone)
            ended = {
                "done": (end - timedelta(minutes=minutes, microseconds=1), DutyEnd.COMPLETED),
                "done late": (end + timedelta(minutes=minutes), DutyEnd.COMPLETED),
                "withdrawn": (NOON - timedelta(days=2), DutyEnd.WITHDRAWN),
                "exempt": (NOON - timedelta(days=2), DutyEnd.EXEMPT),
            }.get(state)
            fields = {"valid_to": ended[0], "ended_as": ended[1]} if ended else {}
            due = NOON + timedelta(days=-3 if state == "late" else 9)
            duty = DutyFactory(officer=officer, course=course, cycle=cycle, due_at=due, **fields)
            for place in activities:
                order = orders[place * 2 + what]
                DutyReason.objects.create(duty=duty, assignment=order, due_at=due, added_at=duty.valid_from)
            if state not in ("withdrawn", "exempt"):
                self.rows.append((officer.pk, course.pk, state, activities))

    def expected(self, unit, which: set[int]) -> dict[int, str]:
        """Officer below ``unit`` → state, by going through the rows one by one."""
        mine: dict[int, dict[int, set[str]]] = {}
        for officer, course, state, activities in self.rows:
            if activities & which and unit.contains(self.serves[officer][0]):
                mine.setdefault(officer, {}).setdefault(course, set()).add(state)
        return {
            officer: "selesai"
            if all("done" in states for states in courses.values())
            else "lewat"
            if any("late" in states for states in courses.values())
            else "belum"
            for officer, courses in mine.items()
        }

    def counters(self, unit, states: dict[int, str]) -> dict[tuple, tuple[int, int, int]]:
        """(unit, function) → people, asked, done; only where somebody was asked."""
        found: dict[tuple, list[int]] = {}
        for officer, (stands, functions) in self.serves.items():
            for code in functions if unit.contains(stands) else ():
                line = found.setdefault((stands.pk, code), [0, 0, 0])
                line[0] += 1
                line[1] += officer in states
                line[2] += states.get(officer) == "selesai"
        return {key: tuple(line) for key, line in found.items() if line[1]}


def _check(scene: Scene, scope, unit) -> None:
    wanted = Wanted(unit=unit)
    board = Board(scope, wanted, scene.period, scene.activities)
    three = zip(board.places, board.lines(), [None, *scene.activities], [{0, 1}, {0}, {1}], strict=True)
    for place, line, activity, which in three:
        states = scene.expected(unit, which)
        counters = scene.counters(unit, states)
        reach = Reach(scope, wanted, scene.period, activity)
        figures = line.figures
        assert (figures.total, figures.done, figures.overdue, figures.open) == (
            len(states),
            *(sum(1 for one in states.values() if one == state) for state in ("selesai", "lewat", "belum")),
        )
        for state, count in (("", figures.total), *zip(State.values, _parts(figures), strict=True)):
            named = people(reach, reach.postings(state))
            assert len(named) == count
            assert {(one.posting.officer_id, one.state) for one in named} == {
                pair for pair in states.items() if state in ("", pair[1])
            }
        units = unit_lines(board, place)
        assert sum(one.figures.total for one in units) == figures.total
        for one in units:
            below = Reach(scope, Wanted(unit=one.unit, direct=one.direct), scene.period, activity)
            assert one.figures.total == below.postings().count()
            assert one.figures.done == below.postings(State.DONE).count()
        shown = {(one.unit_id, one.function): (one.people, one.asked, one.done) for one in board.counters[place]}
        assert shown == counters
        assert (figures.counters, figures.certified) == (
            len(counters),
            sum(1 for people_, _asked, done in counters.values() if people_ == done),
        )
        for (pk, code), (people_, asked_, _done) in counters.items():
            at = Wanted(unit=next(one for one in scene.units if one.pk == pk), direct=True, function=code)
            counter = Reach(scope, at, scene.period, activity)
            assert counter.postings().count() == asked_
            assert counter.postings(NOT_ASKED).count() == people_ - asked_


def _check_counted(scene: Scene, scope, unit) -> None:
    """What is counted beforehand says the same as the rows."""
    wanted = Wanted(unit=unit)
    counts = counted(scope, wanted)
    rows, board = (board_of(scope, wanted, scene.period, scene.activities, found) for found in (None, counts))
    assert isinstance(board, CountedBoard)
    assert board.lines() == rows.lines()
    for place, activity in zip(rows.places, [None, *scene.activities], strict=True):
        assert unit_lines(board, place) == unit_lines(rows, place)
        for state in ("", *State.values):
            reach = Reach(scope, wanted, scene.period, activity)
            per_unit = Counter(reach.postings(state).values_list("unit", flat=True))
            assert dict(counts.asked_by_unit(scene.period, activity and activity.pk, state)) == per_unit


def _parts(figures: Figures) -> tuple[int, int, int]:
    """In the order of State."""
    return figures.done, figures.overdue, figures.open


@pytest.mark.django_db
@TOLD
@given(tree=trees, crowd=crowds, duties=asked)
def test_every_figure_is_its_list_for_each_unit_activity_and_counter(tree, crowd, duties):
    with transaction.atomic():
        scene = Scene(tree, crowd, duties)
        scope = scope_of(scene.sdm, at=NOON + timedelta(days=2))
        for unit in scene.looked_at:
            _check(scene, scope, unit)
            _check_counted(scene, scope, unit)
        transaction.set_rollback(True)


@pytest.mark.django_db
@TOLD
@given(tree=trees, crowd=crowds, duties=asked, axis=st.sampled_from(Axis))
def test_on_a_past_day_too_when_nothing_moved_since(tree, crowd, duties, axis):
    with transaction.atomic():
        scene = Scene(tree, crowd, duties)
        scope = scope_on(scene.sdm, day=date(2026, 11, 23), axis=axis, now=NOON + timedelta(days=9))
        for unit in scene.looked_at:
            _check(scene, scope, unit)
        transaction.set_rollback(True)


@pytest.mark.django_db
@TOLD
@given(tree=trees, crowd=crowds, duties=asked)
def test_what_is_locked_is_what_was_live_and_adds_up_from_its_names(tree, crowd, duties):
    with transaction.atomic():
        scene = Scene(tree, crowd, duties)
        scene.period.ends_on = date(2026, 12, 31)
        scene.period.save()
        report = prepare_report(period=scene.period, unit=scene.units[0], actor=scene.sdm, at=NOON)
        live = live_sheet(scope_of(scene.sdm, at=NOON), Wanted(unit=report.unit), scene.period)
        if live.whole.figures.total:
            kept = kept_sheet(submit_report(report=report, actor=scene.sdm, at=NOON))
            assert [line.figures for line in kept.lines] == [line.figures for line in live.lines]
            assert (kept.units, kept.basis) == (live.units, live.basis)
            for line in kept.lines:
                names = list(kept.names(line.activity))
                mine = [name for name in names if name.asked]
                figures = line.figures
                assert len(mine) == figures.total
                for state, count in zip(State.values, _parts(figures), strict=True):
                    assert sum(1 for name in mine if name.state == state) == count
                assert (sum(name.both for name in mine), sum(name.after for name in mine)) == (
                    figures.both,
                    figures.after,
                )
                assert len(kept.counters_of(line.activity)) == figures.counters
        transaction.set_rollback(True)


# --- stories ----------------------------------------------------------------


def _lines(here, activity, *, at=NOON, unit=None):
    scope = scope_of(here.sdm, at=at)
    return lines_of(scope, Wanted(unit=unit or here.unit), activity.period, [activity])


@pytest.fixture
def here(db):
    return polres()


@pytest.mark.parametrize(
    ("zone", "minutes", "done"),
    [(Zone.WIB, -1, 1), (Zone.WIB, 1, 0), (Zone.WIT, -1, 1), (Zone.WIT, 1, 0), (Zone.WITA, 1, 0)],
)
def test_the_last_day_ends_at_midnight_of_the_officers_unit(here, zone, minutes, done):
    unit = UnitFactory(parent=here.unit, zone=zone)
    activity = ActivityFactory(period__ends_on=date(2026, 12, 31))
    officer = here.officer("Andi", unit)
    order = assigned(here.etika, unit, actor=here.sdm, activity=activity)
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))
    duty = officer.duties.get()
    type(duty).objects.filter(pk=duty.pk).update(
        valid_to=midnight + timedelta(minutes=minutes), ended_as=DutyEnd.COMPLETED
    )
    assert order.duty_reasons.count() == 1

    for opened in (unit, here.unit):
        whole = _lines(here, activity, at=NOON + timedelta(days=60), unit=opened)[0]
        assert (whole.figures.total, whole.figures.done) == (1, done)


def test_gain_is_the_rise_from_pre_to_post_test_of_what_was_finished(here, monkeypatch):
    figures = Figures(total=4, done=2, before=Decimal("110.50"), after=Decimal("170.00"), both=2)

    assert (figures.mean_before, figures.mean_after) == (Decimal("55.25"), Decimal("85.00"))
    assert figures.value_of(Measure.GAIN) == Decimal("29.75")
    assert Figures().value_of(Measure.GAIN) is None


def test_the_nearest_target_holds_and_a_number_of_people_only_for_its_unit(here):
    activity = ActivityFactory()
    for unit, target in ((None, 80), (here.unit, 90), (here.polsek, 60)):
        IndicatorFactory(activity=activity, unit=unit, target=target)
    IndicatorFactory(activity=activity, measure=Measure.ASSIGNED, unit=here.unit, target=400)

    def targets(unit):
        return {(one.measure, int(one.target)) for one in Indicator.objects.holding_for(unit)}

    assert targets(here.unit) == {("percent", 90), ("assigned", 400)}
    assert targets(here.polsek) == {("percent", 60)}
    assert targets(here.satlantas) == {("percent", 90)}
    assert targets(UnitFactory()) == targets(None) == {("percent", 80)}


@pytest.mark.parametrize(
    ("measure", "value", "target", "met", "words"),
    [
        (Measure.PERCENT, Decimal("79.96"), 80, False, "79,9%"),
        (Measure.PERCENT, Decimal(80), 80, True, "80%"),
        (Measure.OVERDUE, Decimal("5.01"), 5, False, "5,1%"),
        (Measure.OVERDUE, Decimal(5), 5, True, "5%"),
        (Measure.ASSIGNED, Decimal(12), 10, True, "12 personel"),
        (Measure.GAIN, None, 10, None, "–"),
    ],
)
def test_a_target_is_not_shown_as_met_before_it_is(measure, value, target, met, words):
    from reports.quick_wins.figures import Target

    assert Target(measure, Decimal(target), value).met is met
    assert amount_words(measure, value) == words


def test_a_difference_names_only_what_changed():
    before, after = Figures(total=10, done=4, overdue=2), Figures(total=11, done=7, overdue=1)

    assert difference(before, after) == "+1 ditugaskan, +3 selesai, −1 lewat batas waktu"
    assert difference(before, before) == ""


def test_a_past_day_counts_who_stood_there_and_leads_to_their_names(here):
    activity = ActivityFactory()
    officer = here.officer("Andi", here.satlantas, "sim")
    here.officer("Budi", here.satlantas)
    assigned(here.etika, here.satlantas, actor=here.sdm, activity=activity, at=NOON)
    change_posting(officer=officer, unit=here.polsek, rank=RankFactory(), actor=here.sdm, at=NOON + timedelta(days=3))
    now = NOON + timedelta(days=9)

    then = scope_on(here.sdm, day=date(2026, 11, 22), now=now)
    old = Reach(then, Wanted(unit=here.satlantas), activity.period, activity)
    new = Reach(scope_of(here.sdm, at=now), Wanted(unit=here.satlantas), activity.period, activity)

    assert (old.postings().count(), new.postings().count()) == (2, 1)
    assert len(Board(then, Wanted(unit=here.satlantas), activity.period, [activity]).counters[1]) == 1
    assert scope_of_period(here.sdm, SimpleNamespace(ends_on=date(2026, 11, 22)), at=now).day == date(2026, 11, 22)
