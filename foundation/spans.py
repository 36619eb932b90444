"""Spans of time as (start, end), half open; ``end`` is None while one goes on. No database, no request."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime | None]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in the order of time, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last_start, last_end = result[-1] if result else (start, start)
        if not result or (last_end is not None and start > last_end):
            result.append((start, end))
        elif last_end is not None and (end is None or end > last_end):
            result[-1] = (last_start, end)
    return result
