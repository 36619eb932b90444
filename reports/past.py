"""A past day as it is asked for: the officers, units and duties of that day, below the units granted today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from foundation.formats import day_of, end_of_day
from foundation.planning import is_there
from organisation.history import parents_on_days, with_places
from organisation.models import PATH_STEP, Posting, Role, Unit, subtrees_of
from organisation.permissions import READS_LEARNING

from .permissions import Axis, Moment
from .scope import LEVELS_OFFERED, Scope, scope_of

# What a page of a past day says of itself, in plain words: facts whose history is not kept are named.
SAYS = (
    "Personel dihitung di satuannya pada hari itu, dengan susunan satuan hari itu.",
    "Yang terlihat hanya satuan yang menjadi wewenang Anda sekarang; satuan yang sejak itu keluar tidak ikut dihitung.",
    "Yang terlambat dihitung dengan batas waktu yang berlaku pada hari itu.",
    "Nama personel, nama satuan, dan zona waktu ditulis seperti sekarang.",
)
SAYS_AS_KNOWN = (
    "Pencabutan dan pengecualian dihitung sejak tanggal berlakunya, karena hari pencatatannya tidak disimpan."
)


@dataclass(frozen=True)
class PastScope(Scope):
    """What ``actor`` may read of a past day.

    The tree holds only the units granted today, each below its parent of that day when that one is granted too.
    So nobody sees more by asking for the past, and a total is still the sum of the lines under it.
    """

    asked_for: date
    today: QuerySet[Posting]
    granted: Mapping[int, Unit]
    places: Mapping[int, str]
    places_by_path: Mapping[str, str]

    @property
    def day(self) -> date | None:
        return self.asked_for

    def as_of(self, unit: Unit | None, since: datetime | None = None) -> str:
        """The moment on the clock by which the day ends; see ``scope_on``."""
        return super().as_of(None)

    def units_behind(self, unit: Unit | None) -> set[int]:
        above = self.places[unit.pk] if unit else ""
        return {pk for pk, place in self.places.items() if place.startswith(above)}

    def children(self, unit: Unit | None) -> list[Unit]:
        if unit is None:
            return self.roots
        above = self.places[unit.pk]
        below = [one for pk, one in self.granted.items() if self.places[pk][:-PATH_STEP] == above]
        return sorted(below, key=lambda one: (one.level, one.name))

    def way_to(self, unit: Unit | None) -> list[Unit]:
        if unit is None:
            return []
        place = self.places[unit.pk]
        return [self.granted[int(place[end - PATH_STEP : end])] for end in range(PATH_STEP, len(place) + 1, PATH_STEP)]

    def offered(self, unit: Unit | None) -> list[Unit]:
        starts = [self.places[start.pk] for start in ([unit] if unit else self.roots)]
        deepest = max(map(len, starts), default=0) + LEVELS_OFFERED * PATH_STEP
        near = [
            pk
            for pk, place in self.places.items()
            if len(place) <= deepest and any(place.startswith(start) for start in starts)
        ]
        return [*self.way_to(unit)[:-1], *(self.granted[pk] for pk in sorted(near, key=self.places.__getitem__))]

    def inside(self, unit: Unit) -> Q:
        """The range of today's subtree, unless something came or left since."""
        then = self.units_behind(unit)
        today = {pk for pk, one in self.granted.items() if unit.contains(one)}
        return unit.subtree_of("unit__") if then == today else Q(unit__in=then)

    def place(self, path: str) -> str:
        return self.places_by_path[path]

    def with_mine(self, postings: QuerySet[Any]) -> QuerySet[Any]:
        return postings.annotate(is_mine=is_there(self.today.filter(officer=OuterRef("officer"))))

    def parents_among(self, units: list[Unit]) -> set[int]:
        above = {place[:-PATH_STEP] for place in self.places.values()}
        return {unit.pk for unit in units if self.places[unit.pk] in above}


def scope_on(
    actor, *, day: date, axis: Axis = Axis.AS_IT_WAS, now: datetime, roles: Iterable[Role] = READS_LEARNING
) -> Scope:
    """What ``actor`` may read of ``day``, to its end; today and later mean now.

    The day ends by the clock of the reader's highest unit, on every page alike: a figure and the list under it
    must not end at two moments.
    """
    today = scope_of(actor, at=now, roles=roles)
    return scopes_on(today, [day], axis=axis)[0]


def scopes_on(today: Scope, days: Sequence[date], *, axis: Axis = Axis.AS_IT_WAS) -> list[Scope]:
    """What the actor of ``today`` may read of each of ``days``; units and their places are read once for all."""
    zone = today.zone(None)
    this_day = day_of(today.now, zone)
    moments = {day: Moment(end_of_day(day, zone), past=True, axis=axis) for day in days if day < this_day}
    if not moments:
        return [today for _day in days]
    placed = with_places(today.units())
    granted: dict[int, Unit] = {unit.pk: unit for unit in placed}
    hung = parents_on_days(placed, moments=[moment.at for moment in moments.values()], known=axis == Axis.AS_KNOWN)
    past = {
        day: _past_scope(today, day, moment, granted, parents)
        for (day, moment), parents in zip(moments.items(), hung, strict=True)
    }
    return [past.get(day, today) for day in days]


def _past_scope(
    today: Scope, day: date, moment: Moment, granted: dict[int, Unit], parents: dict[int, int | None]
) -> "PastScope":
    places = _places(granted, parents)
    return PastScope(
        actor=today.actor,
        now=today.now,
        moment=moment,
        roots=[granted[pk] for pk in sorted(places, key=places.__getitem__) if len(places[pk]) == PATH_STEP],
        stand=moment.posted() & subtrees_of(today.roots, "unit__"),
        asked_for=day,
        today=today.postings,
        granted=granted,
        places=places,
        places_by_path={unit.path: places[pk] for pk, unit in granted.items()},
    )


def _places(granted: Mapping[int, Unit], parents: Mapping[int, int | None]) -> dict[int, str]:
    """Unit → its path among the granted units."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for pk, unit in granted.items():
        parent = parents.get(pk, unit.parent_id)
        below[parent if parent in granted else None].append(pk)
    places: dict[int, str] = {}
    waiting = [(pk, "") for pk in below[None]]
    while waiting:
        pk, above = waiting.pop()
        places[pk] = above + str(pk).zfill(PATH_STEP)
        waiting += [(child, places[pk]) for child in below[pk]]
    return places


def says(scope: Scope) -> list[str]:
    """The sentences that stand under the figures of a past day."""
    if not scope.past:
        return []
    return [*SAYS, SAYS_AS_KNOWN] if scope.moment.as_known else list(SAYS)
