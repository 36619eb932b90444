"""Notices and proofs go after their time, whole and not before."""

from datetime import timedelta

import pytest

from enrolments.models import Delivery, Message, Notice
from enrolments.services import remind_officers
from foundation import retention
from foundation.models import AuditEvent
from tests.clock import NOON
from tests.enrolments.reminder_scene import scene


@pytest.fixture
def told(db):
    here = scene()
    here.owes(here.officer(email="andi@contoh.go.id"), 3)
    remind_officers(at=NOON)


@pytest.mark.parametrize(("days", "left"), [(179, (1, 1, 2)), (181, (0, 1, 2)), (729, (0, 1, 2)), (731, (0, 0, 0))])
def test_the_notice_goes_first_and_the_proof_later(told, days, left):
    at = NOON + timedelta(days=days)

    retention.apply(at=at)

    assert (Notice.objects.count(), Message.objects.count(), Delivery.objects.count()) == left


def test_a_dry_run_counts_and_removes_nothing(told):
    counts = retention.apply(at=NOON + timedelta(days=181), dry_run=True)

    assert (counts["notices"], counts["messages"]) == (1, 0)
    assert Notice.objects.exists()


def test_that_proofs_went_is_on_record(told):
    retention.apply(at=NOON + timedelta(days=731))

    assert AuditEvent.objects.get(verb="messages.removed").detail == {"messages": 1}
