"""Whoever is asked to take a course again before its completion ends is told once, on the next morning."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from enrolments.models import Message
from enrolments.reminders import DAY, midnight
from enrolments.services import remind_officers, renew_duties, withdraw_assignment
from foundation.formats import day_of
from organisation.models import Role, Zone
from tests.clock import NOON
from tests.enrolments.outbox_scene import work
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import RoleGrantFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
# What was done at NOON and holds for a year ends in thirty days.
SOON = NOON + YEAR - 30 * DAY


@pytest.fixture
def yearly():
    return published_course(validity_months=12)


def told(officer) -> list[str]:
    return [message.title for message in Message.objects.filter(recipient=officer.user).order_by("pk")]


def morning_after(at):
    return midnight(day_of(at, Zone.WIB) + DAY, Zone.WIB) + timedelta(hours=7)


def tomorrow(unit, *, at):
    """What SDM reads on the day before."""
    with time_machine.travel(at, tick=False):
        sdm = sign_in(Client(), RoleGrantFactory(role=Role.SDM, unit=unit).user)
        page = sdm.get("/sdm/pengingat/besok/")
    return [(tile["label"], tile["value"]) for tile in page.context["tiles"]], unescape(page.content.decode())


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def test_who_is_asked_again_is_told_once_on_the_next_morning_as_tomorrows_page_said(officer, unit, yearly):
    order = assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)
    remind_officers(at=SOON)
    that_day = told(officer)
    tiles, page = tomorrow(unit, at=SOON)

    for day in range(3):
        remind_officers(at=morning_after(SOON) + day * DAY)

    assert that_day == []
    message = Message.objects.get(recipient=officer.user)
    assert message.title == f"Waktunya mengulang: {yearly.title}"
    assert "diminta lagi sampai 21 November 2027 (29 hari lagi)" in message.text
    assert tiles == [("diminta lagi", 1)]
    assert message.text in page

    withdraw_assignment(assignment=order, reason="salah satuan", actor=order.assigned_by, at=SOON + 4 * DAY)
    with time_machine.travel(SOON + 4 * DAY, tick=False):
        work()

    assert told(officer)[1:] == [f"Tugas dicabut: {yearly.title}"]


def test_who_has_two_weeks_left_is_told_of_the_date_alone(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    at = NOON + YEAR + 10 * DAY

    renew_duties(at=at)
    tiles, _page = tomorrow(unit, at=at)
    for day in range(3):
        remind_officers(at=morning_after(at) + day * DAY)

    assert tiles == []
    assert told(officer) == [f"{yearly.title}: 13 hari lagi"]


def test_of_a_new_order_it_is_told_as_such_and_an_order_that_stays_silent_tells_nothing(officer, unit, yearly, clock):
    quiet = published_course(validity_months=12)
    assigned(quiet, unit, renews=True, tells=False)
    at = NOON + YEAR + DAY
    completed(officer, quiet, at=NOON + 60 * DAY)
    completed(officer, yearly)
    clock(at)
    assigned(yearly, unit, at=at, due_at=at + 40 * DAY)

    renewed = renew_duties(at=at)
    remind_officers(at=morning_after(at))
    work()

    assert renewed == 1
    assert told(officer) == [f"Tugas baru: {yearly.title}"]
