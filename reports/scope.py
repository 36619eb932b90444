"""Where somebody looks: the units granted to them, and the one they opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Q, QuerySet, Value
from django.db.models.functions import Length

from courses.models import Course
from foundation.formats import datetime_zone
from organisation.models import PATH_STEP, Posting, Role, ServiceFunction, Unit, User, Zone, subtrees_of
from organisation.permissions import READS_LEARNING, held

from .permissions import Moment, postings_that

LEVELS_OFFERED = 2


@dataclass(frozen=True)
class Scope:
    """What ``actor`` may read: ``roots``, the highest units granted, and whoever stands below them.

    ``stand`` is the condition for their postings, one of each officer. ``now`` is when it is asked; ``moment`` is what
    the figures describe, and ``at`` its time. Both are the same here; a past day is ``reports.past.PastScope``.
    """

    actor: User
    now: datetime
    moment: Moment
    roots: list[Unit]
    stand: Q

    @property
    def postings(self) -> QuerySet[Posting]:
        return postings_that(self.stand)

    @property
    def at(self) -> datetime:
        return self.moment.at

    @property
    def past(self) -> bool:
        return self.moment.past

    @property
    def day(self) -> date | None:
        """The past day that was asked for."""
        return None

    def units(self) -> QuerySet[Unit]:
        return Unit.objects.below(self.roots)

    def units_behind(self, unit: Unit | None) -> set[int]:
        """The units, by id, whose people the figures of ``unit`` are about."""
        return set((Unit.objects.below([unit]) if unit else self.units()).values_list("pk", flat=True))

    def opened(self, unit: Unit | None) -> Unit | None:
        """The unit a page is about: the one asked for, else the only root; None for several roots together."""
        return unit or (self.roots[0] if len(self.roots) == 1 else None)

    @cached_property
    def courses(self) -> dict[int, Course]:
        """Every course by id, in the order of codes: the filter and the tables name them."""
        return {course.pk: course for course in Course.objects.order_by("code")}

    @cached_property
    def functions(self) -> dict[int, ServiceFunction]:
        """Every service function by id, in its order: the filter and the figures by counter name them."""
        return {function.pk: function for function in ServiceFunction.objects.order_by("order", "name")}

    def give_courses(self, rows: Iterable[Any]) -> None:
        """Let each of ``rows`` know its course. A list that joins the table of courses takes longer to plan."""
        for row in rows:
            # A course of this very moment is looked up.
            if course := self.courses.get(row.course_id):
                row.course = course

    @cached_property
    def _near(self) -> dict[int | None, list[Unit]]:
        """What ``offered`` read, by the unit that was opened: tables show the same units."""
        return {}

    def children(self, unit: Unit | None) -> list[Unit]:
        """The units one step below ``unit``; the roots themselves for None."""
        if unit is None:
            return self.roots
        if unit.pk in self._near:
            below = [one for one in self._near[unit.pk] if one.parent_id == unit.pk]
            return sorted(below, key=lambda one: (one.level, one.name))
        return list(Unit.objects.filter(parent=unit).order_by("level", "name"))

    def way_to(self, unit: Unit | None) -> list[Unit]:
        """From the root down to ``unit``, both included; nothing above the root."""
        if unit is None:
            return []
        root = next(root for root in self.roots if root.contains(unit))
        steps = range(len(root.path), len(unit.path), PATH_STEP)
        above = Unit.objects.filter(path__in=[unit.path[:length] for length in steps])
        return [*above.order_by("path"), unit]

    def offered(self, unit: Unit | None) -> list[Unit]:
        """The units a filter offers: the way to ``unit``, and what lies up to two levels below it."""
        units: QuerySet[Unit] = self.units() if unit is None else Unit.objects.below([unit])
        deepest = max((len(start.path) for start in ([unit] if unit else self.roots)), default=0)
        near = units.alias(length=Length("path")).filter(length__lte=deepest + LEVELS_OFFERED * PATH_STEP)
        found = self._near[unit.pk if unit else None] = list(near.order_by("path"))
        return [*self.way_to(unit)[:-1], *found]

    def inside(self, unit: Unit) -> Q:
        """A condition for postings in the subtree of ``unit``."""
        return unit.subtree_of("unit__")

    def place(self, path: str) -> str:
        """Where the unit with today's ``path`` hung; the place of a unit is the beginning of all places below it."""
        return path

    def depth(self, unit: Unit) -> int:
        return len(self.place(unit.path)) // PATH_STEP

    def parents_among(self, units: list[Unit]) -> set[int]:
        """Which of ``units`` have units below them, by id."""
        here = {unit.pk for unit in units}
        for near in self._near.values():
            # Two levels were read, so of all but the last it is known what lies below.
            if here <= {unit.pk for unit in near if len(unit.path) < len(near[0].path) + LEVELS_OFFERED * PATH_STEP}:
                return here & {unit.parent_id for unit in near if unit.parent_id}
        below = Unit.objects.filter(parent__in=units)
        return {parent for parent in below.values_list("parent", flat=True) if parent}

    def stood(self, unit: Unit) -> bool:
        """Whether ``unit`` was at work."""
        return unit.active_from <= self.at and (unit.active_to is None or unit.active_to > self.at)

    def with_mine(self, postings: QuerySet[Any]) -> QuerySet[Any]:
        """Each of ``postings``, read through this scope, with ``is_mine``: its officer stands below the units today."""
        return postings.annotate(is_mine=Value(True, output_field=BooleanField()))

    def zone(self, unit: Unit | None) -> str:
        """The clock of the unit looked at."""
        shown = unit or next(iter(self.roots), None)
        return shown.zone if shown else Zone.WIB

    def as_of(self, unit: Unit | None, since: datetime | None = None) -> str:
        """``21 November 2026 12.00 WIB``: the moment that the figures describe; ``since`` where they are older."""
        return datetime_zone(since or self.at, self.zone(unit))

    @property
    def axis_words(self) -> str:
        return "Menurut catatan" if self.moment.as_known else "Menurut keadaan"

    @property
    def file_words(self) -> str:
        """What the name of a download says of a past day: ``-per-2025-12-31-menurut-catatan``."""
        return f"-per-{self.day.isoformat()}-menurut-{self.moment.axis}" if self.day else ""


def highest(units: Iterable[Unit]) -> list[Unit]:
    """Those of ``units`` that lie below none of the others, in the order of the tree."""
    found: list[Unit] = []
    # Whatever lies above a unit comes before it, and all that lies below it right after.
    for unit in sorted(set(units), key=lambda unit: unit.path):
        if not (found and found[-1].contains(unit)):
            found.append(unit)
    return found


def scope_of(actor: User, *, at: datetime, roles: Iterable[Role] = READS_LEARNING) -> Scope:
    """Read once per request what ``actor`` may see through ``roles``."""
    moment, roots = Moment(at), highest(grant.unit for grant in held(actor, roles, at=at))
    return Scope(actor=actor, now=at, moment=moment, roots=roots, stand=moment.posted() & subtrees_of(roots, "unit__"))
