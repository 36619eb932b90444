"""What bends the rules of a quiz for some people: accommodations, outages, and the order to take it again."""

import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import cast

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from courses.models import Course, CourseItem, CourseVersion
from enrolments.models import Assignment, CourseCompletion
from foundation.models import AppendOnly
from organisation.models import Officer, Posting, Unit, User
from quizzes.choices import QuizRole, RedoScope

from .rows import Attempt
from .versions import QuizVersion


class AccommodationQuerySet(models.QuerySet):
    def newest(self) -> "AccommodationQuerySet":
        """The one that counts for each officer and quiz."""
        later = Accommodation.objects.filter(officer=OuterRef("officer"), item=OuterRef("item"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))

    def for_list(self, *, at: datetime) -> "AccommodationQuerySet":
        """One row per accommodation with course, quiz, rank and unit of ``at``; rendering asks nothing more."""
        postings = Posting.objects.in_force(at=at).select_related("rank", "unit")
        titles = QuizVersion.objects.newest().filter(item=OuterRef("item"))
        return (
            self.select_related("officer", "item__course")
            .prefetch_related(models.Prefetch("officer__postings", postings, to_attr="current_postings"))
            .annotate(
                quiz_title=models.Subquery(titles.values("title")[:1]),
                replaced=~Exists(Accommodation.objects.newest().filter(pk=OuterRef("pk"))),
            )
            .order_by("-approved_at", "-pk")
        )


class Accommodation(AppendOnly):
    """More time, attempts or days for one officer at one quiz; asked for by one person, approved by another.

    The newest one counts, whole: a correction is a new accommodation.
    """

    request = models.UUIDField("permintaan", unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="accommodations")
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="accommodations")
    extra_minutes = models.PositiveSmallIntegerField("tambahan waktu (menit)", default=0)
    extra_attempts = models.PositiveSmallIntegerField("tambahan percobaan", default=0)
    closes_at = models.DateTimeField("ditutup lebih lambat", null=True, blank=True)
    reason = models.CharField("alasan", max_length=300)
    requested_by_name = models.CharField("diminta oleh", max_length=200)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("disetujui")

    objects = AccommodationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Akomodasi: {self.officer}"


class OutageQuerySet(models.QuerySet):
    def going_on(self) -> "OutageQuerySet":
        return self.filter(ends_at=None)

    def for_list(self) -> "OutageQuerySet":
        """One row per outage with its unit and how many attempts got time or another try."""
        return (
            self.select_related("unit", "recorded_by")
            .annotate(
                extended=models.Count("extension", distinct=True), granted=models.Count("attempt_grants", distinct=True)
            )
            .order_by("-starts_at", "-pk")
        )


class Outage(models.Model):
    """When the network or the power of a unit was away; without an end it still is, and the clocks stand still."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="outages")
    starts_at = models.DateTimeField("mulai")
    ends_at = models.DateTimeField("selesai", null=True, blank=True)
    reason = models.CharField("gangguan", max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat")

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = "gangguan"
        verbose_name_plural = "gangguan"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="outage_ends_after_start"
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(ends_at=None), name="outage_one_open_per_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.short_name}: {self.reason}"


class AttemptExtension(AppendOnly):
    """The time an outage gave back to one attempt: once per attempt and outage."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="extensions")
    outage = models.ForeignKey(
        Outage, on_delete=models.PROTECT, related_name="extensions", related_query_name="extension"
    )
    seconds = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "outage"], name="extension_once_per_outage")]

    def __str__(self) -> str:
        return f"{self.attempt}: {timedelta(seconds=self.seconds)}"


class RedoRequest(AppendOnly):
    """Who must take a changed quiz or course again, as its author sees it: one answer per version. SDM carries it out.

    It is about the version of a quiz or that of a course, never both.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.OneToOneField(QuizVersion, null=True, on_delete=models.PROTECT, related_name="redo_request")
    course_version = models.OneToOneField(
        CourseVersion, null=True, on_delete=models.PROTECT, related_name="redo_request"
    )
    scope = models.CharField("siapa yang mengulang", max_length=10, choices=RedoScope, default=RedoScope.NOBODY)
    completed_from = models.DateTimeField("selesai sejak", null=True, blank=True)
    completed_before = models.DateTimeField("selesai sebelum", null=True, blank=True)
    reason = models.CharField("alasan", max_length=300, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope=RedoScope.EVERYONE, completed_before__isnull=False)
                | (~Q(scope=RedoScope.EVERYONE) & Q(completed_before=None)),
                name="redo_everyone_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(completed_from=None) | Q(completed_from__lt=F("completed_before")),
                name="redo_from_before_its_end",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, course_version=None) | Q(version=None, course_version__isnull=False),
                name="redo_is_about_one_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_scope_display()}"

    @property
    def subject(self) -> QuizVersion | CourseVersion:
        """The version that is to be taken."""
        return self.version or cast(CourseVersion, self.course_version)

    @property
    def course(self) -> Course:
        return self.version.item.course if self.version else cast(CourseVersion, self.course_version).course


class RedoOrder(models.Model):
    """A request carried out by SDM for the officers below one unit.

    ``assignment`` is the order that gives whoever had completed the course a new duty; None where nobody had.
    ``done_at`` is set when the last batch is through.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(RedoRequest, on_delete=models.PROTECT, related_name="orders")
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="+")
    assignment = models.OneToOneField(Assignment, null=True, on_delete=models.PROTECT, related_name="+")
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    officers = models.PositiveIntegerField("personel", default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two people of SDM confirming together must not order twice.
            models.UniqueConstraint(fields=["request", "unit"], name="redo_order_once_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.request} di {self.unit.short_name}"


def unanswered_versions() -> models.QuerySet[QuizVersion]:
    """Newest versions of post-tests that somebody sat in an older version, and nobody said who must redo them."""
    older = Attempt.objects.filter(item=OuterRef("item"), version__number__lt=OuterRef("number"))
    return (
        QuizVersion.objects.newest()
        .filter(Exists(older), number__gt=1, role=QuizRole.POSTTEST, redo_request=None)
        .select_related("item__course")
        .order_by("-published_at")
    )


def unanswered_course_versions() -> list[CourseVersion]:
    """Versions in use whose rules differ from those that somebody completed; nobody said who must redo them.

    An answer stands for every version before it: who completed one of those was judged by the rules it was about.
    """
    in_use = CourseVersion.objects.filter(current_of__in=Course.objects.published(), number__gt=1, redo_request=None)
    waiting = list(in_use.select_related("course").prefetch_related("version_items").order_by("-published_at"))
    taken = Exists(CourseCompletion.objects.filter(course_version=OuterRef("pk")))
    rows = CourseVersion.objects.filter(
        taken | Q(redo_request__isnull=False), course__in=[v.course_id for v in waiting]
    )
    answered = dict(
        RedoRequest.objects.filter(course_version__isnull=False)
        .values_list("course_version__course")
        .annotate(newest=models.Max("course_version__number"))
    )
    judged = defaultdict(list)
    for version in rows.prefetch_related("version_items"):
        if version.number >= answered.get(version.course_id, 0):
            judged[version.course_id].append(version)
    return [
        version
        for version in waiting
        if any(old.rules != version.rules for old in judged[version.course_id] if old.number < version.number)
    ]
