"""The officer's own list and file; SDM's register of its subtree with filters and exports."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.db import connection
from openpyxl import load_workbook

from certificates.models import Certificate, CertificateState, SignatureOrder
from foundation.models import AuditEvent
from organisation.models import Role, UnitLevel
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, staff
from tests.factories.courses import CourseFactory, published_course
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def polres():
    unit = UnitFactory(name="Polres Daftar")
    UnitLetterheadFactory(unit=unit)
    return unit


@pytest.fixture
def sdm(client, polres):
    return sign_in(client, staff(Role.SDM, polres))


def test_the_owner_fetches_the_stored_bytes_under_a_clear_name(client):
    certificate = issued(OfficerFactory(name="Yohanis Wamafma", name_suffix="S.H."), rendered=True)
    sign_in(client, certificate.officer.user)

    answer = client.get(f"/sertifikat/{certificate.shown_id}.pdf")

    with storages["private"].open(certificate.files.get().storage_name) as file:
        assert b"".join(answer.streaming_content) == file.read()
    assert answer.headers["Content-Type"] == "application/pdf"
    name = f"Sertifikat-{certificate.course_code}-yohanis-wamafma-sh.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert not AuditEvent.objects.filter(verb="certificate.downloaded").exists()


def test_a_colleague_gets_404_and_sdm_leaves_a_trace(client, polres):
    certificate = issued(unit=polres, rendered=True)
    address = f"/sertifikat/{certificate.shown_id}.pdf"

    sign_in(client, OfficerFactory(posting__unit=polres).user)
    assert client.get(address).status_code == 404

    sign_in(client, staff(Role.SDM, polres))
    assert client.get(address).status_code == 200
    assert AuditEvent.objects.get(verb="certificate.downloaded").subject_id == certificate.officer_id


def test_a_download_never_sets_the_page_again(client, monkeypatch):
    certificate = issued(rendered=True)
    sign_in(client, certificate.officer.user)
    monkeypatch.setattr("certificates.rendering.store.print_sheet", None)

    assert client.get(f"/sertifikat/{certificate.shown_id}.pdf").status_code == 200


def test_the_list_says_what_is_being_made_and_what_is_there(client):
    officer = OfficerFactory()
    issued(officer, rendered=True)
    issued(officer)
    sign_in(client, officer.user)

    text = client.get("/sertifikat/").content.decode()

    assert "Sedang dibuat" in text
    assert "Unduh sertifikat" in text
    assert "/verifikasi/" in text


def test_an_empty_list_says_how_a_certificate_gets_there(client):
    sign_in(client, OfficerFactory().user)

    assert "Belum ada sertifikat" in client.get("/sertifikat/").content.decode()


def test_the_list_costs_the_same_for_twenty_certificates(client, django_assert_max_num_queries):
    officer = OfficerFactory()
    for _ in range(12):
        issued(officer)
    sign_in(client, officer.user)

    # Session and user, grants for the navigation, officer, count, certificates, files.
    with django_assert_max_num_queries(12):
        client.get("/sertifikat/")


def test_the_register_holds_the_subtree_and_nothing_else(sdm, polres):
    mine = issued(unit=UnitFactory(parent=polres, level=UnitLevel.SECTOR))
    foreign = issued(OfficerFactory(name="Orang Lain", posting__unit=UnitFactory()))

    text = sdm.get("/sdm/sertifikat/").content.decode()

    assert "1 sertifikat" in text
    assert mine.shown_id in text
    assert foreign.shown_id not in text
    assert AuditEvent.objects.filter(verb="certificate.list_viewed").count() == 1


def test_a_transferred_officers_certificate_stays_with_the_unit_that_issued_it(sdm, polres):
    certificate = issued(unit=polres)
    certificate.officer.postings.update(unit=UnitFactory())

    assert certificate.shown_id in sdm.get("/sdm/sertifikat/").content.decode()


def test_filters_narrow_by_course_unit_state_day_and_words(sdm, polres):
    course = published_course(course=CourseFactory(title="Pelatihan Dicari"))
    polsek = UnitFactory(parent=polres, level=UnitLevel.SECTOR)
    wanted = issued(OfficerFactory(name="Nama Dicari", posting__unit=polsek), course=course, rendered=True)
    issued(unit=polres, at=NOON - timedelta(days=40))

    for query in (
        {"pelatihan": course.pk},
        {"satuan": polsek.pk},
        {"keadaan": CertificateState.VALID},
        {"dari": "2026-11-21", "sampai": "2026-11-21"},
        {"cari": "dicari"},
        {"cari": wanted.number},
        {"cari": wanted.shown_id.lower()},
        {"cari": wanted.holder_number},
    ):
        text = sdm.get("/sdm/sertifikat/", query).content.decode()
        assert "1 sertifikat cocok" in text, query
        assert wanted.shown_id in text


def test_a_foreign_unit_in_the_filter_opens_nothing(sdm, polres):
    foreign = issued(unit=UnitFactory())

    text = sdm.get("/sdm/sertifikat/", {"satuan": foreign.unit_id}).content.decode()

    assert foreign.shown_id not in text


def test_every_state_of_the_filter_finds_the_rows_that_say_so(polres):
    rows = [issued(unit=polres, rendered=place > 0) for place in range(5)]
    unsigned = issued(unit=polres)
    SignatureOrder.objects.create(certificate=unsigned, signer_number="80010001", created_at=NOON)
    waiting = issued(unit=UnitFactory(), letterhead=False)
    Certificate.objects.filter(pk=issued(unit=polres).pk).update(number="", sequence=None)
    Certificate.objects.filter(pk=rows[1].pk).update(revoked_at=NOON, expires_at=NOON)
    Certificate.objects.filter(pk=rows[2].pk).update(expires_at=NOON)
    Certificate.objects.filter(pk=rows[4].pk).update(replaces=rows[3])

    for state in CertificateState:
        found = set(Certificate.objects.in_state(state, at=NOON))
        assert found == {row for row in Certificate.objects.all() if row.state_at(NOON) == state}
        assert found
    assert waiting in Certificate.objects.in_state(CertificateState.WAITING, at=NOON)


def test_the_export_holds_what_the_screen_shows_with_numbers_as_text(sdm, polres):
    certificate = issued(OfficerFactory(number="01020304", posting__unit=polres))

    answer = sdm.get("/sdm/sertifikat/ekspor.xlsx", {"cari": certificate.number})
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content)))["Data"].values)

    assert rows[0][0] == "Nomor"
    assert rows[1][0] == certificate.number
    assert rows[1][4] == "01020304"
    assert len(rows) == 2
    csv = b"".join(sdm.get("/sdm/sertifikat/ekspor.csv").streaming_content).decode("utf-8-sig")
    assert certificate.shown_id in csv
    assert AuditEvent.objects.filter(verb="certificate.exported").count() == 2


def test_the_register_costs_the_same_for_many_rows(sdm, polres, django_assert_max_num_queries):
    for _ in range(15):
        issued(unit=polres)

    # Session, user, grants (view, tabs, navigation), filter choices, count, rows, waiting, audit.
    with django_assert_max_num_queries(24):
        sdm.get("/sdm/sertifikat/")


def test_looking_at_one_persons_certificate_is_an_event(sdm, polres):
    certificate = issued(unit=polres)

    sdm.get(f"/sdm/sertifikat/{certificate.shown_id}/")

    assert AuditEvent.objects.get(verb="certificate.viewed").subject_id == certificate.officer_id


@pytest.mark.only_on("sqlite")
def test_on_sqlite_the_few_certificates_that_replace_another_have_an_index_of_their_own(db):
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "certificates_certificate")

    assert indexes["certificate_replacing"]["columns"] == ["replaces_id"]
