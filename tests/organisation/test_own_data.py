"""An officer sees who looked, and takes along everything held."""

import json

import pytest

from foundation import audit
from organisation import personal_data
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import issued
from tests.factories.enrolments import DutyFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = OfficerFactory(name="Budi Santoso", posting__unit=UnitFactory())
    sign_in(client, officer.user)
    return officer


def test_the_page_names_who_looked_and_what_they_did(client, officer):
    sdm = UserFactory(name="Kabag Contoh")
    audit.record(verb="officer.viewed", actor=sdm, at=NOON, subject_id=officer.pk)
    audit.record(verb="officer.viewed", actor=sdm, at=NOON, subject_id=OfficerFactory().pk)

    page = client.get("/akun/siapa-melihat/").content.decode()

    assert "dibuka atau diubah 1 kali" in page
    assert "Kabag Contoh" in page
    assert "membuka catatan personel" in page


def test_lists_over_the_own_unit_or_above_are_shown_apart(client, officer):
    unit = officer.postings.get().unit
    audit.record(verb="officers.listed", actor=UserFactory(name="Pembuka Daftar"), at=NOON, unit_path=unit.path)
    audit.record(verb="officers.listed", actor=UserFactory(name="Satuan Lain"), at=NOON, unit_path=UnitFactory().path)

    page = client.get("/akun/siapa-melihat/").content.decode()

    assert "Pembuka Daftar" in page
    assert "Satuan Lain" not in page


def test_a_look_through_the_page_of_sdm_reaches_the_officer(client, officer, settings):
    from django.test import Client

    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sdm = OfficerFactory(name="Staf SDM Contoh", posting__unit=officer.postings.get().unit)
    RoleGrantFactory(user=sdm.user, role=Role.SDM, unit=officer.postings.get().unit)
    sign_in(Client(), sdm.user).get(f"/sdm/personel/{officer.uuid}/")

    assert "Staf SDM Contoh" in client.get("/akun/siapa-melihat/").content.decode()


def test_the_download_holds_every_part_that_an_app_contributed(client, officer, monkeypatch):
    monkeypatch.setattr(personal_data, "_contributors", dict(personal_data._contributors))
    personal_data.contributes("Bagian uji")(lambda officer, *, at: [{"nomor": officer.number}])

    answer = client.get("/akun/unduh/")

    data = json.loads(answer.content)
    assert data["Personel"]["nama"] == "Budi Santoso"
    assert data["Penempatan"][0]["satuan"] == officer.postings.get().unit.name
    assert data["Bagian uji"] == [{"nomor": officer.number}]
    assert 'attachment; filename="data-saya.json"' in answer.headers["Content-Disposition"]
    assert "password" not in answer.content.decode()


def test_the_download_holds_duties_what_was_completed_and_certificates(client):
    certificate = issued()
    DutyFactory(officer=certificate.officer, course=certificate.completion.course)
    sign_in(client, certificate.officer.user)

    data = json.loads(client.get("/akun/unduh/").content)

    titles = {part: data[part][0]["pelatihan"] for part in ("Kewajiban pelatihan", "Penyelesaian pelatihan")}
    assert set(titles.values()) == {certificate.completion.course.title}
    assert data["Sertifikat"][0]["nomor"] == certificate.number


def test_an_account_without_officer_has_a_page_and_no_record(client):
    sign_in(client, UserFactory(name="Administrator"))

    assert client.get("/akun/").status_code == 200
    assert client.get("/akun/siapa-melihat/").status_code == 404
    assert client.get("/akun/unduh/").status_code == 404
