"""Whoever gets something to do by an order is told once, outside quiet hours, in the app and by e-mail."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from enrolments.models import Delivery, Message, Notice, ReminderRules, Way
from enrolments.services import announcing, reconciling, withdraw_assignment
from enrolments.services.reconciling import follow_moves
from foundation.models import OutboxEntry
from organisation.models import Zone
from tests.clock import NOON
from tests.enrolments.outbox_scene import work
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, assigned, completed
from tests.factories.organisation import OfficerFactory, PostingFactory, UnitFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.reliefs import paused

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
HOUR = timedelta(hours=1)


def told() -> set:
    return {notice.recipient.officer for notice in Notice.objects.all()}


def test_each_officer_who_gains_a_duty_is_told_once_with_order_and_date(clock, unit):
    officers = set(OfficerFactory.create_batch(2, posting__unit=unit))
    assigned(published_course(), unit)

    work()
    work()

    assert told() == officers
    message = Message.objects.first()
    assert message.title.startswith("Tugas baru: Pelatihan")
    assert "Dasarnya Sprin/118/XI/2026 dari Kapolres Uji. Alasannya: Quick Wins triwulan IV." in message.text
    assert Message.objects.count() == Delivery.objects.filter(way=Way.APP).count() == 2


def test_who_has_done_it_or_owes_it_already_is_not_told(clock, unit):
    done, owing, new = OfficerFactory.create_batch(3, posting__unit=unit)
    course = published_course(posttest=False)
    completed(done, course)
    DutyFactory(officer=owing, course=course, due_at=NOON + HOUR)

    assigned(course, unit)
    work()

    assert told() == {new}


def test_whose_date_comes_earlier_is_told(clock, unit):
    owing = OfficerFactory(posting__unit=unit)
    course = published_course()
    assigned(course, unit, due_at=NOON + timedelta(days=30), tells=False)

    assigned(course, unit, at=NOON + HOUR)
    clock(NOON + 2 * HOUR)
    work()

    assert told() == {owing}


def test_a_path_is_told_as_one(clock, unit):
    OfficerFactory(posting__unit=unit)
    order = path_assigned(published_path(step(published_course()), step(published_course())), unit)

    work()

    message = Message.objects.get()
    assert message.title == "Tugas baru: jalur Pelayanan SPKT"
    assert message.url == order.url


def test_nobody_is_told_at_night_in_the_own_zone_and_everybody_in_the_morning(clock):
    polri = UnitFactory()
    west, east = UnitFactory(parent=polri, zone=Zone.WIB), UnitFactory(parent=polri, zone=Zone.WIT)
    here, there = OfficerFactory(posting__unit=west), OfficerFactory(posting__unit=east)
    # 19.00 WIB is 21.00 WIT: the east sleeps.
    evening = datetime(2026, 11, 21, 19, 0, tzinfo=ZoneInfo(Zone.WIB))
    assigned(published_course(), polri, at=evening)

    clock(evening)
    waits = work()
    in_the_evening = told()
    clock(waits[0])
    work()

    assert in_the_evening == {here}
    assert waits == [datetime(2026, 11, 22, 7, 0, tzinfo=ZoneInfo(Zone.WIT))]
    assert told() == {here, there}


def test_very_many_are_told_in_turns_and_nobody_twice(clock, unit, monkeypatch):
    OfficerFactory.create_batch(5, posting__unit=unit)
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    monkeypatch.setattr(announcing, "BATCH", 2)
    assigned(published_course(), unit)

    turns = 0
    while work():
        turns += 1

    assert turns == 2
    assert Message.objects.count() == 5


def test_an_order_that_was_taken_back_meanwhile_tells_nobody(clock, unit):
    OfficerFactory(posting__unit=unit)
    assignment = assigned(published_course(), unit)
    withdraw_assignment(assignment=assignment, reason="keliru", actor=assignment.assigned_by, at=NOON)

    assert work() == []
    assert told() == set()


def test_an_order_may_stay_silent_and_so_may_the_platform(clock, unit):
    OfficerFactory(posting__unit=unit)
    assigned(published_course(), unit, tells=False)
    assert not OutboxEntry.objects.filter(kind=announcing.ASSIGNED).exists()

    ReminderRules.objects.update(enabled=False)
    assigned(published_course(), unit)
    work()

    assert told() == set()


def test_who_is_away_is_left_in_peace(clock, unit):
    officer = OfficerFactory(posting__unit=unit)
    paused(officer, NOON.date())

    assigned(published_course(), unit)
    work()

    assert told() == set()


def test_who_comes_later_is_told_and_who_was_told_is_not_told_again(clock, unit):
    first = OfficerFactory(posting__unit=unit)
    assigned(published_course(), unit, follows=True)
    work()
    later = OfficerFactory(posting=None)
    PostingFactory(officer=later, unit=unit, valid_from=NOON + HOUR, recorded_at=NOON + HOUR)

    follow_moves(at=NOON + 2 * HOUR)
    clock(NOON + 3 * HOUR)
    work()

    assert told() == {first, later}
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_very_many_who_come_at_once_are_all_told_though_a_worker_is_quick(clock, unit, monkeypatch):
    monkeypatch.setattr(reconciling, "BATCH", 1)
    assigned(published_course(), unit, follows=True)
    later = [OfficerFactory(posting=None) for _ in range(2)]
    for officer in later:
        PostingFactory(officer=officer, unit=unit, valid_from=NOON + HOUR, recorded_at=NOON + HOUR)
    clock(NOON + 2 * HOUR)

    follow_moves(at=NOON + 2 * HOUR)

    assert told() == set(later)


def test_whoever_has_an_address_gets_one_mail_too(clock, unit, monkeypatch):
    officer = OfficerFactory(posting__unit=unit, user__email="andi@contoh.go.id")
    assigned(published_course(), unit)

    work()
    monkeypatch.setattr("enrolments.services.notifying.timezone.now", lambda: NOON)
    work("enrolments.messages")

    assert [letter.to for letter in mail.outbox] == [[officer.user.email]]


def test_what_is_older_than_a_week_is_no_news(clock, unit):
    OfficerFactory(posting__unit=unit)
    assigned(published_course(), unit, due_at=NOON.astimezone(UTC) + timedelta(days=60))

    clock(NOON + timedelta(days=8))
    work()

    assert told() == set()
