"""Administrators give roles for a time; the CMS's groups follow."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from organisation.exceptions import ActivationRefused, GrantRefused
from organisation.models import Role, RoleGrant, Unit, User
from organisation.permissions import accounts_for_slips, has_role, officers_to_manage
from organisation.services import activate, end_grant, end_posting, grant_role, issue_slips, sync_all_groups
from tests.clock import NOON
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def give(user, role, **fields):
    return grant_role(user=user, role=role, unit=UnitFactory(), reason="Sprin 1", at=NOON, **{"actor": None, **fields})


def groups(user) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_a_trainer_joins_the_groups_of_trainers_and_leaves_with_the_role():
    user = UserFactory()

    grant = give(user, Role.TRAINER)
    assert groups(user) == {"Tenaga pendidik"}
    end_grant(grant=grant, actor=None, at=NOON)

    assert groups(user) == set()
    assert not has_role(user, [Role.TRAINER], at=NOON)


def test_a_reviewer_reviews_content_and_law():
    user = UserFactory()

    give(user, Role.REVIEWER)

    assert groups(user) == {"Pemeriksa isi", "Pemeriksa hukum"}


def test_a_role_that_ran_out_leaves_the_groups_at_the_next_tick():
    user = UserFactory()
    give(user, Role.TRAINER, valid_to=NOON + timedelta(days=1))

    assert sync_all_groups(at=NOON) == 0
    assert sync_all_groups(at=NOON + timedelta(days=2)) == 1

    assert groups(user) == set()


def test_a_role_acts_and_ends_at_once(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officer = OfficerFactory()
    sign_in(client, officer.user)
    assert client.get("/sdm/personel/").status_code == 403

    grant = RoleGrantFactory(user=officer.user, role=Role.SDM)
    assert client.get("/sdm/personel/").status_code == 200
    end_grant(grant=grant, actor=None, at=NOON)

    assert client.get("/sdm/personel/").status_code in (200, 403)
    grant.refresh_from_db()
    assert grant.valid_to == NOON


def test_nobody_gives_a_role_to_themselves():
    user = UserFactory()

    with pytest.raises(GrantRefused, match="administrator lain"):
        give(user, Role.SDM, actor=user)


def test_the_same_role_is_given_once():
    grant = RoleGrantFactory(role=Role.SDM)

    with pytest.raises(GrantRefused, match="sudah memegang"):
        grant_role(user=grant.user, role=Role.SDM, unit=grant.unit, reason="x", actor=None, at=NOON)


def test_an_end_before_the_start_is_refused():
    with pytest.raises(GrantRefused, match="berakhir"):
        give(UserFactory(), Role.SDM, valid_to=NOON - timedelta(days=1))


def test_a_role_makes_open_slips_worthless():
    user = UserFactory()
    (printed,) = issue_slips(users=[user], actor=None, at=NOON)

    give(user, Role.SDM)

    with pytest.raises(ActivationRefused):
        activate(login=user.login, code=printed.code, password="gajah biru menari pagi", at=NOON)


def test_who_leaves_loses_also_a_role_given_until_a_day():
    officer = OfficerFactory()
    give(officer.user, Role.SDM, valid_to=NOON + timedelta(days=90))

    end_posting(officer=officer, reason="pindah", actor=None, at=NOON)

    assert not RoleGrant.objects.in_force(at=NOON).filter(user=officer.user).exists()


def test_an_administrator_has_no_hold_on_who_stands_above():
    polda = UnitFactory()
    polres = UnitFactory(parent=polda)
    lower = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=polres).user
    below, above = OfficerFactory(posting__unit=polres), OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=below.user, role=Role.ADMINISTRATOR, unit=polres)
    RoleGrantFactory(user=above.user, role=Role.ADMINISTRATOR, unit=polda)

    assert list(officers_to_manage(lower, at=NOON)) == [below]
    assert list(accounts_for_slips(lower, at=NOON)) == [below.user]


def test_a_role_that_ended_gives_no_hold_on_who_serves_elsewhere():
    administrator, officer = RoleGrantFactory(role=Role.ADMINISTRATOR), OfficerFactory()
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=administrator.unit, valid_to=NOON - timedelta(days=1))

    assert officer.user not in accounts_for_slips(administrator.user, at=NOON)


@pytest.fixture
def administration(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    polda = UnitFactory()
    administrator = UserFactory()
    RoleGrantFactory(user=administrator, role=Role.ADMINISTRATOR, unit=polda)
    sign_in(client, administrator)
    return polda


def test_an_administrator_gives_and_ends_a_role_on_the_page(client, administration):
    officer = OfficerFactory(posting__unit=administration)
    data = {"login": officer.number, "role": "sdm", "unit": administration.pk, "reason": "Sprin/1/XI/2026"}

    assert client.post("/sdm/peran/", data).status_code == 302
    grant = RoleGrant.objects.get(user=officer.user)
    client.post(f"/sdm/peran/{grant.pk}/akhiri/")

    grant.refresh_from_db()
    assert grant.valid_to is not None


def test_an_administrator_reaches_only_people_and_units_below(client, administration):
    stranger = OfficerFactory()
    data = {"login": stranger.number, "role": "sdm", "unit": stranger.postings.get().unit_id, "reason": "x"}

    page = client.post("/sdm/peran/", data).content.decode()

    assert "tidak ada di satuan dalam wewenang Anda" in page
    assert not RoleGrant.objects.filter(user=stranger.user).exists()


def test_the_first_administrator_is_made_at_the_server(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_prompt: "kuda hijau melompat sungai")

    call_command(
        "create_administrator",
        "--login=admin",
        "--name=Administrator",
        "--unit=POLDA",
        "--unit-name=Polda Uji",
        "--zone=WIT",
        "--password-stdin",
    )

    user = User.objects.get(login="admin")
    assert has_role(user, [Role.ADMINISTRATOR], at=user.role_grants.get().valid_from)
    assert Unit.objects.get().zone == "Asia/Jayapura"
    assert not user.is_superuser
