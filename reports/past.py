"""A past day as it is asked for: the officers, units and duties of that day, below the units granted today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from foundation.formats import day_of
from organisation.history import parents_on_day
from organisation.models import PATH_STEP, Posting, Role, Unit
from organisation.permissions import READS_LEARNING, subtree_scope

from .permissions import Axis, Moment
from .scope import LEVELS_OFFERED, Scope, scope_of

# What a page of a past day says of itself, in plain words: facts whose history is not kept are named.
SAYS = (
    "Personel dihitung di satuannya pada hari itu, dengan susunan satuan hari itu.",
    "Yang terlihat hanya satuan yang menjadi wewenang Anda sekarang; satuan yang sejak itu keluar tidak ikut dihitung.",
    "Riwayat batas waktu tidak disimpan: yang terlambat dihitung dengan batas waktu yang tercatat sekarang.",
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

    def as_of(self, unit: Unit | None) -> str:
        """The moment on the clock by which the day ends; see ``scope_on``."""
        return super().as_of(None)

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
        """The range of today's subtree, without what came since and with what left it since."""
        then = {pk for pk, place in self.places.items() if place.startswith(self.places[unit.pk])}
        today = {pk for pk, one in self.granted.items() if unit.contains(one)}
        condition = unit.subtree_of("unit__")
        if came := today - then:
            condition &= ~Q(unit__in=came)
        if left := then - today:
            condition |= Q(unit__in=left)
        return condition

    def place(self, path: str) -> str:
        return self.places_by_path[path]

    def still_mine(self, officers: set[int]) -> set[int]:
        posted = self.today.filter(officer__in=officers)
        return set(posted.values_list("officer", flat=True))

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
    roles = tuple(roles)
    today = scope_of(actor, at=now, roles=roles)
    zone = today.zone(None)
    if day >= day_of(now, zone):
        return today
    moment = Moment(datetime.combine(day, time.max, ZoneInfo(zone)), past=True, axis=axis)
    granted = {unit.pk: unit for unit in today.units()}
    parents = parents_on_day(today.units(), at=moment.at, known=moment.as_known)
    places = _places(granted, parents)
    roots = [granted[pk] for pk in sorted(places, key=places.__getitem__) if len(places[pk]) == PATH_STEP]
    return PastScope(
        actor=actor,
        now=now,
        moment=moment,
        roots=roots,
        postings=moment.postings().filter(subtree_scope(actor, roles, at=now)),
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
