"""The level that owns a programme keeps its activities and targets; those below read them."""

import pytest
from django.db import IntegrityError, transaction

from enrolments.services import withdraw_assignment
from foundation.models import AuditEvent
from organisation.models import Role
from programmes.models import Activity, Indicator, Measure, Programme
from programmes.permissions import activities_for_actor
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
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


def hapus(kind, row):
    return f"/sdm/program/{kind}/{row.pk}/hapus/"


def test_a_target_typed_for_the_wrong_activity_is_removed_after_a_question_with_its_event(as_polda, activity):
    wrong = IndicatorFactory(activity=activity, target=95)

    offered = as_polda.get(f"/sdm/program/indikator/{wrong.pk}/").content.decode()
    asked = as_polda.get(hapus("indikator", wrong)).content.decode()
    still = Indicator.objects.exists()
    told = as_polda.post(hapus("indikator", wrong), follow=True).content.decode()

    assert hapus("indikator", wrong) in offered
    assert "Ya, hapus" in asked
    assert still
    assert "dihapus." in told
    assert not Indicator.objects.exists()
    assert AuditEvent.objects.get(verb="indicator.deleted").detail["target"] == "95.00"


def test_an_activity_with_a_target_or_an_order_stays_and_says_why(as_polda, activity, polres):
    target = IndicatorFactory(activity=activity)
    OfficerFactory(posting__unit=polres)
    order = assigned(published_course(), polres, activity=activity)
    withdraw_assignment(assignment=order, reason="Keliru", actor=order.assigned_by, at=NOON)

    asked = as_polda.get(hapus("kegiatan", activity)).content.decode()
    told = as_polda.post(hapus("kegiatan", activity), follow=True).content.decode()
    as_polda.post(hapus("indikator", target))
    as_polda.post(hapus("kegiatan", activity))

    assert "Ya, hapus" not in asked
    for page in (asked, told):
        assert "1 target" in page
        assert "1 penugasan" in page
    # The order alone keeps it, withdrawn as it is.
    assert Activity.objects.get() == activity


def test_what_nothing_stands_on_goes_from_below_up_to_the_programme(as_polda, activity):
    period, programme = activity.period, activity.period.programme

    for kind, row in (("program", programme), ("periode", period), ("kegiatan", activity)):
        as_polda.post(hapus(kind, row))
    kept = Programme.objects.exists(), Activity.objects.exists()
    for kind, row in (("periode", period), ("program", programme)):
        as_polda.post(hapus(kind, row))

    assert kept == (True, False)
    assert not Programme.objects.exists()
