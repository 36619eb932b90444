"""A file of trainings done elsewhere: each row is one to be recognised, or a problem with what to do about it.

Uploading, keeping and confirming are those of rosters (organisation/imports/uploads.py); confirming asks another
person for all rows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.files.base import File

from courses.models import Course
from foundation.formats import date_medium
from organisation.exceptions import ImportRefused
from organisation.imports.columns import Cells, PlannedRow, Problem, parse_day, plain, read_cells
from organisation.imports.uploads import APPLIERS, PLANNERS
from organisation.models import ImportKind, Officer
from organisation.numbers import officer_number

from .exceptions import EnrolmentError
from .permissions import officers_to_relieve
from .recognition import DOCUMENT_LENGTH, ORGANISER_LENGTH, Known, Past
from .services.documenting import kept_document
from .services.recognising import MOST_ROWS, ask_recognitions

ALIASES = {
    "number": ("NRP/NIP", "NRP NIP", "NRP atau NIP", "NRP", "NIP", "Nomor", "No NRP/NIP"),
    "course": ("Pelatihan", "Kode Pelatihan", "Kode", "Nama Pelatihan", "Judul Pelatihan"),
    "day": ("Tanggal Selesai", "Tanggal", "Tgl Selesai", "Tgl", "Selesai"),
    "organiser": ("Penyelenggara", "Lembaga", "Diselenggarakan Oleh"),
    "document_number": ("Nomor Dokumen", "No Dokumen", "Nomor Sertifikat", "No Sertifikat", "Nomor Sprin"),
    "jp": ("JP", "Jam Pelajaran", "Jumlah JP"),
}
REQUIRED = (
    (("number",), "NRP/NIP"),
    (("course",), "Pelatihan"),
    (("day",), "Tanggal Selesai"),
    (("organiser",), "Penyelenggara"),
    (("document_number",), "Nomor Dokumen"),
)
TEMPLATE_HEADER = ("NRP/NIP", "Pelatihan", "Tanggal Selesai", "Penyelenggara", "Nomor Dokumen", "JP")
MOST_JP = Decimal(999)


@dataclass
class RecognitionPlan:
    """What a file asks for, compared with what is recorded at one moment."""

    new: list[PlannedRow] = field(default_factory=list)
    rows: list[Past] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {"baru": len(self.rows), "bermasalah": len({problem.row for problem in self.problems})}

    @property
    def does_something(self) -> bool:
        return bool(self.rows)


def plan_recognitions(rows: Sequence[Sequence[str]], *, actor, at: datetime) -> RecognitionPlan:
    """Read a file against what is recorded; writes nothing. Raises ImportRefused without a usable header."""
    cells = read_cells(rows, aliases=ALIASES, required=REQUIRED)
    if not cells:
        raise ImportRefused("Berkas tidak memuat satu baris pun di bawah baris judul.")
    if len(cells) > MOST_ROWS:
        raise ImportRefused(
            f"Berkas memuat {len(cells)} baris; paling banyak {MOST_ROWS}. Bagi menjadi beberapa berkas."
        )
    return _Planner(cells, actor=actor, at=at).plan()


def import_recognitions(
    rows: Sequence[Sequence[str]], *, actor, at: datetime, document: File | None = None
) -> RecognitionPlan:
    """Ask for all rows of a file, which one scan may prove. Raises ImportRefused when any row or the scan is bad."""
    plan = plan_recognitions(rows, actor=actor, at=at)
    if plan.problems:
        raise ImportRefused(
            f"{plan.counts['bermasalah']} baris bermasalah, jadi belum ada yang diminta. Perbaiki, lalu unggah lagi.",
            plan.problems,
            plan.counts,
        )
    try:
        # About one person it is that person's.
        about = plan.rows[0].officer if len(plan.rows) == 1 else None
        with kept_document(document, officer=about, actor=actor, at=at) as kept:
            ask_recognitions(rows=plan.rows, actor=actor, at=at, document=kept)
    except EnrolmentError as refusal:
        raise ImportRefused(str(refusal))
    return plan


PLANNERS[ImportKind.RECOGNISED] = plan_recognitions
APPLIERS[ImportKind.RECOGNISED] = import_recognitions


class _Planner:
    def __init__(self, cells: Sequence[Cells], *, actor, at: datetime) -> None:
        self.cells, self.actor, self.at = cells, actor, at
        self.result = RecognitionPlan()
        self.courses: dict[str, Course] = {}
        for course in Course.objects.published().select_related("current_version"):
            for name in (course.code, course.title, str(course)):
                self.courses[plain(name)] = course
        self.seen: dict[tuple[int, int], int] = {}

    def plan(self) -> RecognitionPlan:
        numbers = {cells.row: number for cells in self.cells if (number := self._number(cells))}
        mine = officers_to_relieve(self.actor, at=self.at).filter(number__in=set(numbers.values()))
        officers = {officer.number: officer for officer in mine.select_related("user")}
        known = Known.about(officer.pk for officer in officers.values())
        for cells in self.cells:
            if cells.row in numbers:
                self._plan_row(cells, officers.get(numbers[cells.row]), known)
        self.result.problems.sort(key=lambda problem: problem.row)
        return self.result

    def _number(self, cells: Cells) -> str | None:
        try:
            return officer_number(cells["number"])[0]
        except ValueError as wrong:
            self._problem(cells, "number", str(wrong))
            return None

    def _plan_row(self, cells: Cells, officer: Officer | None, known: Known) -> None:
        before = len(self.result.problems)
        if officer is None:
            self._problem(cells, "number", "Tidak ada personel lain dengan nomor ini di satuan Anda. Periksa angkanya.")
        course = self.courses.get(plain(cells["course"]))
        if course is None:
            self._problem(cells, "course", "Pelatihan ini tidak ada di katalog. Tulis kodenya, misalnya C1.")
        day = self._day(cells)
        for column, words, longest in (
            ("organiser", "Penyelenggara", ORGANISER_LENGTH),
            ("document_number", "Nomor dokumen", DOCUMENT_LENGTH),
        ):
            if not cells[column]:
                self._problem(cells, column, f"{words} kosong. Isi seperti tertulis pada dokumennya.")
            elif len(cells[column]) > longest:
                self._problem(cells, column, f"{words} terlalu panjang, paling banyak {longest} huruf.")
        jp = self._jp(cells)
        if len(self.result.problems) > before or officer is None or course is None or day is None:
            return
        past = Past(officer, course, day, cells["organiser"], cells["document_number"], jp)
        if problem := known.problem(past, at=self.at):
            self._problem(cells, *problem)
        elif first := self.seen.get((officer.pk, course.pk)):
            self._problem(cells, "course", f"Orang dan pelatihan ini sudah ada di baris {first}. Simpan yang terbaru.")
        else:
            self.seen[officer.pk, course.pk] = cells.row
            self.result.rows.append(past)
            does = f"{course.code}, {date_medium(day)}, {past.organiser}"
            self.result.new.append(PlannedRow(cells.row, officer.number, officer.full_name, does))

    def _day(self, cells: Cells) -> date | None:
        try:
            return parse_day(cells["day"])
        except ValueError as wrong:
            self._problem(cells, "day", str(wrong))
            return None

    def _jp(self, cells: Cells) -> Decimal | None:
        if not cells["jp"]:
            return None
        try:
            jp = Decimal(cells["jp"].replace(",", "."))
        except InvalidOperation:
            jp = Decimal(-1)
        if not (jp.is_finite() and 0 <= jp <= MOST_JP):
            self._problem(cells, "jp", "JP harus angka, misalnya 4 atau 4,5. Kosongkan bila sama dengan pelatihan ini.")
            return None
        return round(jp, 1)

    def _problem(self, cells: Cells, column: str, message: str) -> None:
        self.result.problems.append(cells.problem(column, message))
