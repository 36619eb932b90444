"""The press sets a certificate once, from shipped fonts alone, and opens nothing that a page names."""

import threading
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from certificates import invariants
from certificates.crests import clean_crest
from certificates.models import Certificate, CertificateFile, CertificateState
from certificates.rendering import press, store
from certificates.rendering.document import fitting_size, verification_url
from certificates.rendering.press import PressFailed, print_sheet, stop_press
from foundation import outbox, triggers
from foundation.models import OutboxEntry
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, picture
from tests.factories.courses import CourseFactory, published_course
from tests.factories.organisation import OfficerFactory, UnitFactory

# What the bytes of a file are does not depend on the database.
pytestmark = pytest.mark.once_on("sqlite")

HOSTILE = [
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "file:/etc/shadow",
    "FILE:///etc/passwd",
    "file:///proc/self/environ",
    "file:///srv/presisi-belajar/.env",
    "/etc/passwd",
    "../../../../etc/passwd",
    "etc/passwd",
    "//169.254.169.254/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/",
    "http://127.0.0.1:8000/",
    "http://localhost/",
    "http://0/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "https://example.org/x.png",
    "HTTPS://EXAMPLE.ORG/x.png",
    "ftp://127.0.0.1/x",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stats",
    "jar:file:///etc/passwd!/x",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    "data:text/html;base64,PGgxPng8L2gxPg==",
    "javascript:alert(1)",
    "presisi:font/../../manage.py",
    "presisi:font/latin-400/../../secret",
    "presisi:secret",
    "presisi:crest",
    "netdoc:///etc/passwd",
    "\\\\127.0.0.1\\share\\x.png",
]


def page(*, body: str) -> str:
    return f'<!doctype html><html lang="id"><title>Uji</title><body><p>Satu baris</p>{body}</body></html>'


def read(certificate: Certificate) -> PdfReader:
    file = certificate.files.get()
    with storages["private"].open(file.storage_name) as stored:
        return PdfReader(BytesIO(stored.read()))


@pytest.mark.parametrize("address", HOSTILE)
def test_a_page_cannot_reach_a_file_or_a_network(address):
    body = (
        f'<img src="{address}" alt=""><object data="{address}"></object><embed src="{address}">'
        f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{address}">'
        f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style>'
        f'<style>@font-face {{ font-family: x; src: url("{address}") }}</style>'
        f'<svg width="9" height="9"><image href="{address}" width="9" height="9"/><use href="{address}#a"/></svg>'
    )

    sheet = print_sheet(page(body=body), crest=None, at=NOON)

    reader = PdfReader(BytesIO(sheet.pdf))
    assert "root:" not in reader.pages[0].extract_text()
    assert not list(reader.pages[0].images)
    assert not reader.attachments
    assert sheet.refused


def test_a_certificate_whose_page_asks_for_more_is_not_stored(db, monkeypatch):
    certificate = issued()
    monkeypatch.setattr(store, "html_of", lambda _certificate: page(body='<img src="file:///etc/passwd" alt="">'))

    with pytest.raises(store.UnknownAddress):
        store.render({"certificate": certificate.pk})

    assert not CertificateFile.objects.exists()


def test_the_same_certificate_gives_the_same_bytes_even_from_a_new_process(db):
    certificate = issued()
    first = store.sheet_of(certificate).pdf
    stop_press()

    assert store.sheet_of(certificate).pdf == first
    assert len(first) <= 120_000


def test_a_page_that_eats_time_is_ended_and_the_next_one_is_set(monkeypatch):
    monkeypatch.setattr(press, "WALL_SECONDS", 1)
    endless = page(body="<table>" + "<tr><td><table><tr><td>x</td></tr></table></td></tr>" * 20_000 + "</table>")

    with pytest.raises(PressFailed):
        print_sheet(endless, crest=None, at=NOON)
    monkeypatch.setattr(press, "WALL_SECONDS", 60)

    assert print_sheet(page(body=""), crest=None, at=NOON).pdf.startswith(b"%PDF-")


def test_a_long_table_leaves_no_process_with_its_memory_and_opens_no_address(monkeypatch):
    monkeypatch.setattr(press, "LONG_ORDER", 1000)
    rows = '<tr><td>Dewi</td><td><img src="http://jahat.example/x.png" alt=""></td></tr>' * 20

    sheet = print_sheet(page(body=f"<table>{rows}</table>"), crest=None, at=NOON, style="table")

    assert set(sheet.refused) == {"http://jahat.example/x.png"}
    assert press._press is None


def test_the_paper_carries_every_fact_and_the_way_to_check_it(db, settings):
    settings.SITE_URL = "https://belajar.contoh.go.id"
    officer = OfficerFactory(
        name="Yohanis Wamafma", name_suffix="S.H.", posting__post="Banit", posting__unit__name="SPKT Polresta Contoh"
    )
    certificate = issued(
        officer, course=published_course(course=CourseFactory(title="Etika Pelayanan Publik")), rendered=True
    )

    reader = read(certificate)
    text = " ".join(reader.pages[0].extract_text().split())

    for fact in (
        "SERTIFIKAT",
        "Yohanis Wamafma, S.H.",
        f"Brigadir Polisi Kepala · NRP {officer.number} · Banit SPKT Polresta Contoh",
        "dinyatakan LULUS",
        "Etika Pelayanan Publik",
        "4 JP (180 menit), 21 November 2026",
        "Berlaku sampai 21 November 2028",
        "Nomor: Sertif/1/XI/DIK.2.6./2026",
        "KEPOLISIAN NEGARA REPUBLIK INDONESIA",
        "Dikeluarkan di : Uji",
        "pada tanggal : 21 November 2026",
        "a.n. KEPALA KEPOLISIAN RESOR UJI",
        "PEJABAT UJI, S.I.K.",
        "KOMISARIS POLISI NRP 80010001",
        "belajar.contoh.go.id/verifikasi",
        certificate.shown_id,
    ):
        assert fact in text
    assert len(reader.pages) == 2
    assert reader.metadata.title == "SERTIFIKAT Etika Pelayanan Publik: Yohanis Wamafma, S.H."
    assert reader.trailer["/Root"]["/Lang"] == "id"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_only_shipped_fonts_are_in_the_file(db):
    reader = read(issued(OfficerFactory(name="Łukasz Ātmāja Şen"), rendered=True))

    fonts = {
        font["/BaseFont"].split("+")[1]
        for font in (item.get_object() for item in reader.pages[0]["/Resources"]["/Font"].values())
    }
    assert fonts <= {"Jakarta", "Jakarta-Bold", "JakartaExt", "JakartaExt-Bold"}
    assert "Łukasz Ātmāja Şen" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("prefix", "name", "suffix"),
    [
        ("", "Sari", ""),
        ("Dr.", "Muhammad Abdurrahman", "S.H., S.I.K., M.Si."),
        ("", "Yohanis Kristoforus Wamafma Rumbiak Kafiar Mandacan Warinussy Sawaki", ""),
        ("", "X" * 120, ""),
        ("Prof. Dr. H.", "Ñusantara Güneş Łukasiewicz Ātmāja", "S.Tr.K., S.I.K., M.Si."),
        ("Drs. " * 7, "Muhammad " * 13, "S.H., " * 13),
    ],
)
def test_a_name_of_any_shape_is_printed_whole_on_one_page(db, prefix, name, suffix):
    officer = OfficerFactory(name_prefix=prefix.strip()[:40], name=name.strip(), name_suffix=suffix.strip()[:80])
    certificate = issued(
        officer, course=published_course(course=CourseFactory(title="Pelayanan Prima " * 12)), rendered=True
    )

    reader = read(certificate)
    text = "".join(reader.pages[0].extract_text().split())

    # The front and the list of material.
    assert len(reader.pages) == 2
    assert "".join(officer.full_name.split()) in text


def test_no_words_lie_over_others_even_when_everything_is_long(db):
    officer = OfficerFactory(
        name="Muhammad Abdurrahman " * 5, name_suffix="S.H., S.I.K., M.Si.", posting__post="Kepala Subbagian " * 7
    )
    certificate = issued(
        officer, course=published_course(course=CourseFactory(title="Pelayanan Prima " * 12)), rendered=True
    )
    with storages["private"].open(certificate.files.get().storage_name) as stored:
        text = pypdfium2.PdfDocument(stored.read())[0].get_textpage()

    boxes = [text.get_rect(place) for place in range(text.count_rects())]
    for place, (left, bottom, right, top) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top in boxes[place + 1 :]:
            across = min(right, other_right) - max(left, other_left)
            down = min(top, other_top) - max(bottom, other_bottom)
            assert across <= 1 or down <= 1.5


def test_long_names_shrink_before_they_break():
    sizes = (30, 24, 18, 12)

    found = [fitting_size("n" * length, width=300, sizes=sizes) for length in (5, 18, 26, 40, 400)]

    assert found == [30, 24, 18, 18, 12]


def test_the_code_opens_the_verification_page(settings):
    settings.SITE_URL = "https://belajar.contoh.go.id/"

    assert verification_url("7K3MQ9TX4D2R8VWAK") == "https://belajar.contoh.go.id/verifikasi/7K3M-Q9TX-4D2R-8VWA-K/"


def test_rendering_again_changes_nothing(db):
    certificate = issued(rendered=True)
    file = certificate.files.get()

    store.render({"certificate": certificate.pk})

    assert certificate.files.get() == file
    assert certificate.state_at(NOON) == CertificateState.VALID


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_leave_one_file_and_one_row():
    certificate = issued(unit=UnitFactory())
    failures = []

    def work():
        try:
            store.render({"certificate": certificate.pk})
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    # The immediate task queue of the tests has rendered it already: begin from an unrendered one.
    Certificate.objects.filter(pk=certificate.pk).update(rendered_at=None)
    _forget_files(certificate)
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not failures
    assert certificate.files.count() == 1
    assert _stored(certificate) == [certificate.files.get().storage_name]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_writing_leaves_one_file_row_once_the_sweep_has_run(monkeypatch):
    def killed(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(CertificateFile.objects, "create", killed)
        issued(unit=UnitFactory())
    certificate = Certificate.objects.get()
    later = timezone.now() + outbox.LEASE + timedelta(minutes=5)
    OutboxEntry.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    outbox.sweep(at=later)

    certificate.refresh_from_db()
    assert certificate.files.count() == 1
    assert certificate.rendered_at
    assert OutboxEntry.objects.get(kind="certificate.render").done_at
    orphans = set(_stored(certificate)) - {certificate.files.get().storage_name}
    assert len(orphans) == 1
    assert orphans <= set(invariants.files_without_row(at=later + timedelta(days=2)))


def _stored(certificate: Certificate) -> list[str]:
    folder = f"certificates/{certificate.issued_at:%Y}"
    names = storages["private"].listdir(folder)[1]
    return [f"{folder}/{name}" for name in names if name.startswith(certificate.public_id)]


def _forget_files(certificate: Certificate) -> None:
    """Take back what was written, as if the worker had never come: the append-only guard is lifted for it."""
    for name in _stored(certificate):
        storages["private"].delete(name)
    with triggers.lifted(connection):
        certificate.files.all().delete()


def test_a_letterhead_crest_is_in_the_print(db):
    unit = UnitFactory()
    name, content = clean_crest(picture())
    stored = storages["private"].save(f"crests/{name}", ContentFile(content))
    UnitLetterheadFactory(unit=unit, crest=stored)

    reader = read(issued(unit=unit, rendered=True))

    assert len(list(reader.pages[0].images)) == 1
