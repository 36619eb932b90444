"""What happened to an attempt, one row for each thing: the timeline that a trainer or SDM reads."""

from django.db import models

from foundation.models import AppendOnly
from organisation.models import User
from quizzes.choices import EventKind

from .rows import Attempt


class AttemptEventQuerySet(models.QuerySet):
    def for_timeline(self) -> "AttemptEventQuerySet":
        """In the order in which things happened; naming who did it asks nothing more."""
        return self.select_related("actor").order_by("pk")


class AttemptEvent(AppendOnly):
    """Written in the transaction of the thing itself. It says that an answer came, never what it was."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    at = models.DateTimeField()
    # None: the platform itself, such as the clock that ends an attempt.
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(null=True)
    epoch = models.PositiveIntegerField(null=True)
    sequence = models.PositiveIntegerField(null=True)
    detail = models.JSONField(default=dict)

    objects = AttemptEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"
