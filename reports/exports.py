"""What the screens show, as rows for files: the same query, every page of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import QuerySet

from enrolments.models import STATE_WORDS, Duty, DutyFigures
from foundation.formats import day_of
from foundation.spreadsheets import Cell, Percent

from .chase import days_late
from .completion import Completion
from .core import NO_COUNTER, Row, State, Wanted, read_all
from .past import says
from .scope import Scope

Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]

NAMES_HEADER = (
    "NRP/NIP",
    "Pangkat",
    "Nama",
    "Jabatan",
    "Satuan",
    "Loket layanan",
    "Kode",
    "Pelatihan",
    "Batas waktu",
    "Keadaan",
    "Lewat (hari)",
    "Nilai",
    "Selesai pada",
)
FIGURES_HEADER = ("Ditugaskan", "Selesai", "Lewat batas waktu", "Belum selesai", "Persen selesai")


def names_table(rows: QuerySet[Duty], scope: Scope) -> Table:
    """One line per duty, in the order of the list; days are those of the officer's unit."""
    return NAMES_HEADER, (_name_cells(row, scope) for row in read_all(rows, scope))


def _name_cells(row: Row, scope: Scope) -> Sequence[Cell]:
    posting = row.posting
    return [
        row.officer.number,
        posting.rank.short,
        row.officer.full_name,
        posting.post,
        posting.unit.name,
        ", ".join(function.name for function in posting.functions.all()),
        row.course.code,
        row.course.title,
        day_of(row.due_at, row.zone),
        STATE_WORDS[row.state],
        days_late(row, scope) if row.state == "overdue" else None,
        row.grade if row.done_at else None,
        day_of(row.done_at, row.zone) if row.done_at else None,
    ]


def units_table(completion: Completion) -> Table:
    """The units of the opened one with all figures, and the percentage of each course."""
    courses = [line.course for line in completion.courses]
    header = ("Satuan", *FIGURES_HEADER, *(f"{course.code} (% selesai)" for course in courses))

    def cells() -> Iterator[Sequence[Cell]]:
        for line in completion.lines:
            parts = (line.by_course.get(course.pk) for course in courses)
            yield [line.label, *_figures(line.figures), *(Percent(part.percent) if part else None for part in parts)]

    return header, cells()


def courses_table(completion: Completion) -> Table:
    rows = ([line.course.code, line.course.title, *_figures(line.figures)] for line in completion.courses)
    return ("Kode", "Pelatihan", *FIGURES_HEADER), rows


def _figures(figures: DutyFigures) -> Sequence[Cell]:
    return [
        figures.total,
        figures.done,
        figures.overdue,
        figures.open,
        Percent(figures.percent) if figures.total else None,
    ]


def unit_words(scope: Scope, wanted: Wanted) -> str:
    return wanted.unit.name if wanted.unit else ", ".join(root.name for root in scope.roots)


def filter_words(wanted: Wanted, more: Mapping[str, str]) -> dict[str, str]:
    """What the rows were narrowed by, beside the unit; ``more`` are answers that only one report knows."""
    lines = {
        "Hanya staf langsung": "Ya" if wanted.direct else "",
        "Pelatihan": str(wanted.course or ""),
        "Loket layanan": "tanpa loket" if wanted.function == NO_COUNTER else wanted.function,
        "Pangkat": wanted.rank.short if wanted.rank else "",
        "Quick Wins": str(wanted.activity or wanted.period or ""),
        "Keadaan": State(wanted.state).label if wanted.state else "",
        "Pencarian": wanted.search,
        "Perintah": wanted.order.order_number if wanted.order else "",
        **more,
    }
    return {name: text for name, text in lines.items() if text}


def about(scope: Scope, wanted: Wanted, report: str, more: Mapping[str, str], *, as_of: str) -> dict[str, str]:
    """What a sheet says of itself: which rows, as of when, and who took them."""
    return {
        "Laporan": report,
        "Satuan": unit_words(scope, wanted),
        **filter_words(wanted, more),
        scope.axis_words: as_of,
        **{f"Catatan {place}": sentence for place, sentence in enumerate(says(scope), start=1)},
        "Diunduh oleh": scope.actor.name,
    }
