"""When an attempt ends and when a quiz closes, with the time that outages took. No database, no request.

An outage is (start, end); ``end`` None while it goes on. Outages that overlap are one: the same minute is
given back once. Source: docs/decisions/0012-delivery-and-review.md.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from foundation.spans import Span, merged

# Answers typed before time ran out may still be on their way (TRUST.md §3).
GRACE = timedelta(seconds=30)


def closing(closes_at: datetime, outages: Iterable[Span], *, at: datetime) -> datetime:
    """When a window that ends at ``closes_at`` really closes, as seen at ``at``.

    A window that would close during an outage stops its clock when the outage begins and goes on when it ends.
    An outage that was over before leaves it alone: there was time left to begin.
    """
    for start, end in merged(outages):
        if start < closes_at and start < at and (end is None or end > closes_at):
            closes_at = min(end or at, at) + (closes_at - start)
    return closes_at


def deadline(started_at: datetime, base: datetime, outages: Iterable[Span]) -> datetime:
    """When an attempt ends that would end at ``base``: every minute of an outage since its start is given back.

    Outages that go on count nothing yet: they stop the clock instead (``Attempt.paused_at``).
    """
    for start, end in merged(outages):
        if end is not None and end > started_at and start < base:
            base += end - max(start, started_at)
    return base


def base_deadline(started_at: datetime, *, minutes: int, closes_at: datetime | None) -> datetime | None:
    """When an attempt ends without any outage: after ``minutes`` (0: no limit), at the latest when the quiz closes."""
    ends = [started_at + timedelta(minutes=minutes)] if minutes else []
    return min([*ends, *([closes_at] if closes_at else [])], default=None)
