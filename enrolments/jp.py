"""JP per officer and year: the sum of the standing ledger rows, against the target of that year.

The year is read on the clock of the unit in which a course was completed. Face-to-face events will write rows of
the same ledger, so they will count here without another rule.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from foundation import audit
from organisation.models import Posting, User, Zone

from .models import CourseCompletion, JpTarget

JP = DecimalField(max_digits=7, decimal_places=1)


def in_year(year: int) -> Q:
    """A condition for ledger rows completed in ``year``."""
    condition = Q(pk__in=[])
    for zone in Zone.values:
        starts, ends = (datetime(one, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in (year, year + 1))
        condition |= Q(unit__zone=zone, completed_at__gte=starts, completed_at__lt=ends)
    return condition


def counted(year: int) -> QuerySet[CourseCompletion]:
    return CourseCompletion.objects.standing().filter(in_year(year))


@dataclass(frozen=True)
class Targets:
    """The targets of one year: ``by_group`` where a group of ranks has its own, ``others`` for the rest."""

    by_group: dict[str, Decimal]
    others: Decimal | None

    def of(self, rank_group: str) -> Decimal | None:
        """JP to reach; None where nothing is asked for."""
        return self.by_group.get(rank_group, self.others) or None

    def expression(self, group: str) -> Case:
        """The same in a query; ``group`` is the lookup to the group of the rank. 0 where nothing is asked for."""
        cases = [When(**{group: name}, then=Value(jp, output_field=JP)) for name, jp in self.by_group.items()]
        return Case(*cases, default=Value(self.others or Decimal(0), output_field=JP), output_field=JP)


def targets_of(year: int, *, known_at: datetime | None = None) -> Targets:
    """The newest target that began by ``year``, per group; of one year's rows the last one recorded.

    ``known_at`` leaves out what was recorded later.
    """
    newest: dict[str, Decimal] = {}
    known = JpTarget.objects.filter(recorded_at__lte=known_at) if known_at else JpTarget.objects.all()
    for target in known.filter(first_year__lte=year).order_by("first_year", "pk"):
        newest[target.rank_group] = target.jp
    others = newest.pop("", None)
    return Targets(by_group=newest, others=others)


def with_jp(postings: QuerySet[Posting], ledger: QuerySet[CourseCompletion], targets: Targets) -> QuerySet[Any]:
    """Each posting with ``jp`` of its officer in ``ledger`` (as ``counted``), and the ``target``."""
    mine = ledger.filter(officer=OuterRef("officer")).order_by().values("officer")
    return postings.annotate(
        jp=Coalesce(Subquery(mine.annotate(sum=Sum("jp")).values("sum"), output_field=JP), Value(0, output_field=JP)),
        target=targets.expression("rank__group"),
    )


def short_of(reached: bool) -> Q:
    """A condition on ``with_jp``: who has reached the target, or who has not. Without a target nobody is short."""
    return Q(jp__gte=F("target")) if reached else Q(jp__lt=F("target"))


@transaction.atomic
def set_jp_target(*, first_year: int, rank_group: str, jp: Decimal, basis: str, actor: User, at: datetime) -> JpTarget:
    """Write the target of ``first_year`` and those that follow; earlier years keep theirs."""
    target = JpTarget.objects.create(
        first_year=first_year, rank_group=rank_group, jp=jp, basis=basis, set_by=actor, recorded_at=at
    )
    audit.record(
        verb="jp_target.set",
        actor=actor,
        at=at,
        obj=target,
        detail={"first_year": first_year, "rank_group": rank_group, "jp": str(jp)},
    )
    return target
