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
from quizzes.choices import QuizRole, ReviewSetting
from quizzes.panels import DrawsPanel, RunningAttemptsPanel


class QuizPage(CourseItemPage):
    """A pre-test or post-test with its questions. Officers only ever meet its compiled versions."""

    item_kind = ItemKind.QUIZ

    role = models.CharField("jenis kuis", max_length=10, choices=QuizRole, default=QuizRole.POSTTEST)
    intro = models.TextField("pengantar", blank=True, help_text="Satu dua kalimat di atas aturan kuis.")
    pass_mark = models.PositiveSmallIntegerField(
        "nilai ambang lulus (%)",
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Hanya untuk pos-tes. Pre-tes tidak punya ambang lulus.",
    )
    max_attempts = models.PositiveSmallIntegerField("jumlah percobaan", default=3, help_text="0 berarti tanpa batas.")
    time_limit_minutes = models.PositiveSmallIntegerField(
        "waktu (menit)", default=0, help_text="0 berarti tanpa batas."
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
    shuffle_questions = models.BooleanField("acak urutan soal", default=True)
    shuffle_options = models.BooleanField("acak urutan pilihan", default=True)
    review = models.CharField(
        "pembahasan ditunjukkan", max_length=15, choices=ReviewSetting, default=ReviewSetting.AFTER_SUBMIT
    )
    questions = StreamField([*QUESTION_BLOCKS, *BANK_BLOCKS], verbose_name="soal", blank=True, collapsed=True)

    content_panels = [
        RunningAttemptsPanel(),
        *CourseItemPage.content_panels[:1],
        FieldRowPanel([FieldPanel("role"), FieldPanel("minutes")]),
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("pass_mark"), FieldPanel("max_attempts"), FieldPanel("time_limit_minutes")]),
                FieldRowPanel([FieldPanel("draw_count"), FieldPanel("min_scenarios")]),
                FieldRowPanel([FieldPanel("shuffle_questions"), FieldPanel("shuffle_options")]),
                FieldPanel("review"),
            ],
            heading="Aturan kuis",
        ),
        DrawsPanel(),
        FieldPanel("questions"),
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
        # The role says whether the quiz is required: a pre-test never stands in anybody's way.
        self.required = self.role == QuizRole.POSTTEST
        super().clean()
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
