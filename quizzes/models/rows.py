"""Compiled quizzes and what officers did with them. Attempts point at versions, never at a page."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from courses.models import CourseItem, LegalSource
from enrolments.models import Enrolment
from organisation.models import Posting, User
from quizzes.choices import AttemptEnd, Difficulty, QuestionKind, QuizRole, ReviewSetting
from quizzes.kinds import Asked, Key, Kind, Option, kind_of

from .bank import BankQuestion


class QuizVersionQuerySet(models.QuerySet):
    def newest(self) -> "QuizVersionQuerySet":
        """The version that attempts start on: the last one of each item."""
        later = QuizVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class QuizVersion(models.Model):
    """What was compiled when a quiz page was published; never changes (foundation/triggers.py)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="quiz_versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    intro = models.TextField(blank=True)
    role = models.CharField(max_length=10, choices=QuizRole)
    pass_fraction = models.DecimalField(
        max_digits=4, decimal_places=3, null=True, help_text="0..1; kosong untuk pre-tes"
    )
    max_attempts = models.PositiveSmallIntegerField(default=0, help_text="0 = tanpa batas")
    time_limit_minutes = models.PositiveSmallIntegerField(default=0, help_text="0 = tanpa batas")
    draw_count = models.PositiveSmallIntegerField(help_text="Soal per percobaan, dari halaman dan dari bank")
    min_scenarios = models.PositiveSmallIntegerField(default=0)
    shuffle_questions = models.BooleanField(default=True)
    shuffle_options = models.BooleanField(default=True)
    review = models.CharField(max_length=15, choices=ReviewSetting, default=ReviewSetting.AFTER_SUBMIT)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = QuizVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="quiz_version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def pass_mark(self) -> Decimal | None:
        """The pass mark in percent; None for a pre-test."""
        return None if self.pass_fraction is None else self.pass_fraction * 100


class VersionPool(models.Model):
    """So many questions out of the bank, drawn for each attempt from all that were approved at publishing.

    A question belongs to a pool when it came from the bank to be drawn and its topic is one of ``topics``:
    pools may overlap, and then share their questions.
    """

    version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="pools")
    order = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=60)
    topics = models.JSONField(help_text="Topik itu dan semua di bawahnya, saat diterbitkan")
    count = models.PositiveSmallIntegerField()
    easy = models.PositiveSmallIntegerField(default=0)
    medium = models.PositiveSmallIntegerField(default=0)
    hard = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="version_pool_order_once")]

    def __str__(self) -> str:
        return f"{self.version} kumpulan {self.order}"

    @property
    def least(self) -> dict[str, int]:
        return {difficulty: getattr(self, difficulty) for difficulty in Difficulty.values}


class VersionQuestion(models.Model):
    """A question of a version. ``uuid`` is the block's id and follows the question over versions and quizzes."""

    version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="questions")
    bank = models.ForeignKey(BankQuestion, null=True, on_delete=models.PROTECT, related_name="compiled")
    bank.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    pool = models.ForeignKey(
        VersionPool,
        null=True,
        on_delete=models.PROTECT,
        related_name="questions",
        help_text="Kumpulan pertama yang memuatnya; kosong bila soalnya sendiri ada di halaman",
    )
    uuid = models.UUIDField()
    kind = models.CharField(max_length=12, choices=QuestionKind)
    order = models.PositiveSmallIntegerField()
    html = models.TextField()
    marks = models.PositiveSmallIntegerField(default=1)
    topic = models.CharField(max_length=60, blank=True)
    difficulty = models.CharField(max_length=10, blank=True)
    shape = models.JSONField(default=dict, help_text="Yang boleh diketahui peserta, menurut jenis soalnya")
    key = models.JSONField(default=dict, help_text="Yang hanya diketahui server sampai pembahasan terbuka")
    feedback = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    legal_source = models.ForeignKey(LegalSource, null=True, on_delete=models.PROTECT, related_name="+")
    needs_verification = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "uuid"], name="version_question_once")]

    def __str__(self) -> str:
        return f"{self.version} soal {self.order}"

    @property
    def rules(self) -> Kind:
        return kind_of(self.kind)

    @property
    def answer_key(self) -> Key:
        """What grading and an open review read; wants ``options`` prefetched."""
        options = [
            Option(str(option.uuid), option.html, option.fraction, option.feedback) for option in self.options.all()
        ]
        return Key(options, self.shape, self.key)


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


class AttemptQuerySet(models.QuerySet):
    def of(self, item: CourseItem, enrolment: Enrolment) -> "AttemptQuerySet":
        return self.filter(item=item, enrolment=enrolment)

    def running(self) -> "AttemptQuerySet":
        return self.filter(submitted_at=None)

    def due_to_close(self, *, at: datetime) -> "AttemptQuerySet":
        """Running attempts whose time, grace included, is over."""
        return self.running().filter(closes_at__lte=at)

    def used_up(self) -> "AttemptQuerySet":
        """The last attempt of each officer who passed none of all that the quiz and SDM allow."""
        newest = QuizVersion.objects.newest().filter(item=OuterRef("item"))
        granted = AttemptGrant.objects.filter(item=OuterRef("item"), enrolment=OuterRef("enrolment"))
        later = Attempt.objects.filter(
            item=OuterRef("item"), enrolment=OuterRef("enrolment"), number__gt=OuterRef("number")
        )
        return (
            self.filter(~Exists(later), submitted_at__isnull=False, passed=False)
            .alias(
                limit=Subquery(newest.values("max_attempts")[:1]),
                granted=Coalesce(Subquery(granted.order_by().values("item").annotate(n=Count("pk")).values("n")), 0),
            )
            .filter(limit__gt=0, number__gte=F("limit") + F("granted"))
        )

    def for_grant_list(self, *, at: datetime) -> "AttemptQuerySet":
        """One row per officer with course, quiz, rank and unit of ``at``; rendering asks nothing more."""
        postings = Posting.objects.in_force(at=at).select_related("rank", "unit")
        return (
            self.select_related("enrolment__officer", "enrolment__course", "version")
            .prefetch_related(Prefetch("enrolment__officer__postings", postings, to_attr="current_postings"))
            .order_by("-submitted_at", "pk")
        )


class Attempt(models.Model):
    """One sitting. Draw and order stand in its responses; the server owns the clock."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    item = models.ForeignKey(
        CourseItem, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    number = models.PositiveSmallIntegerField("percobaan ke-")
    started_at = models.DateTimeField("mulai")
    deadline_at = models.DateTimeField("batas waktu", null=True, blank=True)
    closes_at = models.DateTimeField("ditutup", null=True, blank=True, help_text="Batas waktu dan masa tenggang")
    epoch = models.PositiveIntegerField(default=0, help_text="Naik setiap kali dibuka di sebuah perangkat")
    submitted_at = models.DateTimeField("dikirim", null=True, blank=True)
    ended_as = models.CharField(max_length=10, choices=AttemptEnd, blank=True)
    graded_at = models.DateTimeField("dinilai", null=True, blank=True)
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
        indexes = [models.Index(fields=["closes_at"], condition=Q(submitted_at=None), name="attempt_running_closes")]

    def __str__(self) -> str:
        return f"{self.enrolment} percobaan {self.number}"

    @property
    def awaits_marking(self) -> bool:
        """Submitted, but a person must still mark one of its answers."""
        return self.submitted_at is not None and self.graded_at is None

    def accepts_answers(self, *, at: datetime) -> bool:
        """Whether an answer that arrives at ``at`` counts: not submitted, and within the deadline and its grace."""
        return self.submitted_at is None and (self.closes_at is None or at < self.closes_at)


class Response(models.Model):
    """The answer to one drawn question, in the shape its kind gives it, and the order its options are shown in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    question = models.ForeignKey(VersionQuestion, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    option_order = models.JSONField()
    answer = models.JSONField(default=list)
    epoch = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(
        null=True, blank=True, help_text="Kunci sudah dilihat; jawaban tidak berubah lagi"
    )
    fraction = models.DecimalField(
        max_digits=6, decimal_places=5, null=True, blank=True, help_text="Kosong sampai dinilai"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="response_once_per_question"),
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} soal {self.position}"

    @property
    def answered(self) -> bool:
        return bool(self.answer)

    def asked(self) -> Asked:
        """What the officer's page may know of the question. Keys are not even read, save a scenario's own."""
        question = self.question
        html = {
            str(option.uuid): option.html
            for option in VersionOption.objects.filter(question=question.pk).only("uuid", "html")
        }
        options = [Option(uuid, html[uuid]) for uuid in self.option_order]
        return Asked(question.html, options, question.shape, question.key if question.rules.is_story else {})


class LateAnswer(models.Model):
    """An answer that came after deadline and grace: kept for review, never counted by itself, never dropped."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="late_answers")
    answer = models.JSONField()
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
    # One grant per last attempt: the constraint that stands behind the lock of grant_attempt.
    after = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="grant")
    reason = models.CharField("alasan", max_length=300)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Percobaan tambahan: {self.enrolment}"
