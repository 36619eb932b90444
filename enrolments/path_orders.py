"""A path order as SDM reads it: who is under it and how far each one is; every total is the length of a list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from organisation.models import Officer, Posting

from .models import Duty, DutyFigures, DutyReason, PathCompletion, PathOrder
from .paths import PathProgress, progress_by_officer

CHUNK = 500


def count_officers_of_paths(assignments: Sequence[Any], *, at: datetime) -> None:
    """Give those of ``assignments`` (of ``for_list``) that stand for a path the figures of its page: officers."""
    first = {assignment.path_order_id: assignment for assignment in assignments if assignment.path_order_id}
    if not first:
        return
    through = PathCompletion.objects.standing().filter(path_order__in=first)
    done = dict(through.order_by().values_list("path_order").annotate(officers=Count("pk")))
    same = through.filter(path_order=OuterRef("assignment__path_order"), officer=OuterRef("duty__officer"))
    owing = DutyReason.objects.filter(assignment__path_order__in=first, ended_at=None, duty__valid_to=None)
    officers = Count("duty__officer", distinct=True)
    late = Count("duty__officer", distinct=True, filter=Q(duty__due_at__lt=at))
    rows = owing.filter(~Exists(same)).order_by().values_list("assignment__path_order")
    owed = {path_order: (total, overdue) for path_order, total, overdue in rows.annotate(total=officers, late=late)}
    for path_order, assignment in first.items():
        total, assignment.overdue = owed.get(path_order, (0, 0))
        assignment.done = done.get(path_order, 0)
        assignment.total = total + assignment.done


def officers_under(order: PathOrder) -> QuerySet[Any]:
    """Who owes a part of it, and who is through; whoever went elsewhere is neither.

    Each with ``rank_short``, ``unit_name``, ``is_through`` and ``due_at``, the earliest date of what is still owed.
    """
    owing = DutyReason.objects.filter(assignment__path_order=order, ended_at=None, duty__valid_to=None)
    through = PathCompletion.objects.standing().filter(path_order=order, officer=OuterRef("pk"))
    posting = Posting.objects.filter(officer=OuterRef("pk"), valid_to=None)
    owed = Duty.objects.open().filter(
        officer=OuterRef("pk"), reason__assignment__path_order=order, reason__ended_at=None
    )
    earliest = owed.order_by().values("officer").annotate(earliest=Min("due_at")).values("earliest")
    return (
        Officer.objects.annotate(is_through=Exists(through))
        .filter(Q(pk__in=owing.values("duty__officer")) | Q(is_through=True))
        .annotate(
            due_at=Subquery(earliest),
            unit_name=Subquery(posting.values("unit__name")[:1]),
            rank_short=Subquery(posting.values("rank__short")[:1]),
        )
        .order_by("is_through", "due_at", "name", "pk")
    )


def path_figures(order: PathOrder, *, at: datetime) -> DutyFigures:
    """Officers under the order, each counted once."""
    late = Q(is_through=False, due_at__lt=at)
    return DutyFigures(
        **officers_under(order).aggregate(
            total=Count("pk"), done=Count("pk", filter=Q(is_through=True)), overdue=Count("pk", filter=late)
        )
    )


@dataclass(frozen=True)
class PathRow:
    """``officer`` with what ``officers_under`` annotates."""

    officer: Any
    progress: PathProgress
    state: str


def read(order: PathOrder, officers: Iterable[Any], *, at: datetime) -> list[PathRow]:
    """The rows of ``officers`` (of ``officers_under``) in a fixed number of queries."""
    found = list(officers)
    progress = progress_by_officer(order, [officer.pk for officer in found], at=at)
    return [PathRow(officer, progress[officer.pk], _state(officer, progress[officer.pk], at=at)) for officer in found]


def read_all(order: PathOrder, *, at: datetime) -> Iterator[PathRow]:
    """Every row for an export, read in pieces."""
    remaining = officers_under(order).iterator(chunk_size=CHUNK)
    while piece := list(islice(remaining, CHUNK)):
        yield from read(order, piece, at=at)


def _state(officer: Any, progress: PathProgress, *, at: datetime) -> str:
    """A key of STATE_WORDS."""
    if officer.is_through:
        return "done"
    if officer.due_at and officer.due_at < at:
        return "overdue"
    return "in_progress" if progress.done else "not_started"
