"""A period read from what was counted beforehand: the same figures as of figures.py, without going through people."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from programmes.models import Activity, Period
from reports.core import Wanted
from reports.counting import Counted
from reports.models import CountKind
from reports.scope import Scope

from .figures import Board


def board_of(
    scope: Scope, wanted: Wanted, period: Period, activities: Iterable[Activity], counts: Counted | None
) -> Board:
    """From ``counts``, what was counted beforehand for ``wanted``, where they know the period; else from the rows."""
    rows = counts.quick_wins(period) if counts else None
    if rows is None:
        return Board(scope, wanted, period, activities)
    return CountedBoard(scope, wanted, period, activities, rows)


class CountedBoard(Board):
    """``rows`` as of ``Counted.quick_wins``. Single counters are read from the rows of people all the same."""

    def __init__(
        self,
        scope: Scope,
        wanted: Wanted,
        period: Period,
        activities: Iterable[Activity],
        rows: list[dict[str, Any]],
    ) -> None:
        super().__init__(scope, wanted, period, activities)
        self.rows: dict[tuple[str, int | None], list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            self.rows[row["kind"], row["activity"]].append(row)

    def _of(self, kind: CountKind) -> list[list[dict[str, Any]]]:
        return [self.rows.get((kind, reach.activity.pk if reach.activity else None), []) for reach in self.reaches]

    @cached_property
    def officers(self) -> list[dict[str, Any]]:
        return [_added(rows, "total", "done", "overdue") for rows in self._of(CountKind.ASKED)]

    @property
    def by_unit(self) -> list[dict[str, list[int]]]:
        return [
            {row["place"]: [row["total"], row["done"], row["overdue"]] for row in rows}
            for rows in self._of(CountKind.ASKED)
        ]

    @cached_property
    def grades(self) -> list[dict[str, Any]]:
        sums = [_added(rows, "grades", "rises", "graded") for rows in self._of(CountKind.ASKED)]
        return [
            {"before": Decimal(one["grades"] - one["rises"]), "after": Decimal(one["grades"]), "both": one["graded"]}
            for one in sums
        ]

    @cached_property
    def counter_sums(self) -> list[dict[str, Any]]:
        sums = [_added(rows, "total", "done") for rows in self._of(CountKind.COUNTER)]
        return [{"counters": one["total"], "certified": one["done"]} for one in sums]


def _added(rows: list[dict[str, Any]], *names: str) -> dict[str, Any]:
    return {name: sum(row[name] for row in rows) for name in names}
