"""Officer × course: one line per officer, one column per course, each cell the state of that day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Course
from enrolments.models import STATE_WORDS
from foundation.paging import pieces
from foundation.spreadsheets import Cell as SheetCell
from organisation.models import Officer, Posting

from .core import Wanted, duty_rows, for_list, postings_wanted
from .core import read as read_duties
from .exports import Table
from .scope import Scope

CHUNK = 500
DONE = "done"
# Done without anybody asking for it; a word of its own, because no duty stands behind it.
BY_CHOICE = "by_choice"
# Done once, and over by that day: nobody asks for it again.
EXPIRED = "expired"
WORDS = {**STATE_WORDS, BY_CHOICE: "Selesai tanpa tugas", EXPIRED: "Kedaluwarsa"}


@dataclass(frozen=True)
class MatrixCell:
    """``state`` is a key of WORDS; empty where nothing is owed and nothing done."""

    course: Course
    state: str

    @property
    def words(self) -> str:
        return WORDS.get(self.state, "")

    @property
    def tag(self) -> str:
        """The state whose shape and colour are drawn."""
        return DONE if self.state == BY_CHOICE else self.state


@dataclass(frozen=True)
class MatrixRow:
    posting: Posting
    cells: list[MatrixCell]
    is_mine: bool

    @property
    def officer(self) -> Officer:
        return self.posting.officer

    @property
    def done(self) -> int:
        return sum(1 for cell in self.cells if cell.tag == DONE)


def courses_shown(scope: Scope, wanted: Wanted) -> list[Course]:
    """The columns: the course asked for, else every published one."""
    return [wanted.course] if wanted.course else [one for one in scope.courses.values() if one.is_published]


def officers_shown(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    """The lines: everybody posted there, also who owes nothing."""
    postings = scope.with_mine(postings_wanted(scope, wanted).select_related("officer", "rank", "unit"))
    return postings.order_by("unit__path", "rank__order", "officer__name", "officer__number", "pk")


def read(postings: Iterable[Any], courses: Sequence[Course], scope: Scope, wanted: Wanted) -> list[MatrixRow]:
    """The lines of ``postings`` in a fixed number of queries."""
    found = list(postings)
    officers = {posting.officer_id for posting in found}
    # Only these postings: among all of the scope's the database would begin with everybody.
    these = replace(scope, stand=scope.stand & Q(pk__in=[posting.pk for posting in found]))
    duties = duty_rows(these, Wanted(course=wanted.course))
    states = {
        (row.duty.officer_id, row.duty.course_id): row.state for row in read_duties(for_list(duties, scope), scope)
    }
    done = scope.moment.completions().filter(officer__in=officers, course__in=courses)
    # Of several rounds the one that still holds counts.
    holds: dict[tuple[int, int], bool] = {}
    for officer, course, ends_at in done.values_list("officer", "course", "expires_at"):
        holds[officer, course] = holds.get((officer, course), False) or not ends_at or ends_at > scope.at
    for cell, still in holds.items():
        # What is owed says its own state.
        if states.get(cell, DONE) == DONE:
            states[cell] = states.get(cell, BY_CHOICE) if still else EXPIRED
    return [
        MatrixRow(
            posting,
            [MatrixCell(course, states.get((posting.officer_id, course.pk), "")) for course in courses],
            posting.is_mine,
        )
        for posting in found
    ]


def matrix_table(scope: Scope, wanted: Wanted) -> Table:
    """Every line, read in pieces."""
    courses = courses_shown(scope, wanted)

    def cells() -> Iterator[Sequence[SheetCell]]:
        for piece in pieces(officers_shown(scope, wanted), CHUNK):
            for row in read(piece, courses, scope, wanted):
                posting = row.posting
                yield [
                    posting.officer.number,
                    posting.rank.short,
                    posting.officer.full_name,
                    posting.unit.name,
                    *(cell.words for cell in row.cells),
                ]

    return ("NRP/NIP", "Pangkat", "Nama", "Satuan", *(f"{course.code} {course.title}" for course in courses)), cells()
