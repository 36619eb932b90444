"""Keys that were found wrong after people had answered, and what their correction did to results."""

import uuid

from django.db import models

from courses.models import CourseItem
from foundation.models import AppendOnly
from organisation.models import User
from quizzes.choices import Consequence, Treatment

from .rows import Attempt


class KeyCorrection(AppendOnly):
    """What counts for a question from now on, in attempts of the past and to come; the newest one decides.

    It belongs to the question as it was asked (``digests``, see quizzes/effects.py): once an author publishes
    it otherwise, the new wording and key speak for themselves. ``key`` is the corrected answer: {"fractions":
    {option uuid: "0.5"}, "order": [option uuid, …], "key": {…}}, each only where the kind uses it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="key_corrections")
    question = models.UUIDField()
    digests = models.JSONField()
    treatment = models.CharField(max_length=10, choices=Treatment)
    key = models.JSONField(default=dict)
    consequence = models.CharField(max_length=10, choices=Consequence)
    reason = models.CharField(max_length=300)
    request = models.UUIDField(unique=True, help_text="Permintaan yang disetujui (foundation.ApprovalRequest)")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["item", "question"], name="correction_question")]

    def __str__(self) -> str:
        return f"{self.get_treatment_display()}: {self.question}"


class Regrade(models.Model):
    """How far the attempts have been graded anew after a correction: resumed where it stopped."""

    correction = models.OneToOneField(KeyCorrection, on_delete=models.PROTECT, related_name="regrade")
    last_attempt = models.BigIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="Sudah dilihat sekali lagi: tidak ada yang dikirim tepat saat koreksi"
    )

    class Meta:
        indexes = [models.Index(fields=["correction"], condition=models.Q(settled_at=None), name="regrade_open")]

    def __str__(self) -> str:
        return f"{self.correction}: {self.checked}"


class GradeChange(AppendOnly):
    """What an attempt was worth before a correction and after it."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="grade_changes")
    correction = models.ForeignKey(KeyCorrection, on_delete=models.PROTECT, related_name="changes")
    old_grade = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    old_passed = models.BooleanField(null=True)
    new_grade = models.DecimalField(max_digits=5, decimal_places=2)
    new_passed = models.BooleanField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["attempt", "correction"], name="grade_changed_once")]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.old_grade} → {self.new_grade}"
