"""The pages that trainers write. A live page is always compiled: every way of publishing ends in ``save``."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.log_actions import get_active_log_context
from wagtail.models import Orderable, Page

from courses.blocks import LessonBody
from courses.compiling import MINUTES_PER_JP, compile_course, published_items, withdraw_course
from courses.editor import CompiledPageForm, item_order_panel, measure_panel
from courses.exceptions import CompileRefused, WithdrawalRefused
from courses.permissions import WorkflowPermissionTester
from courses.reading import Measure, measure

from .rows import Course, CourseItem, ItemKind
from .sources import LegalSource
from .topics import Topic
from .validity import CourseValidity, validity_panel

TOPICS_HELP = "Peserta yang keliru pada soal bertopik ini diarahkan ke materi ini."


def _publisher():
    """Who publishes: the user of the running admin request, or None for the platform itself."""
    user = get_active_log_context().user
    return user if user is not None and user.is_authenticated else None


class ContentPage(Page):
    """What all our pages share: published through the workflow only, no address without a page of ours."""

    show_in_menus_default = False

    class Meta:
        abstract = True

    @property
    def published_on(self) -> date | None:
        """The day of the last publishing, in the platform's own zone."""
        return timezone.localdate(self.last_published_at) if self.last_published_at else None

    def permissions_for_user(self, user):
        return WorkflowPermissionTester(user, self)


class CompiledPage(ContentPage):
    """A page whose publishing writes rows. Editor, workflow, schedule, bulk action and loader all end in ``save``."""

    base_form_class = CompiledPageForm
    promote_panels = [FieldPanel("slug")]

    class Meta:
        abstract = True

    def row_problems(self) -> dict[str, str]:
        """Field → sentence for what may no longer change once the page's row was compiled."""
        raise NotImplementedError

    def ensure_row(self) -> None:
        """Give a page that goes live the row it stands for. The row is kept for good."""
        raise NotImplementedError

    def publish_problems(self) -> list[str]:
        """Sentences that keep this page from being published as it stands; shown in the editor before it tries."""
        return []

    def write_rows(self, *, actor, at: datetime) -> None:
        """Compile the page, already saved as live."""
        raise NotImplementedError

    def withdraw_rows(self, *, actor, at: datetime) -> None:
        """The page was live and is not any more."""
        raise NotImplementedError

    def with_content_json(self, content):
        page = super().with_content_json(content)
        # A revision knows the words of that day; the row behind the page is never another one.
        for field in self.row_fields:
            setattr(page, field, getattr(self, field))
        return page

    def clean(self):
        super().clean()
        if problems := self.row_problems():
            raise ValidationError(problems)

    @transaction.atomic
    def save(self, clean=True, user=None, log_action=False, **kwargs):
        if kwargs.get("update_fields") is not None:
            return super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        was_live = bool(self.pk) and type(self).objects.filter(pk=self.pk, live=True).exists()
        if self.live:
            self._refuse_what_is_incomplete()
            self.ensure_row()
        result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        at = timezone.now()
        if self.live:
            self.write_rows(actor=_publisher(), at=self.last_published_at or at)
        elif was_live:
            self.withdraw_rows(actor=_publisher(), at=at)
        return result

    def _refuse_what_is_incomplete(self) -> None:
        incomplete = [*self._incomplete_fields()]
        if incomplete:
            raise CompileRefused(self, [f"Lengkapi atau perbaiki: {', '.join(incomplete)}."])
        if problems := [*self.row_problems().values(), *self.publish_problems()]:
            raise CompileRefused(self, problems)

    def _incomplete_fields(self) -> Iterator[str]:
        told_apart = self.row_problems()
        try:
            self.full_clean()
        except ValidationError as error:
            for name in error.message_dict.keys() - told_apart.keys() - {NON_FIELD_ERRORS}:
                yield str(self._meta.get_field(name).verbose_name)
        # Django's validation knows nothing of blocks; only the editor's form asks them.
        for name in self.get_streamfield_names():
            field = self._meta.get_field(name)
            try:
                field.stream_block.clean(getattr(self, name))
            except ValidationError:
                yield str(field.verbose_name)


class HomePage(ContentPage):
    """The start page: its personal part is rendered by ``enrolments``."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CatalogPage"]

    class Meta:
        verbose_name = "beranda"


class CatalogPage(ContentPage):
    """The list of courses."""

    max_count = 1
    parent_page_types = ["courses.HomePage"]
    subpage_types = ["courses.CoursePage"]

    class Meta:
        verbose_name = "katalog pelatihan"


class CoursePage(CompiledPage, CourseValidity):  # type: ignore[django-manager-missing]
    row_fields = ("course",)
    exclude_fields_in_copy = ["course"]
    parent_page_types = ["courses.CatalogPage"]

    course = models.OneToOneField(
        Course, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="page"
    )
    code = models.CharField(
        "kode",
        max_length=20,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9.-]*$", "Pakai huruf besar, angka, titik, atau tanda hubung.")],
        help_text="Misalnya C1. Tidak dapat diubah setelah pelatihan terbit.",
    )
    summary = models.TextField("ringkasan", help_text="Dua atau tiga kalimat: apa yang dikuasai sesudahnya.")
    audience = models.CharField("untuk siapa", max_length=255)
    objectives = StreamField(
        [("objective", blocks.CharBlock(label="Tujuan", max_length=300))],
        blank=True,
        verbose_name="tujuan pembelajaran",
    )
    jp = models.DecimalField(
        "JP", max_digits=5, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))], help_text="Jam pelajaran."
    )
    minutes = models.PositiveSmallIntegerField(
        "menit", validators=[MinValueValidator(1)], help_text=f"1 JP = {MINUTES_PER_JP} menit."
    )
    self_enrolment = models.BooleanField(
        "boleh mendaftar sendiri", default=False, help_text="Personel dapat memulai tanpa penugasan."
    )
    cover = models.ForeignKey(
        get_image_model_string(),
        verbose_name="gambar sampul",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("objectives"),
        FieldRowPanel([FieldPanel("jp"), FieldPanel("minutes")], heading="Lama"),
        validity_panel(),
        FieldPanel("self_enrolment"),
        FieldPanel("cover"),
        item_order_panel(),
    ]

    class Meta:
        verbose_name = "pelatihan"
        verbose_name_plural = "pelatihan"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def minutes_hint(self) -> str:
        """A sentence when the minutes do not fit the JP; empty when they do."""
        expected = int(self.jp * MINUTES_PER_JP)
        if self.minutes == expected:
            return ""
        return (
            f"{self.jp.normalize():f} JP setara dengan {expected} menit, tetapi di sini tertulis {self.minutes} menit."
        )

    @property
    def pass_rule(self) -> str:
        """When the course is done, in a sentence."""
        rules = [item.pass_rule for item in published_items(self) if item.pass_rule]
        return " ".join(["Semua bagian wajib selesai.", *rules])

    preview_modes = [("officer", "Sebagai personel")]

    def get_preview_template(self, request, mode_name: str) -> str:
        return "courses/course_preview.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        context = super().get_preview_context(request, mode_name)
        items = (
            [child for child in self.get_children().specific() if isinstance(child, CourseItemPage)] if self.pk else []
        )
        return {**context, "items": items}

    def row_problems(self) -> dict[str, str]:
        problems = {}
        course = self.course
        if course and course.current_version_id:
            if self.code != course.code:
                problems["code"] = f"Kode tidak dapat diubah lagi: pelatihan ini sudah terbit sebagai {course.code}."
            if self.slug != course.slug:
                problems["slug"] = f"Alamat tidak dapat diubah lagi: tautan ke “{course.slug}” sudah beredar."
        others = Course.objects.exclude(pk=course.pk) if course else Course.objects.all()
        if others.filter(code=self.code).exists():
            problems["code"] = f"Kode {self.code} sudah dipakai pelatihan lain. Pilih kode yang lain."
        if others.filter(slug=self.slug).exists():
            problems["slug"] = f"Alamat “{self.slug}” sudah dipakai pelatihan lain. Pilih alamat yang lain."
        return problems

    def publish_problems(self) -> list[str]:
        return self.validity_problems()

    def ensure_row(self) -> None:
        """A course row for this page. Until it is first compiled, code and address follow the page."""
        course = self.course or Course()
        if course.current_version_id:
            return
        if problems := [*self.row_problems().values()] or ([] if self.code else ["Isi dahulu kode pelatihannya."]):
            raise CompileRefused(self, problems)
        course.code, course.slug, course.title = self.code, self.slug, self.title
        course.save()
        self.course = course

    def write_rows(self, *, actor, at: datetime) -> None:
        compile_course(self, actor=actor, at=at)

    def withdraw_rows(self, *, actor, at: datetime) -> None:
        withdraw_course(self, at=at)


class CourseItemPage(CompiledPage):
    """What lesson and quiz pages share: the item they stand for."""

    item_kind = ItemKind.LESSON
    row_fields = ("item",)
    exclude_fields_in_copy = ["item"]
    waits_for_required = False
    decides_grade = False
    pass_rule = ""

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []

    item = models.OneToOneField(
        CourseItem, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="%(class)s"
    )
    required = models.BooleanField(
        "wajib", default=True, help_text="Pelatihan baru selesai bila semua bagian wajib selesai."
    )
    minutes = models.PositiveSmallIntegerField("perkiraan menit", default=20)

    class Meta:
        abstract = True

    @property
    def course_page(self) -> CoursePage:
        return CoursePage.objects.ancestor_of(self).get()

    def compile(self, *, actor, at: datetime) -> None:
        """Write what learners' rows will point to. Raises CompileRefused. A lesson has nothing to write."""

    def row_problems(self) -> dict[str, str]:
        compiled = self.item and self.item.version_items.order_by("-version__number").first()
        if compiled and compiled.slug != self.slug:
            return {"slug": f"Alamat tidak dapat diubah lagi: tautan ke “{compiled.slug}” sudah beredar."}
        return {}

    def ensure_row(self) -> None:
        if self.item_id is not None:
            return
        course_page = self.course_page
        if course_page.course_id is None:
            course_page.ensure_row()
            course_page.save(update_fields=["course"])
        self.item = CourseItem.objects.create(course_id=course_page.course_id, kind=self.item_kind)  # type: ignore[misc]

    def write_rows(self, *, actor, at: datetime) -> None:
        self.compile(actor=actor, at=at)
        course_page = self.course_page
        if course_page.live:
            compile_course(course_page, actor=actor, at=at)

    def withdraw_rows(self, *, actor, at: datetime) -> None:
        course_page = self.course_page
        if not course_page.live:
            return
        try:
            compile_course(course_page, actor=actor, at=at)
        except CompileRefused as refusal:
            raise WithdrawalRefused(
                self, [*refusal.problems, "Arsipkan pelatihannya bila tidak dipakai lagi."]
            ) from refusal


class LessonPage(CourseItemPage):
    summary = models.CharField("ringkasan", max_length=255, blank=True)
    topics = ParentalManyToManyField(Topic, verbose_name="topik", blank=True, related_name="lessons")
    body = StreamField(LessonBody(), verbose_name="isi")
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("required")]),
        FieldPanel("topics", widget=CheckboxSelectMultiple, help_text=TOPICS_HELP),
        InlinePanel("legal_bases", heading="Dasar hukum materi", label="Dasar hukum"),
        FieldPanel("body"),
        measure_panel(),
    ]
    preview_modes = [("officer", "Sebagai personel"), ("author", "Dengan catatan pengarang")]

    class Meta:
        verbose_name = "materi"
        verbose_name_plural = "materi"

    @property
    def legal_sources(self) -> list[LegalSource]:
        """The sources the whole lesson leans on, in the author's order."""
        return [basis.source for basis in self.legal_bases.all()]

    @cached_property
    def measure(self) -> Measure:
        """Reading time and weight of the page as it stands."""
        return measure(self)

    def get_preview_template(self, request, mode_name: str) -> str:
        return "courses/lesson_preview.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        context = super().get_preview_context(request, mode_name)
        return {**context, "with_notes": mode_name == "author"}


class LessonLegalBasis(Orderable):
    """A source that a lesson leans on as a whole; a row, because the reference index follows no many-to-many."""

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="legal_bases")
    source = models.ForeignKey(LegalSource, verbose_name="dasar hukum", on_delete=models.PROTECT, related_name="+")

    panels = [FieldPanel("source")]

    class Meta(Orderable.Meta):
        verbose_name = "dasar hukum materi"
        constraints = [models.UniqueConstraint(fields=["page", "source"], name="lesson_legal_basis_once")]

    def __str__(self) -> str:
        return str(self.source)
