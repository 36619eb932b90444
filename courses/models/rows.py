"""Plain rows that learners' records name. Pages point to them; they never point to a page."""

import uuid

from django.db import models
from django.db.models import Q

from organisation.models import User

from .validity import CourseValidity


class CourseQuerySet(models.QuerySet):
    def published(self) -> "CourseQuerySet":
        """Courses that can be assigned and taken: compiled at least once and not archived."""
        return self.filter(archived_at=None).exclude(current_version=None)


class Course(models.Model):
    """A course with a stable code such as C1. ``current_version`` is the newest compiled one."""

    code = models.CharField("kode", max_length=20, unique=True)
    slug = models.SlugField("alamat", max_length=80, unique=True)
    title = models.CharField("judul", max_length=200)
    current_version = models.OneToOneField(
        "CourseVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="current_of"
    )
    archived_at = models.DateTimeField("diarsipkan", null=True, blank=True)
    opened_again_at = models.DateTimeField("diterbitkan lagi dari arsip", null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "pelatihan"
        verbose_name_plural = "pelatihan"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_published(self) -> bool:
        """As ``published`` finds them."""
        return self.archived_at is None and self.current_version_id is not None

    @property
    def url(self) -> str:
        return f"/pelatihan/{self.slug}/"

    @property
    def ever_ends(self) -> bool:
        """Whether what is completed now is over one day."""
        return self.version.ever_ends

    @property
    def version(self) -> "CourseVersion":
        """``current_version`` of a published course. Raises ValueError when nothing was compiled yet."""
        if self.current_version is None:
            raise ValueError(f"{self.code} was never published")
        return self.current_version


class ItemKind(models.TextChoices):
    LESSON = "lesson", "Materi"
    QUIZ = "quiz", "Kuis"
    EVENT = "event", "Tatap muka"


class CourseItem(models.Model):
    """A lesson, quiz or event as a step of a course; keeps its uuid for good."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=ItemKind)

    def __str__(self) -> str:
        return f"{self.course.code} {self.get_kind_display()} {self.uuid}"


class CourseVersion(CourseValidity):
    """What was compiled when a course was published; never changes (foundation/triggers.py)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    audience = models.CharField(max_length=255, blank=True)
    objectives = models.JSONField(default=list)
    jp = models.DecimalField(max_digits=5, decimal_places=1, help_text="Jam pelajaran; 1 JP = 45 menit")
    minutes = models.PositiveSmallIntegerField()
    self_enrolment = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_number_once"),
            models.CheckConstraint(
                condition=Q(validity_months=0) | Q(cycle_ends_on=None), name="course_version_holds_by_one_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.code} v{self.number}"

    @property
    def rules(self) -> tuple:
        """What a completion asks for and is worth; wording and items that may be left out are no part of it."""
        required = {
            (entry.item_id, entry.waits_for_required, entry.decides_grade)
            for entry in self.version_items.all()
            if entry.required
        }
        return required, self.jp, self.validity_months, self.cycle_ends_on, self.cycle_years


class CourseVersionItem(models.Model):
    """An item as it stood in a version, in reading order.

    ``waits_for_required``: opens only when every required item before it is done (the post-test).
    ``decides_grade``: its grade becomes the grade of the course.
    """

    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="version_items")
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="version_items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    required = models.BooleanField()
    waits_for_required = models.BooleanField(default=False)
    decides_grade = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="version_item_once"),
            models.UniqueConstraint(fields=["version", "order"], name="version_item_order_once"),
            models.CheckConstraint(
                condition=Q(decides_grade=False) | Q(required=True), name="deciding_item_is_required"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.order}. {self.title}"
