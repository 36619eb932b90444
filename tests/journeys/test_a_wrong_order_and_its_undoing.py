"""SDM assigns, undoes a wrong order, assigns rightly, chases and exports; a head reminds by phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Course
from enrolments.models import Assignment, Duty, Notice
from organisation.models import Role
from tests.browser import DESK, PHONE
from tests.factories.courses import published_course, site_catalog
from tests.factories.organisation import OfficerFactory
from tests.journeys.scene import POLSEK
from tests.journeys.steps import arrive, exported
from tests.reports.scenes import staff

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def crew(scene):
    """Three of the polsek and two of the Polres itself."""
    site_catalog()
    return {
        name: OfficerFactory(name=name, posting__rank__short="Bripka", posting__unit=unit)
        for name, unit in [
            ("Dewi Lestari", scene.polsek),
            ("Eko Prasetyo", scene.polsek),
            ("Maria Magdalena Simanungkalit", scene.polsek),
            ("Yohanes Kaize", scene.polres),
            ("Nur Aini", scene.polres),
        ]
    }


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param({"viewport": PHONE, "has_touch": True, "is_mobile": True}, id="phone"),
        pytest.param({"viewport": DESK}, id="desk", marks=pytest.mark.once_on("postgresql")),
    ],
)
def test_a_wrong_order_is_undone_and_the_right_one_is_chased_to_its_end(visit, look, scene, crew, screen):
    course = published_course()
    sdm, officer = visit(**screen), visit(**screen)
    arrive(sdm, scene.sdm.user)

    order(sdm, look, unit="Polresta Contoh", number="Sprin/1/XI/2026", expects="6 personel di 2 satuan")
    assert Duty.objects.open().count() == 6
    arrive(officer, crew["Nur Aini"].user)
    officer.goto("/")
    expect(officer.get_by_role("main")).to_contain_text(course.title)

    undo(sdm, look, reason="Seharusnya hanya Polsek")
    assert not Duty.objects.open().exists()
    officer.goto("/")
    expect(officer.get_by_role("main")).not_to_contain_text(course.title)

    order(
        sdm,
        look,
        unit=POLSEK,
        number="Sprin/2/XI/2026",
        expects="2 personel di 1 satuan",
        but=crew["Eko Prasetyo"].number,
    )
    late = {"Bripka Dewi Lestari", "Bripka Maria Magdalena Simanungkalit"}
    # A week on the calendar would be a long test: the due date is moved into the past instead.
    Duty.objects.open().update(due_at=timezone.now() - timedelta(days=3))

    sdm.goto("/sdm/penagihan/")
    expect(sdm.get_by_role("heading", level=1)).to_have_text("2 personel lewat batas waktu")
    assert set(sdm.get_by_role("table").get_by_role("rowheader").all_inner_texts()) == late
    rows = exported(sdm, sdm.get_by_role("link", name="XLSX"))
    assert {f"{row['Pangkat']} {row['Nama']}" for row in rows} == late


def order(page: Page, look, *, unit: str, number: str, expects: str, but: str = "") -> None:
    """Assign in three steps; the last says ``expects`` before anything is stored."""
    before = Assignment.objects.count()
    page.goto("/sdm/penugasan/")
    page.get_by_role("link", name="Tugaskan pelatihan").click()
    page.get_by_label("Satuan", exact=True).select_option(label=unit)
    page.get_by_label("Kecuali personel (NRP/NIP)").fill(but)
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Pelatihan", exact=True).select_option(label=str(Course.objects.get()))
    page.get_by_label(re.compile("^Tanggal")).fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.get_by_label("Nomor Sprin/ST").fill(number)
    page.get_by_label("Penerbit perintah").fill("Kapolresta Contoh")
    page.get_by_label("Alasan").fill("Quick Wins Presisi triwulan IV")
    page.get_by_role("button", name="Lanjut").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(expects)
    assert Assignment.objects.count() == before
    look(page, f"periksa-{before}")
    page.get_by_role("button", name="Tugaskan").click()
    expect(page.get_by_text("berlaku mulai sekarang")).to_be_visible()
    look(page, f"berlaku-{before}")


def undo(page: Page, look, *, reason: str) -> None:
    page.get_by_role("link", name="Batalkan sebagai kekeliruan…").click()
    look(page, "batalkan")
    page.get_by_label("Alasan").fill(reason)
    page.get_by_role("button", name="Batalkan penugasan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dibatalkan")
    look(page, "dibatalkan")


def test_a_head_sees_who_is_late_and_reminds_them_from_the_phone(visit, look, scene, crew):
    course = published_course()
    late = crew["Dewi Lestari"]
    Duty.objects.create(
        officer=late,
        course=course,
        due_at=timezone.now() - timedelta(days=3),
        valid_from=timezone.now() - timedelta(days=30),
        recorded_at=timezone.now() - timedelta(days=30),
    )
    phone = visit(PHONE, has_touch=True, is_mobile=True)
    arrive(phone, staff(Role.HEAD, scene.polsek))

    phone.goto("/satuan/")
    expect(phone.get_by_text("1 lewat batas waktu")).to_be_visible()
    expect(phone.get_by_text("Dewi Lestari")).to_be_visible()
    look(phone, "satuan")
    phone.get_by_role("link", name="Ingatkan", exact=True).click()
    look(phone, "ingatkan")
    phone.get_by_role("button", name="Sudah saya kirim").click()

    expect(phone.get_by_text("melihat pengingatnya")).to_be_visible()
    assert Notice.objects.get().recipient == late.user
    reader = visit(PHONE, has_touch=True, is_mobile=True)
    arrive(reader, late.user)
    reader.goto("/pemberitahuan/")
    expect(reader.get_by_text(course.title).first).to_be_visible()
    look(reader, "pemberitahuan")
