"""Every file, opened again: its rows are those of the table on the screen, in their order and with the same words."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine

from enrolments.jp import set_jp_target
from enrolments.services import follow_moves
from foundation.formats import date_medium, date_short, number
from foundation.models import AuditEvent
from programmes.models import Measure
from reports.files import FILES
from reports.lists import LISTS
from reports.recounting import recount_marked
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.programmes import ActivityFactory, IndicatorFactory
from tests.factories.quizzes import QuizVersionFactory, VersionQuestionFactory
from tests.reports.scenes import Polres, busy_polres
from tests.reports.test_effect import examined
from tests.reports.test_export_lists import _csv, _sheets
from tests.reports.test_readiness import sat

pytestmark = pytest.mark.once_on("sqlite")


@dataclass(frozen=True)
class Shown:
    """Where a file is shown: the page, the file without its ending, the beginning of the table's caption, and which
    columns of the file stand in a row of the screen, in the order of the screen."""

    page: str
    file: str
    caption: str
    columns: tuple[str, ...]
    turned: bool = False


COUNTED = ("Ditugaskan", "Selesai", "Lewat batas waktu", "Belum selesai", "Persen selesai")
WHO = ("Pangkat", "Nama")
QUICK_WINS = "/sdm/quick-wins/"
SHOWN = {
    "order": Shown(
        "/sdm/penugasan/{order}/",
        "/sdm/penugasan/{order}/unduh",
        "Personel di bawah",
        ("Nama", "Satuan", "Batas waktu", "Keadaan"),
    ),
    "path-order": Shown(
        "/sdm/penugasan/jalur/{path}/",
        "/sdm/penugasan/jalur/{path}/unduh",
        "Personel di bawah",
        ("Nama", "Satuan", "Selesai", "Dari", "Berikutnya", "Keadaan"),
    ),
    "chase": Shown(
        "/sdm/penagihan/",
        "/sdm/penagihan/unduh",
        "Personel yang lewat",
        (*WHO, "Pelatihan", "Loket layanan", "Lewat (hari)", "Batas waktu"),
    ),
    "names": Shown(
        "/sdm/penyelesaian/nama/",
        "/sdm/penyelesaian/nama/unduh",
        "Personel dan pelatihan",
        (*WHO, "Pelatihan", "Batas waktu", "Keadaan", "Selesai pada", "Nilai"),
    ),
    "units": Shown("/sdm/penyelesaian/", "/sdm/penyelesaian/satuan", "Penyelesaian per satuan", ("Satuan", *COUNTED)),
    "courses": Shown(
        "/sdm/penyelesaian/",
        "/sdm/penyelesaian/pelatihan",
        "Penyelesaian per pelatihan",
        ("Kode", "Pelatihan", *COUNTED),
    ),
    "trend": Shown(
        "/sdm/penyelesaian/target/",
        "/sdm/penyelesaian/target/unduh",
        "Penyelesaian dan target",
        (
            "Tanggal",
            "Persen selesai",
            "Target (%)",
            "Selesai",
            "Seharusnya selesai",
            "Ditugaskan",
            "Lewat batas waktu",
        ),
        # A line is drawn from old to new, a table read from the newest.
        turned=True,
    ),
    "effect": Shown(
        "/sdm/penyelesaian/dampak/",
        "/sdm/penyelesaian/dampak/unduh",
        "Nilai sebelum",
        (
            "Pelatihan",
            "Personel dengan kedua nilai",
            "Rata-rata pre-tes",
            "Rata-rata pos-tes",
            "Kenaikan",
            "Naik (personel)",
        ),
    ),
    "effect-names": Shown(
        "/sdm/penyelesaian/dampak/nama/",
        "/sdm/penyelesaian/dampak/nama/unduh",
        "Nilai sebelum",
        (*WHO, "Pelatihan", "Pre-tes", "Pos-tes", "Kenaikan"),
    ),
    "readiness": Shown(
        "/sdm/kesiapan/",
        "/sdm/kesiapan/unduh",
        "Jawaban benar",
        ("Topik", "Jawaban benar (%)", "Personel yang menjawab", "Materi untuk dibaca ulang"),
    ),
    "matrix": Shown(
        "/sdm/matriks/",
        "/sdm/matriks/unduh",
        "Keadaan setiap personel",
        (*WHO, "C1 Etika Pelayanan Publik", "C2 Komunikasi Efektif"),
    ),
    "expiring": Shown(
        "/sdm/kedaluwarsa/",
        "/sdm/kedaluwarsa/unduh",
        "Penyelesaian menurut",
        (*WHO, "Pelatihan", "Selesai pada", "Berlaku sampai"),
    ),
    "jp": Shown("/sdm/jp/", "/sdm/jp/unduh", "JP per personel", (*WHO, "JP", "Target JP", "Kurang JP")),
    "moves": Shown(
        "/sdm/penugasan/perubahan/",
        "/sdm/penugasan/perubahan/unduh",
        "Perubahan karena mutasi",
        ("Nama", "Dari", "Ke", "Sejak", "Pelatihan", "Perubahan", "Sebab"),
    ),
    "quick-wins": Shown(
        QUICK_WINS,
        f"{QUICK_WINS}unduh",
        "Kegiatan periode",
        ("Kode", "Kegiatan", "Bidang", *COUNTED, "Loket yang semua petugasnya selesai", "Loket terjangkau"),
    ),
    "quick-wins-targets": Shown(
        QUICK_WINS,
        f"{QUICK_WINS}target",
        "Target dan capaian",
        ("Indikator", "Kode", "Target", "Capaian", "Hasil"),
    ),
    "quick-wins-units": Shown(QUICK_WINS, f"{QUICK_WINS}satuan", "Periode ini per satuan", ("Satuan", *COUNTED)),
    "quick-wins-counters": Shown(
        f"{QUICK_WINS}{{period}}/loket/",
        f"{QUICK_WINS}loket",
        "Loket layanan",
        ("Satuan", "Loket", "Petugas", "Ditugaskan", "Selesai"),
    ),
    "quick-wins-names": Shown(
        f"{QUICK_WINS}{{period}}/nama/",
        f"{QUICK_WINS}nama/unduh",
        "Personel, masing-masing",
        (*WHO, "Satuan", "Loket", "Keadaan", "Pelatihan selesai", "Pelatihan diminta"),
    ),
}


@pytest.fixture(scope="module")
def full(for_the_module) -> tuple[Polres, dict[str, object]]:
    """A Polres with something behind every report, and what stands in the addresses of its pages."""
    with time_machine.travel(NOON, tick=False):
        here = busy_polres()
        return here, _fill(here)


@pytest.fixture
def here(db, full, at_noon, settings) -> Polres:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return full[0]


@pytest.fixture
def places(full) -> dict[str, object]:
    return full[1]


def _fill(here: Polres) -> dict[str, object]:
    before = NOON - timedelta(days=5)
    for place in range(6):
        examined(here, f"Peserta {place}", here.satlantas, 40 + place, 80)
    yearly = published_course(course=CourseFactory(code="C7", slug="c7"), lessons=1, validity_months=12)
    for name, days in (("Andi", 350), ("Budi", 340)):
        completed(here.officers[name], yearly, at=NOON - timedelta(days=days))
    quiz = QuizVersionFactory(course=here.komunikasi, questions=0, draw_count=2)
    for topic in ("tarif-resmi", "asas-pelayanan"):
        VersionQuestionFactory(version=quiz, topic=topic)
    for place in range(6):
        sat(here.officer(f"Petugas {place}", here.satlantas, "sim"), quiz, "1" if place < 2 else "0", "1")
    set_jp_target(first_year=2026, rank_group="", jp=Decimal(40), basis="Perkap Uji", actor=here.sdm, at=before)
    activity = ActivityFactory(code="P3.2")
    IndicatorFactory(activity=activity, target=30)
    IndicatorFactory(activity=activity, measure=Measure.COUNTERS, target=50)
    order = assigned(here.komunikasi, here.satlantas, actor=here.sdm, activity=activity, at=before)
    completed(here.officers["Budi"], here.komunikasi, at=before + timedelta(days=1), grade=90)
    path = path_assigned(published_path(step(here.etika), step(here.komunikasi)), here.unit, actor=here.sdm)
    assigned(here.etika, here.satlantas, actor=here.sdm, follows=True, at=before)
    move(here.officer("Gita", here.polsek), here.satlantas, at=before + timedelta(hours=1))
    follow_moves(at=before + timedelta(hours=2))
    return {"order": order.uuid, "path": path.uuid, "period": activity.period_id}


def test_every_file_is_compared(db):
    # Those of the rooms below are compared in tests/elearning/test_long_lists.py.
    assert set(SHOWN) == set(FILES) - set(LISTS)


def lines_of(page: str, caption: str) -> list[str]:
    """The rows of the table, each as the words that stand in it; the sum under it is left out."""
    table = next(
        table
        for table in re.findall(r"<table.*?</table>", page, re.S)
        if unescape(re.search(r"<caption[^>]*>(.*?)</caption>", table, re.S)[1]).strip().startswith(caption)
    )
    rows = re.findall(r"<tr.*?</tr>", re.search(r"<tbody>.*</tbody>", table, re.S)[0], re.S)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    return [line for line in words if not line.startswith("Jumlah ")]


def looks(cell: str) -> str:
    """How a cell of a CSV looks on a screen, as an expression."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        day = date.fromisoformat(cell)
        ways = [date_medium(day), date_short(day), *(["Sekarang"] if day == NOON.date() else [])]
        return f"(?:{'|'.join(map(re.escape, ways))})"
    if re.fullmatch(r"-?\d+(,\d+)?%?", cell):
        figure = number(Decimal(cell.rstrip("%").replace(",", ".")))
        return rf"(?<![\d.,]){re.escape(figure)}(?:,0)?(?![\d,]){'%' if cell.endswith('%') else ''}"
    return re.escape(" ".join(cell.split()))


@pytest.mark.parametrize("key", SHOWN)
def test_its_rows_are_those_of_the_screen(as_sdm, here, places, key):
    shown = SHOWN[key]
    page = as_sdm.get(shown.page.format(**places)).content.decode()
    assert f'href="{shown.file.format(**places)}.pdf' in page

    header, *rows = _csv(as_sdm.get(f"{shown.file.format(**places)}.csv"))

    lines = lines_of(page, shown.caption)
    assert len(rows) == len(lines) > 0
    for row, line in zip(reversed(rows) if shown.turned else rows, lines, strict=True):
        cells = [row[header.index(column)] for column in shown.columns]
        assert re.search(".*?".join(looks(cell) for cell in cells if cell), line), (cells, line)


@pytest.mark.parametrize("key", SHOWN)
def test_the_xlsx_holds_the_cells_of_the_csv_also_once_the_units_are_counted(as_sdm, here, places, key):
    file = SHOWN[key].file.format(**places)
    csv_header, *csv_rows = _csv(as_sdm.get(f"{file}.csv"))

    recount_marked(at=NOON)
    header, *rows = _sheets(as_sdm.get(f"{file}.xlsx"))["Data"]

    assert rows
    assert AuditEvent.objects.filter(verb="report.exported", detail__rows=len(rows)).count() == 2
    assert header == csv_header
    assert [[typed(cell) for cell in row] for row in rows] == [[typed(cell) for cell in row] for row in csv_rows]


def typed(cell: object) -> object:
    """A cell of either kind as one value."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, str) and re.fullmatch(r"-?\d+(,\d+)?%?", cell):
        figure = Decimal(cell.rstrip("%").replace(",", "."))
        return figure / 100 if cell.endswith("%") else figure
    return Decimal(str(cell)) if isinstance(cell, int | float) else cell
