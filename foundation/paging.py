"""Pages of lists whose length is known already."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

# So many rows are not sorted by what stands in other tables while a page waits.
WIDE = 5_000


class KnownPaginator(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        # Django keeps the count there once it has asked for it.
        self.__dict__["count"] = count


def is_wide(count: int | None) -> bool:
    """Too many rows to be sorted while a page waits."""
    return count is not None and count > WIDE
