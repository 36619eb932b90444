"""Whoever was told of a duty is told once when the order is taken back and nothing asks for it any more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from enrolments import services
from enrolments.models import Message, OrderWork, ReminderRules
from enrolments.services import announcing, carrying, planning
from enrolments.wording import MessageKind
from organisation.models import Zone
from tests.clock import NOON
from tests.enrolments.outbox_scene import work
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory
from tests.factories.paths import path_assigned, published_path, step

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
HOUR = timedelta(hours=1)


def withdrawn(order, *, at=NOON + HOUR):
    services.withdraw_assignment(assignment=order, reason="salah satuan", actor=order.assigned_by, at=at)


def undone(order, *, at=NOON + HOUR):
    services.undo_assignment(assignment=order, reason="salah satuan", actor=order.assigned_by, at=at)


def told_of_the_end() -> list:
    return [message.recipient.officer for message in ends()]


def ends():
    return Message.objects.filter(kind=MessageKind.TAKEN_BACK).order_by("recipient__officer")


@pytest.mark.both_databases
@pytest.mark.parametrize(("take_back", "word"), [(withdrawn, "dicabut"), (undone, "dibatalkan")])
def test_who_was_told_reads_once_that_the_order_is_gone_and_why(clock, unit, take_back, word):
    officer = OfficerFactory(posting__unit=unit)
    order = assigned(published_course(), unit)
    work()

    take_back(order)
    clock(NOON + 2 * HOUR)
    work()
    work()

    assert told_of_the_end() == [officer]
    message = ends().get()
    assert message.title == f"Tugas {word}: {order.course.title}"
    assert f"menurut Sprin/118/XI/2026 dari Kapolres Uji {word}: salah satuan." in message.text
    assert message.notice.recipient == officer.user


def test_who_was_never_told_hears_nothing(clock, unit):
    OfficerFactory(posting__unit=unit)
    silent, early = (assigned(published_course(), unit, tells=tells) for tells in (False, True))
    withdrawn(early)
    withdrawn(silent)

    assert work() == []
    assert told_of_the_end() == []


def test_whoever_goes_on_owing_it_is_told_when_the_last_order_goes(clock, unit):
    officer = OfficerFactory(posting__unit=unit)
    course = published_course()
    first = assigned(course, unit)
    work()
    second = assigned(course, unit, order_number="Sprin/2")

    withdrawn(first)
    clock(NOON + 2 * HOUR)
    work()
    before = told_of_the_end()
    withdrawn(second, at=NOON + 2 * HOUR)
    work()

    assert before == []
    assert told_of_the_end() == [officer]
    assert "menurut Sprin/2" in ends().get().text


def test_who_has_done_it_or_is_ordered_again_meanwhile_hears_nothing(clock, unit):
    done = OfficerFactory(posting__unit=unit)
    course = published_course(posttest=False)
    wrong, other = assigned(course, unit), assigned(published_course(posttest=False), unit)
    work()
    completed(done, other.course, at=NOON + HOUR)

    undone(wrong)
    withdrawn(other, at=NOON + 2 * HOUR)
    assigned(course, unit, at=NOON + 2 * HOUR)
    clock(NOON + 3 * HOUR)
    work()

    assert told_of_the_end() == []


@pytest.mark.both_databases
def test_a_path_is_told_as_one(clock, unit):
    OfficerFactory(posting__unit=unit)
    order = path_assigned(published_path(step(published_course()), step(published_course())), unit)
    work()

    actor = order.assignments.first().assigned_by
    services.undo_path(order=order, reason="salah jalur", actor=actor, at=NOON + HOUR)
    clock(NOON + 2 * HOUR)
    work()

    assert [message.title for message in ends()] == ["Tugas dibatalkan: jalur Pelayanan SPKT"]


def test_of_a_big_order_everybody_hears_once_also_when_the_worker_stops_midway(clock, unit, monkeypatch):
    monkeypatch.setattr(planning, "BIG_ORDER", 3)
    for module, name in ((carrying, "CHUNK"), (announcing, "AT_ONCE"), (announcing, "BATCH")):
        monkeypatch.setattr(module, name, 2)
    officers = OfficerFactory.create_batch(5, posting__unit=unit)
    order = assigned(published_course(), unit)

    def carry_on():
        while open_work := OrderWork.objects.filter(finished_at=None).first():
            services.continue_work(work=open_work, at=NOON + 2 * HOUR)

    carry_on()
    while work(announcing.ASSIGNED):
        pass

    undone(order)
    in_between = work(announcing.TAKEN_BACK)
    carry_on()
    clock(NOON + 2 * HOUR)
    turns = 0
    while work(announcing.TAKEN_BACK):
        turns += 1

    assert in_between == []
    assert turns == 2
    assert told_of_the_end() == officers


def test_nobody_is_told_at_night_and_the_platform_may_stay_silent(clock, unit):
    officer = OfficerFactory(posting__unit=unit)
    order = assigned(published_course(), unit)
    work()
    night = datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo(Zone.WIB))
    withdrawn(order, at=night)
    clock(night)

    waits = work(announcing.TAKEN_BACK)
    at_night = told_of_the_end()
    clock(datetime(2026, 11, 22, 7, 0, tzinfo=ZoneInfo(Zone.WIB)))
    ReminderRules.objects.update(enabled=False)
    work(announcing.TAKEN_BACK)
    silent = told_of_the_end()
    ReminderRules.objects.update(enabled=True)
    work(announcing.TAKEN_BACK)

    assert waits
    assert (at_night, silent) == ([], [])
    assert told_of_the_end() == [officer]


def test_whoever_has_an_address_gets_one_mail_too_although_the_duty_has_ended(clock, unit, monkeypatch):
    OfficerFactory(posting__unit=unit, user__email="andi@contoh.go.id")
    order = assigned(published_course(), unit)
    work()
    withdrawn(order)
    clock(NOON + 2 * HOUR)
    work()

    work("enrolments.messages")

    # That it was given is no news any more.
    assert [letter.subject for letter in mail.outbox] == [f"Tugas dicabut: {order.course.title}"]
