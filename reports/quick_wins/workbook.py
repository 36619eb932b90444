"""The tables of a period: of a report handed up as sheets of one XLSX, live each as a file of its own."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse
from django.utils.text import slugify

from foundation.formats import date_range
from foundation.spreadsheets import Cell, Percent, SheetRows, workbook_response
from programmes.models import Measure
from reports.models import ReportCounter, ReportName

from .behind import counters_reached, unit_lines
from .figures import Board, CounterLine, Line, Reach
from .sheet import STATE_LABELS, Sheet, amount_words, names_of, target_words

FIGURES = (
    "Ditugaskan",
    "Selesai",
    "Lewat batas waktu",
    "Belum selesai",
    "Persen selesai",
)
LINES = (
    "Kode",
    "Kegiatan",
    "Bidang",
    *FIGURES,
    "Rata-rata pre-tes",
    "Rata-rata pos-tes",
    "Loket terjangkau",
    "Loket yang semua petugasnya selesai",
)
TARGETS = ("Kode", "Kegiatan", "Indikator", "Target", "Capaian", "Hasil")
COUNTERS = ("Kode", "Satuan", "Loket", "Petugas", "Ditugaskan", "Selesai", "Lengkap")
NAMES = (
    "Kode",
    "NRP/NIP",
    "Pangkat",
    "Nama",
    "Jabatan",
    "Satuan",
    "Loket",
    "Pelatihan diminta",
    "Pelatihan selesai",
    "Keadaan",
    "Pre-tes",
    "Pos-tes",
)
UNITS = ("Satuan", *FIGURES)
WHOLE = "Seluruh periode"
MET = {True: "Tercapai", False: "Belum tercapai", None: "Belum ada data"}
Rows = list[Sequence[Cell]]


def sheets_of(sheet: Sheet) -> list[SheetRows]:
    return [
        ("Capaian", LINES, map(_line, sheet.lines)),
        ("Target", TARGETS, _targets(sheet.lines)),
        ("Satuan", UNITS, ([unit, *_parts(parts)] for unit, parts in sheet.units)),
        ("Loket", COUNTERS, _counters(sheet)),
        ("Nama", NAMES, _names(sheet)),
    ]


# --- live: what the pages of a running period show, in their order ------------


def lines_table(board: Board) -> tuple[Sequence[str], Rows]:
    whole, *activities = board.lines()
    return LINES, [_line(line) for line in [*activities, whole]]


def targets_table(board: Board) -> tuple[Sequence[str], Rows]:
    return TARGETS, list(_targets(board.lines()))


def units_table(board: Board) -> tuple[Sequence[str], Rows]:
    return UNITS, [[line.label, *_parts(line.figures)] for line in unit_lines(board)]


def counters_table(reach: Reach) -> tuple[Sequence[str], Rows]:
    return COUNTERS[1:], [_counter(line) for line in counters_reached(reach)]


def names_table(reach: Reach, state: str) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    return NAMES[1:], map(_name, names_of(reach, reach.postings(state)))


# --- rows -------------------------------------------------------------------


def _line(line: Line) -> Sequence[Cell]:
    figures = line.figures
    return [
        line.code or WHOLE,
        line.name,
        line.field,
        *_parts(figures.officers),
        figures.mean_before,
        figures.mean_after,
        figures.counters,
        figures.certified,
    ]


def _parts(parts) -> list[Cell]:
    return [parts.total, parts.done, parts.overdue, parts.open, Percent(parts.percent) if parts.total else None]


def _targets(lines: Iterable[Line]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        for target in line.targets:
            value = amount_words(target.measure, target.value)
            yield [line.code, line.name, Measure(target.measure).label, target_words(target), value, MET[target.met]]


def _counters(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    for line in sheet.lines:
        for counter in sheet.counters_of(line.activity):
            yield [line.code or WHOLE, *_counter(counter)]


def _counter(counter: ReportCounter | CounterLine) -> list[Cell]:
    return [
        counter.unit_name,
        counter.function_name,
        counter.people,
        counter.asked,
        counter.done,
        counter.people == counter.done,
    ]


def _names(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    for line in sheet.lines:
        for name in sheet.names(line.activity):
            yield [line.code or WHOLE, *_name(name)]


def _name(name: ReportName) -> list[Cell]:
    return [
        name.number,
        name.rank,
        name.full_name,
        name.post,
        name.unit_name,
        ", ".join(name.functions),
        name.asked,
        name.finished,
        STATE_LABELS[name.state],
        name.mean_before,
        name.mean_after,
    ]


def download(sheet: Sheet, *, about: dict[str, str], suffix: str = "") -> FileResponse:
    """Answer with the workbook; ``about`` adds to what every one says of itself."""
    notes = {
        "Laporan": f"{sheet.programme}, {sheet.period}",
        "Periode": date_range(sheet.starts_on, sheet.ends_on),
        "Satuan": sheet.unit,
        "Data per": sheet.data_words,
        **{f"Dasar {place}": ", ".join(order) for place, order in enumerate(sheet.basis, start=1)},
        **about,
    }
    name = slugify(f"{sheet.programme} {sheet.period} {sheet.unit}")[:100]
    return workbook_response(f"{name}{suffix}.xlsx", sheets_of(sheet), about={k: v for k, v in notes.items() if v})
