"""The level that owns a programme keeps its activities and targets; those below read them."""

import pytest
from django.db import IntegrityError, transaction

from foundation.models import AuditEvent
from organisation.models import Role
from programmes.models import Indicator, Measure, Programme
from programmes.permissions import activities_for_actor
from tests.clock import NOON
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.factories.programmes import ActivityFactory, IndicatorFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def polda():
    return UnitFactory(level=2, name="Polda Uji")


@pytest.fixture
def polres(polda):
    return UnitFactory(level=3, name="Polres Uji", parent=polda)


@pytest.fixture
def as_polda(client, polda, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polda).user)


@pytest.fixture
def activity(polda):
    return ActivityFactory(period__programme__owner=polda, code="P3.2")


def answers(activity, **but):
    return {"activity": activity.pk, "measure": "percent", "target": "80", "unit": ""} | but


def test_sdm_of_the_owner_sets_a_target_with_its_event(as_polda, activity, polres):
    as_polda.post("/sdm/program/indikator/tambah/", answers(activity))
    as_polda.post("/sdm/program/indikator/tambah/", answers(activity, target="90", unit=polres.pk))

    assert {(one.unit, int(one.target)) for one in Indicator.objects.all()} == {(None, 80), (polres, 90)}
    assert AuditEvent.objects.filter(verb="indicator.created").count() == 2
    page = as_polda.get("/sdm/program/").content.decode()
    assert "80%" in page
    assert "semua satuan program ini" in page
    assert "Polres Uji" in page


@pytest.mark.parametrize(
    ("but", "words"),
    [
        ({"measure": "assigned", "target": "400"}, "berlaku bagi satu satuan"),
        ({"target": "-1"}, "tidak boleh di bawah nol"),
        ({"target": "101"}, "paling besar 100"),
    ],
)
def test_a_target_that_means_nothing_is_refused_with_a_sentence(as_polda, activity, but, words):
    answer = as_polda.post("/sdm/program/indikator/tambah/", answers(activity, **but))

    assert words in answer.content.decode()
    assert not Indicator.objects.exists()


def test_the_same_target_twice_is_refused(as_polda, activity):
    IndicatorFactory(activity=activity)

    answer = as_polda.post("/sdm/program/indikator/tambah/", answers(activity, target="70"))

    assert "sudah dicatat" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFactory(activity=activity)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFactory(activity=activity, measure=Measure.ASSIGNED)


def test_a_unit_outside_the_owners_tree_gets_no_target(as_polda, activity):
    foreign = UnitFactory(level=3)

    as_polda.post("/sdm/program/indikator/tambah/", answers(activity, unit=foreign.pk))

    assert not Indicator.objects.exists()


def test_those_below_read_it_and_neighbours_do_not(client, activity, polres, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    below = RoleGrantFactory(role=Role.SDM, unit=polres).user
    neighbour = RoleGrantFactory(role=Role.SDM, unit=UnitFactory(level=2)).user
    central = ActivityFactory(code="P1.1")

    assert set(activities_for_actor(below, at=NOON)) == {activity, central}
    assert set(activities_for_actor(neighbour, at=NOON)) == {central}
    page = sign_in(client, below).get("/sdm/program/").content.decode()
    assert "P3.2" in page
    assert "Anda dapat membacanya" in page
    assert client.get(f"/sdm/program/kegiatan/{activity.pk}/").status_code == 404


def test_sdm_names_an_owner_of_its_own_tree(as_polda, polda, polres):
    foreign = UnitFactory(level=2)
    for owner in ("", foreign.pk, polres.pk):
        as_polda.post("/sdm/program/program/tambah/", {"name": "Program", "code": f"p-{owner}", "owner": owner})

    assert [programme.owner for programme in Programme.objects.all()] == [polres]
