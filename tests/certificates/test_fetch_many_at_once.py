"""The certificates of a unit as one ZIP, and bound for the printer with their tags."""

import io
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import Mock

import pikepdf
import pytest
from django.core.files.storage import storages
from django.http import QueryDict

from certificates import archive, services
from certificates.exceptions import WorkRefused
from certificates.models import Certificate, CertificateWork, PrintFile, WorkKind
from certificates.rendering.binding import bind
from certificates.services import printing, working
from foundation import retention
from foundation.models import AuditEvent
from organisation.models import Role, RoleGrant, UnitLevel
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, revoked, staff
from tests.factories.courses import published_course
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    polres: object
    polsek: object
    sdm: object
    course: object

    def one(self, name="Andi Pratama", *, rendered=True, unit=None) -> Certificate:
        officer = OfficerFactory(name=name, posting__unit=unit or self.polsek)
        return issued(officer, course=self.course, rendered=rendered)


@pytest.fixture
def place():
    polres = UnitFactory(level=UnitLevel.RESORT)
    polsek = UnitFactory(level=UnitLevel.SECTOR, parent=polres)
    UnitLetterheadFactory(unit=polres)
    return Place(polres, polsek, staff(Role.SDM, polres), published_course(lessons=1))


def opened(rows=None) -> zipfile.ZipFile:
    rows = Certificate.objects.all() if rows is None else rows
    return zipfile.ZipFile(io.BytesIO(b"".join(archive.stream(rows, at=NOON))))


# --- ZIP ----------------------------------------------------------------------


def test_the_zip_holds_every_file_byte_for_byte_under_number_name_and_number(place):
    certificate = place.one("Andi Pratama")

    zipped = opened()

    assert zipped.testzip() is None
    [name] = zipped.namelist()
    assert name == f"{certificate.holder_number}-Andi-Pratama-Sertif-1-XI-DIK.2.6.-2026.pdf"
    with storages["private"].open(certificate.file.storage_name) as stored:
        assert zipped.read(name) == stored.read()


def test_unzip_and_other_programs_open_it(place, tmp_path):
    place.one(), place.one("Siti")
    file = tmp_path / "semua.zip"
    file.write_bytes(b"".join(archive.stream(Certificate.objects.all(), at=NOON)))

    done = subprocess.run(["unzip", "-t", str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    # Sizes stand before the bytes, so programs that read from the front need not guess.
    assert all(not entry.flag_bits & 0x08 for entry in zipfile.ZipFile(file).infolist())


def test_what_has_no_file_yet_is_named_in_a_list_inside(place):
    place.one("Andi")
    waiting = place.one("Belum Jadi", rendered=False)
    Certificate.objects.filter(pk=waiting.pk).update(rendered_at=None)
    waiting.files.all()

    with_file = place.one("Hilang")
    storages["private"].delete(with_file.file.storage_name)
    zipped = opened()

    listed = zipped.read(archive.MISSING).decode()
    assert len(zipped.namelist()) == len(Certificate.objects.exclude(files=None).exclude(pk=with_file.pk)) + 1
    assert with_file.number in listed
    assert "hilang" in listed


def test_names_in_the_zip_are_safe_and_never_the_same(place):
    wild = place.one("../../etc/passwd \\ Müller: “Ñuño” <b>")
    assert archive.file_name(wild).startswith(f"{wild.holder_number}-etc-passwd-Muller-Nuno-b-")
    assert not set(archive.file_name(wild)) & set('/\\:*?"<>| ')
    other = place.one("Siti")
    Certificate.objects.filter(pk=other.pk).update(
        holder_name=wild.holder_name, holder_number=wild.holder_number, number=wild.number
    )

    names = opened().namelist()

    assert len(names) == len(set(names)) == 2
    assert names[1] == names[0].removesuffix(".pdf") + "-2.pdf"


def test_a_general_is_named_without_number(place):
    certificate = place.one("Budi")
    certificate.prints_number = False

    assert archive.file_name(certificate).startswith("Budi-")


def test_a_long_zip_is_written_in_little_memory(place, monkeypatch):
    """Ten times as many certificates need no more at once: the largest piece is one file."""
    certificate = place.one()
    content = b"%PDF-" + b"x" * 100_000
    monkeypatch.setattr(archive, "_stored", lambda row: content)
    monkeypatch.setattr(archive, "_pieces", lambda rows: (certificate for _ in range(700)))

    pieces = [len(piece) for piece in archive.stream(Certificate.objects.all(), at=NOON)]

    assert sum(pieces) > 70_000_000
    assert max(pieces[:-1]) < 101_000


def test_more_entries_than_the_old_format_holds_are_written_as_zip64(place, monkeypatch, tmp_path):
    certificate = place.one()
    monkeypatch.setattr(archive, "_stored", lambda row: b"%PDF-")
    monkeypatch.setattr(archive, "_free", lambda name, taken: f"{len(taken.filelist)}.pdf")
    monkeypatch.setattr(archive, "_pieces", lambda rows: (certificate for _ in range(65_600)))
    file = tmp_path / "besar.zip"
    with file.open("wb") as target:
        target.writelines(archive.stream(Certificate.objects.all(), at=NOON))

    assert len(zipfile.ZipFile(file).namelist()) == 65_600


def test_the_zip_page_leaves_out_what_was_revoked_and_other_units(client, place):
    kept, gone = place.one("Andi"), place.one("Joki")
    revoked(gone)
    issued(unit=UnitFactory(), rendered=True)
    sign_in(client, place.sdm)

    answer = client.get(f"/sdm/sertifikat/massal/zip/?satuan={place.polres.pk}")
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    assert zipped.namelist() == [archive.file_name(kept)]
    assert ".zip" in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="certificate.zipped").count() == 1


def test_the_stream_asks_the_database_by_pieces(place, django_assert_num_queries):
    for name in ("Andi", "Siti", "Budi"):
        place.one(name)

    # The ids; one piece of rows; their files.
    with django_assert_num_queries(3):
        list(archive.stream(Certificate.objects.all(), at=NOON))


# --- bound for the printer ------------------------------------------------------


def bound(place, **filters) -> CertificateWork:
    query = QueryDict(mutable=True)
    query.update(filters)
    work = services.ask_work(kind=WorkKind.PRINT, data=query, actor=place.sdm, at=NOON)
    while services.continue_work(work=work, at=NOON):
        pass
    work.refresh_from_db()
    return work


def content_of(file: PrintFile) -> bytes:
    with storages["private"].open(file.storage_name) as stored:
        return stored.read()


def stored(work) -> list[str]:
    return [name for name in storages["private"].listdir("exports")[1] if name.startswith(str(work.uuid))]


def test_all_pages_are_bound_with_tags_language_and_title(place):
    for name in ("Andi", "Siti", "Budi"):
        place.one(name)

    work = bound(place)

    file = work.files.get()
    assert (file.certificates, work.changed, work.percent) == (3, 3, 100)
    with pikepdf.open(io.BytesIO(content_of(file))) as pdf:
        assert len(pdf.pages) == file.pages >= 3
        assert str(pdf.Root.Lang) == "id"
        assert pdf.Root.MarkInfo.Marked
        whole = pdf.Root.StructTreeRoot.K
        assert [str(part.S) for part in whole.K] == ["/Part"] * 3
        keys = [int(page.obj.StructParents) for page in pdf.pages if "/StructParents" in page.obj]
        assert len(keys) == len(set(keys)) >= 3
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert set(keys) <= {int(numbers[place]) for place in range(0, len(numbers), 2)}
        assert "/AcroForm" not in pdf.Root
        assert "tanpa segel" in str(pdf.open_metadata()["dc:title"])


def test_qpdf_finds_nothing_wrong_with_the_bound_file(place, tmp_path):
    place.one("Andi"), place.one("Siti")
    file = tmp_path / "cetak.pdf"
    file.write_bytes(content_of(bound(place).files.get()))

    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "Andi" in text
    assert "Siti" in text


def test_each_certificate_begins_on_a_new_sheet_when_one_has_a_back():
    def pages(count) -> bytes:
        pdf = pikepdf.new()
        for _ in range(count):
            pdf.add_blank_page(page_size=(842, 595))
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()

    assert bind([pages(1), pages(1)], io.BytesIO()) == 2
    assert bind([pages(1), pages(2), pages(3)], io.BytesIO()) == 2 + 2 + 4


def test_many_are_bound_in_parts_and_a_killed_worker_goes_on_behind_the_last(place, monkeypatch):
    for name in ("Andi", "Siti", "Budi", "Dewi", "Eko"):
        place.one(name)
    monkeypatch.setitem(working.CHUNKS, WorkKind.PRINT, 2)
    work = services.ask_work(kind=WorkKind.PRINT, data=QueryDict(), actor=place.sdm, at=NOON)
    assert services.continue_work(work=work, at=NOON)
    with monkeypatch.context() as killing:
        killing.setattr(PrintFile.objects, "create", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            services.continue_work(work=work, at=NOON)
    assert len(stored(work)) == 1

    while services.continue_work(work=work, at=NOON):
        pass

    work.refresh_from_db()
    assert [file.certificates for file in work.files.all()] == [2, 2, 1]
    assert (work.handled, work.changed) == (5, 5)
    assert work.finished_at


def test_two_workers_at_one_part_leave_one_file(place):
    place.one("Andi")
    work = services.ask_work(kind=WorkKind.PRINT, data=QueryDict(), actor=place.sdm, at=NOON)
    slow = CertificateWork.objects.get(pk=work.pk)
    assert services.continue_work(work=work, at=NOON)

    working._print(slow, list(Certificate.objects.all()), at=NOON)

    [file] = PrintFile.objects.all()
    assert stored(work) == [file.storage_name.removeprefix("exports/")]


@pytest.mark.both_databases
def test_what_is_not_on_the_disk_is_named_and_the_others_are_bound(place):
    lost, kept = place.one("Andi"), place.one("Siti")
    storages["private"].delete(lost.file.storage_name)

    work = bound(place)

    assert (work.changed, work.files.get().certificates) == (1, 1)
    assert work.why == f"Tanpa berkas: {lost.number}"
    storages["private"].delete(kept.file.storage_name)
    again = bound(place, satuan=str(place.polres.pk))
    assert not again.files.exists()
    assert again.finished_at


def test_only_the_asker_fetches_the_print_file_and_only_for_seven_days(client, place):
    place.one()
    work = bound(place)
    file = work.files.get()

    assert printing.fetch_part(file=file, actor=place.sdm, at=NOON + 6 * DAY)
    with pytest.raises(WorkRefused, match="tidak ada lagi"):
        printing.fetch_part(file=file, actor=place.sdm, at=NOON + 8 * DAY)
    assert retention.apply(at=NOON + 8 * DAY)["certificate_prints"] == 1
    file.refresh_from_db()
    assert file.storage_name == ""
    sign_in(client, staff(Role.HEAD, place.polres))
    assert client.get(f"/sdm/sertifikat/pekerjaan/{work.uuid}/1.pdf").status_code == 404


def test_who_lost_the_unit_meanwhile_fetches_nothing_and_gets_nothing_bound(place):
    place.one()
    work = bound(place)
    RoleGrant.objects.filter(user=place.sdm).update(valid_to=NOON + DAY)

    with pytest.raises(WorkRefused, match="Wewenang"):
        printing.fetch_part(file=work.files.get(), actor=place.sdm, at=NOON + 2 * DAY)
    CertificateWork.objects.filter(pk=work.pk).update(cursor=0, finished_at=None)
    assert not services.continue_work(work=work, at=NOON + 2 * DAY)
    work.refresh_from_db()
    assert "Wewenang" in work.why
    assert work.files.count() == 1


def test_the_progress_page_looks_again_until_it_is_done(client, place):
    place.one()
    work = bound(place)
    sign_in(client, place.sdm)
    address = f"/sdm/sertifikat/pekerjaan/{work.uuid}/"

    done = client.get(address)
    assert "Refresh" not in done.headers
    assert "Bagian 1" in done.content.decode()
    CertificateWork.objects.filter(pk=work.pk).update(finished_at=None)
    assert client.get(address).headers["Refresh"] == "3"
