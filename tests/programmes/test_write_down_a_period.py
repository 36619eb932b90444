"""An administrator writes down what the order from above says."""

import pytest

from foundation.models import AuditEvent
from organisation.models import Role
from programmes.models import Period
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.factories.programmes import PeriodFactory, ProgrammeFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    user = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=UnitFactory()).user
    sign_in(client, user)
    return user


def answers(programme, **but):
    return {
        "programme": programme.pk,
        "name": "Triwulan I 2027",
        "starts_on": "2027-01-01",
        "ends_on": "2027-03-31",
    } | but


def test_a_new_period_is_saved_with_its_event(client, administrator):
    client.post("/sdm/program/periode/tambah/", answers(ProgrammeFactory()))

    assert Period.objects.get().name == "Triwulan I 2027"
    assert AuditEvent.objects.get(verb="period.created").actor_id == administrator.pk


def test_a_period_that_ends_before_it_begins_is_refused_with_a_sentence(client, administrator):
    answer = client.post("/sdm/program/periode/tambah/", answers(ProgrammeFactory(), ends_on="2026-12-31"))

    assert "tidak boleh sebelum tanggal mulai" in answer.content.decode()
    assert not Period.objects.exists()


def test_a_second_period_of_the_same_name_is_refused(client, administrator):
    period = PeriodFactory(name="Triwulan I 2027")

    client.post("/sdm/program/periode/tambah/", answers(period.programme))

    assert Period.objects.count() == 1
