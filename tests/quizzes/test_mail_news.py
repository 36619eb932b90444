"""Whoever has an address gets a mail when people decided about an attempt, through a real SMTP server."""

import re
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from foundation import outbox
from foundation.models import OutboxEntry
from quizzes.models import Attempt
from quizzes.services.announcing import MAIL
from tests.clock import NOON
from tests.factories.organisation import UserFactory
from tests.quizzes.marking_scene import essay_waiting, mark, task_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once_on("sqlite")]


class Postbox:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


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


def marked(email: str) -> Attempt:
    attempt = essay_waiting()
    user = attempt.enrolment.officer.user
    user.email = email
    user.save()
    mark(task_of(attempt), UserFactory(), 4, 6)
    return attempt


def test_the_officer_is_mailed_that_the_essay_was_marked_with_the_way_to_it_and_no_grade(postbox):
    attempt = marked("andi@contoh.go.id")

    ((to, letter),) = postbox.letters
    assert to == ["andi@contoh.go.id"]
    assert "Uraian Anda sudah dinilai" in letter
    assert f"/kuis/{attempt.uuid}/hasil/" in letter
    assert attempt.enrolment.officer.full_name in letter
    body = letter.replace("\r", "").split("\n\n", 1)[1]
    # Invented officers and courses are numbered, and may come to any number.
    words = body.replace(str(attempt.uuid), "").replace(attempt.enrolment.officer.full_name, "")
    assert not re.search(r"\b100\b", words)


def test_whoever_has_no_address_is_mailed_nothing_and_nothing_stays_open(postbox):
    marked("")

    assert not postbox.letters
    assert OutboxEntry.objects.get(kind=MAIL).done_at


def test_a_mail_that_does_not_get_through_is_tried_again_and_the_marks_stand(settings, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("quizzes.services.announcing.EmailMessage.send", broken)
    attempt = marked("andi@contoh.go.id")
    entry = OutboxEntry.objects.get(kind=MAIL)
    attempt.refresh_from_db()
    assert (attempt.grade, entry.done_at, entry.tries) == (100, None, 1)

    monkeypatch.undo()
    outbox.deliver.enqueue(entry.pk)

    assert [letter.to for letter in mail.outbox] == [["andi@contoh.go.id"]]


def test_the_same_news_is_mailed_once(postbox):
    attempt = marked("andi@contoh.go.id")
    entry = OutboxEntry.objects.get(kind=MAIL)

    outbox.put(kind=MAIL, key=entry.key, payload=entry.payload, at=NOON)
    outbox.deliver.enqueue(entry.pk)

    assert len(postbox.letters) == 1
    assert Attempt.objects.get(pk=attempt.pk).news == "marked"
