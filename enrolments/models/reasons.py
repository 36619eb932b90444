"""Why a duty is owed: one row per order that asks for it, and what is counted and named under an order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from enrolments.whom import Whom
from foundation.planning import is_there
from organisation.models import Posting, Unit

from .duties import NOBODY, Assignment, Duty, DutyEnd, DutyFigures
from .learning import Enrolment

Rows = TypeVar("Rows", bound=models.QuerySet)


def serving_below(unit: Unit, *, officer: str, at: datetime) -> models.QuerySet[Posting]:
    """Where the ``officer`` of a row serves at ``at``, if that is below ``unit``; for a subquery."""
    return Posting.objects.in_force(at=at).below(unit).filter(officer=OuterRef(officer))


def is_seen(unit: Unit, *, officer: str, at: datetime) -> Exists | Value:
    """Whether who reads from ``unit`` sees the ``officer`` of a row, as a column to group by.

    PostgreSQL gathers once who serves below, and plans the rest as if nobody had asked; as a condition it would join
    the two, and guess wrong how many are left. Who reads from the top of the only tree sees everybody.
    """
    if unit.is_whole_tree:
        return Value(True, output_field=models.BooleanField())
    return Exists(serving_below(unit, officer=officer, at=at))


def seen_alone(rows: Rows, unit: Unit, *, officer: str, at: datetime) -> Rows:
    """Those of ``rows`` of whose ``officer`` ``is_seen`` is true, looked up one by one for a page."""
    return rows if unit.is_whole_tree else rows.filter(is_there(serving_below(unit, officer=officer, at=at)))


class DutyReasonQuerySet(models.QuerySet):
    def counted(self) -> "DutyReasonQuerySet":
        """Standing, and under an order that renews the newest round of each: people are counted, not rounds."""
        same = {"assignment": OuterRef("assignment"), "duty__officer": OuterRef("duty__officer"), "ended_at": None}
        newer = DutyReason.objects.filter(duty__cycle__gt=OuterRef("duty__cycle"), **same)
        return self.filter(Q(assignment__renews=False) | ~Exists(newer), ended_at=None)

    def figures_by_order(self, *, at: datetime) -> dict[int, DutyFigures]:
        """Assignment id → how many duties its standing reasons ask for, and how far they are."""
        return {pk: figures for (pk,), figures in self._figures("assignment", at=at)}

    def seen_by_order(self, unit: Unit, *, at: datetime) -> dict[int, tuple[DutyFigures, int]]:
        """The same as read from ``unit``: figures of whoever serves below it, and how many more there are."""
        found: dict[int, tuple[DutyFigures, int]] = {}
        rows = self.annotate(here=is_seen(unit, officer="duty__officer", at=at))
        for (pk, here), figures in rows._figures("assignment", "here", at=at):
            seen, others = found.get(pk, (NOBODY, 0))
            found[pk] = (figures, others) if here else (seen, figures.total)
        return found

    def _figures(self, *keys: str, at: datetime) -> Iterator[tuple[tuple[Any, ...], DutyFigures]]:
        is_open, done = Q(duty__valid_to=None), Q(duty__ended_as=DutyEnd.COMPLETED)
        rows = self.counted().order_by().values_list(*keys)
        for *key, total, finished, late in rows.annotate(
            total=Count("pk", filter=is_open | done),
            finished=Count("pk", filter=done),
            late=Count("pk", filter=is_open & Q(duty__due_at__lt=at)),
        ):
            yield tuple(key), DutyFigures(total=total, done=finished, overdue=late)

    def for_officer(self, duty: Duty) -> "DutyReasonQuerySet":
        """Why a duty is owed: one row per order still standing, with order number, issuer, programme and ``whom``."""
        named = Assignment.people.through._default_manager.filter(assignment=OuterRef("assignment"))
        standing = self.filter(duty=duty, ended_at=None).annotate(by_name=Exists(named))
        related = standing.select_related(
            "assignment__activity__period__programme", "assignment__unit", "assignment__path_order__version"
        )
        rule = related.prefetch_related("assignment__functions", "assignment__ranks", "assignment__excluded_units")
        return rule.order_by("due_at")

    def seen_from(self, unit: Unit, *, at: datetime) -> "DutyReasonQuerySet":
        """Those of whoever serves below ``unit`` at ``at``: a fixed order goes with its people, its reader does not."""
        return seen_alone(self, unit, officer="duty__officer", at=at)

    def for_assignment(self, assignment: Assignment, *, seen_from: Unit, at: datetime) -> "DutyReasonQuerySet":
        """Who is counted under an order, as read from a unit, and whether they ``started``; late ones first.

        ``unit_name``, ``zone`` and ``rank_short`` are of the day when the duty was done, of ``at`` while it is owed.
        """
        by_then = Posting.objects.filter(officer=OuterRef("duty__officer"), valid_from__lte=OuterRef("shown_on"))
        posting = by_then.order_by("-valid_from", "-pk")
        begun = Enrolment.objects.filter(
            officer=OuterRef("duty__officer"), course=OuterRef("duty__course"), cycle=OuterRef("duty__cycle")
        )
        return (
            self.counted()
            .seen_from(seen_from, at=at)
            .filter(assignment=assignment, duty__ended_as__in=["", DutyEnd.COMPLETED])
            .select_related("duty__officer")
            .alias(shown_on=Coalesce("duty__valid_to", Value(at)))
            .annotate(
                unit_name=Subquery(posting.values("unit__name")[:1]),
                zone=Coalesce(Subquery(posting.values("unit__zone")[:1]), Value(assignment.unit.zone)),
                rank_short=Subquery(posting.values("rank__short")[:1]),
                started=is_there(begun),
            )
            .order_by(F("duty__valid_to").asc(nulls_first=True), "duty__due_at", "duty__officer__name", "pk")
        )


class DutyReason(models.Model):
    """One assignment that asks for a duty, until ``due_at``. Who goes and comes back gets another one."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reasons", related_query_name="reason")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="duty_reasons", related_query_name="duty_reason"
    )
    due_at = models.DateTimeField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    # Annotated by ``for_assignment``, and by ``for_officer``.
    started: bool
    zone: str
    by_name: bool

    objects = DutyReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "assignment"], condition=Q(ended_at=None), name="duty_reason_once")
        ]
        indexes = [
            # The names under an order to very many stand in this order.
            models.Index(fields=["assignment", "id"], condition=Q(ended_at=None), name="duty_reason_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} karena {self.assignment.order_number}"

    @property
    def whom(self) -> str:
        """Whom the order asks, as the officer reads it; of ``for_officer``."""
        return Whom.of(self.assignment, people=int(self.by_name)).own_words

    @property
    def ended_as(self) -> str:
        """Why the order asks no longer: a key of STATE_WORDS, or ``over``; empty while it asks."""
        if self.ended_at is None:
            return ""
        order, duty = self.assignment, self.duty
        if order.withdrawn_at and order.withdrawn_at <= self.ended_at:
            return "undone" if order.undone else "withdrawn"
        if duty.ended_as == DutyEnd.SPARED and duty.valid_to == self.ended_at:
            return "spared"
        # A path lets go of who moves and of what is spared; where another order goes on asking nothing says which.
        by_itself = duty.ended_as == DutyEnd.MOVED and duty.valid_to == self.ended_at
        return "over" if order.path_order_id and not by_itself else "moved"

    def state(self, *, at: datetime) -> str:
        """The duty's state; needs ``started`` of ``for_assignment``."""
        return self.duty.state(at=at, started=self.started)
