"""Any report as a PDF on A4: the rows of its CSV, what it says of itself, what paper cannot hold; the transcript."""

import re
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
from django.core.files.storage import storages
from pypdf import PdfReader

from certificates.rendering import press
from enrolments.corrections import correct_completion
from foundation.formats import number
from foundation.models import AuditEvent
from organisation.models import Role, RoleGrant
from reports import jobs, paper
from reports.models import ExportJob, JobState
from tests.clock import NOON
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import RoleGrantFactory
from tests.factories.programmes import IndicatorFactory
from tests.reports.scenes import owes, polres, staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

NAMES = "/sdm/penyelesaian/nama/unduh"
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def read(answer) -> PdfReader:
    assert answer.headers["Content-Type"] == "application/pdf", answer.content.decode()
    return PdfReader(BytesIO(body(answer)))


def said(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def joined(text: str) -> str:
    """Without blanks and hyphens, because a cell may wrap anywhere."""
    return re.sub(r"[\s-]", "", text)


def rows_of_csv(client, url: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows, days as paper writes them."""
    text = body(client.get(url)).decode("utf-8-sig")
    header, *rows = [line.split(";") for line in text.strip().split("\r\n")]
    return header, [[DAY.sub(r"\3/\2/\1", cell).strip('"') for cell in row] for row in rows]


@pytest.fixture(autouse=True)
def nothing_left_over(db):
    yield
    for job in ExportJob.objects.exclude(storage_name=""):
        storages["private"].delete(job.storage_name)


def made(client, url: str) -> ExportJob:
    """Asked for and prepared by the worker."""
    answer = client.post(url)
    assert answer.status_code == 302, answer.content.decode()
    job = ExportJob.objects.get(uuid=answer.headers["Location"].split("/")[-2])
    jobs.prepare({"job": job.pk})
    job.refresh_from_db()
    return job


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path",
    [
        "penagihan/unduh",
        "penyelesaian/nama/unduh",
        "penyelesaian/satuan",
        "penyelesaian/pelatihan",
        "penyelesaian/target/unduh",
        "penyelesaian/dampak/unduh",
        "penyelesaian/dampak/nama/unduh",
        "kesiapan/unduh",
        "matriks/unduh",
        "kedaluwarsa/unduh",
        "jp/unduh",
        "quick-wins/unduh",
        "quick-wins/target",
        "quick-wins/satuan",
        "quick-wins/loket",
        "quick-wins/nama/unduh",
    ],
)
def test_every_report_prints_the_rows_of_its_csv(as_sdm, here, path):
    yearly = published_course(course=CourseFactory(code="C7", slug="c7"), lessons=1, validity_months=12)
    completed(here.officers["Andi"], yearly, at=NOON - timedelta(days=350))
    assigned(here.etika, here.unit, actor=here.sdm, activity=IndicatorFactory().activity)
    header, rows = rows_of_csv(as_sdm, f"/sdm/{path}.csv")

    pdf = read(as_sdm.get(f"/sdm/{path}.pdf"))

    text = joined(said(pdf))
    assert joined("".join(header)) in text
    places = [text.index(joined("".join(row))) for row in rows]
    assert all(before < after for before, after in pairwise(places))
    assert f"{len(rows)}baris.Dibuatoleh" in text
    event = AuditEvent.objects.get(verb="report.exported", detail__kind="pdf")
    assert (event.actor_id, event.detail["rows"]) == (here.sdm.pk, len(rows))


def test_the_paper_says_unit_moment_filter_author_and_page(as_sdm, here):
    pdf = read(as_sdm.get(f"{NAMES}.pdf?satuan={here.satlantas.code}&keadaan=selesai&pelatihan=C1"))

    text = said(pdf)
    for words in (
        "Satlantas Polres Uji Penyelesaian, nama Menurut keadaan 21 November 2026 12.00 WIB",
        "Pelatihan C1 Etika Pelayanan Publik",
        "Keadaan Selesai",
        f"2 baris. Dibuat oleh {here.sdm.name} dengan Presisi Belajar, 21 November 2026 12.00 WIB.",
        "Halaman 1 dari 1",
    ):
        assert words in text, words
    assert pdf.metadata.author == here.sdm.name
    width, height = pdf.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)


def test_answers_that_only_one_report_knows_stand_on_its_paper(as_sdm, here):
    assert "Berakhir dalam 90 hari" in said(read(as_sdm.get("/sdm/kedaluwarsa/unduh.pdf?dalam=90")))
    assert "Kelompok Menurut satuan" in said(read(as_sdm.get("/sdm/penagihan/unduh.pdf?kelompok=satuan")))
    assert "Capaian Mencapai target" in said(read(as_sdm.get("/sdm/jp/unduh.pdf?capaian=cukup")))


@pytest.mark.parametrize("path", ["penyelesaian/nama/unduh", "penyelesaian/satuan", "matriks/unduh"])
def test_nothing_stands_outside_the_margins(as_sdm, here, path):
    page = pypdfium2.PdfDocument(body(as_sdm.get(f"/sdm/{path}.pdf")))[0]

    text = page.get_textpage()
    edges = [text.get_charbox(place)[2] for place in range(text.count_chars())]
    # 16 mm of white paper.
    assert page.get_width() - 100 < max(edges) < page.get_width() - 45


def test_a_narrow_table_stands_upright(as_sdm, here):
    width, height = read(as_sdm.get("/sdm/penyelesaian/pelatihan.pdf")).pages[0].mediabox[2:]

    assert height > width


def test_a_past_day_is_named_with_its_axis_and_in_the_name_of_the_file(as_sdm, here):
    answer = as_sdm.get(f"{NAMES}.pdf?per=2026-11-20&menurut=catatan")

    text = said(read(answer))
    assert "Per 20 November 2026, menurut catatan" in text
    assert "Yang terlambat dihitung dengan batas waktu yang berlaku pada hari itu." in text
    assert "-per-2026-11-20-menurut-catatan.pdf" in answer.headers["Content-Disposition"]


def test_the_head_of_the_table_is_on_every_page_and_pages_are_numbered(as_sdm, here):
    for place in range(60):
        owes(here.officer(f"Personel {place:02} Bernama Sangat Panjang Sekali", here.polsek), here.etika, "done")

    pdf = read(as_sdm.get(f"{NAMES}.pdf"))

    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) > 1
    for place, page in enumerate(pages, start=1):
        assert "NRP/NIP" in page
        assert f"Halaman {place} dari {len(pages)}" in page
    assert joined("Personel 59 Bernama Sangat Panjang Sekali") in joined(" ".join(pages))


def test_a_long_list_is_prepared_by_a_worker_and_fetched(as_sdm, here, monkeypatch):
    monkeypatch.setitem(jobs.LARGEST_AT_ONCE, jobs.PDF, 3)
    page = as_sdm.get(f"{NAMES}.pdf?pelatihan=C1").content.decode()
    assert "6 baris disiapkan di belakang layar" in page
    assert "Berkas PDF di atas 3 baris" in page

    job = made(as_sdm, f"{NAMES}.pdf?pelatihan=C1")
    answer = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")

    text = joined(said(read(answer)))
    assert all(joined("".join(row)) in text for row in rows_of_csv(as_sdm, f"{NAMES}.csv?pelatihan=C1")[1])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="penyelesaian-nama.pdf"'
    assert (job.state, job.done, job.total) == (JobState.DONE, 6, 6)
    assert job.kept_until == job.finished_at + timedelta(days=7)
    events = AuditEvent.objects.filter(object_type="reports.exportjob", detail__kind="pdf").order_by("pk")
    assert [event.verb for event in events] == ["report.asked", "report.made", "report.fetched"]


def test_who_lost_a_unit_meanwhile_cannot_fetch_the_pdf(client, as_sdm, here, monkeypatch):
    monkeypatch.setitem(jobs.LARGEST_AT_ONCE, jobs.PDF, 3)
    job = made(as_sdm, f"{NAMES}.pdf")
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)
    RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=here.polsek)

    answer = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")

    assert answer.status_code == 403
    assert "sudah berakhir" in answer.content.decode()
    colleague = sign_in(client, staff(Role.SDM, polres("Polres Lain").unit))
    assert colleague.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/").status_code == 404


def test_more_rows_than_a_pdf_holds_are_told_with_the_way_to_the_others(as_sdm, here, monkeypatch):
    monkeypatch.setattr(paper, "MOST_ROWS", 5)

    answer = as_sdm.get(f"{NAMES}.pdf?pelatihan=C1")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "PDF memuat paling banyak 5 baris, laporan ini 6 baris. Ambil XLSX atau CSV" in page
    assert f'href="{NAMES}.xlsx?pelatihan=C1"' in page
    assert f'href="{NAMES}.csv?pelatihan=C1"' in page
    assert as_sdm.post(f"{NAMES}.pdf?pelatihan=C1").status_code == 422
    assert not ExportJob.objects.exists()
    assert not AuditEvent.objects.filter(verb="report.exported").exists()


def test_a_list_that_grew_too_long_before_it_ran_is_refused_in_words(as_sdm, here, monkeypatch):
    monkeypatch.setitem(jobs.LARGEST_AT_ONCE, jobs.PDF, 3)
    monkeypatch.setattr(paper, "MOST_ROWS", 6)
    answer = as_sdm.post(f"{NAMES}.pdf")
    owes(here.officer("Baru", here.polsek), here.etika)

    job = ExportJob.objects.get(uuid=answer.headers["Location"].split("/")[-2])
    jobs.prepare({"job": job.pk})

    page = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/").content.decode()
    assert "PDF memuat paling banyak 6 baris, laporan ini 7 baris." in page
    job.refresh_from_db()
    assert (job.state, job.storage_name) == (JobState.REFUSED, "")


def test_a_table_too_wide_to_be_read_is_refused(as_sdm, here, monkeypatch):
    monkeypatch.setattr(paper, "WIDE", 200)

    answer = as_sdm.get("/sdm/matriks/unduh.pdf")

    assert answer.status_code == 422
    assert "Tabel dengan 6 kolom tidak terbaca pada selembar A4." in answer.content.decode()


def test_forty_courses_do_not_fit_and_ten_do():
    paper.check(("NRP/NIP", "Pangkat", "Nama", "Satuan", *["C2 Komunikasi Efektif"] * 10), 100)

    with pytest.raises(paper.FileRefused, match="44 kolom"):
        paper.check(("NRP/NIP", "Pangkat", "Nama", "Satuan", *["C2 Komunikasi Efektif"] * 40), 100)


def test_no_number_is_broken_and_figures_stand_on_the_right():
    header = ("NRP/NIP", "Nama", "Ditugaskan", "Selesai")
    found = paper.laid_out(header, [["198703122010011002", "Muhammad " * 9, 1234, paper.Percent(50)]] * 3)

    assert [column.is_number for column in found.columns] == [False, False, True, True]
    assert found.rows[0][2:] == ["1.234", "50%"]
    nip = found.columns[0].share / 100 * (paper.WIDE if found.lying else paper.UPRIGHT) - paper.AIR
    assert nip > paper.width_of("198703122010011002") * found.size
    assert sum(column.share for column in found.columns) == pytest.approx(100, abs=0.1)


def test_a_name_that_is_markup_is_printed_as_typed_and_opens_nothing(as_sdm, here):
    owes(here.officer('<img src="http://jahat.example/x.png">', here.polsek), here.etika, "late")

    assert "jahat.example" in said(read(as_sdm.get("/sdm/penagihan/unduh.pdf")))


def test_without_the_press_nobody_gets_half_a_file(as_sdm, here, monkeypatch):
    def fails(*args, **kwargs):
        raise press.PressFailed("the press stopped")

    monkeypatch.setattr("reports.printing.print_sheet", fails)
    completed(here.officers["Budi"], here.komunikasi)

    answer = as_sdm.get(f"{NAMES}.pdf")

    assert answer.status_code == 503
    assert "PDF sedang tidak dapat dibuat." in answer.content.decode()
    url = f"/sdm/personel/{here.officers['Budi'].uuid}/transkrip/"
    page = as_sdm.get(f"{url}unduh.pdf", follow=True)
    assert page.redirect_chain == [(url, 302)]
    assert "PDF sedang tidak dapat dibuat." in page.content.decode()
    assert not AuditEvent.objects.filter(verb="report.exported").exists()


@pytest.mark.parametrize("path", ["", "penagihan/", "penyelesaian/", "matriks/", "jp/", "penyelesaian/target/"])
def test_pdf_is_offered_beside_the_other_kinds(as_sdm, here, path):
    page = as_sdm.get(f"/sdm/{path}").content.decode()

    kinds = re.findall(r'<a class="btn quiet" href="[^"]+\.(xlsx|csv|pdf)[^"]*">', page)
    assert kinds[:3] == ["xlsx", "csv", "pdf"]


def test_a_pdf_asks_for_a_fresh_sign_in(client, here, settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr("organisation.middleware.SecondFactorMiddleware._lacks_factor", lambda *_: False)
    client.force_login(here.sdm)

    for url in (f"{NAMES}.pdf", f"/sdm/personel/{here.officers['Budi'].uuid}/transkrip/unduh.pdf"):
        assert "konfirmasi" in client.get(url).headers["Location"]


# --- the transcript ---------------------------------------------------------


def test_the_officer_takes_the_own_transcript_as_a_pdf(client, here):
    budi = here.officers["Budi"]
    completed(budi, here.komunikasi)
    own = sign_in(client, budi.user)
    page = own.get("/transkrip/").content.decode()

    answer = own.get("/transkrip/unduh.pdf")

    text = said(read(answer))
    for words in (
        "Transkrip pelatihan",
        budi.full_name,
        budi.number,
        "Komunikasi Efektif",
        "Berlaku",
        "Halaman 1 dari 1",
    ):
        assert words in text, words
    assert 'href="/transkrip/unduh.pdf"' in page
    assert "peramban" not in page
    assert answer.headers["Content-Disposition"] == 'attachment; filename="transkrip-budi.pdf"'
    assert not AuditEvent.objects.filter(verb="report.exported").exists()


def test_the_transcript_of_somebody_else_leaves_an_event_about_that_officer(as_sdm, here):
    budi = here.officers["Budi"]
    completed(budi, here.komunikasi)

    text = said(read(as_sdm.get(f"/sdm/personel/{budi.uuid}/transkrip/unduh.pdf")))

    assert f"Dibuat oleh {here.sdm.name}" in text
    event = AuditEvent.objects.get(verb="report.exported")
    assert (event.subject_id, event.detail["report"], event.detail["rows"]) == (budi.pk, "transcript", 1)


def test_what_was_taken_back_is_printed_and_not_counted(client, here):
    budi = here.officers["Budi"]
    kept, taken_back = completed(budi, here.komunikasi), completed(budi, here.etika)
    correct_completion(
        enrolment=taken_back.enrolment,
        item=here.etika.current_version.version_items.filter(required=True).first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=here.sdm,
        reason="salah catat",
        at=NOON,
    )

    text = said(read(sign_in(client, budi.user).get("/transkrip/unduh.pdf")))

    assert f"Jumlah JP {number(kept.jp)} " in text
    assert "3 baris" in text
    assert "Dikoreksi 21 November 2026" in text
    assert "Dicabut" in text
