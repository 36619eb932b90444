"""The whole job in the real browser: from SDM's roster file to a certificate that a stranger verifies."""

import re
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from certificates.models import Certificate
from enrolments.models import Assignment, Duty
from organisation.models import Officer
from tests.browser import DESK, PHONE
from tests.factories.organisation import PASSWORD
from tests.journeys.scene import POLSEK
from tests.journeys.steps import exported, sign_in, sit

pytestmark = pytest.mark.browser

NRP = "88070123"
NAME = "Maria Magdalena Simanungkalit, S.H., M.H."
IN_LISTS = f"Bripka {NAME}"
ROSTER = [
    ["NRP/NIP", "Nama", "Gelar Belakang", "Pangkat", "Jabatan", "Satuan", "Fungsi Layanan"],
    [NRP, "Maria Magdalena Simanungkalit", "S.H., M.H.", "Bripka", "Banit SPKT", "SEK-1", "SPKT"],
    ["91020456", "Yohanes Kaize", "", "Briptu", "Banit Intelkam", "SEK-1", "SKCK"],
    ["86110789", "Nur Aini", "", "Aipda", "Kanit SPKT", "SEK-1", "SPKT"],
    ["82050321", "Bambang Sutrisno", "S.I.K.", "AKP", "Kasat Lantas", "RESTA", "SIM"],
]


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param({"viewport": PHONE, "has_touch": True, "is_mobile": True}, id="phone"),
        pytest.param({"viewport": DESK}, id="desk", marks=pytest.mark.once_on("postgresql")),
    ],
)
def test_from_a_roster_to_a_verified_certificate(visit, look, scene, c1, screen):
    sdm, officer, visitor, neighbour = (visit(**screen) for _person in range(4))
    if screen["viewport"] is DESK:
        # The same colours as on the phone.
        look = partial(look, colours="no")

    sign_in(sdm, scene.sdm.user.login, secret=scene.sdm.secret, look=look)
    import_roster(sdm, look)
    assign_c1_to_the_polsek(sdm, look)
    code = print_slips(sdm, look)

    activate(officer, code, look)
    sit_the_pretest(officer, look)

    # A week on the calendar would be a long test: the due date is moved into the past instead.
    Duty.objects.update(due_at=timezone.now() - timedelta(days=3))
    late = names_to_chase(sdm, look)
    assert late == {IN_LISTS, "Briptu Yohanes Kaize", "Aipda Nur Aini"}

    read_every_lesson(officer, look)
    fail_once(officer, look)
    pass_the_second_time(officer, look)
    certificate = Certificate.objects.get()
    pdf = download_certificate(officer, look)
    assert pdf.startswith(b"%PDF")
    paper = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert NAME in paper
    assert certificate.number in paper
    assert certificate.shown_id in paper

    verify_as_anybody(visitor, certificate, look)

    assert names_to_chase(sdm, look) == late - {IN_LISTS}
    chased_rows = exported(sdm, sdm.get_by_role("link", name="XLSX"))
    assert {f"{row['Pangkat']} {row['Nama']}" for row in chased_rows} == late - {IN_LISTS}
    compare_the_report_with_its_export(sdm, look)

    sign_in(neighbour, scene.neighbour.user.login, secret=scene.neighbour.secret)
    everything_is_hidden_from(neighbour, certificate)


# --- SDM --------------------------------------------------------------------


def import_roster(page: Page, look) -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Personel")
        for number, row in enumerate(ROSTER):
            sheet.write_row(number, 0, row)
    page.goto("/sdm/personel/impor/")
    look(page, "impor")
    page.get_by_label("Berkas").set_input_files(
        {"name": "roster.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    )
    page.get_by_role("button", name="Periksa berkas").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa, lalu terapkan")
    for _number, name, *_rest in ROSTER[1:]:
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    assert not Officer.objects.filter(number=NRP).exists()
    look(page, "impor-pratinjau")
    page.get_by_role("button", name="Terapkan berkas ini").click()

    expect(page.get_by_text("roster.xlsx sudah diterapkan.")).to_be_visible()
    look(page, "impor-selesai")
    page.get_by_role("link", name="Lihat daftar").click()
    expect(page.get_by_role("link", name=IN_LISTS)).to_be_visible()
    look(page, "personel")


def assign_c1_to_the_polsek(page: Page, look) -> None:
    page.goto("/sdm/penugasan/baru/")
    look(page, "penugasan-1-siapa")
    page.get_by_label("Satuan", exact=True).select_option(label=POLSEK)
    page.get_by_role("button", name="Lanjut").click()

    look(page, "penugasan-2-apa")
    page.get_by_label("Pelatihan", exact=True).select_option(label="C1 Etika Pelayanan Publik")
    page.get_by_label(re.compile("^Tanggal")).fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.get_by_label("Nomor Sprin/ST").fill("Sprin/118/XI/DIK.2.6./2026")
    page.get_by_label("Penerbit perintah").fill("Kapolresta Contoh")
    page.get_by_label("Alasan").fill("Quick Wins Presisi triwulan IV")
    page.get_by_role("button", name="Lanjut").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("3 personel di 1 satuan akan ditugaskan")
    expect(page.get_by_text(IN_LISTS)).to_be_visible()
    assert not Assignment.objects.exists()
    look(page, "penugasan-3-periksa")
    page.get_by_role("button", name="Tugaskan 3 personel").click()

    expect(page.get_by_text("berlaku mulai sekarang")).to_be_visible()
    look(page, "penugasan")
    page.goto("/sdm/penugasan/")
    look(page, "penugasan-daftar")


def print_slips(page: Page, look) -> str:
    """Print the slips of the polsek; return the code as it stands on the officer's slip."""
    page.goto("/sdm/slip/")
    look(page, "slip")
    page.get_by_label("Satuan dan jajarannya").select_option(
        value=str(Officer.objects.get(number=NRP).postings.get().unit_id)
    )
    page.get_by_role("button", name="Terbitkan dan cetak").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("3 slip siap dicetak")
    look(page, "slip-cetak")
    slip = page.get_by_role("article").filter(has_text=NAME).inner_text()
    return re.search(r"\b\w{4}-\w{4}-\w{4}\b", slip).group()


def names_to_chase(page: Page, look) -> set[str]:
    page.goto("/sdm/penagihan/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("personel lewat batas waktu")
    look(page, f"penagihan-{Certificate.objects.count()}-selesai")
    return set(page.get_by_role("table").get_by_role("rowheader").all_inner_texts())


def compare_the_report_with_its_export(page: Page, look) -> None:
    page.goto("/sdm/penyelesaian/")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 dari 3 pelatihan wajib selesai, 33%")
    look(page, "penyelesaian")
    section = page.locator("section").filter(has=page.get_by_role("heading", name="Per satuan"))
    lines = [row.get_by_role("cell").all_inner_texts() for row in section.get_by_role("row").all()[1:]]
    names = section.get_by_role("rowheader").all_inner_texts()
    on_paper = exported(page, section.get_by_role("link", name="XLSX"))

    assert [row["Satuan"] for row in on_paper] == names[:-1]
    figures = ["Ditugaskan", "Selesai", "Lewat batas waktu", "Belum selesai", "Persen selesai"]
    assert [[*(str(row[name]) for name in figures[:-1]), f"{row[figures[-1]]:.0%}"] for row in on_paper] == lines[:-1]
    assert ["3", "1", "2", "0", "33%"] in lines
    section.get_by_role("link", name="3", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 dari 3 selesai")
    look(page, "penyelesaian-nama")
    shown = page.get_by_role("table").get_by_role("rowheader").all_inner_texts()
    listed = exported(page, page.get_by_role("link", name="XLSX"))
    assert [f"{row['Pangkat']} {row['Nama']}" for row in listed] == shown
    page.get_by_role("link", name=IN_LISTS).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_LISTS)
    look(page, "riwayat-belajar")
    page.goto("/sdm/sertifikat/")
    look(page, "sertifikat-register")
    page.get_by_role("link", name=IN_LISTS).click()
    look(page, "sertifikat-sdm")
    page.goto("/sdm/")
    look(page, "sdm")


# --- the officer ------------------------------------------------------------


def activate(page: Page, code: str, look) -> None:
    page.goto("/")
    look(page, "selamat-datang")
    page.get_by_role("link", name="Aktifkan akun").click()
    look(page, "aktivasi")
    page.get_by_label("NRP/NIP").fill(NRP)
    page.get_by_label("Kode pada slip").fill(code)
    page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    page.get_by_role("button", name="Aktifkan dan masuk").click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    # The slip opened the account once; from now on it is the password that signs in.
    page.get_by_role("button", name="Keluar").click()
    sign_in(page, NRP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mulai: Etika Pelayanan Publik")
    look(page, "beranda")


def sit_the_pretest(page: Page, look) -> None:
    page.get_by_role("button", name="Mulai belajar").click()
    look(page, "pretes")
    page.get_by_role("button", name="Mulai").click()
    sit(page, rightly=True, look=look, name="pretes")
    expect(page.get_by_text("Pre-tes selesai")).to_be_visible()
    page.get_by_role("link", name="Lanjut", exact=True).click()


def read_every_lesson(page: Page, look) -> None:
    for number in range(1, 6):
        look(page, f"materi-{number}")
        page.get_by_role("button", name="Tandai selesai dan lanjut").click()
    page.get_by_role("link", name="Etika Pelayanan Publik").click()
    look(page, "pelatihan")
    page.get_by_role("link", name=re.compile("^Lanjutkan")).click()


def fail_once(page: Page, look) -> None:
    look(page, "postes")
    page.get_by_role("button", name="Mulai").click()
    sit(page, rightly=False, look=look, name="postes-gagal")
    expect(page.get_by_text("Belum lulus")).to_be_visible()
    expect(page.get_by_role("heading", name="Topik untuk dibaca ulang")).to_be_visible()
    expect(page.get_by_text("Sisa percobaan: 2 dari 3.")).to_be_visible()


def pass_the_second_time(page: Page, look) -> None:
    page.get_by_role("button", name="Coba lagi").click()
    sit(page, rightly=True, look=look, name="postes-lulus")
    expect(page.get_by_text("Lulus", exact=True)).to_be_visible()


def download_certificate(page: Page, look) -> bytes:
    page.get_by_role("link", name="Lihat sertifikat").click()
    expect(page.get_by_role("heading", name="Etika Pelayanan Publik")).to_be_visible()
    look(page, "sertifikat")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh sertifikat").click()
    content = Path(download.value.path()).read_bytes()
    page.goto("/")
    look(page, "beranda-selesai")
    return content


# --- others -----------------------------------------------------------------


def verify_as_anybody(page: Page, certificate: Certificate, look) -> None:
    page.goto("/verifikasi/")
    look(page, "verifikasi")
    page.get_by_label("Kode verifikasi").fill(certificate.shown_id.replace("-", " ").lower())
    page.get_by_role("button", name="Periksa kode").click()

    expect(page).to_have_url(re.compile(f"/verifikasi/{certificate.shown_id}/$"))
    for fact in ("Berlaku", NAME, certificate.number):
        expect(page.get_by_text(fact).first).to_be_visible()
    assert NRP not in page.get_by_role("main").inner_text()
    look(page, "verifikasi-sertifikat")


def everything_is_hidden_from(page: Page, certificate: Certificate) -> None:
    officer = Officer.objects.get(number=NRP)
    assignment = Assignment.objects.get()
    for path in (
        f"/sdm/personel/{officer.uuid}/",
        f"/sdm/personel/{officer.uuid}/pelatihan/",
        f"/sdm/penugasan/{assignment.uuid}/",
        f"/sdm/penugasan/{assignment.uuid}/unduh.xlsx",
        f"/sdm/sertifikat/{certificate.shown_id}/",
        f"/sertifikat/{certificate.shown_id}.pdf",
        "/sdm/penagihan/?satuan=SEK-1",
        "/sdm/penagihan/unduh.xlsx?satuan=SEK-1",
        "/sdm/penyelesaian/?satuan=SEK-1",
        "/sdm/penyelesaian/satuan.xlsx?satuan=SEK-1",
    ):
        assert page.goto(path).status == 404, path
    for path in ("/sdm/personel/", "/sdm/penagihan/", "/sdm/penyelesaian/nama/", "/sdm/sertifikat/"):
        assert page.goto(path).ok
        assert "Simanungkalit" not in page.get_by_role("main").inner_text()
