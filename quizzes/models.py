"""Compiled quizzes and what officers did with them. Attempts point at versions, never at a page."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from courses.models import CourseItem, LegalSource
from enrolments.models import Enrolment
from organisation.models import User


class QuestionKind(models.TextChoices):
    SINGLE = "single", "Satu jawaban"
    MULTIPLE = "multiple", "Beberapa jawaban"
    TRUE_FALSE = "truefalse", "Benar/salah"
    SITUATIONAL = "situational", "Studi kasus"


class QuizRole(models.TextChoices):
    PRETEST = "pretest", "Pre-tes"
    POSTTEST = "posttest", "Pos-tes"


class ReviewSetting(models.TextChoices):
    DURING = "during", "Segera setelah tiap jawaban"
    AFTER_SUBMIT = "after_submit", "Setelah dikirim"
    NEVER = "never", "Tidak pernah"


class QuizVersion(models.Model):
    """What was compiled when a quiz page was published; never changes (foundation/triggers.py)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="quiz_versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    intro = models.TextField(blank=True)
    role = models.CharField(max_length=10, choices=QuizRole)
    pass_fraction = models.DecimalField(max_digits=4, decimal_places=3, null=True, help_text="0..1; kosong untuk pre-tes")
    max_attempts = models.PositiveSmallIntegerField(default=0, help_text="0 = tanpa batas")
    time_limit_minutes = models.PositiveSmallIntegerField(default=0, help_text="0 = tanpa batas")
    draw_count = models.PositiveSmallIntegerField()
    min_scenarios = models.PositiveSmallIntegerField(default=0)
    shuffle_questions = models.BooleanField(default=True)
    shuffle_options = models.BooleanField(default=True)
    review = models.CharField(max_length=15, choices=ReviewSetting, default=ReviewSetting.AFTER_SUBMIT)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="quiz_version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class VersionQuestion(models.Model):
    """A question of a version. ``uuid`` is the block's id and follows the question over versions."""

    version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="questions")
    uuid = models.UUIDField()
    kind = models.CharField(max_length=12, choices=QuestionKind)
    order = models.PositiveSmallIntegerField()
    html = models.TextField()
    marks = models.PositiveSmallIntegerField(default=1)
    topic = models.CharField(max_length=60, blank=True)
    difficulty = models.CharField(max_length=10, blank=True)
    explanation = models.TextField(blank=True)
    legal_source = models.ForeignKey(LegalSource, null=True, on_delete=models.PROTECT, related_name="+")
    needs_verification = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "uuid"], name="version_question_once")]

    def __str__(self) -> str:
        return f"{self.version} soal {self.order}"


class VersionOption(models.Model):
    """An option of a question with the fraction it earns (-1..1)."""

    question = models.ForeignKey(VersionQuestion, on_delete=models.PROTECT, related_name="options")
    uuid = models.UUIDField()
    order = models.PositiveSmallIntegerField()
    html = models.TextField()
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    feedback = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["question", "uuid"], name="version_option_once")]

    def __str__(self) -> str:
        return f"{self.question} pilihan {self.order}"


class AttemptEnd(models.TextChoices):
    SUBMITTED = "submitted", "Dikirim"
    TIMED_OUT = "timed_out", "Waktu habis"


class AttemptQuerySet(models.QuerySet):
    def running(self) -> "AttemptQuerySet":
        return self.filter(submitted_at=None)

    def due_to_close(self, *, at: datetime) -> "AttemptQuerySet":
        """Running attempts whose time, grace included, is over."""
        return self.running().filter(closes_at__lte=at)


class Attempt(models.Model):
    """One sitting. Draw and order stand in its responses; the server owns the clock."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt")
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt")
    version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt")
    number = models.PositiveSmallIntegerField("percobaan ke-")
    started_at = models.DateTimeField("mulai")
    deadline_at = models.DateTimeField("batas waktu", null=True, blank=True)
    closes_at = models.DateTimeField("ditutup", null=True, blank=True, help_text="Batas waktu dan masa tenggang")
    epoch = models.PositiveIntegerField(default=0, help_text="Naik setiap kali dibuka di sebuah perangkat")
    submitted_at = models.DateTimeField("dikirim", null=True, blank=True)
    ended_as = models.CharField(max_length=10, choices=AttemptEnd, blank=True)
    grade = models.DecimalField("nilai", max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField("lulus", null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = "percobaan"
        verbose_name_plural = "percobaan"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "item"], condition=Q(submitted_at=None), name="attempt_one_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} percobaan {self.number}"


class Response(models.Model):
    """The answer to one drawn question: the option uuids chosen so far and the order they were shown in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    question = models.ForeignKey(VersionQuestion, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    option_order = models.JSONField()
    chosen = models.JSONField(default=list)
    epoch = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    fraction = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="response_once_per_question"),
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} soal {self.position}"


class LateAnswer(models.Model):
    """An answer that came after deadline and grace: kept for review, never counted by itself, never dropped."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="late_answers")
    chosen = models.JSONField()
    epoch = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "epoch", "sequence"], name="late_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Terlambat: {self.response}"


class AttemptGrant(models.Model):
    """One more attempt for an officer who used up all of them, given by SDM with a reason."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempt_grants")
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="attempt_grants")
    reason = models.CharField("alasan", max_length=300)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Percobaan tambahan: {self.enrolment}"


