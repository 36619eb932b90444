"""People sign in with NRP/NIP at the one door."""

import re
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from foundation.models import AuditEvent
from organisation.adapters import MISMATCH, TOO_MANY
from tests.factories.organisation import PASSWORD, OfficerFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_in(client, login, password=PASSWORD, **data):
    return client.post("/masuk/", {"login": login, "password": password, **data})


def test_an_officer_signs_in_with_the_nrp(client):
    officer = OfficerFactory(number="01020304")

    answer = sign_in(client, "01020304")

    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(officer.user.pk)
    assert AuditEvent.objects.get(verb="account.signed_in").subject_id == officer.pk


def test_a_nip_may_be_typed_with_spaces(client):
    OfficerFactory(number="198505012010011001", number_kind="nip")

    assert sign_in(client, "19850501 201001 1 001").status_code == 302


def test_the_session_gets_a_new_key_at_sign_in(client):
    user = UserFactory()
    client.get("/masuk/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    sign_in(client, user.login)

    assert client.session.session_key != before


def _answer(client, login, password):
    answer = sign_in(client, login, password)
    text = answer.content.decode().replace(login, "LOGIN")
    return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)


def test_unknown_disabled_and_wrong_answer_alike(client):
    right, disabled = UserFactory(), UserFactory(is_active=False)

    wrong = _answer(client, right.login, "salah sama sekali ini")
    unknown = _answer(client, "99999999", PASSWORD)
    closed = _answer(client, disabled.login, PASSWORD)

    assert wrong == unknown == closed
    assert MISMATCH in wrong[1]
    assert AuditEvent.objects.filter(verb="account.sign_in_failed").count() == 3


def test_unknown_disabled_and_wrong_cost_one_hash_each(client):
    right, disabled = UserFactory(), UserFactory(is_active=False)
    hashes = []
    encode = MD5PasswordHasher.encode

    def counting(self, password, salt):
        hashes.append(password)
        return encode(self, password, salt)

    costs = []
    with mock.patch.object(MD5PasswordHasher, "encode", counting):
        for login, password in ((right.login, "salah"), ("99999999", PASSWORD), (disabled.login, PASSWORD)):
            hashes.clear()
            sign_in(client, login, password)
            costs.append(len(hashes))

    assert len(set(costs)) == 1


def test_unknown_disabled_and_wrong_ask_the_database_equally(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    right, disabled = OfficerFactory().user, UserFactory(is_active=False)
    counts = set()
    for login, password in ((right.login, "salah"), ("99999999", PASSWORD), (disabled.login, PASSWORD)):
        with CaptureQueriesContext(connection) as queries:
            sign_in(client, login, password)
        counts.add(len(queries))

    assert len(counts) == 1


def test_after_five_wrong_tries_an_account_waits_and_its_neighbours_do_not(client):
    locked, neighbour = UserFactory(), UserFactory()
    for _try in range(5):
        sign_in(client, locked.login, "salah sama sekali ini")

    refused = sign_in(client, locked.login)

    assert TOO_MANY in refused.content.decode()
    assert sign_in(client, neighbour.login).status_code == 302


def test_a_hall_of_300_signs_in_from_one_address():
    from django.test import Client

    people = UserFactory.create_batch(300)

    answers = [sign_in(Client(REMOTE_ADDR="10.1.1.1"), person.login).status_code for person in people]

    assert set(answers) == {302}


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "account_set_password"])
def test_doors_that_are_not_offered_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_out_ends_the_session(client):
    sign_in(client, UserFactory().login)

    assert client.post("/keluar/").url == "/masuk/"
    assert "_auth_user_id" not in client.session


def test_nobody_is_sent_to_a_foreign_host_after_sign_in(client):
    user = UserFactory()

    answer = client.post("/masuk/?next=https://evil.example/", {"login": user.login, "password": PASSWORD})

    assert answer.url == "/"
