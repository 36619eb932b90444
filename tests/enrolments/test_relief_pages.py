"""The screens of exemptions, deferrals and pauses: SDM asks, the head approves, the officer reads why."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from enrolments.models import Duty, Relief, ReliefDocument
from enrolments.services.returning import keep_clock
from foundation import retention
from foundation.models import ApprovalRequest, AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.courses.helpers import published_course_page
from tests.factories.courses import site_catalog
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.reliefs import asked, exempted, paused, relieved
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
PDF = b"%PDF-1.7 surat"


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def unit():
    site_catalog()
    return UnitFactory(name="Polres Uji")


@pytest.fixture
def officer(unit):
    return OfficerFactory(name="Budi", posting__unit=unit)


@pytest.fixture
def as_sdm(client, unit):
    return sign_in(
        client, RoleGrantFactory(role=Role.SDM, unit=unit, user=OfficerFactory(posting__unit=unit).user).user
    )


@pytest.fixture
def course(officer, unit):
    course = published_course_page(lessons=1).course
    assigned(course, unit)
    return course


def text(page) -> str:
    return page.content.decode()


def test_sdm_asks_with_a_scan_and_the_head_approves(as_sdm, unit, officer, course):
    form = {
        "number": officer.number,
        "first": "2026-11-23",
        "last": "2026-11-29",
        "code": "operation",
        "note": "",
        "document_number": "Sprin/200/XI/2026",
        "document": SimpleUploadedFile("sprin.pdf", PDF),
    }
    sent = as_sdm.post("/sdm/pengecualian/baru/?jenis=jeda", form, follow=True)
    request = ApprovalRequest.objects.get()
    assert "Permintaan terkirim" in text(sent)

    head = RoleGrantFactory(role=Role.HEAD, unit=unit, user=OfficerFactory(posting__unit=unit).user).user
    as_head = sign_in(as_sdm, head)
    page = text(as_head.get(f"/sdm/persetujuan/{request.uuid}/"))
    assert all(
        words in page
        for words in ("Jeda: 23–29 November 2026", "semua pelatihan", "Sprin/200/XI/2026", "Unduh pindaian")
    )
    assert b"".join(as_head.get(f"/pengecualian/dokumen/{ReliefDocument.objects.get().uuid}/").streaming_content) == PDF
    as_head.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju", "catatan": ""})

    assert Duty.objects.get(officer=officer).due_at == NOON + timedelta(days=14)
    assert AuditEvent.objects.get(verb="relief.document_opened").subject_id == officer.pk
    assert "Budi" in text(as_head.get("/sdm/pengecualian/"))


def test_the_form_comes_filled_from_the_learning_record(as_sdm, officer, course):
    record = text(as_sdm.get(f"/sdm/personel/{officer.uuid}/pelatihan/"))
    address = f"/sdm/pengecualian/baru/?nrp={officer.number}"

    assert address in record
    assert f'value="{officer.number}"' in text(as_sdm.get(address))


def test_a_wrong_answer_comes_back_with_what_to_do(as_sdm, officer, course):
    wrong = {
        "number": officer.number,
        "code": "other",
        "document_number": "S/1",
        "last": "2026-11-20",
        "course": course.pk,
    }

    page = text(as_sdm.post("/sdm/pengecualian/baru/?jenis=pengecualian", wrong))
    assert "Tuliskan keterangannya" in page
    page = text(as_sdm.post("/sdm/pengecualian/baru/?jenis=pengecualian", wrong | {"note": "Instruktur"}))
    assert "Hari terakhir pengecualian sudah lewat." in page
    assert not ApprovalRequest.objects.exists()


def test_the_list_is_narrowed_by_name_number_kind_and_state(as_sdm, unit, officer, course):
    other = OfficerFactory(name="Citra", posting__unit=unit)
    paused(officer, date(2026, 11, 20), date(2026, 11, 25))
    paused(other, date(2026, 12, 1))
    exempted(other, course)

    def shown(query):
        return [row.officer.name for row in as_sdm.get(f"/sdm/pengecualian/?{query}").context["page"]]

    assert shown("") == ["Citra", "Citra", "Budi"]
    assert shown("q=bud") == shown(f"q={officer.number}") == ["Budi"]
    assert shown("jenis=pause") == ["Citra", "Budi"]
    assert shown("keadaan=nanti") == ["Citra"]
    assert shown("keadaan=berjalan") == ["Citra", "Budi"]
    assert shown("keadaan=selesai") == []
    assert Relief.objects.over(at=NOON + timedelta(days=5)).get().officer == officer


def test_the_list_asks_no_more_of_the_database_with_more_rows(as_sdm, unit, django_assert_max_num_queries):
    for _ in range(12):
        paused(OfficerFactory(posting__unit=unit), date(2026, 11, 20))
    as_sdm.get("/sdm/pengecualian/")

    # session, user, usersession, who is asked for a second factor (2), roles (4), count, rows, postings, the tabs,
    # what BEGIN and COMMIT of the audit event cost
    with django_assert_max_num_queries(18):
        as_sdm.get("/sdm/pengecualian/")


def test_sdm_ends_and_takes_back_from_the_record_and_the_dates_follow(as_sdm, officer, course):
    pause = paused(officer, date(2026, 11, 21), date(2026, 11, 27))
    page = text(as_sdm.get(f"/sdm/pengecualian/{pause.uuid}/"))
    assert "Akhiri lebih awal" in page
    assert "28 November 2026" in page
    assert "5 Desember 2026" in page

    as_sdm.post(f"/sdm/pengecualian/{pause.uuid}/akhiri/", {"last": "2026-11-22", "reason": "Kembali bertugas"})

    assert Duty.objects.get(officer=officer).due_at == NOON + timedelta(days=9)
    assert "Kembali bertugas" in text(as_sdm.get(f"/sdm/pengecualian/{pause.uuid}/"))
    again = as_sdm.post(f"/sdm/pengecualian/{pause.uuid}/cabut/", {"reason": "Keliru"})
    assert "sudah diakhiri" in text(again)


def test_an_exemption_that_ran_out_is_not_taken_back_and_the_page_says_what_to_do(as_sdm, unit, officer, course):
    exemption = exempted(officer, course, date(2026, 11, 25))
    keep_clock(at=NOON + timedelta(days=5))
    url = f"/sdm/pengecualian/{exemption.uuid}/"

    page, again = text(as_sdm.get(url)), text(as_sdm.post(f"{url}cabut/", {"reason": "Keliru"}))
    assigned(course, unit, due_at=NOON + timedelta(days=7), at=NOON + timedelta(days=6))

    assert "Cabut karena keliru" not in page
    assert "tugaskan personelnya lagi dengan batas waktu yang lebih awal" in page
    assert "sudah habis waktunya, jadi tidak dapat dicabut" in again
    assert Duty.objects.open().get(officer=officer).due_at == NOON + timedelta(days=7)


def test_the_officer_reads_that_the_clock_stands_why_and_until_when(client, officer, course):
    paused(officer, date(2026, 11, 20), date(2026, 11, 29), code="operation")
    sign_in(client, officer.user)

    for page in (text(client.get("/")), text(client.get(course.url))):
        assert "Batas waktu dijeda" in page
        assert "20–29 November 2026, karena BKO atau penugasan operasi" in page
        assert "7 Desember 2026" in page
    assert "Batas waktu semula menurut perintah: 28 November 2026" in page


def test_the_officer_on_leave_without_end_reads_no_date_that_nobody_knows(client, officer, course):
    paused(officer, date(2026, 11, 20))
    sign_in(client, officer.user)

    pages = [text(client.get("/")), text(client.get(course.url))]

    assert all("sampai diakhiri" in page for page in pages)
    assert not any("2027" in page for page in pages)
    assert "hari lagi" not in "".join(pages)


def test_the_exempt_officer_and_sdm_read_that_nothing_is_asked(client, as_sdm, officer, course):
    exempted(officer, course, date(2026, 12, 31), code="sick")
    record = as_sdm.get(f"/sdm/personel/{officer.uuid}/pelatihan/")
    assert [entry.state for entry in record.context["courses"]] == ["exempt"]
    assert "Sampai 31 Desember 2026" in text(record)

    sign_in(client, officer.user)
    page = text(client.get(course.url))
    assert "Anda dikecualikan dari pelatihan ini" in page
    assert "sampai 31 Desember 2026 karena sakit" in page


def test_scans_of_what_nobody_approved_are_removed_after_their_time(officer, settings):
    settings.UNAPPROVED_DOCUMENT_RETENTION_DAYS = 90
    first = date(2026, 11, 21)
    relieved(officer, "pause", first=first, document=SimpleUploadedFile("a.pdf", PDF))
    asked(officer, "pause", first=first, document=SimpleUploadedFile("b.pdf", PDF))
    given, forgotten = ReliefDocument.objects.order_by("pk")
    later = NOON + timedelta(days=91)

    assert retention.apply(at=later - timedelta(days=2))["relief_documents"] == 0
    assert retention.apply(at=later, dry_run=True)["relief_documents"] == 1
    assert retention.apply(at=later)["relief_documents"] == 1
    assert retention.apply(at=later)["relief_documents"] == 0
    exists = storages["private"].exists
    assert (exists(given.storage_name), exists(forgotten.storage_name)) == (True, False)
    assert Relief.objects.get().document == given
