"""Which column of a file means what: header names are matched with the many names that units use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import CharField, Model

from foundation.formats import MONTHS

from ..exceptions import ImportRefused

HEADER_WITHIN = 15


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be applied and what to do; ``row`` as the spreadsheet numbers it."""

    row: int
    column: str
    value: str
    message: str

    def as_dict(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Cells:
    """One row: the text of each known column, and the columns' titles as the file writes them."""

    row: int
    values: Mapping[str, str]
    titles: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def problem(self, column: str, message: str) -> Problem:
        return Problem(self.row, self.titles.get(column, column), self[column], message)


@dataclass(frozen=True)
class PlannedRow:
    """What a row will do, in words for the preview."""

    row: int
    number: str
    name: str
    does: str


def longest(model: type[Model], column: str) -> int:
    """How many characters the column holds."""
    field = model._meta.get_field(column)
    assert isinstance(field, CharField)  # noqa: S101 (a programming error, not a person's)
    return field.max_length or 0


def plain(text: str) -> str:
    """Text for comparing: no case, no punctuation, single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def parse_day(text: str) -> date:
    """Read 2026-11-21, 21/11/2026, 21-11-2026, 21.11.2026 or 21 November 2026. Raises ValueError with a sentence."""
    words = text.split()
    if len(words) == 3:
        months = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}
        parts = [words[2], str(months.get(words[1][:3].casefold(), "")), words[0]]
    else:
        parts = re.split(r"[-/.]", words[0]) if words else []
        if len(parts) == 3 and len(parts[0]) != 4:
            parts.reverse()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Tanggal “{text}” tidak terbaca. Tulis hari/bulan/tahun, misalnya 21/11/2026.")


def read_cells(
    rows: Sequence[Sequence[str]],
    *,
    aliases: Mapping[str, Sequence[str]],
    required: Sequence[tuple[Sequence[str], str]],
) -> list[Cells]:
    """Find the header, then return the filled rows below it.

    ``aliases`` maps a column to its names; ``required`` lists (columns of which one must be there, its
    label). Raises ImportRefused when no header is found, a column is missing or stands twice.
    """
    known = {plain(name): column for column, names in aliases.items() for name in names}
    at = _header_row(rows, known)
    places: dict[str, int] = {}
    for place, title in enumerate(rows[at]):
        column = known.get(plain(title))
        if column in places:
            raise ImportRefused(f"Kolom “{title}” muncul dua kali di baris {at + 1}. Hapus salah satunya.")
        if column:
            places[column] = place
    missing = [label for columns, label in required if not any(column in places for column in columns)]
    if missing:
        raise ImportRefused(
            f"Baris judul (baris {at + 1}) tidak memuat kolom {', '.join(missing)}. "
            "Tambahkan kolomnya, atau pakai berkas templat."
        )
    titles = {column: rows[at][place].strip() for column, place in places.items()}
    return list(_filled(rows, at, places, titles))


def _header_row(rows: Sequence[Sequence[str]], known: Mapping[str, str]) -> int:
    """The row among the first that names most known columns: files carry titles above their header."""
    counts = [sum(plain(title) in known for title in row) for row in rows[:HEADER_WITHIN]]
    if not counts or max(counts) < 2:
        raise ImportRefused(
            "Baris judul tidak ditemukan. Baris pertama harus berisi nama kolom, "
            "misalnya NRP/NIP, Nama, Pangkat, Satuan."
        )
    return counts.index(max(counts))


def _filled(
    rows: Sequence[Sequence[str]], at: int, places: Mapping[str, int], titles: Mapping[str, str]
) -> Iterator[Cells]:
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        values = {column: " ".join(row[place].split()) for column, place in places.items() if place < len(row)}
        if any(values.values()):
            yield Cells(number, values, titles)
