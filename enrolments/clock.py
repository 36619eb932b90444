"""When something owed is due, with the days on which its clock stood still. No database, no request.

Source: docs/decisions/0019-the-due-clock.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from foundation.spans import Span, merged

DAY = timedelta(days=1)
# Whoever is asked late or again has at least so long, whatever the reason.
TIME_AT_LEAST = timedelta(days=14)


@dataclass(frozen=True)
class Ask:
    """What asks for a duty by ``due_at``, known to the officer ``since``: an order."""

    due_at: datetime
    since: datetime


class Deferral(Ask):
    """A later date that was agreed at ``since``, for the orders that stood then."""


def assumed_end(at: datetime) -> datetime:
    """How long a pause without an end is taken to last, as seen at ``at``: through the whole next month.

    Far enough that nothing becomes late when ``tick`` stands still for weeks, and the same for a whole month, so
    that the dates of whoever is away are written twelve times a year and not every minute.
    """
    month = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(2):
        month = (month + 32 * DAY).replace(day=1)
    return month


def pushed(due_at: datetime, *, since: datetime, pauses: Iterable[Span], at: datetime) -> datetime:
    """``due_at`` later by the days on which the clock stood still between ``since`` and then.

    A pause that begins after the date, or ended before ``since``, changes nothing; overlapping ones count once.
    Part of a day counts as a whole one, so the time of the day stays what it was.
    """
    for start, end in merged(pauses):
        begins = max(start, since)
        if begins >= due_at:
            break
        stood = (end or assumed_end(at)) - begins
        if stood > timedelta():
            due_at += -(-stood // DAY) * DAY
    return due_at


def due_date(
    asks: Sequence[Ask], *, deferrals: Sequence[Deferral] = (), pauses: Sequence[Span] = (), at: datetime
) -> datetime:
    """When a duty is due: the earliest of its ``asks`` (at least one), each with what was agreed later.

    A deferral moves the orders that stood when it was agreed, and never to an earlier date; an order given
    afterwards has its own date. Pauses move both.
    """
    return min(
        max(
            pushed(one.due_at, since=one.since, pauses=pauses, at=at)
            for one in [ask, *(deferral for deferral in deferrals if deferral.since >= ask.since)]
        )
        for ask in asks
    )
