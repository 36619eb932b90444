"""Pages of lists whose length is known already, and lists of any length read in pieces."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

K = TypeVar("K")
# So many rows are not sorted by what stands in other tables while a page waits.
WIDE = 5_000
PART = 200
PIECE = 1000


class KnownPaginator(Paginator):
    """A paginator that is told how many rows there are."""

    object_list: Any

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        # Django keeps the count there once it has asked for it.
        self.__dict__["count"] = count


class KeysFirstPaginator(KnownPaginator):
    """Finds the keys of a page first: what only names the rows is not joined to all that stand before them."""

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        end = number * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[end - self.per_page : end])
        return Page(self.object_list.filter(pk__in=keys), number, self)


class PartsPaginator(KnownPaginator):
    """Pages of a list whose parts stand one after another: only those parts are read that a page shows.

    ``parts``: how many rows each has, and what gives them in their order.
    """

    def __init__(self, parts: Sequence[tuple[int, Callable[[], QuerySet[Any]]]], per_page: int) -> None:
        super().__init__([], per_page, count=sum(length for length, _rows in parts))
        self.parts = parts

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first, before = (number - 1) * self.per_page, 0
        found: list[Any] = []
        for length, rows in self.parts:
            start, stop = max(first - before, 0), min(first + self.per_page - before, length)
            if start < stop:
                found += rows()[start:stop]
            before += length
        return Page(found, number, self)


def joined(groups: Iterable[tuple[K, int]]) -> list[tuple[list[K], int]]:
    """Small neighbours among ``groups`` (what they are, how many rows) put together until they fill some pages.

    A page that shows many small parts would ask a query for each.
    """
    found: list[tuple[list[K], int]] = []
    for what, number in groups:
        if found and found[-1][1] < PART and number < PART:
            before, so_far = found[-1]
            found[-1] = [*before, what], so_far + number
        else:
            found.append(([what], number))
    return found


def is_wide(count: int | None) -> bool:
    """Too many rows to be sorted while a page waits."""
    return count is not None and count > WIDE


def pieces(rows: QuerySet[Any], size: int = PIECE) -> Iterator[list[Any]]:
    """``rows`` in their order, ``size`` at a time; in memory are their ids, eight bytes each, and one piece.

    No query stays open meanwhile: on SQLite a job could not note how far it is beside one.
    """
    ids = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=size))
    source = rows.order_by()
    for start in range(0, len(ids), size):
        piece = ids[start : start + size]
        found = source.in_bulk(piece)
        yield [found[pk] for pk in piece if pk in found]


def in_pieces(rows: QuerySet[Any]) -> Iterator[Any]:
    """``rows`` one by one, read as by ``pieces``."""
    return (row for piece in pieces(rows) for row in piece)


def newest_first(rows: QuerySet[Any]) -> Iterator[Any]:
    """``rows`` from the greatest id down, each piece found by where the last one ended: the first is there at once."""
    rest = rows = rows.order_by("-pk")
    while piece := list(rest[:PIECE]):
        yield from piece
        if len(piece) < PIECE:
            # To look for more may mean to read all that is older.
            return
        rest = rows.filter(pk__lt=piece[-1].pk)
