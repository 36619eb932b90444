"""Staff hold a second factor and confirm who they are before acts that weigh."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from foundation.models import AuditEvent
from organisation.checks import staff_hold_a_second_factor
from organisation.models import Role
from tests.factories.organisation import PASSWORD, OfficerFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import code_now, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def sdm():
    unit = UnitFactory()
    officer = OfficerFactory(posting__unit=unit)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=unit)
    return officer.user


def add_factor(user) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, sdm):
    sign_in(client, sdm)

    assert client.get("/sdm/personel/").url == "/akun/faktor-kedua/"
    assert client.get("/akun/faktor-kedua/").status_code == 200
    assert client.get("/akun/faktor-kedua/aplikasi/pasang/").status_code == 200


def test_officers_may_go_without(client):
    sign_in(client, OfficerFactory().user)

    assert client.get("/akun/").status_code == 200


def test_staff_with_a_second_factor_get_to_work(client, sdm):
    add_factor(sdm)
    sign_in(client, sdm)

    assert client.get("/sdm/personel/").status_code == 200


@override_settings(STAFF_SECOND_FACTOR_REQUIRED=False)
def test_only_dev_and_demo_let_staff_work_without(client, sdm):
    sign_in(client, sdm)

    assert client.get("/sdm/personel/").status_code == 200
    assert staff_hold_a_second_factor(None)[0].id == "organisation.E001"


def test_the_production_check_is_content_when_it_is_on():
    assert staff_hold_a_second_factor(None) == []


def test_signing_in_asks_for_the_code_of_the_app(client, sdm):
    secret = add_factor(sdm)

    answer = client.post("/masuk/", {"login": sdm.login, "password": PASSWORD})
    assert answer.url == "/masuk/faktor-kedua/"
    assert "_auth_user_id" not in client.session
    answer = client.post("/masuk/faktor-kedua/", {"code": code_now(secret)})

    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(sdm.pk)


def test_a_wrong_code_is_refused_in_words(client, sdm):
    add_factor(sdm)
    client.post("/masuk/", {"login": sdm.login, "password": PASSWORD})

    answer = client.post("/masuk/faktor-kedua/", {"code": "000000"})

    assert "Kode tidak cocok" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_person_sets_up_the_app_right_after_sign_in(client, sdm):
    sign_in(client, sdm)
    client.get("/akun/faktor-kedua/aplikasi/pasang/")
    secret = client.session["mfa.totp.secret"]

    answer = client.post("/akun/faktor-kedua/aplikasi/pasang/", {"code": code_now(secret)})

    assert answer.url == "/akun/faktor-kedua/kode-cadangan/"
    assert Authenticator.objects.filter(user=sdm, type="totp").exists()
    assert client.get(answer.url).status_code == 200


def test_ten_minutes_after_sign_in_an_export_asks_again(client, sdm):
    add_factor(sdm)
    with time_machine.travel(time.time(), tick=False) as clock:
        sign_in(client, sdm)
        assert client.get("/sdm/personel/unduh.csv").status_code == 200
        clock.shift(601)

        answer = client.get("/sdm/personel/unduh.csv")
        assert answer.url.startswith("/akun/konfirmasi/?next=")
        answer = client.post(answer.url, {"password": PASSWORD})

        assert answer.url == "/sdm/personel/unduh.csv"
        assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("address", ["/sdm/peran/", "/sdm/slip/"])
def test_roles_and_slips_ask_again_too(client, address):
    unit = UnitFactory()
    officer = OfficerFactory(posting__unit=unit)
    RoleGrantFactory(user=officer.user, role=Role.ADMINISTRATOR, unit=unit)
    add_factor(officer.user)
    client.force_login(officer.user)

    assert client.get(address).url.startswith("/akun/konfirmasi/")


# --- lost -------------------------------------------------------------------


def test_who_lost_phone_and_codes_sets_up_a_new_factor_after_the_server_removed_the_old_one(client, sdm, capsys):
    add_factor(sdm)
    sign_in(client, sdm)

    call_command("reset_second_factor", sdm.login, "--reason=R/12/XI/2026, ponsel hilang")

    assert "dihapus" in capsys.readouterr().out
    assert client.get("/sdm/personel/").url.startswith("/masuk/")
    sign_in(client, sdm)
    assert client.get("/sdm/personel/").url == "/akun/faktor-kedua/"
    event = AuditEvent.objects.get(verb="account.second_factor_reset")
    assert (event.detail["reason"], event.actor_id, event.subject_id) == (
        "R/12/XI/2026, ponsel hilang",
        None,
        sdm.officer_pk,
    )


@pytest.mark.parametrize(("login", "reason"), [("71000009", "hilang"), ("", " ")])
def test_an_unknown_account_and_a_missing_reason_are_refused_in_words(sdm, login, reason):
    add_factor(sdm)

    with pytest.raises(CommandError):
        call_command("reset_second_factor", login or sdm.login, f"--reason={reason}")

    assert Authenticator.objects.filter(user=sdm).exists()
