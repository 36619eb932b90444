"""What the overview adds to the completion table: the last eight weeks, and grades before and after."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, ExpressionWrapper, F, QuerySet

from enrolments.models import Duty
from foundation.formats import MONTHS, day_of, end_of_day

from .core import State, state_condition
from .counting import Counted
from .permissions import with_first_grade, with_standing
from .scope import Scope

WEEKS = 8


def trend(
    rows: QuerySet[Duty], scope: Scope, *, zone: str, counts: Counted | None = None
) -> list[tuple[str, int | None]]:
    """(label, percent) for each of the last eight weeks: what was done by the end of that day, of what is owed today.

    Nothing owed makes every value None.
    """
    days = [day_of(scope.at - timedelta(weeks=back), zone) for back in reversed(range(WEEKS))]
    total, done = _counted_by(days, counts) if counts else _read_by(days, rows, scope, zone)
    labels = [f"{day.day} {MONTHS[day.month - 1][:3]}" for day in days]
    return [(label, by_then * 100 // total if total else None) for label, by_then in zip(labels, done, strict=True)]


def _read_by(days: list[date], rows: QuerySet[Duty], scope: Scope, zone: str) -> tuple[int, list[int]]:
    moments = [min(scope.at, end_of_day(day, zone)) for day in days]
    by_then = {
        f"week_{index}": Count("pk", filter=scope.moment.done_by(moment)) for index, moment in enumerate(moments)
    }
    found = rows.aggregate(total=Count("pk"), **by_then)
    return found["total"], [found[name] for name in by_then]


def _counted_by(days: list[date], counts: Counted) -> tuple[int, list[int]]:
    by_day, figures = counts.done_by_day(), counts.figures()
    return figures.total, [
        figures.done - sum(number for done_on, number in by_day.items() if done_on > day) for day in days
    ]


@dataclass(frozen=True)
class Grades:
    """Mean final grade of the completed duties (0..100); mean rise from pre- to post-test of those with both."""

    mean: Decimal | None
    gain: Decimal | None


def grades(rows: QuerySet[Duty], scope: Scope, counts: Counted | None = None) -> Grades:
    if counts:
        return Grades(*counts.grades())
    done = with_first_grade(with_standing(rows, scope.moment), scope.moment).filter(state_condition(State.DONE, scope))
    rise = ExpressionWrapper(F("grade") - F("before"), output_field=DecimalField(max_digits=6, decimal_places=2))
    found = done.aggregate(mean=Avg("grade"), gain=Avg(rise))
    return Grades(mean=found["mean"], gain=found["gain"])
