"""The question bank: questions that several quizzes use, each reviewed by itself."""

import uuid

from django.contrib import admin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.html import strip_tags
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)

from courses.exceptions import CompileRefused
from courses.models import LegalSource, Topic
from organisation.models import User
from quizzes.blocks import QUESTION_BLOCKS
from quizzes.choices import Difficulty, QuestionKind
from quizzes.editor import BankQuestionForm

TITLE_LENGTH = 120
IN_REVIEW = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


class BankQuestionQuerySet(models.QuerySet):
    def approved(self) -> "BankQuestionQuerySet":
        """Questions that quizzes may use: reviewed and not withdrawn."""
        return self.filter(live=True)

    def in_review(self) -> "BankQuestionQuerySet":
        return self.filter(Exists(self._reviews()))

    def for_listing(self) -> "BankQuestionQuerySet":
        """One row per question with what its list shows; ``quiz_count`` and ``version_count`` say where it is used."""
        from .versions import VersionQuestion

        uses = BankUse.objects.filter(question=OuterRef("pk")).order_by().values("question")
        versions = VersionQuestion.objects.filter(bank=OuterRef("pk")).order_by().values("bank")
        return self.select_related("topic").annotate(
            quiz_count=Coalesce(Subquery(uses.annotate(n=Count("pk")).values("n")), 0),
            version_count=Coalesce(Subquery(versions.annotate(n=Count("pk")).values("n")), 0),
            is_in_review=Exists(self._reviews()),
        )

    def _reviews(self) -> models.QuerySet:
        return WorkflowState.objects.filter(
            base_content_type__app_label="quizzes",
            base_content_type__model="bankquestion",
            object_id=Cast(OuterRef("pk"), models.CharField()),
            status__in=IN_REVIEW,
        )


class BankQuestionTag(TaggedItemBase):
    content_object = ParentalKey("quizzes.BankQuestion", on_delete=models.CASCADE, related_name="tagged_items")


class BankQuestion(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One question with its own review. What lists and draws ask for stands in columns, read from the block.

    The columns say what is approved; while nothing is, what the draft says (Wagtail keeps a draft that was
    never live in the row itself).
    """

    uuid = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Id blok soalnya; statistik mengikutinya"
    )
    title = models.CharField(
        "judul", max_length=TITLE_LENGTH, blank=True, help_text="Untuk daftar. Bila kosong, dari kalimat soalnya."
    )
    question = StreamField(QUESTION_BLOCKS, verbose_name="soal", min_num=1, max_num=1)
    tags = ClusterTaggableManager(through=BankQuestionTag, blank=True, verbose_name="label")
    owner = models.ForeignKey(
        User, verbose_name="pemilik", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    # Wagtail's own field, without the way back from a person to what they locked, which nobody goes.
    locked_by = models.ForeignKey(
        User,
        verbose_name="dikunci oleh",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    locked_by.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    kind = models.CharField("jenis", max_length=12, choices=QuestionKind, editable=False)
    topic = models.ForeignKey(
        Topic, verbose_name="topik", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    difficulty = models.CharField("tingkat kesulitan", max_length=10, choices=Difficulty, editable=False)
    legal_source = models.ForeignKey(
        LegalSource, verbose_name="dasar hukum", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField(editable=False, help_text="Semua kata soalnya, untuk dicari")

    objects = BankQuestionQuerySet.as_manager()
    base_form_class = BankQuestionForm
    preview_modes = [("personel", "Seperti dilihat personel"), ("kunci", "Dengan kunci jawaban")]

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = "soal bank"
        verbose_name_plural = "soal bank"
        # Wagtail makes these too, but only after the groups got theirs (editorial).
        permissions = [
            ("lock_bankquestion", "Can lock soal bank"),
            ("unlock_bankquestion", "Can unlock soal bank"),
        ]

    def __str__(self) -> str:
        return self.title or f"Soal bank {self.pk}"

    def save(self, **kwargs):
        if kwargs.get("update_fields") is None:
            self.read_block()
            if self.live and (problem := self.problem):
                raise CompileRefused(self, [problem])
        super().save(**kwargs)

    def clean(self) -> None:
        super().clean()
        self.read_block()

    @property
    def block(self):
        """The question as it stands in the StreamField; None in a draft without one."""
        return self.question[0] if len(self.question) else None

    @property
    def problem(self) -> str:
        """Why the question cannot be used in a quiz, in a sentence; empty when it can."""
        from quizzes.content import problem_of, unknown_topics

        if self.block is None:
            return "Isi dahulu soalnya."
        if problem := problem_of(self.block):
            return problem
        return next(iter(unknown_topics([self.block.value["topic"]])), "")

    @property
    def status_string(self) -> str:
        """What lists show; a bank question is never scheduled."""
        if getattr(self, "is_in_review", False):
            return "disetujui, draf baru diperiksa" if self.live else "sedang diperiksa"
        if self.live:
            return "disetujui, ada draf baru" if self.has_unpublished_changes else "disetujui"
        return "draf"

    def read_block(self) -> None:
        """Take over from the block what the columns hold, and give the block its id."""
        block = self.block
        if block is None:
            return
        # Whoever deletes the block and writes another one changes this question; it is not a new one.
        block.id = str(self.uuid)
        value = block.value
        self.kind = block.block_type
        self.difficulty = value["difficulty"] or ""
        self.topic = Topic.objects.filter(slug=value["topic"]).first() if value["topic"] else None
        self.legal_source = value["legal_source"]
        self.words = " ".join(
            words
            for name, child in block.block.child_blocks.items()
            if name != "difficulty" and value[name] is not None
            for words in child.get_searchable_content(value[name])
        )
        self.title = self.title or shortened(strip_tags(value["text"].source) if value["text"] else "")

    def with_content_json(self, content):
        question = super().with_content_json(content)
        # A revision knows the words of that day; whose question it is does not change with them.
        question.uuid, question.owner = self.uuid, self.owner
        return question

    def get_preview_template(self, request, mode_name):
        return "quizzes/bank_preview.html"

    def get_preview_context(self, request, mode_name):
        from quizzes.preview import previewed

        return {
            **super().get_preview_context(request, mode_name),
            "question": previewed(self.block, 1) if self.block else None,
            "with_key": mode_name == "kunci",
        }

    @admin.display(description="Jenis", ordering="kind")
    def kind_label(self) -> str:
        return self.get_kind_display()

    @admin.display(description="Kesulitan", ordering="difficulty")
    def difficulty_label(self) -> str:
        return self.get_difficulty_display()

    @admin.display(description="Topik", ordering="topic__name")
    def topic_label(self) -> str:
        return self.topic.name if self.topic else "–"

    @admin.display(description="Dipakai")
    def used_label(self) -> str:
        """For rows of ``for_listing``."""
        used = [f"{self.quiz_count} kuis"] if self.quiz_count else []
        return ", ".join([*used, *([f"{self.version_count} versi"] if self.version_count else [])]) or "–"


class BankUse(models.Model):
    """A quiz page that names a bank question: in what is live, in its newest draft. Kept by saving the page."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey("quizzes.QuizPage", on_delete=models.CASCADE, related_name="bank_uses")
    # The constraint that stands behind the refusal to delete a used question.
    question = models.ForeignKey(BankQuestion, on_delete=models.PROTECT, related_name="uses")
    live = models.BooleanField(default=False)
    draft = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "question"], name="bank_use_once"),
            models.CheckConstraint(condition=Q(live=True) | Q(draft=True), name="bank_use_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.question} di {self.page}"

    @property
    def where(self) -> str:
        return " dan ".join([*(["terbit"] if self.live else []), *(["draf"] if self.draft else [])])


def shortened(words: str) -> str:
    """The beginning of a question as its title."""
    words = " ".join(words.split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"
