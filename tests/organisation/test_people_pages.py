"""SDM looks people up: only the own units, each look on record, the export says what the screen shows."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from foundation import paging
from foundation.models import AuditEvent
from organisation.models import Officer, Role, Unit
from organisation.views import people
from tests.clock import NOON
from tests.factories.organisation import (
    OfficerFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def polres():
    return UnitFactory(name="Polres Uji")


@pytest.fixture
def polsek(polres):
    return UnitFactory(parent=polres, name="Polsek Uji")


def staff(unit, role=Role.SDM) -> Client:
    officer = OfficerFactory(posting__unit=unit, name="Petugas")
    RoleGrantFactory(user=officer.user, role=role, unit=unit)
    return sign_in(Client(), officer.user)


@pytest.fixture
def sdm(polres):
    return staff(polres)


def test_the_list_holds_the_own_units_and_nobody_else(sdm, polsek):
    mine, foreign = OfficerFactory(posting__unit=polsek), OfficerFactory()

    page = sdm.get("/sdm/personel/").content.decode()

    assert mine.number in page
    assert foreign.number not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "budi"}, True),
        ({"q": "8501"}, True),
        ({"q": "8501 0001"}, True),
        ({"q": "tidak ada"}, False),
        ({"rank": "aipda"}, True),
        ({"rank": "akp"}, False),
        ({"function": "skck"}, True),
        ({"function": "sim"}, False),
        ({"status": "active"}, True),
        ({"status": "waiting"}, False),
    ],
)
def test_the_list_is_searched_and_filtered(sdm, polsek, query, found):
    skck = ServiceFunctionFactory(code="skck")
    OfficerFactory(
        number="85010001",
        name="Budi Santoso",
        posting__unit=polsek,
        posting__rank=RankFactory(code="aipda"),
        posting__functions=[skck],
    )
    makers = {"rank": RankFactory, "function": ServiceFunctionFactory}
    query = {name: makers[name](code=value).pk if name in makers else value for name, value in query.items()}

    assert ("85010001" in sdm.get("/sdm/personel/", query).content.decode()) is found


def test_a_list_of_fifty_asks_the_database_no_more_than_one_of_two(sdm, polsek, django_assert_max_num_queries):
    skck = ServiceFunctionFactory(code="skck")
    OfficerFactory.create_batch(50, posting__unit=polsek, posting__functions=[skck])

    # Session and user, roles (door, scope, tabs, navigation), filter choices, count, page, functions, one event.
    with django_assert_max_num_queries(24):
        sdm.get("/sdm/personel/")


def test_a_list_of_a_nation_is_ranked_and_holds_everybody_once(sdm, polsek, monkeypatch):
    monkeypatch.setattr(paging, "WIDE", 0)
    monkeypatch.setattr(people, "PER_PAGE", 2)
    high, low = RankFactory(code="akp"), RankFactory(code="bripka")
    names = [OfficerFactory(posting__unit=polsek, posting__rank=rank).name for rank in (low, high, low, high)]

    pages = [sdm.get(f"/sdm/personel/?unit={polsek.pk}&page={page}").context["page"] for page in (1, 2)]
    found = [[posting.officer.name for posting in page] for page in pages]

    assert found[0] == [names[1], names[3]]
    assert found[1] == [names[0], names[2]]


def test_the_export_holds_what_the_screen_shows(sdm, polsek):
    OfficerFactory(number="01020304", name="=cmd()", posting__unit=polsek)
    OfficerFactory(posting__unit=UnitFactory())

    content = b"".join(sdm.get("/sdm/personel/unduh.xlsx", {"unit": polsek.pk}).streaming_content)

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["01020304"]
    assert sheet["C2"].data_type == "s"


def test_a_look_at_a_record_is_recorded_and_at_the_own_one_not(sdm, polsek):
    officer = OfficerFactory(posting__unit=polsek)

    sdm.get(f"/sdm/personel/{officer.uuid}/")

    assert AuditEvent.objects.get(verb="officer.viewed").subject_id == officer.pk


def test_a_foreign_sdm_gets_404_for_every_page_of_an_officer(polsek):
    officer = OfficerFactory(posting__unit=polsek)
    foreign = staff(UnitFactory())

    for page in ("", "perbaiki/", "mutasi/", "lepas/"):
        assert foreign.get(f"/sdm/personel/{officer.uuid}/{page}").status_code == 404
        assert foreign.post(f"/sdm/personel/{officer.uuid}/{page}").status_code == 404
    assert foreign.post(f"/sdm/personel/{officer.uuid}/akun/").status_code == 404


def test_a_head_looks_but_does_not_act(polres, polsek):
    officer = OfficerFactory(posting__unit=polsek)
    head = staff(polres, Role.HEAD)

    assert head.get(f"/sdm/personel/{officer.uuid}/").status_code == 200
    assert head.post(f"/sdm/personel/{officer.uuid}/lepas/", {"reason": "x"}).status_code == 403


def test_sdm_does_not_change_the_record_of_an_administrator(sdm, polsek):
    officer = OfficerFactory(posting__unit=polsek)
    RoleGrantFactory(user=officer.user, role=Role.ADMINISTRATOR, unit=polsek)

    assert sdm.post(f"/sdm/personel/{officer.uuid}/akun/").status_code == 403


def test_sdm_adds_an_officer(sdm, polsek):
    data = {"number": "8501 0001", "name": "Budi", "unit": polsek.pk, "rank": RankFactory().pk, "post": "Banit"}

    answer = sdm.post("/sdm/personel/tambah/", data)

    assert answer.url == f"/sdm/personel/{Officer.objects.get(number='85010001').uuid}/"


def test_sdm_adds_nobody_to_a_foreign_unit(sdm):
    data = {"number": "85010001", "name": "Budi", "unit": UnitFactory().pk, "rank": RankFactory().pk}

    sdm.post("/sdm/personel/tambah/", data)

    assert not Officer.objects.filter(number="85010001").exists()


def test_sdm_records_a_transfer_on_the_page(sdm, polres, polsek):
    officer = OfficerFactory(posting__unit=polres)
    data = {"unit": polsek.pk, "rank": RankFactory().pk, "post": "Kanit", "day": "2026-01-02"}

    sdm.post(f"/sdm/personel/{officer.uuid}/mutasi/", data)

    assert officer.postings.get(valid_to=None).unit == polsek


def test_an_sdm_of_the_other_unit_gets_404_after_the_transfer(polsek):
    officer = OfficerFactory(posting__unit=polsek, posting__valid_to=NOON - timedelta(days=900))

    assert staff(polsek).get(f"/sdm/personel/{officer.uuid}/").status_code == 404


def test_an_officer_changes_nothing_by_posting_other_fields(client, polsek):
    officer = OfficerFactory(posting__unit=polsek)
    sign_in(client, officer.user)

    for address in (f"/sdm/personel/{officer.uuid}/mutasi/", f"/sdm/personel/{officer.uuid}/perbaiki/", "/sdm/peran/"):
        client.post(address, {"unit": polsek.pk, "role": "sdm", "is_active": "", "name": "Lain"})

    officer.refresh_from_db()
    assert officer.name != "Lain"
    assert not officer.user.role_grants.exists()


def test_sdm_shapes_the_own_tree_on_the_pages(sdm, polres, polsek):
    data = {"code": "SEK-9", "name": "Polsek Sembilan", "short_name": "Polsek 9", "level": 4, "zone": "Asia/Jakarta"}

    sdm.post(f"/sdm/satuan/{polres.pk}/tambah/", data)
    made = Unit.objects.get(code="SEK-9")
    sdm.post(f"/sdm/satuan/{made.pk}/", {**data, "name": "Polsek Sembilan Baru"})
    sdm.post(f"/sdm/satuan/{made.pk}/pindah/", {"parent": polsek.pk})
    made.refresh_from_db()
    assert (made.name, made.parent) == ("Polsek Sembilan Baru", polsek)
    sdm.post(f"/sdm/satuan/{made.pk}/tutup/")

    made.refresh_from_db()
    assert made.active_to is not None


def test_sdm_moves_no_unit_below_a_foreign_one(sdm, polsek):
    foreign = UnitFactory()

    sdm.post(f"/sdm/satuan/{polsek.pk}/pindah/", {"parent": foreign.pk})

    polsek.refresh_from_db()
    assert polsek.parent != foreign
    assert sdm.get(f"/sdm/satuan/{foreign.pk}/").status_code == 404
