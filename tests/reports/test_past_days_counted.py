"""A past day is counted once and opens as now does; what is written later about it is counted anew."""

from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import Mock, patch

import pytest
import time_machine
from django.db import transaction
from hypothesis import example, given

from enrolments import services
from enrolments.corrections import correct_completion
from enrolments.jp import set_jp_target
from enrolments.models import CourseCompletion, Duty
from foundation.formats import day_of
from organisation.models import Role, Unit, Zone
from organisation.services import change_posting
from reports import day_counts
from reports.core import Wanted
from reports.counting import counted
from reports.day_counts import count_next, forget_old_days, prepare_days
from reports.exceptions import StillCounting
from reports.jp import jp_totals
from reports.models import CountKind, CountMark, DayCount, DayRow
from reports.past import scope_on
from reports.permissions import Axis
from reports.proving import day_differences
from reports.recounting import recount_marked
from reports.tallies import FIGURES, TALLIES
from tests.clock import NOON
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import RankFactory, ServiceFunctionFactory, UserFactory
from tests.factories.programmes import ActivityFactory
from tests.factories.reliefs import exempted
from tests.signing_in import sign_in

from .counts import assert_equal_rows
from .scenes import staff
from .test_as_at_a_past_day import DAYS, TOLD, World, stories, trees

DAY = timedelta(days=1)
LATER = NOON + 10 * DAY


def day(days: int):
    return day_of(NOON + days * DAY, Zone.WIB)


def seen(here, days: int, *, axis=Axis.AS_IT_WAS, at=LATER):
    scope = scope_on(here.sdm, day=day(days), axis=axis, now=at)
    return counted(scope, Wanted(unit=here.unit)).figures()


def kept(here, days: int) -> set[str]:
    """The units whose day is still counted."""
    at = scope_on(here.sdm, day=day(days), now=LATER).at
    return set(DayCount.objects.known().filter(at=at).values_list("unit__short_name", flat=True))


# --- the figures ------------------------------------------------------------


# Two are asked; one has it dated back, and the other goes elsewhere, also dated back, when those days were counted.
DATED_BACK = [(0, "assign", 0, 0, 2), (0, "assign", 1, 0, 0), (2, "complete", 0, 0, 2), (3, "transfer", 1, 2, 2)]


@pytest.mark.django_db
@TOLD
@example(tree=[0, 0], story=DATED_BACK)
@given(tree=trees, story=stories)
def test_the_counts_of_every_past_day_are_its_rows_whatever_is_written_later(tree, story):
    with transaction.atomic():
        world = World(tree)
        for now in range(1, DAYS + 1):
            for minute, (_day, *event) in enumerate(entry for entry in story if entry[0] == now - 1):
                world.happens(*event, at=NOON + timedelta(days=now - 1, minutes=minute))
            if now % 2:
                recount_marked(at=NOON + now * DAY)
            at = NOON + now * DAY
            days = [scope_on(world.sdm, day=day(past), axis=axis, now=at) for past in range(now) for axis in Axis]
            for scope in days:
                counted(scope, Wanted())
        for scope in days:
            assert_equal_rows(scope)
        transaction.set_rollback(True)


def an_order_is_undone(here, order):
    services.undo_assignment(assignment=order, reason="Keliru", actor=here.sdm, at=NOON + 6 * DAY)


def an_order_is_withdrawn(here, order):
    services.withdraw_assignment(assignment=order, reason="Cukup", actor=here.sdm, at=LATER)


def a_completion_is_dated_back(here, order):
    completed(here.officers["Dewi"], here.etika, at=NOON, grade=91)


def a_completion_is_taken_back(here, order):
    correct_completion(
        enrolment=CourseCompletion.objects.get(officer=here.officers["Budi"], course=here.komunikasi).enrolment,
        item=here.komunikasi.current_version.version_items.filter(required=True).first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=here.sdm,
        reason="kunci keliru",
        at=LATER,
    )


def an_officer_is_exempted(here, order):
    exempted(here.officers["Eko"], here.etika, at=LATER)


def somebody_serves_another_counter(here, order):
    here.officers["Andi"].postings.get().functions.set([ServiceFunctionFactory(code="skck")])


def a_posting_gets_another_unit(here, order):
    here.officers["Citra"].postings.update(unit=here.polsek)


def a_posting_ends_earlier(here, order):
    here.officers["Fitri"].postings.update(valid_to=NOON - DAY)


def a_posting_begins_later(here, order):
    here.officers["Fitri"].postings.update(valid_from=LATER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        an_order_is_undone,
        an_order_is_withdrawn,
        a_completion_is_dated_back,
        a_completion_is_taken_back,
        an_officer_is_exempted,
        somebody_serves_another_counter,
        a_posting_gets_another_unit,
        a_posting_ends_earlier,
        a_posting_begins_later,
    ],
)
def test_what_is_written_later_is_counted_in_the_days_that_it_is_about(here, act):
    activity = ActivityFactory(period__ends_on=day(3))
    order = assigned(here.komunikasi, here.unit, actor=here.sdm, at=NOON, activity=activity)
    completed(here.officers["Budi"], here.komunikasi, at=NOON + DAY / 2, grade=80)
    scopes = [scope_on(here.sdm, day=day(days), axis=axis, now=LATER) for days in (1, 6) for axis in Axis]
    for scope in scopes:
        counted(scope, Wanted())

    act(here, order)

    for scope in scopes:
        assert_equal_rows(scope)


@pytest.mark.django_db
def test_the_jp_of_a_past_year_follow_a_target_that_is_set_later(here):
    completed(here.officers["Andi"], here.komunikasi, at=NOON)
    new_year = NOON.replace(year=2027, month=2)
    scope = scope_on(here.sdm, day=NOON.date().replace(month=12, day=31), now=new_year)

    def reached():
        counts = counted(scope, Wanted(unit=here.unit))
        assert counts.jp(2026) is not None
        assert_equal_rows(scope)
        return jp_totals(scope, Wanted(unit=here.unit), 2026, counts).reached

    before = reached()
    jp = here.komunikasi.current_version.jp
    set_jp_target(first_year=2026, rank_group="", jp=jp, basis="Perkap Uji", actor=here.sdm, at=new_year)

    assert (before, reached()) == (0, 1)


# --- what is forgotten, and what is not -------------------------------------


@pytest.mark.django_db
def test_a_day_is_counted_once_and_what_happens_now_leaves_it_alone(here):
    first = seen(here, 1)
    numbers = set(DayCount.objects.values_list("pk", flat=True))

    completed(here.officers["Fitri"], here.etika, at=LATER)
    change_posting(officer=here.officers["Dewi"], unit=here.polsek, rank=RankFactory(), actor=here.sdm, at=LATER)
    assigned(here.komunikasi, here.unit, actor=here.sdm, at=LATER)
    recount_marked(at=LATER)

    assert seen(here, 1, at=LATER + DAY) == first
    assert set(DayCount.objects.values_list("pk", flat=True)) == numbers


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", [False, True])
def test_a_transfer_dated_back_changes_the_days_since_and_only_there(here, ticked):
    for days in (1, 5):
        seen(here, days)
    eko = here.officers["Eko"]
    change_posting(
        officer=eko, unit=here.satlantas, rank=RankFactory(), actor=here.sdm, at=LATER, valid_from=NOON + 3 * DAY
    )
    if ticked:
        recount_marked(at=LATER)
    polsek = Wanted(unit=here.polsek)

    then = counted(scope_on(here.sdm, day=day(5), now=LATER), polsek).figures()
    known = counted(scope_on(here.sdm, day=day(5), axis=Axis.AS_KNOWN, now=LATER), polsek).figures()

    assert (then.total, known.total) == (1, 2)
    assert_equal_rows(scope_on(here.sdm, day=day(5), now=LATER), [here.satlantas])
    assert kept(here, 1) == {"Satlantas", "Polsek", here.unit.short_name}
    assert not CountMark.objects.filter(since__lte=NOON + 5 * DAY).exists()


@pytest.mark.django_db
def test_who_stands_nowhere_any_more_still_changes_the_past(here):
    officer = here.officers["Eko"]
    officer.postings.update(valid_to=NOON + 5 * DAY)
    before = seen(here, 1)
    Duty.objects.filter(officer=officer).update(valid_to=NOON - DAY, ended_as="withdrawn")
    recount_marked(at=LATER)

    assert seen(here, 1).overdue == before.overdue - 1


@pytest.mark.django_db
def test_the_proof_finds_an_altered_past_day_and_leaves_those_aside_about_which_something_was_written(here):
    for days in (1, 5):
        seen(here, days)
    recount_marked(at=LATER)
    fine = list(day_differences())
    DayRow.objects.filter(kind="c", count__unit=here.polsek, count__at__lt=NOON + 3 * DAY).update(number=99)
    wrong = [(day.unit, day.at.date()) for day, words in day_differences() if words]
    CountMark.objects.create(unit_id=here.polsek.pk, since=NOON - DAY)

    assert (len(fine), [words for _day, words in fine if words]) == (6, [])
    assert wrong == [(here.polsek, day(1))]
    assert not list(day_differences())


# --- waiting ----------------------------------------------------------------


@pytest.fixture
def many(monkeypatch):
    """As if a Polres had more people than a page waits for."""
    monkeypatch.setattr(day_counts, "AT_ONCE", 0)


@pytest.mark.django_db
def test_a_day_of_many_people_says_how_far_it_is_and_then_shows_the_figures(client, here, many):
    with time_machine.travel(LATER, tick=False):
        url = "/sdm/penyelesaian/?per=2026-11-23"
        waiting = sign_in(client, here.sdm).get(url)
        rows = DayCount.objects.count()
        again = client.get(url)
        prepare_days(at=LATER)
        page = client.get(url)

    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "3")
    assert "0 dari 3 satuan" in waiting.content.decode()
    assert url in waiting.content.decode()
    assert (again.status_code, DayRow.objects.exists()) == (202, True)
    assert rows == 3
    assert page.context["figures"].total == 6


@pytest.mark.django_db(transaction=True)
def test_a_worker_counts_what_was_asked_for(here, many):
    with pytest.raises(StillCounting) as still:
        seen(here, 1)

    assert (still.value.done, still.value.total) == (0, 3)
    assert seen(here, 1).total == 6


@pytest.mark.django_db
def test_who_asks_for_a_small_unit_does_not_wait_for_the_days_of_everybody(here, many):
    for unit, days in ((here.unit, 1), (here.polsek, 2)):
        scope = scope_on(here.sdm, day=day(days), now=LATER)
        with patch("foundation.outbox.put"), pytest.raises(StillCounting):
            counted(scope, Wanted(unit=unit))

    count_next(at=LATER)

    assert set(DayCount.objects.exclude(counted_at=None).values_list("unit", flat=True)) == {here.polsek.pk}


@pytest.mark.django_db
def test_the_days_that_nobody_asked_for_are_counted_one_after_the_other(here, many, monkeypatch):
    """So that whoever asks for another one waits for one at most; first that which everybody opens."""
    monkeypatch.setattr(day_counts, "SECONDS_OF_A_TICK", 0)
    for _tick in range(2):
        prepare_days(at=NOON)

    days = {day_of(at, Zone.WIB) for at in DayCount.objects.values_list("at", flat=True)}
    assert days == {date(2026, 10, 31)}


@pytest.mark.django_db
def test_the_end_of_last_month_is_ready_before_anybody_asks(here, many):
    now = NOON + 12 * DAY
    wit = staff(Role.SDM, Unit.objects.get(pk=here.polsek.pk))
    Unit.objects.filter(pk=here.polsek.pk).update(zone=Zone.WIT)

    counted_units = prepare_days(at=now)

    assert counted_units == DayCount.objects.exclude(counted_at=None).count() > 3
    for actor in (here.sdm, wit):
        scope = scope_on(actor, day=day(9), now=now)
        assert counted(scope, Wanted(unit=scope.opened(None))).figures().total
    assert prepare_days(at=now + DAY) == 0


@pytest.mark.django_db
def test_days_that_nobody_asked_for_lately_are_removed(here):
    seen(here, 1)
    soon, long_after = LATER + 30 * DAY, LATER + 101 * DAY

    assert forget_old_days(at=soon, dry_run=False) == 0
    assert forget_old_days(at=long_after, dry_run=True) == 3
    assert forget_old_days(at=long_after, dry_run=False) == 3
    assert DayRow.objects.exists()
    prepare_days(at=long_after + timedelta(hours=2))
    assert not DayRow.objects.filter(count__asked_at__lt=long_after).exists()


@pytest.mark.django_db
def test_who_found_a_day_counted_reads_it_to_the_end_though_somebody_forgets_it_meanwhile(here):
    scope = scope_on(here.sdm, day=day(5), now=LATER)
    reading = counted(scope, Wanted(unit=here.unit))

    completed(here.officers["Budi"], here.etika, at=NOON + DAY)
    day_counts.forget_changed(FIGURES, at=LATER)
    prepare_days(at=LATER)

    assert reading.figures().total == 6
    assert kept(here, 5) == {"Polsek", here.unit.short_name}
    assert_equal_rows(scope)


@pytest.mark.django_db
@pytest.mark.parametrize("looked_through", [0, 5_000])
def test_what_was_written_about_a_day_is_not_lost_when_the_forgetting_is_killed(here, monkeypatch, looked_through):
    seen(here, 5)
    completed(here.officers["Dewi"], here.etika, at=NOON + DAY)
    monkeypatch.setattr(day_counts, "MARKS_AT_ONCE", looked_through)
    with monkeypatch.context() as killed:
        killed.setattr(day_counts, "_forget", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            day_counts.forget_changed(FIGURES, at=LATER)

    assert_equal_rows(scope_on(here.sdm, day=day(5), now=LATER))


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")
def test_a_transfer_written_while_a_day_is_being_counted_is_not_lost(here, together):
    """Whoever forgets the day waits for whoever counts it, and removes what was counted too early."""
    scope = scope_on(here.sdm, day=day(5), now=LATER)
    early = []

    def slow(units, moment):
        early.extend(FIGURES.count_day(units, moment))
        yield from early
        change_posting_elsewhere.set()
        forgotten.wait(0.5)

    from threading import Event

    change_posting_elsewhere, forgotten = Event(), Event()

    def count():
        return counted(scope, Wanted(unit=here.polsek)).figures().total

    def write():
        change_posting_elsewhere.wait(10)
        change_posting(
            officer=here.officers["Eko"],
            unit=here.satlantas,
            rank=RankFactory(),
            actor=UserFactory(),
            at=LATER,
            valid_from=NOON + 3 * DAY,
        )
        day_counts.forget_changed(FIGURES, at=LATER)
        forgotten.set()

    with patch.dict(TALLIES, {FIGURES.kind: replace(FIGURES, count_day=slow)}):
        together(count, write)

    # What the first reader is shown depends on who comes first after the count.
    assert sum(row.number for row in early if row.kind == CountKind.COURSE) == 2
    assert count() == 1
