"""Answers that a person decides about: who marks them, what they earned, what was questioned, what came late."""

import uuid
from datetime import datetime
from fractions import Fraction

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from foundation.models import AppendOnly
from organisation.models import User
from quizzes.choices import RulingOrigin

from .rows import Attempt, LateAnswer, Response


class Dispute(AppendOnly):
    """An officer's question about a result. The one-to-one is the rule: once per attempt."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="dispute")
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="disputes")
    text = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Sanggahan: {self.attempt}"


class DisputeAnswer(AppendOnly):
    """What a marker answered: the result stands, or fractions changed (their rulings say which)."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="reply")
    stands = models.BooleanField()
    explanation = models.CharField(max_length=1000)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Jawaban atas {self.dispute}"


class MarkingTaskQuerySet(models.QuerySet):
    def open(self) -> "MarkingTaskQuerySet":
        return self.filter(closed_at=None)

    def takeable_by(self, marker: User, *, at: datetime, may_decide: bool) -> "MarkingTaskQuerySet":
        """Open tasks with a seat for ``marker``: not yet marked by them, and not all seats taken by others.

        The third seat is for whoever ``may_decide``. A dispute is for somebody who did not mark what it is about.
        """
        marks = Mark.objects.filter(task=OuterRef("pk"))
        given = Mark.objects.filter(marker=marker)
        about_one = Q(dispute__response__isnull=False) & Exists(
            given.filter(task__response=OuterRef("dispute__response"))
        )
        about_all = Q(dispute__response=None) & Exists(given.filter(task__attempt=OuterRef("attempt")))
        others = MarkingClaim.objects.held(at=at).filter(task=OuterRef("pk")).exclude(marker=marker)
        free = self.open().filter(~Exists(marks.filter(marker=marker)), Q(dispute=None) | ~(about_one | about_all))
        if not may_decide:
            free = free.filter(wanted__lt=3)
        return free.alias(done=_count(marks), held=_count(others)).filter(wanted__gt=F("done") + F("held"))

    def for_marking_page(self) -> "MarkingTaskQuerySet":
        """With question, quiz and course; the officer is not even read."""
        return self.select_related(
            "response__question", "attempt__version", "attempt__item__course", "dispute__response__question"
        )


def _count(rows: models.QuerySet) -> Coalesce:
    counted = rows.order_by().values("task").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class MarkingTask(models.Model):
    """An answer, or a dispute, that waits for a person. ``uuid`` is all that a marker learns of whose it is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="marking_tasks", related_query_name="marking_task"
    )
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="marking_tasks")
    dispute = models.OneToOneField(Dispute, null=True, on_delete=models.PROTECT, related_name="task")
    # How many people mark it: 1 or 2, and 3 once the first two disagree.
    wanted = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MarkingTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response"], condition=Q(closed_at=None, dispute=None), name="marking_task_one_open"
            ),
            models.CheckConstraint(
                condition=Q(response=None, dispute__isnull=False) | Q(response__isnull=False, dispute=None),
                name="marking_task_answer_or_dispute",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(closed_at=None), name="marking_task_open")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """``4F7A-91C2``: how the answer is called on the marker's page."""
        return blind_code(self.uuid)

    @cached_property
    def question(self):
        """The question to mark; None for a dispute about the whole attempt."""
        response = self.response if self.dispute is None else self.dispute.response
        return response and response.question


def blind_code(value: uuid.UUID) -> str:
    """Eight characters of a random id: the same for the same thing, telling nothing about a person."""
    text = value.hex[:8].upper()
    return f"{text[:4]}-{text[4:]}"


class MarkingClaimQuerySet(models.QuerySet):
    def held(self, *, at: datetime) -> "MarkingClaimQuerySet":
        return self.filter(seat__isnull=False, leased_until__gt=at)


class MarkingClaim(models.Model):
    """A marker's place at a task with what is filled in so far. Without ``seat`` it is skipped or ran out."""

    task = models.ForeignKey(MarkingTask, on_delete=models.CASCADE, related_name="claims")
    marker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField(null=True)
    leased_until = models.DateTimeField()
    draft = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)

    objects = MarkingClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "marker"], name="marking_claim_once_per_marker"),
            # Several rows without seat may stand; a seat is held by one.
            models.UniqueConstraint(fields=["task", "seat"], name="marking_claim_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task} kursi {self.seat}"


class Mark(AppendOnly):
    """What one marker gave: points per criterion (by its uuid) out of ``available``, and comments."""

    task = models.ForeignKey(MarkingTask, on_delete=models.PROTECT, related_name="marks")
    seat = models.PositiveSmallIntegerField()
    marker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField()
    comments = models.JSONField(default=dict)
    comment = models.CharField(max_length=2000, blank=True)
    earned = models.PositiveIntegerField()
    available = models.PositiveIntegerField()
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(fields=["task", "seat"], name="mark_seat_once"),
            models.UniqueConstraint(fields=["task", "marker"], name="mark_once_per_marker"),
            models.CheckConstraint(condition=Q(earned__lte=F("available")), name="mark_within_points"),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.earned}/{self.available}"

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.earned, self.available)


class Ruling(AppendOnly):
    """What people decided that a response earns, exactly; the newest counts and stands above the kind's rule.

    Without ``available`` it takes back the one before: the answer was replaced and is looked at anew.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="rulings")
    # One number per response: the constraint behind the lock of two markers who finish together.
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10, choices=RulingOrigin)
    earned = models.IntegerField(null=True)
    available = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="ruling_number_once"),
            models.CheckConstraint(
                condition=Q(earned=None, available=None)
                | Q(available__gt=0, earned__lte=F("available"), earned__gte=F("available") * -1),
                name="ruling_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.earned}/{self.available}"

    @property
    def fraction(self) -> Fraction | None:
        return None if self.available is None else Fraction(self.earned or 0, self.available)


class LateDecision(AppendOnly):
    """What became of an answer that came late. ``replaced`` keeps what stood before an accepted one."""

    late = models.OneToOneField(LateAnswer, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=300)
    replaced = models.JSONField(default=dict)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.late}: {'diterima' if self.accepted else 'ditolak'}"
