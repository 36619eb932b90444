"""How many had to be done by a day, from what was counted beforehand: what is late, and what is done but for the early.

Early is what was done and whose date was still to come.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, FilteredRelation, Q, Sum, Value
from django.db.models.functions import Coalesce

from enrolments.models import DutyFigures

from .core import Wanted
from .counting import Counted, function_of, units_behind
from .day_counts import counted_days, read_of_days
from .models import CountKind, CountState
from .scope import Scope
from .tallies import FIGURES

# The figures, and how many of them had to be done.
AgainstDates = tuple[DutyFigures, int]


def of_now(counts: Counted) -> AgainstDates:
    """Of what ``counts`` was asked for."""
    rows = counts.rows.filter(_of_kinds(counts.scope, counts.wanted))
    return _against_dates(rows.aggregate(**_sums(counts.scope)))


def _kinds(wanted: Wanted) -> tuple[CountKind, CountKind]:
    """Of what ``wanted`` asks for together: the figures, and what was done before its date."""
    if wanted.function:
        return CountKind.FUNCTION if wanted.course else CountKind.AT_COUNTER, CountKind.AHEAD_AT
    return CountKind.COURSE if wanted.course else CountKind.UNIT, CountKind.AHEAD


def _of_kinds(scope: Scope, wanted: Wanted, way: str = "") -> Q:
    """The rows of ``_kinds``, ``way`` from what is asked."""
    said: dict[str, Any] = {f"{way}kind__in": _kinds(wanted)}
    if wanted.course:
        said[f"{way}course"] = wanted.course
    if wanted.function:
        said[f"{way}function"] = function_of(scope, wanted)
    return Q(**said)


def _sums(scope: Scope, way: str = "") -> dict[str, Any]:
    def sum_of(condition: Q) -> Coalesce:
        return Coalesce(Sum(f"{way}number", filter=condition), 0)

    ahead = Q(**{f"{way}kind__in": (CountKind.AHEAD, CountKind.AHEAD_AT)})
    late = Q(**{f"{way}state": CountState.LATE}) | Q(**{f"{way}state": CountState.OPEN, f"{way}due_at__lt": scope.at})
    open_ = Q(**{f"{way}state__in": (CountState.OPEN, CountState.LATE)})
    return {
        "total": sum_of(~ahead),
        "owed": sum_of(open_),
        "overdue": sum_of(late),
        "early": sum_of(ahead & Q(**{f"{way}due_at__gte": scope.at})),
    }


def _against_dates(row: dict[str, int]) -> AgainstDates:
    figures = DutyFigures(total=row["total"], done=row["total"] - row["owed"], overdue=row["overdue"])
    return figures, row["overdue"] + figures.done - row["early"]


def of_days(scopes: Sequence[Scope], wanted: Wanted) -> list[AgainstDates]:
    """``of_now`` of several past days, all of one axis, in one query. Raises StillCounting."""
    asked = [(scope.moment, units_behind(scope, wanted)) for scope in scopes]

    def found() -> list[dict[str, int]]:
        first, *others = (_of_day(place, scope, wanted) for place, scope in enumerate(scopes))
        return sorted(first.union(*others, all=True), key=lambda row: row["place"])

    rows = read_of_days(FIGURES, asked, found, at=scopes[0].now)
    return [_against_dates(row) for row in rows]


def _of_day(place: int, scope: Scope, wanted: Wanted) -> Any:
    """One row: the sums, and ``known``, of how many units they are."""
    if wanted.unit:
        there = Q(unit=wanted.unit) if wanted.direct else scope.inside(wanted.unit)
    else:
        there = Q(unit__in=scope.units_behind(None))
    days = counted_days(FIGURES, scope.moment).filter(there)
    with_rows = days.annotate(counted=FilteredRelation("rows", condition=_of_kinds(scope, wanted, "rows__")))
    sums = {"known": Count("pk", distinct=True)} | _sums(scope, "counted__")
    return with_rows.values(place=Value(place)).annotate(**sums).values("place", *sums).order_by()
