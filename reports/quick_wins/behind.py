"""What stands behind the figures: units, and officers by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from enrolments.models import DutyFigures
from organisation.models import Posting
from reports.core import State
from reports.scope import Scope

from .figures import NOT_ASKED, Board, CounterLine, Reach


@dataclass(frozen=True)
class UnitLine:
    """A unit below the opened one with all its officers, or (``direct``) who stands at the opened unit itself."""

    label: str
    unit: Any
    direct: bool
    figures: DutyFigures


class UnitTable:
    """Where each unit below the opened one is counted: the same places as in the completion table."""

    def __init__(self, scope: Scope, unit: Any) -> None:
        self.scope, self.unit = scope, unit
        self.places = {scope.place(child.path): child for child in scope.children(unit)}

    def line_of(self, path: str) -> tuple[Any, bool, str]:
        """(unit, direct, label) of the line that counts who stands at the unit with today's ``path``."""
        here = self.scope.place(path)
        child = next((child for place, child in self.places.items() if here.startswith(place)), None)
        if child is not None:
            return child, False, child.name
        return self.unit, True, f"{self.unit.name} (langsung)"


def unit_lines(board: Board, place: int = 0) -> list[UnitLine]:
    """The period (place 0) or an activity by unit, weakest first; the lines add up to its figures."""
    table = UnitTable(board.scope, board.wanted.unit)
    found: dict[tuple[Any, bool, str], list[int]] = {}
    for path, parts in board.by_unit[place].items():
        sums = found.setdefault(table.line_of(path), [0, 0, 0])
        sums[:] = [one + other for one, other in zip(sums, parts, strict=True)]
    lines = [
        UnitLine(label, unit, direct, DutyFigures(total=total, done=done, overdue=overdue))
        for (unit, direct, label), (total, done, overdue) in found.items()
    ]
    return sorted(lines, key=lambda line: (line.figures.percent, -line.figures.overdue, line.label))


def counters_reached(reach: Reach) -> list[CounterLine]:
    """The counters that a period, or one activity of it, reached; those with somebody missing first."""
    chosen = [reach.activity] if reach.activity else []
    return Board(reach.scope, reach.wanted, reach.period, chosen).counters[-1]


@dataclass
class Person:
    """One officer behind a figure: courses asked and finished, and the sums of grades of those that have both."""

    posting: Posting
    asked: int = 0
    finished: int = 0
    late: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    both: int = 0

    @property
    def state(self) -> str:
        if not self.asked:
            return NOT_ASKED
        if self.finished >= self.asked:
            return str(State.DONE.value)
        return str(State.OVERDUE.value if self.late else State.OPEN.value)


def people(reach: Reach, postings: Iterable[Posting]) -> list[Person]:
    """What ``reach`` knows of those who stand in ``postings``: two queries."""
    found = {posting.officer_id: Person(posting) for posting in postings}
    for row in reach.by_officer().filter(officer__in=found):
        person = found[row["officer"]]
        person.asked, person.finished, person.late = row["asked"], row["finished"], row["late"]
    for officer, before, after in reach.graded().filter(officer__in=found).values_list("officer", "before", "grade"):
        person = found[officer]
        if before is not None and after is not None:
            person.before, person.after, person.both = person.before + before, person.after + after, person.both + 1
    return list(found.values())
