"""The ledger of learning paths: written once per officer and order; a correction is a new row that points back."""

import uuid

from django.db import models
from django.db.models import Q

from foundation.models import AppendOnly
from organisation.models import Officer

from .duties import PathOrder
from .learning import Correctable, CourseCompletion


class PathCompletion(AppendOnly):
    """The dated fact that an officer did all that a path order asks for.

    ``completion`` is the ledger row with which it was done: it holds name, rank, unit and post of that day.
    ``evidence`` are the uuids of all the rows it stands on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="path_completions")
    path_order = models.ForeignKey(PathOrder, on_delete=models.PROTECT, related_name="completions")
    completion = models.ForeignKey(CourseCompletion, on_delete=models.PROTECT, related_name="path_completions")
    evidence = models.JSONField(default=list)
    completed_at = models.DateTimeField("selesai")
    recorded_at = models.DateTimeField("dicatat")
    withdrawn = models.BooleanField("dicabut", default=False)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    objects = Correctable.as_manager()

    class Meta:
        ordering = ["-completed_at"]
        verbose_name = "penyelesaian jalur"
        verbose_name_plural = "penyelesaian jalur"
        constraints = [
            models.UniqueConstraint(
                fields=["path_order", "officer"], condition=Q(corrects=None), name="path_completed_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False), name="path_withdrawal_corrects"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.path_order}"
