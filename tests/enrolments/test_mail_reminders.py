"""Whoever has an address is mailed the reminders too, through a real SMTP server, once and outside quiet hours."""

import socket
from datetime import timedelta
from email import message_from_string, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller

from enrolments import services
from enrolments.models import Delivery, DeliveryState, DutyEnd, Message, Way
from enrolments.services import notifying
from foundation import outbox
from foundation.models import OutboxEntry
from tests.clock import NOON
from tests.enrolments.reminder_scene import DAY, at_local, mail_states, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once_on("sqlite")]


class Postbox:
    def __init__(self):
        self.letters = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            letter = message_from_string(envelope.content.decode(), policy=policy.default)
            self.letters.append((envelope.rcpt_tos, letter["subject"], letter.get_content()))
        return self.answer


@pytest.fixture
def postbox(settings):
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


@pytest.fixture
def here():
    return scene()


def tick(at=NOON):
    """Remind, and let the outbox do what is due, as one tick does."""
    with time_machine.travel(at, tick=False):
        services.remind_officers(at=at)
        outbox.sweep(at=at)


def test_the_officer_is_mailed_what_the_app_says_with_the_way_to_the_course(here, postbox):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)

    tick()

    ((to, subject, text),) = postbox.letters
    message = Message.objects.get()
    assert to == ["andi@contoh.go.id"]
    assert subject == message.title
    assert message.text in text.replace("\r", "")
    assert f"http://127.0.0.1:8000{here.course.url}" in text
    assert mail_states(message) == ["queued", "sending", "delivered"]


def test_who_has_no_address_reads_it_in_the_app_alone(here, postbox):
    here.owes(here.officer(), 3)

    tick()

    assert not postbox.letters
    assert not OutboxEntry.objects.filter(kind=notifying.MAIL).exists()
    assert Delivery.objects.get().way == Way.APP


def test_several_courses_on_one_day_are_one_mail(here, postbox):
    officer = here.officer(email="andi@contoh.go.id")
    for cycle, days in enumerate((3, 0, -1), start=1):
        here.owes(officer, days, cycle=cycle)

    tick()

    ((_to, subject, text),) = postbox.letters
    assert subject.endswith("dan 2 lainnya")
    assert all(message.text in text.replace("\r", "") for message in Message.objects.all())
    assert {state for message in Message.objects.all() for state in mail_states(message)[-1:]} == {"delivered"}


def test_ticking_again_mails_nothing_a_second_time(here, postbox):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)

    for minutes in range(0, 60, 7):
        tick(NOON + timedelta(minutes=minutes))
    OutboxEntry.objects.update(done_at=None, leased_until=None)
    tick(NOON + timedelta(hours=2))

    assert len(postbox.letters) == 1


def test_a_mail_server_that_refuses_is_tried_again_and_the_proof_says_why(here, postbox):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)
    postbox.answer = "451 penuh"
    tick()
    failed = Delivery.objects.filter(state=DeliveryState.FAILED).get()
    assert "penuh" in failed.why

    postbox.answer = "250 OK"
    tick(NOON + timedelta(hours=1))

    assert len(postbox.letters) == 1
    assert mail_states(Message.objects.get()) == ["queued", "sending", "failed", "sending", "delivered"]


def test_a_mail_that_waited_into_the_night_goes_in_the_morning(here, postbox):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)
    services.remind_officers(at=at_local(19))

    for hour in range(20, 31):
        with time_machine.travel(at_local(hour), tick=False):
            outbox.sweep(at=at_local(hour))
    assert not postbox.letters
    entry = OutboxEntry.objects.get(kind=notifying.MAIL)
    assert (entry.tries, entry.last_error, entry.due_at) == (0, "", at_local(31))

    with time_machine.travel(at_local(31), tick=False):
        outbox.sweep(at=at_local(31))

    assert len(postbox.letters) == 1


def test_what_was_finished_before_the_mail_left_is_not_mailed(here, postbox):
    officer = here.officer(email="andi@contoh.go.id")
    done, owed = here.owes(officer, 3), here.owes(officer, 0, cycle=2)
    services.remind_officers(at=NOON)
    type(done).objects.filter(pk=done.pk).update(valid_to=NOON, ended_as=DutyEnd.COMPLETED)

    tick(NOON + timedelta(minutes=1))

    ((_to, subject, _text),) = postbox.letters
    assert "lainnya" not in subject
    assert mail_states(Message.objects.get(duty=done)) == ["queued", "dropped"]
    assert mail_states(Message.objects.get(duty=owed)) == ["queued", "sending", "delivered"]


def test_a_worker_killed_while_sending_leaves_the_mail_uncertain_and_unrepeated(here, postbox, monkeypatch):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)
    services.remind_officers(at=NOON)
    with monkeypatch.context() as killing:
        killing.setattr(notifying, "_hand_over", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), time_machine.travel(NOON, tick=False):
            notifying.mail_messages(OutboxEntry.objects.get(kind=notifying.MAIL).payload)

    tick(NOON + timedelta(minutes=10))
    tick(NOON + DAY)

    assert not postbox.letters
    assert mail_states(Message.objects.get()) == ["queued", "sending", "unknown"]


@pytest.mark.both_databases
def test_two_workers_with_one_mail_send_it_once(here, postbox, together):
    here.owes(here.officer(email="andi@contoh.go.id"), 3)
    services.remind_officers(at=NOON)
    payload = OutboxEntry.objects.get(kind=notifying.MAIL).payload

    with time_machine.travel(NOON, tick=True):
        together(*[lambda: notifying.mail_messages(payload)] * 2)

    assert len(postbox.letters) == 1


def test_an_address_that_went_away_is_noted(here, postbox):
    officer = here.officer(email="andi@contoh.go.id")
    here.owes(officer, 3)
    services.remind_officers(at=NOON)
    officer.user.email = ""
    officer.user.save()

    tick()

    assert not postbox.letters
    assert mail_states(Message.objects.get()) == ["queued", "dropped"]
