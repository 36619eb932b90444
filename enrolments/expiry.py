"""When a completion ends, and when the next round may begin. No database, no request.

Source: docs/decisions/0033-calendar-cycles.md.
"""

from collections.abc import Iterable
from datetime import datetime

from courses.models import CourseVersion
from foundation.formats import day_of, in_zone

from .calendar import add_months, day_end


def expires_at(version: CourseVersion, *, completed_at: datetime, zone: str) -> datetime | None:
    """Until when what was completed at that moment by ``version`` holds; None without an end.

    ``zone`` is that of the officer's unit then: months are counted, and a calendar cycle ends with the day, on its
    clock. Whoever completes within the renewal window has done the next cycle already, by the very comparison that
    opens its duty.
    """
    if version.cycle_ends_on is None:
        # In Greenwich it is still yesterday until seven or nine in the morning, perhaps the month before.
        here = in_zone(completed_at, zone)
        return add_months(here, version.validity_months) if version.validity_months else None
    cycle = (day_of(completed_at, zone).year - version.cycle_ends_on.year) // version.cycle_years
    while True:
        # Each counted from the author's day, so that 29 February comes back in leap years.
        ends = day_end(add_months(version.cycle_ends_on, 12 * version.cycle_years * cycle), zone)
        if completed_at < ends - version.renewal_window:
            return ends
        cycle += 1


def may_renew(ends: Iterable[datetime | None], version: CourseVersion, *, at: datetime) -> bool:
    """Say whether the next round may begin: nothing that was completed holds beyond the window of ``version``.

    ``ends`` are those of every standing completion of the course, None where one has no end. From the same moment on
    an order that renews asks for the round.
    """
    return all(end is not None and end <= at + version.renewal_window for end in ends)
