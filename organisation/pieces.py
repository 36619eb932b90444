"""Long lists of values, asked of the database in pieces."""

from collections.abc import Iterable, Iterator

LARGEST = 5_000


def pieces(values: Iterable) -> Iterator[list]:
    """In pieces, because a statement holds only so many values on SQLite."""
    every = list(values)
    return (every[start : start + LARGEST] for start in range(0, len(every), LARGEST))
