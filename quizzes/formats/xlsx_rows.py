"""Rows of the template: cells by the name of their column, and what a cell of a known sort says."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .extras import whole
from .model import Unreadable
from .text import html_of, rich

HTML_CELL = re.compile(r"\s*<(?:p|ul|ol)>")
HEADER_WITHIN = 15


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def problem(self, column: str, sentence: str) -> Unreadable:
        return Unreadable(f"Kolom {self.titles[column]}: {sentence}", self.number)

    def at(self, column: str, read: Callable[[str], Any], text: str | None = None) -> Any:
        """What ``read`` makes of the cell, or of a text that stands in it; a fault names the column."""
        try:
            return read(self[column] if text is None else text)
        except Unreadable as problem:
            raise self.problem(column, str(problem)) from None


def filled_rows(
    sheet: Sequence[Sequence[str]], columns: Mapping[str, str], required: Sequence[str], name: str
) -> Iterator[Row]:
    """The filled rows below the header of a sheet."""
    if not sheet:
        return
    known = {title.casefold(): column for column, title in columns.items()}
    titles = [[known.get(cell.casefold(), "") for cell in row] for row in sheet[:HEADER_WITHIN]]
    at = next((at for at, row in enumerate(titles) if set(required) <= set(row)), None)
    if at is None:
        wanted = " dan ".join(f"“{columns[column]}”" for column in required)
        raise Unreadable(f"Lembar {name}: baris judul dengan kolom {wanted} tidak ditemukan. Pakai templatnya.")
    for number, row in enumerate(sheet[at + 1 :], start=at + 2):
        cells = {column: text for column, text in zip(titles[at], row, strict=False) if column}
        if any(text for column, text in cells.items() if column != "number"):
            yield Row(number, cells, columns)


def points_from(text: str) -> int:
    return whole(text, "poin")


def html_from(cell: str, notes: list[str]) -> str:
    return rich(cell, "html", notes) if HTML_CELL.match(cell) else html_of(cell)


def one_of(row: Row, column: str, choices, default) -> str:
    said = row[column].casefold()
    if not said:
        return default
    for choice in choices:
        if said in (choice.label.casefold(), choice.value):
            return choice.value
    raise row.problem(column, f"“{row[column][:40]}” tidak dikenal. Pilih salah satu: {', '.join(choices.labels)}.")
