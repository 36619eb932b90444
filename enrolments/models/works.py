"""What is done in the background, and how far that has come."""

import uuid

from django.db import models
from django.db.models import Q

from organisation.models import User

from .duties import Assignment


class WorkKind(models.TextChoices):
    CARRY_OUT = "carry_out", "Memberikan kewajiban"
    WITHDRAW = "withdraw", "Mencabut kewajiban"
    UNDO = "undo", "Membatalkan kewajiban"


class OrderWork(models.Model):
    """Chunk after chunk in the order of ids, each in one short transaction that moves ``cursor`` on.

    ``cursor`` is the last officer (carrying out) or reason (taking back) that is dealt with, so whoever goes on
    after a killed worker begins behind it. ``changed`` counts duties opened or ended.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="works", related_query_name="work"
    )
    kind = models.CharField("jenis", max_length=10, choices=WorkKind)
    total = models.PositiveIntegerField("jumlah")
    handled = models.PositiveIntegerField("sudah", default=0)
    changed = models.PositiveIntegerField("berubah", default=0)
    cursor = models.BigIntegerField(default=0)
    asked_by = models.ForeignKey(User, verbose_name="diminta oleh", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("diminta")
    moved_at = models.DateTimeField("terakhir maju")
    finished_at = models.DateTimeField("selesai", null=True, blank=True)

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

    @property
    def percent(self) -> int:
        """Whole percent, rounded down; people who come while an order that follows is carried out do not count."""
        return min(100, self.handled * 100 // self.total) if self.total else 100


class Look(models.Model):
    """Up to when a step of tick has looked for what concerns it, so that it need not look at everything again."""

    name = models.CharField(max_length=60, unique=True)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
