"""What is done or counted in the background, and how far that has come."""

from django.db import models
from django.db.models import Q

from foundation.models import Work
from organisation.models import Unit, User

from .duties import Assignment, DutyFigures


class WorkKind(models.TextChoices):
    CARRY_OUT = "carry_out", "Memberikan kewajiban"
    WITHDRAW = "withdraw", "Mencabut kewajiban"
    UNDO = "undo", "Membatalkan kewajiban"


class OrderWork(Work):
    """``cursor`` is the last officer (carrying out) or reason (taking back), ``changed`` counts duties."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="works", related_query_name="work"
    )
    kind = models.CharField("jenis", max_length=10, choices=WorkKind)
    asked_by = models.ForeignKey(User, verbose_name="diminta oleh", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pekerjaan penugasan besar"
        verbose_name_plural = "pekerjaan penugasan besar"
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(finished_at=None), name="order_work_one_open_per_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assignment_id} ({self.handled} dari {self.total})"


class OrderFigures(models.Model):
    """The figures of an order to very many as of ``counted_at``, read from ``unit`` (enrolments/order_figures.py).

    ``elsewhere``: how many more under it serve outside ``unit``, or nowhere.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    elsewhere = models.PositiveIntegerField()
    counted_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "unit"], name="order_figures_once")]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.done} dari {self.total}"

    @property
    def figures(self) -> DutyFigures:
        return DutyFigures(total=self.total, done=self.done, overdue=self.overdue)


class Look(models.Model):
    """Up to when a step of tick has looked for what concerns it, so that it need not look at everything again."""

    name = models.CharField(max_length=60, unique=True)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
