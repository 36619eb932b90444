"""The page a trainer writes a quiz on. Publishing compiles it into the rows of ``rows.py``."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from courses.models import CourseItemPage, ItemKind
from organisation.models import User
from quizzes.blocks import BANK_BLOCKS, QUESTION_BLOCKS
from quizzes.choices import Layout, QuizRole
from quizzes.openness import in_order
from quizzes.panels import DrawsPanel, RedoPanel, RunningAttemptsPanel, ScenarioMapsPanel

from .rules import DeliveryRules


class QuizPage(CourseItemPage, DeliveryRules):  # type: ignore[django-manager-missing]
    """A pre-test, post-test or practice with its questions. Officers only ever meet its compiled versions."""

    item_kind = ItemKind.QUIZ

    role = models.CharField(
        "jenis kuis",
        max_length=10,
        choices=QuizRole,
        default=QuizRole.POSTTEST,
        help_text="Pos-tes menentukan kelulusan. Pre-tes dan latihan tidak pernah diwajibkan.",
    )
    intro = models.TextField("pengantar", blank=True, help_text="Satu dua kalimat di atas aturan kuis.")
    pass_mark = models.PositiveSmallIntegerField(
        "nilai ambang lulus (%)",
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Hanya untuk pos-tes. Pre-tes dan latihan tidak punya ambang lulus.",
    )
    draw_count = models.PositiveSmallIntegerField(
        "jumlah soal per percobaan",
        default=0,
        help_text="Diambil acak dari soal di halaman ini, di luar yang diambil dari bank. 0 berarti semua.",
    )
    min_scenarios = models.PositiveSmallIntegerField(
        "paling sedikit studi kasus",
        default=0,
        help_text="Dari soal halaman ini yang diambil, paling sedikit sekian studi kasus.",
    )
    questions = StreamField([*QUESTION_BLOCKS, *BANK_BLOCKS], verbose_name="soal", blank=True, collapsed=True)

    content_panels = [
        RedoPanel(),
        RunningAttemptsPanel(),
        *CourseItemPage.content_panels[:1],
        FieldRowPanel([FieldPanel("role"), FieldPanel("minutes")]),
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel(
                    [FieldPanel("max_attempts"), FieldPanel("wait_minutes"), FieldPanel("time_limit_minutes")]
                ),
            ],
            heading="Kapan dan berapa kali",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("draw_count"), FieldPanel("min_scenarios")]),
                FieldRowPanel([FieldPanel("shuffle_questions"), FieldPanel("shuffle_options")]),
                FieldRowPanel([FieldPanel("layout"), FieldPanel("forward_only")]),
            ],
            heading="Soal yang diberikan",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("pass_mark"), FieldPanel("wrong_penalty")]),
                FieldPanel("review_options"),
                FieldRowPanel([FieldPanel("pass_message"), FieldPanel("fail_message")]),
            ],
            heading="Nilai dan pembahasan",
        ),
        DrawsPanel(),
        FieldPanel("questions"),
        ScenarioMapsPanel(heading="Peta skenario", icon="redirect"),
    ]
    preview_modes = [("personel", "Seperti dilihat personel"), ("kunci", "Dengan kunci jawaban")]

    class Meta:
        verbose_name = "kuis"
        verbose_name_plural = "kuis"

    @property
    def waits_for_required(self) -> bool:  # type: ignore[override]
        return self.role == QuizRole.POSTTEST

    @property
    def decides_grade(self) -> bool:  # type: ignore[override]
        return self.role == QuizRole.POSTTEST

    def clean(self) -> None:
        # The role says whether the quiz is required: a pre-test or practice never stands in anybody's way.
        self.required = self.role == QuizRole.POSTTEST
        self.review_options = in_order(self.review_options)
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "Kuis harus ditutup sesudah dibuka."})
        if self.forward_only and self.layout == Layout.ALL:
            raise ValidationError({"forward_only": "Hanya berlaku bila soal tampil satu per halaman."})
        if self.draw_count and self.min_scenarios > self.draw_count:
            raise ValidationError({"min_scenarios": "Tidak boleh lebih banyak daripada jumlah soal per percobaan."})

    @property
    def pass_rule(self) -> str:  # type: ignore[override]
        return f"Nilai {self.title} sedikitnya {self.pass_mark}." if self.role == QuizRole.POSTTEST else ""

    def save(self, clean=True, user=None, log_action=False, **kwargs):
        from quizzes.services import note_uses

        with transaction.atomic():
            result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
            if kwargs.get("update_fields") is None:
                note_uses(self, "live", named=self.live)
        return result

    def save_revision(self, *args, **kwargs):
        from quizzes.services import note_uses

        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)
            note_uses(self, "draft")
        return revision

    def publish_problems(self) -> list[str]:
        from quizzes.services.compiling import problems_of

        return problems_of(self)

    def compile(self, *, actor: User | None, at: datetime) -> None:
        """Write the version that attempts start on from now. Raises CompileRefused, and then nothing is published."""
        from quizzes.services import compile_quiz

        compile_quiz(page=self, actor=actor, at=at)

    def get_preview_template(self, request, mode_name):
        return "quizzes/preview.html"

    def get_preview_context(self, request, mode_name):
        from quizzes.preview import preview_of

        return {
            **super().get_preview_context(request, mode_name),
            "preview": preview_of(self),
            "with_key": mode_name == "kunci",
        }
