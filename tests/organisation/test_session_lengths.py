"""How long people stay signed in."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from organisation.models import Role, Session
from organisation.services import disable_account
from tests.clock import NOON
from tests.factories.organisation import PASSWORD, OfficerFactory, RoleGrantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def signed_in(client, user, **data):
    client.post("/masuk/", {"login": user.login, "password": PASSWORD, **data})
    return client


def still_there(client) -> bool:
    return client.get("/akun/").status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def wait(clock, **duration) -> None:
    clock.shift(timedelta(**duration))


def test_an_officer_stays_signed_in_on_the_own_phone_for_days(client, clock):
    signed_in(client, OfficerFactory().user)

    wait(clock, days=29)

    assert still_there(client)


def test_after_thirty_days_everybody_signs_in_again(client, clock):
    signed_in(client, OfficerFactory().user)
    for _day in range(29):
        wait(clock, days=1)
        assert still_there(client)

    wait(clock, days=1, minutes=1)

    assert not still_there(client)


def test_a_shared_device_signs_out_after_sixty_idle_minutes(client, clock):
    signed_in(client, OfficerFactory().user, shared_device="on")
    wait(clock, minutes=59)
    assert still_there(client)

    wait(clock, minutes=60)

    assert not still_there(client)


def test_staff_are_signed_out_after_twenty_idle_minutes(client, clock, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officer = OfficerFactory()
    RoleGrantFactory(user=officer.user, role=Role.SDM)
    signed_in(client, officer.user)
    wait(clock, minutes=19)
    assert still_there(client)

    wait(clock, minutes=20)

    assert not still_there(client)


def test_a_background_ping_does_not_keep_a_session_alive(client, clock):
    signed_in(client, OfficerFactory().user, shared_device="on")
    for _ping in range(6):
        wait(clock, minutes=10)
        client.get("/healthz")

    assert not still_there(client)


def test_saving_answers_keeps_a_session_alive(client, clock):
    signed_in(client, OfficerFactory().user, shared_device="on")
    for _save in range(12):
        wait(clock, minutes=10)
        client.get("/kuis/simpan/")

    assert still_there(client)


def test_the_session_is_written_at_most_every_five_minutes(client, clock):
    signed_in(client, OfficerFactory().user)
    first = Session.objects.get().session_data

    wait(clock, minutes=4)
    still_there(client)
    assert Session.objects.get().session_data == first
    wait(clock, minutes=1)
    still_there(client)

    assert Session.objects.get().session_data != first


def test_disabling_an_account_ends_its_sessions_at_once(client, clock):
    user = OfficerFactory().user
    signed_in(client, user)

    disable_account(user=user, reason="uji", actor=None, at=NOON)

    assert not still_there(client)
    assert not Session.objects.exists()


def test_a_person_ends_a_session_on_another_device(client, clock):
    user = OfficerFactory().user
    signed_in(client, user)
    other = signed_in(Client(), user)
    theirs = UserSession.objects.get(session_key=other.session.session_key)

    client.post(f"/akun/sesi/{theirs.pk}/akhiri/")

    assert still_there(client)
    assert not still_there(other)


def test_nobody_ends_the_session_of_somebody_else(client, clock):
    victim = signed_in(Client(), OfficerFactory().user)
    theirs = UserSession.objects.get(session_key=victim.session.session_key)
    signed_in(client, OfficerFactory().user)

    assert client.post(f"/akun/sesi/{theirs.pk}/akhiri/").status_code == 404
    assert still_there(victim)


def test_a_new_password_ends_the_other_sessions(client, clock):
    user = OfficerFactory().user
    signed_in(client, user)
    other = signed_in(Client(), user)
    new = "gajah biru makan semangka"

    client.post("/akun/kata-sandi/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert still_there(client)
    assert not still_there(other)
