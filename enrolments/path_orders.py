"""A path order as SDM reads it: who is under it and how far each one is; every total is the length of a list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from organisation.models import Officer, Posting, Unit

from .models import Duty, DutyFigures, DutyReason, PathCompletion, PathOrder
from .models.duties import NOBODY
from .models.reasons import is_seen, seen_alone
from .order_figures import Seen, by_reading_unit
from .paths import PathProgress, progress_by_officer

CHUNK = 500


def count_officers_of_paths(assignments: Sequence[Any], *, actor: Any, at: datetime) -> None:
    """Give those of ``assignments`` (of ``for_list``) that stand for a path the figures of its page: officers."""
    of_paths = [assignment for assignment in assignments if assignment.path_order_id]
    for unit, parts in by_reading_unit(of_paths, actor=actor, at=at).items():
        first = {assignment.path_order_id: assignment for assignment in parts.values()}
        through = PathCompletion.objects.standing().filter(path_order__in=first)
        same = through.filter(path_order=OuterRef("assignment__path_order"), officer=OuterRef("duty__officer"))
        owing = DutyReason.objects.filter(
            ~Exists(same), assignment__path_order__in=first, ended_at=None, duty__valid_to=None
        )
        officers = Count("duty__officer", distinct=True)
        late = Count("duty__officer", distinct=True, filter=Q(duty__due_at__lt=at))
        done = _groups(through, "path_order", unit, officer="officer", at=at).annotate(officers=Count("pk"))
        owed = _groups(owing, "assignment__path_order", unit, officer="duty__officer", at=at)
        for assignment in first.values():
            assignment.total = assignment.done = assignment.overdue = 0
        for path_order, here, finished in done:
            if here:
                first[path_order].total = first[path_order].done = finished
        for path_order, here, total, overdue in owed.annotate(total=officers, late=late):
            if here:
                first[path_order].total += total
                first[path_order].overdue = overdue


def _groups(rows: QuerySet[Any], path_order: str, unit: Unit, *, officer: str, at: datetime) -> QuerySet[Any]:
    """``rows`` in groups of ``path_order`` and of whether their officer is seen from ``unit``."""
    return rows.annotate(here=is_seen(unit, officer=officer, at=at)).order_by().values_list(path_order, "here")


def _under(order: PathOrder) -> QuerySet[Any]:
    """Who owes a part of it, and who is through (``is_through``); ``due_at`` is the earliest date of what is owed."""
    owing = DutyReason.objects.filter(assignment__path_order=order, ended_at=None, duty__valid_to=None)
    through = PathCompletion.objects.standing().filter(path_order=order, officer=OuterRef("pk"))
    owed = Duty.objects.open().filter(
        officer=OuterRef("pk"), reason__assignment__path_order=order, reason__ended_at=None
    )
    earliest = owed.order_by().values("officer").annotate(earliest=Min("due_at")).values("earliest")
    return (
        Officer.objects.annotate(is_through=Exists(through))
        .filter(Q(pk__in=owing.values("duty__officer")) | Q(is_through=True))
        .annotate(due_at=Subquery(earliest))
    )


def officers_under(order: PathOrder, *, seen_from: Unit, at: datetime) -> QuerySet[Any]:
    """Who owes a part of it or is through, and serves below ``seen_from``; whom the order let go is nowhere.

    Each also with ``rank_short``, ``unit_name`` and ``zone``.
    """
    posting = Posting.objects.filter(officer=OuterRef("pk"), valid_from__lte=at).order_by("-valid_from", "-pk")
    return (
        seen_alone(_under(order), seen_from, officer="pk", at=at)
        .annotate(
            unit_name=Subquery(posting.values("unit__name")[:1]),
            zone=Subquery(posting.values("unit__zone")[:1]),
            rank_short=Subquery(posting.values("rank__short")[:1]),
        )
        .order_by("is_through", "due_at", "name", "pk")
    )


def path_figures(order: PathOrder, *, seen_from: Unit, at: datetime) -> Seen:
    """Officers under the order, each counted once, as they are read from a unit."""
    late = Q(is_through=False, due_at__lt=at)
    rows = _under(order).annotate(here=is_seen(seen_from, officer="pk", at=at)).order_by().values_list("here")
    found = {
        here: DutyFigures(total=total, done=done, overdue=overdue)
        for here, total, done, overdue in rows.annotate(
            total=Count("pk"), done=Count("pk", filter=Q(is_through=True)), overdue=Count("pk", filter=late)
        )
    }
    return Seen(seen_from, found.get(True, NOBODY), found.get(False, NOBODY).total)


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


def read_all(order: PathOrder, *, seen_from: Unit, at: datetime) -> Iterator[PathRow]:
    """Every row for an export, read in pieces."""
    remaining = officers_under(order, seen_from=seen_from, at=at).iterator(chunk_size=CHUNK)
    while piece := list(islice(remaining, CHUNK)):
        yield from read(order, piece, at=at)


def _state(officer: Any, progress: PathProgress, *, at: datetime) -> str:
    """A key of STATE_WORDS."""
    if officer.is_through:
        return "done"
    if officer.due_at and officer.due_at < at:
        return "overdue"
    return "in_progress" if progress.done else "not_started"
