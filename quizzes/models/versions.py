"""Compiled quizzes: written when a quiz page is published, never changed (foundation/triggers.py)."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.safestring import mark_safe

from courses.models import CourseItem, LegalSource
from organisation.models import User
from quizzes.choices import Difficulty, Layout, QuestionKind, QuizRole
from quizzes.kinds import Key, Kind, Option, kind_of
from quizzes.openness import in_words

from .bank import BankQuestion
from .rules import DeliveryRules


class QuizVersionQuerySet(models.QuerySet):
    def newest(self) -> "QuizVersionQuerySet":
        """The version that attempts start on: the last one of each item."""
        later = QuizVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class QuizVersion(DeliveryRules):
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
    draw_count = models.PositiveSmallIntegerField(help_text="Soal per percobaan, dari halaman dan dari bank")
    min_scenarios = models.PositiveSmallIntegerField(default=0)
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

    @property
    def review_words(self) -> str:
        """What its result shows and when, for the officer."""
        return in_words(self.review_options, closes=self.closes_at is not None)

    @property
    def on_one_page(self) -> bool:
        return self.layout == Layout.ALL


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
            Option(str(option.uuid), mark_safe(option.html), option.fraction, option.feedback)
            for option in self.options.all()
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
