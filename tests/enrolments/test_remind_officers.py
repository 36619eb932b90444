"""The tick reminds officers: before, on and after the due date, once each, and proves it."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from enrolments import services
from enrolments.models import (
    Delivery,
    DutyEnd,
    Message,
    MessageTemplate,
    Notice,
    ReminderRules,
    ReminderRun,
    Way,
)
from enrolments.services import notifying, reminding
from foundation.models import AppendOnlyViolation, OutboxEntry
from organisation.models import Zone
from tests.clock import NOON
from tests.enrolments.reminder_scene import DAY, TONIGHT, at_local, scene, texts_to
from tests.factories.organisation import OfficerFactory
from tests.factories.reliefs import paused

pytestmark = pytest.mark.once_on("sqlite")


@pytest.fixture
def here(db):
    return scene()


def run(at=NOON, times=1):
    return sum(services.remind_officers(at=at) for _ in range(times))


def test_nobody_away_with_a_standing_clock_is_told_whatever_the_date(here):
    officer = here.officer()
    paused(officer, NOON.date(), NOON.date() + 30 * DAY)
    here.owes(officer, -1)

    assert run() == 0


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (14, "14 hari lagi"),
        (3, "3 hari lagi"),
        (0, "Hari ini batas waktu"),
        (-1, "lewat 1 hari"),
        (-7, "lewat 7 hari"),
        (-14, "lewat 14 hari"),
    ],
)
def test_an_officer_is_told_before_on_and_after_the_due_date(here, days, words):
    officer = here.officer()
    here.owes(officer, days)

    assert run() == 1

    (text,) = texts_to(officer.user)
    assert text.startswith("Selamat siang, Bripka Andi.")
    assert words in text
    assert here.course.title in text
    notice = Notice.objects.get(recipient=officer.user)
    assert notice.message.url == here.course.url
    assert notice.read_at is None


def test_nobody_is_told_between_the_steps_once_the_step_was_told(here):
    officer = here.officer()
    here.owes(officer, 3)
    run()

    assert [run(NOON + days * DAY) for days in range(1, 4)] == [0, 0, 1]


def test_a_month_of_ticks_tells_each_step_once_on_its_day(here):
    officer = here.officer()
    duty = here.owes(officer, 14)

    for hours in range(0, 24 * 30, 5):
        run(NOON + timedelta(hours=hours), times=2)

    told = Message.objects.filter(recipient=officer.user).order_by("pk")
    assert list(told.values_list("step", flat=True)) == [-14, -3, 0, 1, 7, 14]
    assert {message.duty_id for message in told} == {duty.pk}


def test_after_an_outage_of_a_week_only_the_newest_step_is_told(here):
    officer = here.officer()
    here.owes(officer, 3)

    run(NOON + 8 * DAY)

    assert list(Message.objects.values_list("step", flat=True)) == [1]
    assert "lewat 5 hari" in texts_to(officer.user)[0]


def test_what_ended_is_not_reminded_of(here):
    officer = here.officer()
    for cycle, end in enumerate((DutyEnd.COMPLETED, DutyEnd.WITHDRAWN, DutyEnd.EXEMPT), start=1):
        here.owes(officer, 3, cycle=cycle, valid_to=NOON - DAY, ended_as=end)

    assert run() == 0


def test_neither_a_disabled_account_nor_who_stands_nowhere_is_told(here):
    disabled = here.officer()
    disabled.user.is_active = False
    disabled.user.save()
    here.owes(disabled, 3)
    here.owes(OfficerFactory(posting=None), 3)

    assert run() == 0


def test_a_duty_given_after_the_day_of_a_step_waits_for_the_next(here):
    officer = here.officer()
    here.owes(officer, 10, valid_from=NOON - timedelta(hours=1))

    assert run() == 0
    assert run(NOON + 7 * DAY) == 1


def test_a_due_date_that_moved_is_told_anew(here):
    officer = here.officer()
    duty = here.owes(officer, 3)
    run()

    type(duty).objects.filter(pk=duty.pk).update(due_at=TONIGHT + 10 * DAY)

    assert run(NOON + 7 * DAY) == 1
    assert list(Message.objects.order_by("pk").values_list("step", flat=True)) == [-3, -3]


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1), (19, 1), (20, 0)])
def test_nothing_leaves_in_quiet_hours(here, hour, told):
    here.owes(here.officer(), 3)

    assert run(at_local(hour)) == told


def test_quiet_hours_are_those_of_the_unit(db):
    west, east = scene(), scene(Zone.WIT)
    here = [west.officer("Barat"), east.officer("Timur")]
    for officer, place in zip(here, (west, east), strict=True):
        place.owes(officer, 3)

    # 06.00 WIB is 08.00 WIT; 18.30 WIB is 20.30 WIT.
    run(at_local(6))
    assert [len(texts_to(officer.user)) for officer in here] == [0, 1]

    run(at_local(18) + timedelta(minutes=30))
    assert [len(texts_to(officer.user)) for officer in here] == [1, 1]


def test_a_platform_that_shall_not_write_writes_nothing(here):
    here.owes(here.officer(), 3)
    ReminderRules.objects.update(enabled=False)

    assert run() == 0


def test_the_day_of_a_zone_ends_when_all_is_written_and_asks_one_query_afterwards(here, django_assert_max_num_queries):
    here.owes(here.officer(), 3)
    run()
    assert set(ReminderRun.objects.values_list("zone", flat=True)) == set(Zone.values)

    # The rules, and one question per zone.
    with django_assert_max_num_queries(4):
        assert run() == 0


def test_a_thousand_officers_ask_the_database_no_more_than_a_few_times_a_batch(
    here, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(reminding, "BATCH", 20)
    for place in range(40):
        here.owes(here.officer(f"Personel {place}", email=f"p{place}@contoh.go.id"), 3)

    # Per batch of 20: duties, postings, message, notice, two deliveries, outbox, and the savepoint.
    with django_assert_max_num_queries(5 + 3 * 12 + 3 * 6):
        assert run() == 40


def test_one_tick_ends_after_its_measure_and_the_next_goes_on(here, monkeypatch):
    monkeypatch.setattr(reminding, "BATCH", 2)
    monkeypatch.setattr(reminding, "PER_TICK", 4)
    for place in range(7):
        here.owes(here.officer(f"Personel {place}"), 3)

    assert [run() for _ in range(4)] == [4, 3, 0, 0]
    assert Message.objects.count() == 7


@pytest.mark.parametrize("place", range(8))
def test_a_tick_killed_anywhere_and_run_again_doubles_and_loses_nothing(here, monkeypatch, place):
    monkeypatch.setattr(reminding, "BATCH", 2)
    for number in range(5):
        here.owes(here.officer(f"Personel {number}", email=f"p{number}@contoh.go.id"), 3)
    calls = []

    def dying(real):
        def call(*args, **kwargs):
            calls.append(real)
            if len(calls) == place + 1:
                raise KeyboardInterrupt
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as killing:
        for name in ("show", "log"):
            killing.setattr(notifying, name, dying(getattr(notifying, name)))
        killing.setattr(notifying.outbox, "put_many", dying(notifying.outbox.put_many))
        with suppress(KeyboardInterrupt):
            run()
    run(times=2)

    assert Message.objects.count() == Notice.objects.count() == 5
    assert Delivery.objects.filter(way=Way.APP).count() == 5
    assert OutboxEntry.objects.filter(kind=notifying.MAIL).count() == 5


@pytest.mark.both_databases
def test_a_message_and_its_proof_are_written_once(here):
    here.owes(here.officer(), 3)
    run()
    message = Message.objects.get()

    with pytest.raises(AppendOnlyViolation):
        message.save()
    for rows in (Message.objects, Delivery.objects, MessageTemplate.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(text="lain")


def test_the_proof_names_the_version_of_the_template(here):
    MessageTemplate.objects.create(kind="before", number=2, title="Kelak", text="Versi dua {sisa}", recorded_at=NOON)
    officer = here.officer()
    here.owes(officer, 3)
    run()

    message = Message.objects.get()
    assert message.template.number == 2
    assert message.text == "Versi dua 3 hari lagi"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_moment_write_each_message_once(together, monkeypatch):
    here = scene()
    monkeypatch.setattr(reminding, "BATCH", 3)
    for place in range(12):
        here.owes(here.officer(f"Personel {place}"), 3)
    # Both have read before either writes, so that they meet at the constraint.
    both = threading.Barrier(2, timeout=60)
    real = reminding._drafts
    met = threading.local()

    def drafts(*args, **kwargs):
        found = real(*args, **kwargs)
        if not getattr(met, "once", False):
            met.once = True
            both.wait()
        return found

    monkeypatch.setattr(reminding, "_drafts", drafts)

    results = together(*[lambda: services.remind_officers(at=NOON)] * 2)

    assert [type(result) for result in results] == [int, int], results
    assert sum(results) == 12
    assert Message.objects.count() == Notice.objects.count() == Delivery.objects.count() == 12
    assert ReminderRun.objects.filter(zone=Zone.WIB).count() == 1
