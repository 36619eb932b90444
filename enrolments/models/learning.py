"""What somebody did: enrolment → item completion → course completion (the ledger)."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from courses.models import Course, CourseItem, CourseVersion
from foundation.models import AppendOnly
from organisation.models import Officer, Rank, Unit, User


class EnrolmentQuerySet(models.QuerySet):
    def open(self) -> "EnrolmentQuerySet":
        return self.filter(completed_at=None)


class Enrolment(models.Model):
    """One officer in one course and cycle, from start to completion."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(
        Officer,
        verbose_name="personel",
        on_delete=models.PROTECT,
        related_name="enrolments",
        related_query_name="enrolment",
    )
    course = models.ForeignKey(
        Course,
        verbose_name="pelatihan",
        on_delete=models.PROTECT,
        related_name="enrolments",
        related_query_name="enrolment",
    )
    cycle = models.PositiveSmallIntegerField("siklus", default=1)
    started_at = models.DateTimeField("mulai")
    completed_at = models.DateTimeField("selesai", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "kepesertaan"
        verbose_name_plural = "kepesertaan"
        constraints = [models.UniqueConstraint(fields=["officer", "course", "cycle"], name="enrolment_once_per_cycle")]

    def __str__(self) -> str:
        return f"{self.officer}: {self.course.code}"


class Correctable(models.QuerySet):
    """Rows written once: one that was wrong is corrected by a new row that points back (``corrects``).

    ``withdrawn`` says that the fact itself was taken back; a row that corrects that one gives it again.
    """

    def newest(self) -> Self:
        """Without the rows that a later row corrects; what was taken back is among them."""
        # Not as corrected_by=None: of that join PostgreSQL expects no row to be left, and plans for none.
        return self.filter(~Exists(self._corrections()))

    def standing(self) -> Self:
        """The facts that hold: neither corrected by a later row nor taken back."""
        return self.newest().filter(withdrawn=False)

    def standing_as_known(self, *, at: datetime) -> Self:
        """The facts that held as far as was recorded at ``at``: what was corrected only later stands as it was."""
        known = self._corrections().filter(recorded_at__lte=at)
        return self.filter(~Exists(known), recorded_at__lte=at, withdrawn=False)

    def _corrections(self) -> models.QuerySet:
        return self.model._default_manager.filter(corrects=OuterRef("pk"))


class ItemCompletionQuerySet(models.QuerySet):
    def standing(self) -> "ItemCompletionQuerySet":
        """Without those that were reopened."""
        return self.filter(~Exists(ItemReopening.objects.filter(completion=OuterRef("pk"))))

    def standing_as_known(self, *, at: datetime) -> "ItemCompletionQuerySet":
        """Those recorded and not yet reopened at ``at``."""
        known = ItemReopening.objects.filter(completion=OuterRef("pk"), reopened_at__lte=at)
        return self.filter(~Exists(known), recorded_at__lte=at)


class ItemCompletion(models.Model):
    """The dated fact that a lesson or quiz of a course is done. ``evidence`` is the attempt's uuid, if any.

    Written once. One that no longer counts (the quiz changed, its key was wrong) gets an ItemReopening; doing it
    again, or counting it otherwise, is the next ``round``.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="item_completions", related_query_name="item_completion"
    )
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    grade = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    evidence = models.UUIDField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)

    objects = ItemCompletionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "item", "round"], name="item_completed_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.item}"


class ItemReopening(AppendOnly):
    """The correction that a completion no longer counts; what was done stays on record with its evidence."""

    completion = models.OneToOneField(ItemCompletion, on_delete=models.PROTECT, related_name="reopening")
    reason = models.CharField("alasan", max_length=300)
    reopened_at = models.DateTimeField()
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.completion} diulang"


class CourseCompletionQuerySet(Correctable):
    def in_force(self, *, at: datetime) -> "CourseCompletionQuerySet":
        """Standing and not expired at ``at``."""
        return self.standing().filter(Q(expires_at=None) | Q(expires_at__gt=at))


class CourseCompletion(models.Model):
    """The ledger: written once, with the officer as of that day. A correction is a new row that points back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="completions", related_query_name="completion"
    )
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="completions", related_query_name="completion"
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="completions", related_query_name="completion"
    )
    course_version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="completions")
    cycle = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField("mulai")
    completed_at = models.DateTimeField("selesai")
    recorded_at = models.DateTimeField("dicatat")
    expires_at = models.DateTimeField("berlaku sampai", null=True, blank=True)
    grade = models.DecimalField("nilai", max_digits=5, decimal_places=2, null=True)
    jp = models.DecimalField("JP", max_digits=5, decimal_places=1)
    number = models.CharField("NRP/NIP", max_length=18)
    full_name = models.CharField("nama", max_length=250)
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, related_name="+")
    post = models.CharField("jabatan", max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField("satuan", max_length=150)
    unit_path = models.CharField(max_length=70, db_index=True)
    recognition = models.ForeignKey(
        "Recognition",
        verbose_name="pengakuan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="completions",
        help_text="Dipelajari di luar; tanpa sertifikat dari sini.",
    )
    withdrawn = models.BooleanField("dicabut", default=False)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    objects = CourseCompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_at"]
        verbose_name = "penyelesaian pelatihan"
        verbose_name_plural = "penyelesaian pelatihan"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(corrects=None), name="completion_once_per_enrolment"
            ),
            models.CheckConstraint(condition=Q(completed_at__gte=F("started_at")), name="completion_after_start"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False), name="completion_withdrawal_corrects"
            ),
        ]
        indexes = [
            models.Index(fields=["course", "completed_at"], name="completion_course_day"),
            # The grade of a duty's round, row by row in lists.
            models.Index(fields=["officer", "course", "cycle"], name="completion_round"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="completion_expiry"),
            models.Index(
                fields=["officer", "expires_at"], condition=Q(expires_at__isnull=False), name="completion_expiry_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.course.code}"

    def holds(self, *, at: datetime) -> bool:
        """Not expired at ``at``, as of a standing row ``in_force`` asks."""
        return self.expires_at is None or self.expires_at > at
