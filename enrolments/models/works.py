"""What is done in the background, and how far that has come."""

from django.db import models
from django.db.models import Q

from foundation.models import Work
from organisation.models import User

from .duties import Assignment


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


class Look(models.Model):
    """Up to when a step of tick has looked for what concerns it, so that it need not look at everything again."""

    name = models.CharField(max_length=60, unique=True)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
