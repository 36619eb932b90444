"""Quick Wins Presisi: how many officers each activity of a period reached, and how many finished.

An officer counts once per activity and once per period, however many orders and courses asked. Finished
means that every course asked for was done by the period's last day. Older cycles count in their own period.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from enrolments.models import DutyEnd, DutyFigures
from organisation.models import Officer
from organisation.permissions import READS_LEARNING, officers_for_actor
from programmes.models import Activity, Period

from .core import Wanted, asked_by, postings_wanted
from .permissions import counted_duties
from .scope import Scope

DONE, OPEN = "selesai", "belum"


@dataclass(frozen=True)
class ActivityLine:
    """``activity`` None is the whole period."""

    activity: Activity | None
    total: int
    done: int

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def percent(self) -> int:
        return DutyFigures(total=self.total, done=self.done, overdue=0).percent


def end_of(period: Period, zone: str) -> datetime:
    """The first moment after the period's last day."""
    return datetime.combine(period.ends_on + timedelta(days=1), time(), ZoneInfo(zone))


def officers_reached(
    scope: Scope, wanted: Wanted, period: Period, activity: Activity | None, *, state: str = ""
) -> QuerySet[Officer]:
    """Each officer once, with ``asked`` and ``finished`` (courses) and ``posting_pk`` of today."""
    postings = postings_wanted(scope, wanted)
    duties = counted_duties(postings, scope.moment).filter(
        pk__in=asked_by(scope, Wanted(period=period, activity=activity)).values("duty")
    )
    in_time = Q(ended_as=DutyEnd.COMPLETED, valid_to__lt=end_of(period, scope.zone(wanted.unit)))
    mine = duties.filter(officer=OuterRef("pk")).order_by().values("officer")
    officers = officers_for_actor(scope.actor, at=scope.now, roles=READS_LEARNING)
    officers = officers.filter(pk__in=postings.values("officer")).annotate(
        asked=Subquery(mine.annotate(n=Count("course", distinct=True)).values("n")),
        finished=Subquery(mine.annotate(n=Count("course", distinct=True, filter=in_time)).values("n")),
        posting_pk=Subquery(postings.filter(officer=OuterRef("pk")).order_by().values("pk")[:1]),
    )
    officers = officers.filter(asked__gt=0)
    if state == DONE:
        officers = officers.filter(finished__gte=F("asked"))
    elif state == OPEN:
        officers = officers.filter(finished__lt=F("asked"))
    return officers.order_by("name", "number")


def lines_of(scope: Scope, wanted: Wanted, period: Period) -> list[ActivityLine]:
    """The period as a whole, then each of its activities."""
    wholes: list[Activity | None] = [None, *period.activities.all()]
    return [_line(officers_reached(scope, wanted, period, activity), activity) for activity in wholes]


def _line(officers: QuerySet[Officer], activity: Activity | None) -> ActivityLine:
    found = officers.aggregate(total=Count("pk"), done=Count("pk", filter=Q(finished__gte=F("asked"))))
    return ActivityLine(activity, found["total"], found["done"])
