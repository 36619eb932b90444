"""Completion per unit and per course: one grouped query, added up along the tree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from courses.models import Course
from enrolments.models import DutyFigures
from foundation.pictures import HeatCell, HeatColumn, HeatRow, HeatTable
from organisation.models import Unit

from .core import Wanted, added, duty_rows
from .core import counts as sums
from .counting import Counted, Group
from .labels import column_label
from .scope import Scope

NAMES = "/sdm/penyelesaian/nama/"
UNITS = "/sdm/penyelesaian/"


@dataclass(frozen=True)
class UnitLine:
    """One row of the table: a unit with everything below it, or (``direct``) who stands at the opened unit itself."""

    label: str
    unit: Unit
    direct: bool
    has_children: bool
    by_course: dict[int, DutyFigures]

    @cached_property
    def figures(self) -> DutyFigures:
        return added(self.by_course.values())


@dataclass(frozen=True)
class CourseLine:
    course: Course
    figures: DutyFigures


@dataclass(frozen=True)
class Completion:
    """How the opened unit stands; ``lines`` and ``courses`` share no row each, and both add up to ``figures``."""

    wanted: Wanted
    lines: list[UnitLine]
    courses: list[CourseLine]

    @cached_property
    def figures(self) -> DutyFigures:
        return added(line.figures for line in self.lines)

    def names_of(self, line: UnitLine, course: Course | None = None) -> str:
        """The list of names behind a figure."""
        return self.wanted.link(NAMES, unit=line.unit, direct=line.direct, course=course or self.wanted.course)

    def deeper(self, line: UnitLine) -> str:
        """Where a row's name leads: down the tree, or to the names at its end."""
        if line.direct or not line.has_children:
            return self.names_of(line)
        return self.wanted.link(UNITS, unit=line.unit, direct=False)

    def heat_map(self, *, limit: int | None = None) -> HeatTable:
        """Units × courses, the weakest unit on top; each cell leads to its names."""
        columns = [HeatColumn(column_label(line.course), line.course.title) for line in self.courses]
        rows = []
        for line in self.lines[:limit]:
            cells = []
            for column in self.courses:
                part = line.by_course.get(column.course.pk)
                if part:
                    url = self.names_of(line, column.course)
                    cells.append(HeatCell(part.percent, url, f"{part.done} dari {part.total} selesai"))
                else:
                    cells.append(HeatCell(None))
            rows.append(HeatRow(line.label, cells, self.deeper(line)))
        return HeatTable("Persentase selesai per satuan dan pelatihan", columns, rows)


def completion(scope: Scope, wanted: Wanted, counts: Counted | None = None) -> Completion:
    """The table of the opened unit: its children and who stands at the unit itself, weakest first.

    From ``counts``, what was counted beforehand for ``wanted``, or else from the rows.
    """
    groups: Iterable[Group]
    if counts:
        groups = counts.by_child()
    else:
        groups = duty_rows(scope, wanted).values_list("unit_path", "course").annotate(**sums(scope))
    children = [] if wanted.direct else scope.children(wanted.unit)
    opened = scope.place(wanted.unit.path) if wanted.unit else ""
    places = {child.pk: scope.place(child.path) for child in children}
    found: dict[str, dict[int, DutyFigures]] = {place: {} for place in places.values()}
    courses: dict[int, list[DutyFigures]] = defaultdict(list)
    for path, course, total, done, overdue in groups:
        part = DutyFigures(total=total, done=done, overdue=overdue)
        courses[course].append(part)
        here = scope.place(path)
        line = next((place for place in places.values() if here.startswith(place)), opened)
        mine = found.setdefault(line, {})
        mine[course] = added([mine[course], part]) if course in mine else part
    parents = scope.parents_among(children)
    lines = [
        UnitLine(child.short_name, child, False, child.pk in parents, found[places[child.pk]])
        for child in children
        if found[places[child.pk]] or scope.stood(child)
    ]
    if wanted.unit and opened in found:
        label = f"{wanted.unit.short_name} (langsung)" if lines else wanted.unit.short_name
        lines.append(UnitLine(label, wanted.unit, True, False, found[opened]))
    lines.sort(key=lambda line: (not line.figures.total, line.figures.percent, -line.figures.overdue, line.label))
    by_code = [course for course in scope.courses.values() if course.pk in courses]
    return Completion(wanted, lines, [CourseLine(course, added(courses[course.pk])) for course in by_code])
