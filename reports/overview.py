"""What the overview adds to the completion table: the last eight weeks, and grades before and after."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, ExpressionWrapper, F, QuerySet

from enrolments.models import Duty
from foundation.formats import MONTHS, in_zone

from .core import State, state_condition
from .permissions import with_first_grade, with_standing
from .scope import Scope

WEEKS = 8


def trend(rows: QuerySet[Duty], scope: Scope, *, zone: str) -> list[tuple[str, int | None]]:
    """(label, percent) for each of the last eight weeks: what was done by then, of what is owed today.

    Nothing owed makes every value None.
    """
    moments = [scope.at - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    by_then = {
        f"week_{index}": Count("pk", filter=scope.moment.done_by(moment)) for index, moment in enumerate(moments)
    }
    found = rows.aggregate(total=Count("pk"), **by_then)
    total = found["total"]
    days = [in_zone(moment, zone) for moment in moments]
    labels = [f"{day.day} {MONTHS[day.month - 1][:3]}" for day in days]
    return [(label, found[f"week_{index}"] * 100 // total if total else None) for index, label in enumerate(labels)]


@dataclass(frozen=True)
class Grades:
    """Mean final grade of the completed duties (0..100); mean rise from pre- to post-test of those with both."""

    mean: Decimal | None
    gain: Decimal | None


def grades(rows: QuerySet[Duty], scope: Scope) -> Grades:
    done = with_first_grade(with_standing(rows, scope.moment), scope.moment).filter(state_condition(State.DONE, scope))
    rise = ExpressionWrapper(F("grade") - F("before"), output_field=DecimalField(max_digits=6, decimal_places=2))
    found = done.aggregate(mean=Avg("grade"), gain=Avg(rise))
    return Grades(mean=found["mean"], gain=found["gain"])
