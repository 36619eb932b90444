"""Where everybody stood on a past day, and how the tree hung: as it was, or as it was known then.

As it was: what is known today about that day. As it was known: only rows recorded by then. The end of a posting
is known from the moment its successor was recorded; of a leaver, from the end itself.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from .models import Posting, Unit


def posted_as_known(*, at: datetime) -> Q:
    """A condition for postings in force at ``at`` as far as was recorded by then: one row per officer."""
    by_then = Q(recorded_at__lte=at, valid_from__lte=at)
    known = Posting.objects.filter(by_then)
    followed = known.filter(officer=OuterRef("officer"), pk__gt=OuterRef("pk"))
    # What ended it was written down only afterwards: at ``at`` it still stood open. Few postings, found once.
    ended_late = known.filter(
        ~Exists(followed),
        valid_to__lte=at,
        officer__posting__recorded_at__gt=at,
        officer__posting__valid_from=F("valid_to"),
        officer__posting__pk__gt=F("pk"),
    )
    return by_then & (Q(valid_to=None) | Q(valid_to__gt=at) | Q(pk__in=ended_late.values("pk")))


def with_places(units: QuerySet[Unit]) -> list[Any]:
    """Each of ``units`` once for each place that it had, the oldest first: ``parent_then``, ``since`` and ``recorded``.

    None of them where a unit was never placed.
    """
    place = {"parent_then": "parent", "since": "valid_from", "recorded": "recorded_at"}
    rows = units.annotate(**{name: F(f"placements__{field}") for name, field in place.items()})
    return list(rows.order_by("placements__valid_from", "placements__pk"))


def parents_on_days(
    units: Iterable[Any], *, moments: Iterable[datetime], known: bool = False
) -> list[dict[int, int | None]]:
    """Unit → parent for each of ``units`` (``with_places``), at each of ``moments``; with ``known`` only by what was
    recorded by then.

    A unit that was not placed yet hangs where it was placed first, so that nobody posted there is lost.
    """
    rows = [(unit.pk, unit.parent_then, unit.since, unit.recorded) for unit in units if unit.since]
    return [_parents(rows, at=at, known=known) for at in moments]


def _parents(
    placements: Iterable[tuple[int, int | None, datetime, datetime]], *, at: datetime, known: bool
) -> dict[int, int | None]:
    parents: dict[int, int | None] = {}
    for unit, parent, begins, recorded in placements:
        if unit not in parents or (begins <= at and (recorded <= at or not known)):
            parents[unit] = parent
    return parents
