"""When a reminder is due, and to whom a late duty climbs: plain values, no database, no clock of its own.

A step stands so many days before (negative) or after the due date. It is reached from the midnight that begins
its day on the clock of the officer's unit until the next step is reached, for ``REACH_BACK`` days at most. So at
any moment one step at most concerns a duty, and after an outage of days only the newest is told. Source:
docs/decisions/0020-reminders.md.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from foundation.formats import day_of, in_zone

REACH_BACK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """``days`` after the due date (negative: before it): whether the officer is told, and whose leaders are.

    ``climbs``: 0 the nearest unit with a leader, from the officer's own upwards; 1 the next one above it, and so on;
    None: no leader.
    """

    days: int
    to_officer: bool = True
    climbs: int | None = None


@dataclass(frozen=True)
class QuietHours:
    """No message leaves between ``start`` and ``end`` on the clock of a unit; ``end`` may lie on the next day."""

    start: time
    end: time

    def cover(self, at: datetime, zone: str) -> bool:
        now = in_zone(at, zone).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def end_after(self, at: datetime, zone: str) -> datetime:
        """The first moment from ``at`` on at which they do not cover any more; ``at`` itself when they do not."""
        if not self.cover(at, zone):
            return at
        end = datetime.combine(day_of(at, zone), self.end, tzinfo=ZoneInfo(zone))
        return end if end > at else end + DAY


@dataclass(frozen=True)
class Window:
    """Duties of ``zone`` due from ``due_from`` until before ``due_until`` stand at the step of ``days``.

    A duty must have begun before its step did: see ``holds``.
    """

    zone: str
    days: int
    due_from: datetime
    due_until: datetime

    @property
    def after_step(self) -> timedelta:
        return timedelta(days=self.days)

    def holds(self, *, due_at: datetime, valid_from: datetime) -> bool:
        """Whether a duty stands at this step; one that was given after the step's day waits for the next step."""
        return self.due_from <= due_at < self.due_until and valid_from <= due_at + self.after_step


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))


def asked_lately(zone: str, *, at: datetime, reach_back: int = REACH_BACK) -> tuple[datetime, datetime]:
    """Whoever was asked again from the first moment on and before the second one is told of it on the day of ``at``.

    ``reach_back`` as of ``windows``.
    """
    today = midnight(day_of(at, zone), zone)
    return today - reach_back * DAY, today


def windows(steps: Iterable[Step], *, zone: str, at: datetime, reach_back: int = REACH_BACK) -> list[Window]:
    """The steps at which officers of ``zone`` are told at ``at``; no two of them hold the same duty.

    ``reach_back`` 1 gives only what the day of ``at`` itself brings.
    """
    today = day_of(at, zone)
    days = sorted({step.days for step in steps if step.to_officer})
    found = []
    for step, following in zip_longest(days, days[1:]):
        length = reach_back if following is None else min(following - step, reach_back)
        last = today - timedelta(days=step)
        first = last - timedelta(days=length - 1)
        found.append(Window(zone=zone, days=step, due_from=midnight(first, zone), due_until=midnight(last + DAY, zone)))
    return found


def step_of(
    found: Sequence[Window], *, zone: str, due_at: datetime, valid_from: datetime, ended: bool = False
) -> int | None:
    """The step at which a duty stands; None for one that ended or stands at none."""
    if ended:
        return None
    here = (window for window in found if window.zone == zone and window.holds(due_at=due_at, valid_from=valid_from))
    return next((window.days for window in here), None)


def climb(path: str, posts: Container[str], climbs: int, *, path_step: int) -> str | None:
    """The path of the unit whose leaders hear of a duty in ``path``: ``posts`` are the paths of units with a leader.

    Counted upwards from the nearest one, the officer's own unit included; None where the tree ends before.
    """
    for length in range(len(path), 0, -path_step):
        if path[:length] in posts:
            if climbs == 0:
                return path[:length]
            climbs -= 1
    return None


def due_days_risen(step: Step, *, since: date, today: date) -> range:
    """Ordinals of the due dates whose duties reached ``step`` after the day ``since`` and until ``today``."""
    return range(since.toordinal() + 1 - step.days, today.toordinal() + 1 - step.days)
