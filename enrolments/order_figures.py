"""How many an order reached and how far they are: counted from its reasons whenever somebody looks.

Of an order to very many, half a million reasons take seconds to read, also when it was taken back and they ended. Its
figures are kept and counted anew every few minutes by ``tick``, and at once when a worker has carried it out or taken
it back; a page says as of when they are.
"""

import time
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from foundation.due import due
from foundation.paging import is_wide

from .models import Assignment, DutyFigures, DutyReason, OrderFigures, OrderWork
from .models.duties import NOBODY

EVERY = timedelta(minutes=10)
SECONDS_OF_A_TICK = 20


def with_figures(assignments: Iterable[Any], *, at: datetime) -> list[Any]:
    """Each of ``assignments`` with ``total``, ``done``, ``overdue`` and ``counted_at``, which is None for now."""
    found = list(assignments)
    kept = OrderFigures.objects.in_bulk([assignment.pk for assignment in found])
    others = [assignment.pk for assignment in found if assignment.pk not in kept]
    counted = _counted(others, at=at)
    _keep(others, counted, at=at)
    for assignment in found:
        mine = kept.get(assignment.pk)
        figures = mine.figures if mine else counted.get(assignment.pk, NOBODY)
        assignment.total, assignment.done, assignment.overdue = figures.total, figures.done, figures.overdue
        assignment.counted_at = mine.counted_at if mine else None
    return found


def figures_of(assignment: Assignment, *, at: datetime) -> tuple[DutyFigures, datetime | None]:
    """The figures of one order, and as of when they are; None for now."""
    (shown,) = with_figures([assignment], at=at)
    return DutyFigures(total=shown.total, done=shown.done, overdue=shown.overdue), shown.counted_at


def keep_figures(orders: Collection[int], *, at: datetime) -> None:
    """Count ``orders`` (ids) anew and keep what was counted of those to very many."""
    many = _keep(orders, _counted(orders, at=at), at=at)
    OrderFigures.objects.filter(assignment__in=set(orders) - many).delete()


def _counted(orders: Collection[int], *, at: datetime) -> dict[int, DutyFigures]:
    return DutyReason.objects.filter(assignment__in=orders).figures_by_order(at=at) if orders else {}


def _keep(orders: Collection[int], counted: dict[int, DutyFigures], *, at: datetime) -> set[int]:
    """Keep what was counted of ``orders`` that are, or were, to very many; return their ids."""
    works = OrderWork.objects.filter(assignment__in=orders, finished_at__isnull=False)
    once = {pk for pk, total in works.values_list("assignment", "total") if is_wide(total)}
    of_all = {pk: counted.get(pk, NOBODY) for pk in orders}
    many = {pk: figures for pk, figures in of_all.items() if pk in once or is_wide(figures.total)}
    names = ("total", "done", "overdue")
    rows = [
        OrderFigures(assignment_id=pk, counted_at=at, **{name: getattr(figures, name) for name in names})
        for pk, figures in many.items()
    ]
    if rows:
        OrderFigures.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["assignment"], update_fields=[*names, "counted_at"]
        )
    return set(many)


@due("order_figures")
def count_again(*, at: datetime) -> int:
    """Count what is kept for ``EVERY`` long, the oldest first; return how many orders were counted."""
    old = OrderFigures.objects.filter(counted_at__lte=at - EVERY).order_by("counted_at")
    counted, until = 0, time.monotonic() + SECONDS_OF_A_TICK
    for pk in list(old.values_list("pk", flat=True)):
        if time.monotonic() > until:
            break
        keep_figures([pk], at=at)
        counted += 1
    return counted
