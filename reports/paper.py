"""How a table stands on A4: what may be printed at all, its cells in words, and how wide each column is.

Widths are reckoned here: setting a table whose cells the press must all measure first takes twice as long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from certificates.rendering.glyphs import width as width_of
from foundation.formats import date_short, number
from foundation.spreadsheets import Cell, Percent

from .exceptions import FileRefused
from .labels import hyphenated

# Half of what takes 35 s and 750 MB of the press's 1 GiB (certificates/rendering/pdf_process.py).
MOST_ROWS = 1000
INSTEAD = "Ambil XLSX atau CSV, yang memuat semuanya, atau persempit saringannya."
# Points: what the margins of document.css leave, and the air beside every column.
UPRIGHT, WIDE, AIR = 493.0, 751.0, 8.0
# The sheets in the order in which they are tried: lying or not, size of the letters in points.
SHEETS = ((False, 9.0), (False, 8.0), (True, 8.5), (True, 7.5), (True, 7.0))
# Ems, the size of the letters: a usual word; a word that is never broken, as a NIP; a line after which a cell wraps.
NARROWEST, LONGEST_WORD, LONGEST_LINE = 3.8, 12.0, 18.0
# Figures of one width, as columns of numbers have them, are a little wider.
LEEWAY = 0.3


@dataclass(frozen=True)
class Column:
    """``share`` of the width in percent; numbers stand on the right."""

    head: str
    share: float
    is_number: bool


@dataclass(frozen=True)
class Paper:
    """``size`` of the letters in points; ``rows`` in words."""

    lying: bool
    size: float
    columns: list[Column]
    rows: list[list[str]]

    @property
    def lines(self) -> Iterator[list[tuple[str, bool]]]:
        """Each row as (words, whether they are a number) per column."""
        numbers = [column.is_number for column in self.columns]
        return (list(zip(row, numbers, strict=True)) for row in self.rows)


def why_not(header: Sequence[str], count: int) -> str:
    """A sentence about a table of ``count`` rows that is too long or too wide to be read on paper; empty for others."""
    if count > MOST_ROWS:
        return f"PDF memuat paling banyak {number(MOST_ROWS)} baris, laporan ini {number(count)} baris."
    lying, size = SHEETS[-1]
    if sum(_head_needs(title) for title in header) > _room(lying, size, len(header)):
        return f"Tabel dengan {len(header)} kolom tidak terbaca pada selembar A4."
    return ""


def check(header: Sequence[str], count: int) -> None:
    """Raises FileRefused for what no paper holds."""
    if why := why_not(header, count):
        raise FileRefused(f"{why} {INSTEAD}")


def laid_out(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Paper:
    """The smallest sheet and the largest letters with which the table is easily read. Raises FileRefused."""
    check(header, len(rows))
    numbers = [_is_number([row[place] for row in rows]) for place in range(len(header))]
    words = [[_words(value) for value in row] for row in rows]
    needs = [_needs(title, [row[place] for row in words]) for place, title in enumerate(header)]
    wishes = [_wishes(needs[place], title, [row[place] for row in words]) for place, title in enumerate(header)]
    easy = sum(max(need, wish * 0.6) for need, wish in zip(needs, wishes, strict=True))
    fitting = (sheet for sheet in SHEETS if easy <= _room(*sheet, len(header)))
    lying, size = next(fitting, SHEETS[-1])
    widths = _widths(needs, wishes, _room(lying, size, len(header)))
    whole = sum(widths) + len(widths) * AIR / size
    columns = [
        Column(_head(title, width), round(100 * (width + AIR / size) / whole, 3), is_number)
        for title, width, is_number in zip(header, widths, numbers, strict=True)
    ]
    return Paper(lying, size, columns, words)


def _room(lying: bool, size: float, columns: int) -> float:
    """Ems for the words of all columns."""
    return ((WIDE if lying else UPRIGHT) - AIR * columns) / size


def _head_needs(title: str) -> float:
    syllables = hyphenated(title).replace("\xad", "- ").split()
    return max(NARROWEST, *(width_of(syllable, weight=700) for syllable in syllables)) + LEEWAY


def _needs(title: str, cells: list[str]) -> float:
    """The width below which a word of the column is broken."""
    longest = max((width_of(word) for cell in cells for word in cell.split()), default=0)
    return max(_head_needs(title), min(longest + LEEWAY, LONGEST_WORD))


def _wishes(need: float, title: str, cells: list[str]) -> float:
    """The width in which hardly a cell wraps, and no word of the head."""
    head = max(width_of(word, weight=700) for word in title.split())
    return max(need, min(max([head, *map(width_of, cells)]) + LEEWAY, LONGEST_LINE))


def _head(title: str, width: float) -> str:
    """``title`` with soft hyphens in what is wider than its column; the others break between words."""
    return " ".join(hyphenated(word) if width_of(word, weight=700) > width else word for word in title.split())


def _widths(needs: list[float], wishes: list[float], room: float) -> list[float]:
    """What each column gets of ``room``: first what it needs, then what it wishes."""
    total, wished = sum(needs), sum(wishes)
    if wished <= room:
        return [wish * room / wished for wish in wishes]
    if total >= room:
        return [need * room / total for need in needs]
    part = (room - total) / (wished - total)
    return [need + part * (wish - need) for need, wish in zip(needs, wishes, strict=True)]


def _is_number(values: Sequence[Cell]) -> bool:
    """Whether a column is read as numbers; a word such as "terlalu sedikit" may stand between them."""
    return any(isinstance(value, int | float | Decimal | Percent) and not isinstance(value, bool) for value in values)


def _words(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, Percent):
        return f"{number(value.value)}%"
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H.%M}"
    return date_short(value) if isinstance(value, date) else str(value)
