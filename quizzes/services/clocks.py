"""The clocks of running attempts, set anew when an accommodation or an outage changes what they came from."""

from collections.abc import Sequence
from datetime import datetime

from quizzes.clockwork import GRACE, base_deadline, closing, deadline
from quizzes.models import Accommodation, Attempt

from .terms import latest_closing, minutes_of, outages_met


def reset_clocks(attempts: Sequence[Attempt], *, at: datetime) -> dict[int, int]:
    """Give running ``attempts`` the deadline and pause that hold at ``at``; return attempt id → seconds gained.

    ``attempts`` are locked by the caller, with ``version`` and ``enrolment`` selected. A clock is never set
    back: time that was once promised stays.
    """
    timed = [attempt for attempt in attempts if attempt.deadline_at is not None]
    officers = {attempt.enrolment.officer_id for attempt in timed}
    outages = outages_met(officers)
    accommodations = {
        (row.officer_id, row.item_id): row
        for row in Accommodation.objects.newest().filter(
            officer__in=officers, item__in={attempt.item_id for attempt in timed}
        )
    }
    gained: dict[int, int] = {}
    for attempt in timed:
        before = attempt.deadline_at
        accommodation = accommodations.get((attempt.enrolment.officer_id, attempt.item_id))
        spans = outages.get(attempt.enrolment.officer_id, [])
        window = latest_closing(attempt.version, accommodation)
        base = base_deadline(
            attempt.started_at,
            minutes=minutes_of(attempt.version, accommodation),
            closes_at=window and closing(window, spans, at=attempt.started_at),
        )
        if base is not None and before is not None:
            ends_at = deadline(attempt.started_at, base, spans)
            if ends_at > before:
                gained[attempt.pk] = int((ends_at - before).total_seconds())
                attempt.deadline_at, attempt.closes_at = ends_at, ends_at + GRACE
        holding = [start for start, end in spans if end is None]
        attempt.paused_at = (attempt.paused_at or max(min(holding), attempt.started_at)) if holding else None
    Attempt.objects.running().bulk_update(timed, ["deadline_at", "closes_at", "paused_at"], batch_size=200)
    return gained
