"""Learning paths: courses in an order, some needed, of others a number; what was published never changes."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin, WorkflowMixin

from courses.compiling import fingerprint
from courses.exceptions import CompileRefused
from foundation import audit

from .pages import _publisher
from .rows import Course

FEWEST, MOST = 2, 20


def published_courses_by_code() -> list[tuple[str, str]]:
    """(code, title) for a select; a code never goes to another course."""
    return [(course.code, str(course)) for course in Course.objects.published()]


class PathStepBlock(blocks.StructBlock):
    course = blocks.ChoiceBlock(choices=published_courses_by_code, label="Pelatihan")
    required = blocks.BooleanBlock(
        required=False, default=True, label="Wajib", help_text="Tanpa tanda: pelatihan pilihan."
    )
    after = blocks.MultipleChoiceBlock(
        choices=published_courses_by_code,
        required=False,
        widget=CheckboxSelectMultiple,
        label="Terbuka sesudah",
        help_text="Pelatihan di atasnya yang harus selesai lebih dahulu. Kosongkan bila boleh langsung.",
    )

    class Meta:
        icon = "list-ol"
        label = "Pelatihan"


@dataclass(frozen=True)
class PlannedStep:
    """A step as its author wrote it; ``after`` are codes of courses."""

    code: str
    required: bool = True
    after: list[str] = field(default_factory=list)


def problems_of_path(steps: list[PlannedStep], options_needed: int) -> list[str]:
    """Why these steps are no path, in sentences; empty when they are."""
    problems = []
    if not FEWEST <= len(steps) <= MOST:
        problems.append(f"Jalur memuat {FEWEST} sampai {MOST} pelatihan.")
    before: dict[str, PlannedStep] = {}
    for step in steps:
        if step.code in before:
            problems.append(f"{step.code} muncul dua kali. Hapus salah satunya.")
        for first in step.after:
            if first not in before:
                problems.append(f"{step.code} terbuka sesudah {first}, jadi {first} harus berada di atasnya.")
            elif step.required and not before[first].required:
                problems.append(
                    f"{step.code} wajib, jadi tidak dapat menunggu {first} yang hanya pilihan. Wajibkan {first}."
                )
        before[step.code] = step
    options = sum(1 for step in steps if not step.required)
    if options and not 1 <= options_needed <= options:
        problems.append(f"Ada {options} pelatihan pilihan: isi berapa yang harus selesai, 1 sampai {options}.")
    if options_needed and not options:
        problems.append("Tidak ada pelatihan pilihan, jadi kosongkan jumlah pilihan.")
    return problems


class LearningPath(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    """What an author works on. Published through the review only; each publishing compiles a ``PathVersion``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("judul", max_length=150)
    summary = models.CharField(
        "ringkasan", max_length=300, help_text="Satu kalimat bagi personel: untuk apa jalur ini."
    )
    steps = StreamField([("step", PathStepBlock())], verbose_name="pelatihan", help_text="Urutannya urutan belajar.")
    options_needed = models.PositiveSmallIntegerField(
        "berapa pilihan harus selesai", default=0, help_text="Dari pelatihan yang tidak bertanda wajib."
    )
    offered = models.BooleanField(
        "ditawarkan",
        default=True,
        help_text="Tanpa tanda tidak dapat ditugaskan lagi; yang sudah ditugaskan berlanjut.",
    )

    class Meta:
        ordering = ["title"]
        verbose_name = "jalur pembelajaran"
        verbose_name_plural = "jalur pembelajaran"

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """A path that goes live is compiled in the same transaction, whichever way it is published."""
        super().save(**kwargs)
        if self.live and kwargs.get("update_fields") is None:
            compile_path(self, actor=_publisher(), at=self.last_published_at or timezone.now())

    @property
    def planned(self) -> list[PlannedStep]:
        return [
            PlannedStep(step.value["course"], bool(step.value["required"]), list(step.value["after"] or []))
            for step in self.steps
        ]

    def clean(self) -> None:
        super().clean()
        if problems := problems_of_path(self.planned, self.options_needed):
            raise ValidationError({"steps": problems})

    def with_content_json(self, content):
        path = super().with_content_json(content)
        path.uuid = self.uuid
        return path

    @admin.display(description="Isi")
    def steps_label(self) -> str:
        return ", ".join(step.code for step in self.planned)


class PathVersionQuerySet(models.QuerySet["PathVersion"]):
    def offered(self) -> "PathVersionQuerySet":
        """The newest version of each path that can be assigned, none of whose courses was archived."""
        newest = PathVersion.objects.filter(path=OuterRef("path")).order_by("-number").values("pk")[:1]
        archived = PathStep.objects.filter(~Q(course__archived_at=None))
        return self.filter(pk=Subquery(newest), path__offered=True, path__live=True).exclude(
            pk__in=archived.values("version")
        )


class PathVersion(models.Model):
    """What was published; never changes. An order names it, so that a later edit asks nobody for anything else."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField("judul", max_length=150)
    summary = models.CharField(max_length=300)
    options_needed = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    objects = PathVersionQuerySet.as_manager()

    class Meta:
        ordering = ["title", "-number"]
        verbose_name = "versi jalur"
        verbose_name_plural = "versi jalur"
        constraints = [models.UniqueConstraint(fields=["path", "number"], name="path_version_number_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def ever_ends(self) -> bool:
        """Whether a completion of any of its courses is over one day."""
        return any(step.course.ever_ends for step in self.path_steps.all())


class PathStep(models.Model):
    """A course of a version. ``after`` holds the ``order`` of the steps that must be done first."""

    version = models.ForeignKey(PathVersion, on_delete=models.PROTECT, related_name="path_steps")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="path_steps")
    order = models.PositiveSmallIntegerField()
    required = models.BooleanField()
    after = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="path_step_order_once"),
            models.UniqueConstraint(fields=["version", "course"], name="path_step_course_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.order}. {self.course}"


@transaction.atomic
def compile_path(path: LearningPath, *, actor, at: datetime) -> PathVersion:
    """Make what is published the newest version of the path. Raises CompileRefused.

    Publishing the same again makes no second version.
    """
    # Lock first: two publishings must not both take the next number.
    LearningPath.objects.select_for_update().get(pk=path.pk)
    planned = path.planned
    courses = {course.code: course for course in Course.objects.published()}
    problems = [*problems_of_path(planned, path.options_needed), *_unpublished(planned, courses)]
    if problems:
        raise CompileRefused(path, problems)
    fields = {"title": path.title, "summary": path.summary, "options_needed": path.options_needed}
    digest = fingerprint({**fields, "steps": [[step.code, step.required, step.after] for step in planned]})
    newest = path.versions.order_by("-number").first()
    if newest and newest.sha256 == digest:
        return newest
    version = PathVersion.objects.create(
        path=path, number=newest.number + 1 if newest else 1, sha256=digest, published_at=at, **fields
    )
    orders = {step.code: order for order, step in enumerate(planned, start=1)}
    PathStep.objects.bulk_create(
        PathStep(
            version=version,
            course=courses[step.code],
            order=orders[step.code],
            required=step.required,
            after=sorted(orders[code] for code in step.after),
        )
        for step in planned
    )
    audit.record(verb="path.published", actor=actor, at=at, obj=path, detail={"version": version.number})
    return version


def _unpublished(planned: list[PlannedStep], courses: dict[str, Course]) -> Iterator[str]:
    for step in planned:
        if step.code not in courses:
            yield f"{step.code} belum terbit atau sudah diarsipkan. Pilih pelatihan lain."
