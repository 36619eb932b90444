"""How many an order reached and how far they are, as who reads it may see them: counted whenever somebody looks.

A fixed order goes with its people wherever they serve, and nobody sees sideways: whoever serves below the reader's unit
is named and counted, of the others under the order only how many they are is told.

Of an order to very many, half a million reasons take seconds to read, also when it was taken back and they ended. Its
figures are kept, for each unit that it can be read from, and counted anew every few minutes by ``tick``, and at once
when a worker has carried it out or taken it back; a page says as of when they are.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef

from foundation import paging
from foundation.due import due
from foundation.formats import number
from foundation.paging import is_wide
from organisation.models import PATH_STEP, Unit

from .models import Assignment, DutyFigures, DutyReason, OrderFigures, OrderWork
from .models.duties import NOBODY
from .permissions import reads_from

EVERY = timedelta(minutes=10)
SECONDS_OF_A_TICK = 20


@dataclass(frozen=True)
class Seen:
    """An order as read from ``unit``: ``figures`` of whoever is named, and how many more under it serve ``elsewhere``.

    ``counted_at`` is None for now.
    """

    unit: Unit
    figures: DutyFigures
    elsewhere: int
    counted_at: datetime | None = None

    @property
    def everybody(self) -> int:
        return self.figures.total + self.elsewhere

    @property
    def elsewhere_words(self) -> str:
        """``3 orang lain di bawah perintah ini kini di luar Polres Contoh``; empty where nobody is."""
        if not self.elsewhere:
            return ""
        return f"{number(self.elsewhere)} orang lain di bawah perintah ini kini di luar {self.unit.short_name}"


def with_figures(assignments: Iterable[Any], *, actor: Any, at: datetime) -> list[Any]:
    """Each of ``assignments``, all in the scope of ``actor``, with ``total``, ``done``, ``overdue`` and ``counted_at``
    (None for now).
    """
    found = list(assignments)
    for unit, orders in by_reading_unit(found, actor=actor, at=at).items():
        seen = _seen(orders, unit, at=at)
        keep_figures(_once_many([pk for pk, one in seen.items() if one.counted_at is None]), at=at)
        for pk, order in orders.items():
            figures = seen[pk].figures
            order.total, order.done, order.overdue = figures.total, figures.done, figures.overdue
            order.counted_at = seen[pk].counted_at
    return found


def by_reading_unit(assignments: Iterable[Any], *, actor: Any, at: datetime) -> dict[Unit, dict[int, Any]]:
    """The unit that ``actor`` reads from → its orders by id; most hold one."""
    found: dict[Unit, dict[int, Any]] = defaultdict(dict)
    for assignment in assignments:
        found[reads_from(actor, assignment, at=at)][assignment.pk] = assignment
    return found


def figures_of(assignment: Assignment, *, actor: Any, at: datetime) -> Seen:
    """One order as ``actor`` may see it."""
    return _seen([assignment.pk], reads_from(actor, assignment, at=at), at=at)[assignment.pk]


def _seen(orders: Collection[int], unit: Unit, *, at: datetime) -> dict[int, Seen]:
    """What is kept of ``orders`` (ids), and what is counted of the others; those to very many are kept from here on."""
    kept = OrderFigures.objects.filter(assignment__in=list(orders), unit=unit)
    found = {row.assignment_id: Seen(unit, row.figures, row.elsewhere, row.counted_at) for row in kept}
    if others := set(orders) - set(found):
        counted = DutyReason.objects.filter(assignment__in=others).seen_by_order(unit, at=at)
        found |= {pk: Seen(unit, *counted.get(pk, (NOBODY, 0))) for pk in others}
        keep_figures([pk for pk in others if is_wide(found[pk].everybody)], at=at)
    return found


def _once_many(orders: Collection[int]) -> set[int]:
    """Those that were given to very many: what has ended of them takes as long to read."""
    works = OrderWork.objects.filter(assignment__in=orders, finished_at__isnull=False)
    return {pk for pk, total in works.values_list("assignment", "total") if is_wide(total)}


def keep_figures(orders: Collection[int], *, at: datetime) -> None:
    """Count ``orders`` (ids) anew, and keep what was counted of those to very many."""
    if not orders:
        return
    once, rows = _once_many(orders), []
    for unit, below in _readers(orders).items():
        seen = DutyReason.objects.filter(assignment__in=below).seen_by_order(unit, at=at)
        for pk in below:
            figures, elsewhere = seen.get(pk, (NOBODY, 0))
            if pk in once or is_wide(figures.total + elsewhere):
                shown = {"total": figures.total, "done": figures.done, "overdue": figures.overdue}
                rows.append(OrderFigures(assignment_id=pk, unit=unit, elsewhere=elsewhere, counted_at=at, **shown))
    OrderFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assignment", "unit"],
        update_fields=["total", "done", "overdue", "elsewhere", "counted_at"],
    )
    # Of no account any more: an order to few, a unit that the order's hung below once.
    OrderFigures.objects.filter(assignment__in=orders, counted_at__lt=at).delete()


def _readers(orders: Collection[int]) -> dict[Unit, list[int]]:
    """Every unit that ``orders`` (ids) can be read from → those of them: their own and all above it."""
    lines: dict[str, list[int]] = defaultdict(list)
    for pk, path in Assignment.objects.filter(pk__in=orders).values_list("pk", "unit__path"):
        for length in range(PATH_STEP, len(path) + 1, PATH_STEP):
            lines[path[:length]].append(pk)
    return {unit: lines[unit.path] for unit in Unit.objects.filter(path__in=lines)}


@due("order_figures")
def count_again(*, at: datetime) -> int:
    """Count what is kept for ``EVERY`` long, the oldest first; return how many orders were counted."""
    kept = OrderFigures.objects.filter(assignment=OuterRef("assignment"))
    # After an upgrade nothing is kept of them.
    missing = OrderWork.objects.filter(~Exists(kept), total__gt=paging.WIDE, finished_at__isnull=False)
    old = OrderFigures.objects.filter(counted_at__lte=at - EVERY).order_by("counted_at")
    counted, until = 0, time.monotonic() + SECONDS_OF_A_TICK
    for (pk,) in dict.fromkeys(chain(missing.values_list("assignment"), old.values_list("assignment"))):
        if time.monotonic() > until:
            break
        keep_figures([pk], at=at)
        counted += 1
    return counted
