"""Tables in and out: uploaded XLSX and CSV files to rows of text, rows to XLSX and CSV downloads.

An uploaded file is only ever opened by foundation/spreadsheet_reader.py in a limited process of its own.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from defusedcsv import csv
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from . import spreadsheet_reader as reader

WALL_SECONDS = 30
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_MAXIMUM_ROWS = 1_048_575
NARROWEST, WIDEST = 8, 60


class SpreadsheetRefused(Exception):
    """An uploaded table is not read; the message tells the person what to do."""


def read_rows(file: IO[bytes], *, name: str) -> list[list[str]]:
    """Return the first sheet of an XLSX, or a CSV, as rows of stripped text; ``name`` is only for messages.

    Rows stand where Excel numbers them (index 0 is row 1), all equally wide; the type is judged by content.
    Whole numbers have no ``.0``, dates are ISO, a number beyond 15 digits keeps its exponent, because its
    end is lost. Raises SpreadsheetRefused: 20 MB, 50 MB unpacked, 20.000 rows and a header, 200 columns.
    """
    return _opened(file, name=name)["rows"]


def read_sheets(file: IO[bytes], *, name: str, sheets: Sequence[str]) -> dict[str, list[list[str]]]:
    """Return those of the named sheets that an XLSX has, each as ``read_rows`` returns the first one.

    The names are ours, never a person's. Raises SpreadsheetRefused, for a CSV too.
    """
    return _opened(file, name=name, sheets=sheets)["sheets"]


def _opened(file: IO[bytes], *, name: str, sheets: Sequence[str] = ()) -> dict[str, Any]:
    content = file.read(reader.MAXIMUM_BYTES + 1)
    if len(content) > reader.MAXIMUM_BYTES:
        raise SpreadsheetRefused(f"“{name}” lebih besar dari 20 MB. Bagi menjadi beberapa berkas.")
    if not content.strip(b"\0\r\n\t "):
        raise SpreadsheetRefused(f"“{name}”: {reader.EMPTY}")
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no argument from outside)
            [sys.executable, "-I", str(Path(reader.__file__)), *sheets],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SpreadsheetRefused(f"“{name}”: {reader.TOO_BIG}") from None
    if done.returncode < 0:
        # Killed by a limit: out of memory aborts the parser, out of time ends it.
        raise SpreadsheetRefused(f"“{name}”: {reader.TOO_BIG}")
    if done.returncode:
        raise SpreadsheetRefused(f"“{name}”: {reader.BROKEN}")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise SpreadsheetRefused(f"“{name}”: {answer['refused']}")
    return answer


# --- out --------------------------------------------------------------------


@dataclass(frozen=True)
class Percent:
    """A share 0..100 that a sheet shows and calculates as a percentage."""

    value: int | float | Decimal


Cell = str | int | float | Decimal | date | datetime | bool | Percent | None


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, about: Mapping[str, str] | None = None
) -> FileResponse:
    """Return ``rows`` as a download. Text stays text (give NRP as str), numbers, dates and Percent are typed.

    A datetime is written as the wall clock of its own zone: bring it into the unit's zone first.
    ``about`` (what the rows are: filter, time of the data, author) becomes a second sheet.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_xlsx(file, header, rows, about=about)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX_TYPE)


SheetRows = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]


def workbook_response(
    filename: str, sheets: Iterable[SheetRows], *, about: Mapping[str, str] | None = None
) -> FileResponse:
    """Return several sheets (name, header, rows) as one download; cells as in ``xlsx_response``."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_workbook(file, sheets, about=about)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX_TYPE)


def write_xlsx(
    target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, about: Mapping[str, str] | None = None
) -> int:
    """Write a workbook in constant memory; return the count of rows. Raises ValueError beyond Excel's limit."""
    return write_workbook(target, [("Data", header, rows)], about=about)


def write_workbook(target: IO[bytes], sheets: Iterable[SheetRows], *, about: Mapping[str, str] | None = None) -> int:
    """Write ``sheets`` one after the other in constant memory; return the count of all rows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False}) as book:
        for name, header, rows in sheets:
            count += _write_sheet(book, name, header, rows)
        if about:
            _write_sheet(book, "Keterangan", ["Hal", "Isi"], about.items())
    return count


def _write_sheet(book: Any, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = _SheetWriter(book, name, header)
    for row in rows:
        writer.add(row)
    writer.finish()
    return writer.count


class _SheetWriter:
    def __init__(self, book: Any, name: str, header: Sequence[str]) -> None:
        self.sheet = book.add_worksheet(name)
        self.formats = {
            kind: book.add_format({"num_format": pattern})
            for kind, pattern in (("date", "dd/mm/yyyy"), ("moment", "dd/mm/yyyy hh:mm"), ("percent", "0.0%"))
        }
        self.widths = [len(title) + 2 for title in header]
        self.count = 0
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for column, title in enumerate(header):
            self.sheet.write_string(0, column, title, bold)
        self.sheet.freeze_panes(1, 0)

    def add(self, row: Sequence[Cell]) -> None:
        self.count += 1
        if self.count > XLSX_MAXIMUM_ROWS:
            raise ValueError("an Excel sheet ends at 1,048,576 rows")
        for column, value in enumerate(row):
            self._write(column, value)

    def _write(self, column: int, value: Cell) -> None:
        at = (self.count, column)
        width = 12
        if value is None:
            return
        if isinstance(value, bool):
            self.sheet.write_string(*at, "Ya" if value else "Tidak")
        elif isinstance(value, Percent):
            self.sheet.write_number(*at, float(value.value) / 100, self.formats["percent"])
        elif isinstance(value, int | float | Decimal):
            self.sheet.write_number(*at, value)
            width = len(str(value)) + 2
        elif isinstance(value, datetime):
            self.sheet.write_datetime(*at, value.replace(tzinfo=None), self.formats["moment"])
            width = 16
        elif isinstance(value, date):
            self.sheet.write_datetime(*at, value, self.formats["date"])
        else:
            text = str(value)
            self.sheet.write_string(*at, text if len(text) <= reader.MAXIMUM_CELL else text[:32_766] + "…")
            width = len(text) + 1
        if column < len(self.widths) and width > self.widths[column]:
            self.widths[column] = width

    def finish(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, min(max(width, NARROWEST), WIDEST))
        if self.count and self.widths:
            self.sheet.autofilter(0, 0, self.count, len(self.widths) - 1)


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """Return ``rows`` as a CSV for Indonesian Excel (``;``, BOM, decimal comma), streamed as it is made.

    A CSV has no types: Excel reads an 18-digit NIP in it as a number, so people are offered XLSX first.
    """
    response = StreamingHttpResponse(csv_lines(header, rows), content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the byte order mark that Excel needs with the header, at once, and then the rows, 500 at a time."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_csv_text(title) for title in header])
    # Whoever waits for a nation sees that it comes.
    yield buffer.getvalue()
    remaining = iter(rows)
    while batch := list(islice(remaining, 500)):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([_csv_text(value) for value in row] for row in batch)
        yield buffer.getvalue()


# defusedcsv looks at the first character only; spreadsheets skip blanks and know the full-width signs too.
_HIDDEN_FORMULA = re.compile(r"[\s\x00-\x1f\u200b\ufeff]+[=+\-@|%＝＋－＠]|[＝＋－＠\t\r\n]")


def _csv_text(value: Cell) -> str | int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, Percent):
        return f"{_csv_number(value.value)}%"
    if isinstance(value, float | Decimal):
        return _csv_number(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if _HIDDEN_FORMULA.match(text) else text


def _csv_number(value: int | float | Decimal) -> str:
    return f"{Decimal(str(value)):f}".replace(".", ",")
