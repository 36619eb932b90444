"""Orders that follow: until when whoever comes later has time, and ticks that are overtaken or cut off."""

from datetime import timedelta

import pytest

from enrolments.assignment import Due
from enrolments.calendar import day_end
from enrolments.models import DueRule, Duty, DutyReason
from enrolments.services import follow_moves, reconciling, renew_duties, undo_assignment
from foundation.formats import day_of
from foundation.models import AuditEvent
from organisation.models import Zone
from tests.clock import NOON
from tests.enrolments.test_follow_moves import expiring, move, owing
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def elsewhere():
    return UnitFactory()


# --- until when whoever comes later has time --------------------------------


@pytest.mark.parametrize("zone", ["WIB", "WITA", "WIT"])
@pytest.mark.parametrize(
    ("due", "days"),
    [
        # The date of the order is over, or near: two weeks.
        (Due(at=NOON + 7 * DAY), 14),
        (Due(at=NOON + 65 * DAY), 14),
        (Due(at=NOON + 90 * DAY), None),
        # Days after being asked count from the day on which this officer was asked.
        (Due(DueRule.ASSIGNED, days=30), 30),
        (Due(DueRule.ASSIGNED, days=5), 5),
        # Posted there long ago and written down today, or an officer of many years: not late on the first day.
        (Due(DueRule.POSTED, days=10), 10),
        (Due(DueRule.JOINED, days=30), 14),
    ],
)
def test_whoever_comes_later_is_not_late_on_the_first_day(zone, due, days):
    unit = UnitFactory(zone=Zone[zone])
    comes = OfficerFactory(posting__unit=UnitFactory())
    assigned(published_course(), unit, due=due, follows=True)
    asked_at = NOON + 60 * DAY
    move(comes, unit, at=asked_at, valid_from=NOON + 20 * DAY)

    follow_moves(at=asked_at)

    expected = due.at if days is None else day_end(day_of(asked_at, unit.zone) + days * DAY, unit.zone)
    assert Duty.objects.get().due_at == expected


def test_whoever_was_there_keeps_the_date_of_the_order(polres):
    OfficerFactory(posting__unit=polres)
    assigned(published_course(), polres, due_at=NOON + 2 * DAY, follows=True)

    follow_moves(at=NOON + DAY)

    assert Duty.objects.get().due_at == NOON + 2 * DAY


# --- cut off, or overtaken --------------------------------------------------


def test_moves_of_a_file_that_a_tick_or_an_order_overtook_are_found_by_the_next_tick(polres, elsewhere):
    comes, goes = OfficerFactory(posting__unit=elsewhere), OfficerFactory(posting__unit=polres)
    file_begun, course, later_course = NOON + HOUR, published_course(), published_course()
    assigned(course, polres, follows=True)
    follow_moves(at=file_begun + 30 * SECOND)
    assigned(later_course, polres, at=file_begun + 40 * SECOND, follows=True)

    # What was written meanwhile becomes visible only now, with the time at which the file was begun.
    move(comes, polres, at=file_begun)
    move(goes, elsewhere, at=file_begun)
    follow_moves(at=file_begun + 90 * SECOND)

    assert (owing(course), owing(later_course)) == ({comes}, {comes})


def test_a_tick_cut_off_anywhere_is_gone_on_with_and_nothing_is_done_twice(polres, elsewhere, monkeypatch):
    monkeypatch.setattr(reconciling, "BATCH", 1)
    officers = [OfficerFactory(posting__unit=elsewhere) for _ in range(3)]
    courses = [published_course() for _ in range(2)]
    for course in courses:
        assigned(course, polres, follows=True)
    for officer in officers:
        move(officer, polres, at=NOON + HOUR)
    tell, told = reconciling.announce, []

    def dies_at(number):
        def announce(*args, **kwargs):
            told.append(args)
            if len(told) == number:
                raise SystemExit
            tell(*args, **kwargs)

        return announce

    for number in (2, 5):
        told.clear()
        monkeypatch.setattr(reconciling, "announce", dies_at(number))
        with pytest.raises(SystemExit):
            follow_moves(at=NOON + 2 * HOUR)
    monkeypatch.setattr(reconciling, "announce", tell)
    follow_moves(at=NOON + 3 * HOUR)

    for course in courses:
        assert sorted(Duty.objects.filter(course=course).values_list("officer", flat=True)) == [
            one.pk for one in officers
        ]
    assert DutyReason.objects.count() == AuditEvent.objects.filter(verb="duty.opened_by_move").count() == 6


def test_renewals_cut_off_are_gone_on_with_and_nobody_owes_two_rounds(polres, monkeypatch):
    monkeypatch.setattr(reconciling, "BATCH", 1)
    firsts = [expiring(polres)[3] for _ in range(3)]
    settled, calls = reconciling.settle_opened, []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return settled(*args, **kwargs)

    monkeypatch.setattr(reconciling, "settle_opened", dies)
    with pytest.raises(SystemExit):
        renew_duties(at=firsts[0].expires_at - DAY)
    second_rounds = Duty.objects.filter(cycle=2).order_by("officer")
    after_the_cut = second_rounds.count()
    renew_duties(at=firsts[0].expires_at - DAY)

    assert after_the_cut == 1
    assert [duty.officer for duty in second_rounds] == [row.officer for row in firsts]


def test_undone_an_order_also_takes_back_what_it_brought_to_whoever_came_and_went_meanwhile(polres, elsewhere):
    stays, goes = OfficerFactory(posting__unit=polres), OfficerFactory(posting__unit=polres)
    has_done = OfficerFactory(posting__unit=elsewhere)
    course = published_course()
    completed(has_done, course, at=NOON - DAY)
    order = assigned(course, polres, follows=True)
    move(goes, elsewhere, at=NOON + HOUR)
    move(has_done, polres, at=NOON + HOUR)
    follow_moves(at=NOON + 2 * HOUR)

    undo_assignment(assignment=order, reason="Keliru", actor=order.assigned_by, at=NOON + DAY)

    assert dict(Duty.objects.values_list("officer", "ended_as")) == dict.fromkeys(
        (stays.pk, goes.pk, has_done.pk), "undone"
    )
