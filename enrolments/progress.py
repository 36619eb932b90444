"""What is done, what is locked and what comes next in a course. Plain arithmetic over rows already read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.models import CourseVersionItem


@dataclass(frozen=True)
class ItemStanding:
    version_item: CourseVersionItem
    done_at: datetime | None
    locked: bool

    @property
    def state(self) -> str:
        """``done``, ``locked`` or ``open``."""
        if self.done_at:
            return "done"
        return "locked" if self.locked else "open"


@dataclass(frozen=True)
class CourseProgress:
    """Standing of one officer in one version; ``done`` and ``total`` count required items."""

    items: Sequence[ItemStanding]
    done: int
    total: int
    next_item: CourseVersionItem | None

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when everything is done."""
        return self.done * 100 // self.total if self.total else 0

    def standing_of(self, item_id: int) -> ItemStanding | None:
        return next((standing for standing in self.items if standing.version_item.item_id == item_id), None)


def course_progress(version_items: Sequence[CourseVersionItem], done: Mapping[int, datetime]) -> CourseProgress:
    """Say how far somebody is.

    ``version_items`` in reading order; ``done`` maps item ids to the time of completion. An item
    that waits for the required ones before it is locked until they are done. The next item is the
    first open one, but an optional one that was passed over (a pre-test) is not offered again.
    """
    standings: list[ItemStanding] = []
    everything_before = True
    for version_item in version_items:
        done_at = done.get(version_item.item_id)
        locked = done_at is None and version_item.waits_for_required and not everything_before
        standings.append(ItemStanding(version_item, done_at, locked))
        if version_item.required and done_at is None:
            everything_before = False
    last_done = max((index for index, standing in enumerate(standings) if standing.done_at), default=-1)
    next_item = next(
        (
            standing.version_item
            for index, standing in enumerate(standings)
            if standing.state == "open" and (standing.version_item.required or index > last_done)
        ),
        None,
    )
    required = [standing for standing in standings if standing.version_item.required]
    return CourseProgress(
        items=standings,
        done=sum(1 for standing in required if standing.done_at),
        total=len(required),
        next_item=next_item,
    )
