"""Every list of people, acts and papers leaves as a file of any length, for whoever may still read all of it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from certificates.models import Certificate, NumberSeries
from foundation import audit
from foundation.models import AuditEvent
from organisation.models import Role, RoleGrant
from reports import jobs
from reports.models import ExportJob, JobState
from tests.certificates.test_grant_by_hand import missed
from tests.clock import NOON
from tests.factories.certificates import issued, revoked, staff
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.reports.test_export_lists import _csv
from tests.reports.test_files_say_what_the_screen_says import lines_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
FILES = {
    "/sdm/personel/unduh": "officers.exported",
    "/sdm/audit/unduh": "audit.exported",
    "/sdm/sertifikat/ekspor": "certificate.exported",
    "/sdm/sertifikat/berakhir/ekspor": "certificate.expiring_exported",
    "/sdm/sertifikat/dicabut/ekspor": "certificate.ended_exported",
    "/sdm/sertifikat/belum/ekspor": "certificate.missing_exported",
    "/sdm/sertifikat/nomor/{series}/buku": "number.book_exported",
}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def unit(settings):
    """Two rows or more in every list, where one row is as much as is written while somebody waits."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    unit = UnitFactory(parent=UnitFactory())
    for _one in range(2):
        certificate = issued(OfficerFactory(posting__unit=unit), rendered=True)
        Certificate.objects.filter(pk=certificate.pk).update(expires_at=datetime(2027, 2, 10, tzinfo=UTC))
        revoked(issued(OfficerFactory(posting__unit=unit), rendered=True))
        missed(OfficerFactory(posting__unit=unit))
        audit.record(verb="report.viewed", actor=certificate.officer.user, at=NOON, unit_path=unit.path)
    return unit


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(jobs, "LARGEST_AT_ONCE", {jobs.XLSX: 1, jobs.PDF: 1})


def prepared(client, address: str) -> ExportJob:
    job = ExportJob.objects.get(uuid=client.post(address).headers["Location"].split("/")[-2])
    jobs.prepare({"job": job.pk})
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("address", FILES)
def test_the_file_has_the_rows_of_the_screen_in_their_order(client, unit, address):
    sign_in(client, staff(Role.SDM, unit))
    address = address.format(series=NumberSeries.objects.get().pk)
    lines = lines_of(client.get(address[: address.rindex("/") + 1]).content.decode(), "")

    header, *rows = _csv(client.get(f"{address}.csv"))

    told = [row[header.index("Perbuatan" if "audit" in address else "Nama")] for row in rows]
    # Whoever reads the trail and takes it away stands in it by then.
    assert len(told) - len(lines) == (2 if "audit" in address else 0)
    assert [word in line for word, line in zip(reversed(told), reversed(lines), strict=False)] == [True] * len(lines)


@pytest.mark.parametrize(("address", "verb"), FILES.items())
def test_a_long_list_is_prepared_by_a_worker_and_holds_what_its_csv_holds(client, unit, few, address, verb):
    sign_in(client, staff(Role.SDM, unit))
    address = address.format(series=NumberSeries.objects.get().pk)
    flowing = b"".join(client.get(f"{address}.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert AuditEvent.objects.get(verb=verb).unit_path == unit.path

    page = client.get(f"{address}.xlsx").content.decode()
    assert f"{len(flowing) - 1} baris disiapkan di belakang layar" in page

    job = prepared(client, f"{address}.xlsx")
    # Who asks for the file is in the trail, so the trail itself is longer by then.
    audited = verb == "audit.exported"
    assert (job.state, job.total) == (JobState.DONE, len(flowing) - 1 + audited)
    assert AuditEvent.objects.filter(verb=verb).count() == 1
    file = BytesIO(b"".join(client.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/").streaming_content))
    book = CalamineWorkbook.from_filelike(file)
    rows = book.get_sheet_by_name("Data").to_python()[audited:]
    assert [row[2] for row in rows[1:]] == [line.split(";")[2] for line in flowing[1:]]
    assert dict(book.get_sheet_by_name("Keterangan").to_python())["Satuan"] == unit.name
    assert AuditEvent.objects.filter(verb=verb).count() == 2


def test_the_file_has_the_rows_of_its_filter_and_the_trail_no_name_that_was_searched_for(client, unit, few):
    wanted = OfficerFactory(name="Budi Dicari", posting__unit=unit)
    sign_in(client, staff(Role.SDM, unit))
    address = "/sdm/personel/unduh.xlsx?q=dicari&status=active"

    sheets = CalamineWorkbook.from_filelike(BytesIO(b"".join(client.get(address).streaming_content)))

    assert [row[2] for row in sheets.get_sheet_by_name("Data").to_python()[1:]] == [wanted.full_name]
    noted = AuditEvent.objects.get(verb="officers.exported").detail
    assert noted["filter"] == {"satuan": unit.code, "Cari nama atau NRP/NIP": "…", "Akun": "Sudah aktivasi"}


def test_an_administrator_finds_a_file_of_people_again_and_loses_it_with_the_unit(client, unit, few):
    administrator = staff(Role.ADMINISTRATOR, unit)
    sign_in(client, administrator)
    job = prepared(client, "/sdm/personel/unduh.xlsx")
    assert f"/sdm/laporan/berkas/{job.uuid}/" in client.get("/sdm/personel/unduh.xlsx").content.decode()

    RoleGrant.objects.filter(user=administrator).update(valid_to=NOON)
    RoleGrantFactory(user=administrator, role=Role.ADMINISTRATOR, unit=UnitFactory(parent=unit))

    answer = client.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")
    assert (answer.status_code, "sudah berakhir" in answer.content.decode()) == (403, True)
    assert not AuditEvent.objects.filter(verb="officers.exported").exists()
    assert "/sdm/laporan/" not in answer.content.decode().replace(f"/sdm/laporan/berkas/{job.uuid}/", "")


def test_a_list_of_a_unit_that_was_lost_meanwhile_is_refused_and_not_filled_with_the_others(client, unit, few):
    sdm = staff(Role.SDM, unit)
    other = RoleGrantFactory(user=sdm, role=Role.SDM, unit=UnitFactory()).unit
    OfficerFactory(posting__unit=other)
    sign_in(client, sdm)
    asked = client.post(f"/sdm/personel/unduh.xlsx?unit={unit.pk}").headers["Location"]
    RoleGrant.objects.filter(user=sdm, unit=unit).update(valid_to=NOON)

    job = ExportJob.objects.get(uuid=asked.split("/")[-2])
    jobs.prepare({"job": job.pk})

    job.refresh_from_db()
    assert (job.state, job.storage_name) == (JobState.REFUSED, "")
    assert "berubah sejak berkas ini diminta" in client.get(asked).content.decode()


def test_what_no_sheet_holds_is_refused_with_the_way_to_the_csv(client, unit, few, monkeypatch):
    monkeypatch.setattr(jobs, "XLSX_MAXIMUM_ROWS", 3)
    sign_in(client, staff(Role.SDM, unit))

    answer = client.get("/sdm/personel/unduh.xlsx?q=")

    assert answer.status_code == 422
    assert 'href="/sdm/personel/unduh.csv?q="' in answer.content.decode()
