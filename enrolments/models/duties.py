"""What somebody owes: assignment → duty; reasons.py has what ties them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from courses.models import Course, PathVersion
from enrolments.whom import Whom, renewal_words
from organisation.models import Officer, Rank, ServiceFunction, Unit, User
from programmes.models import Activity

if TYPE_CHECKING:
    from .works import OrderWork


@dataclass(frozen=True)
class DutyFigures:
    """How the duties under an order, a unit or a course stand; the parts always add up to ``total``."""

    total: int
    done: int
    overdue: int

    @property
    def open(self) -> int:
        """Owed and not late yet."""
        return self.total - self.done - self.overdue

    @property
    def percent(self) -> int:
        """Whole percent done, rounded down: 100 only when everybody is."""
        return self.done * 100 // self.total if self.total else 0


NOBODY = DutyFigures(total=0, done=0, overdue=0)


class AssignmentQuerySet(models.QuerySet):
    def for_list(self) -> "AssignmentQuerySet":
        """One row per order; with ``order_figures.with_figures`` rendering asks nothing more."""
        return self.select_related("course", "unit", "assigned_by", "path_order__version")

    def one_per_path(self) -> "AssignmentQuerySet":
        """Of the orders that make up a path order only the first, which stands for all of them in a list."""
        earlier = Assignment.objects.filter(path_order=OuterRef("path_order"), pk__lt=OuterRef("pk"))
        return self.filter(Q(path_order=None) | ~Exists(earlier))

    def for_detail(self) -> "AssignmentQuerySet":
        related = self.select_related(
            "course__current_version", "unit", "assigned_by", "activity__period__programme", "path_order__version"
        )
        rule = related.prefetch_related("ranks", "functions", "excluded_units")
        return rule.annotate(
            named=_how_many(Assignment.people.through), left_out=_how_many(Assignment.excluded_people.through)
        )


def _how_many(through: Any) -> Coalesce:
    """How many people stand beside an order in ``through``."""
    beside = through._default_manager.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    return Coalesce(Subquery(beside.annotate(number=Count("pk")).values("number")), 0)


class DueRule(models.TextChoices):
    """From when the days of an order count. Never from before the order: nobody is late by an order of today."""

    FIXED = "fixed", "Pada satu tanggal"
    ASSIGNED = "assigned", "Sekian hari sesudah ditugaskan"
    POSTED = "posted", "Sekian hari sesudah bertugas di tempatnya"
    JOINED = "joined", "Sekian hari sesudah dicatat sebagai personel"


class PathOrder(models.Model):
    """The order to take a learning path: one assignment per course of the version, given and taken back together."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        PathVersion, verbose_name="jalur pembelajaran", on_delete=models.PROTECT, related_name="orders"
    )
    recorded_at = models.DateTimeField("dicatat")

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = "penugasan jalur"
        verbose_name_plural = "penugasan jalur"

    def __str__(self) -> str:
        return f"Jalur {self.version}"

    @property
    def url(self) -> str:
        """Where an officer reads about the path."""
        return f"/jalur/{self.uuid}/"


class Assignment(models.Model):
    """The order that whoever fits a rule takes a course by a due date.

    The rule: in the subtree of ``unit`` (without ``excluded_units``), and of one of ``ranks``, serving one of
    ``functions`` and holding one of ``posts`` where any are named; ``people`` narrows it to named officers,
    ``excluded_people`` leaves some out. Who fits is fixed when the order is given, or, where it ``follows``,
    found anew whenever somebody comes, goes or changes place (services/reconciling.py). Another question is whether
    it ``renews``: asks again for what is about to end, whomever it still stands for.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, verbose_name="pelatihan", on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="assignments")
    ranks = models.ManyToManyField(Rank, verbose_name="pangkat", blank=True, related_name="+")
    functions = models.ManyToManyField(ServiceFunction, verbose_name="fungsi layanan", blank=True, related_name="+")
    posts = models.JSONField("jabatan", default=list, blank=True)
    people = models.ManyToManyField(Officer, verbose_name="personel tertentu", blank=True, related_name="+")
    excluded_units = models.ManyToManyField(Unit, verbose_name="kecuali satuan", blank=True, related_name="+")
    excluded_people = models.ManyToManyField(Officer, verbose_name="kecuali personel", blank=True, related_name="+")
    follows = models.BooleanField(
        "mengikuti mutasi", default=False, help_text="Berlaku juga bagi yang datang kemudian; berakhir bagi yang pergi."
    )
    renews = models.BooleanField(
        "wajibkan lagi", default=False, help_text="Sebelum masa berlaku penyelesaian di bawahnya habis."
    )
    due_rule = models.CharField("cara menghitung batas", max_length=10, choices=DueRule, default=DueRule.FIXED)
    due_days = models.PositiveSmallIntegerField("hari", null=True, blank=True)
    due_at = models.DateTimeField("batas waktu", null=True, blank=True)
    order_number = models.CharField("nomor Sprin/ST", max_length=80)
    issuer = models.CharField("penerbit perintah", max_length=120)
    reason = models.CharField("alasan", max_length=300)
    activity = models.ForeignKey(
        Activity,
        verbose_name="kegiatan Quick Wins",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    path_order = models.ForeignKey(
        PathOrder, verbose_name="jalur", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    tells = models.BooleanField("beri tahu personel", default=True)
    assigned_by = models.ForeignKey(User, verbose_name="ditugaskan oleh", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat")
    withdrawn_at = models.DateTimeField("dicabut", null=True, blank=True)
    withdrawn_reason = models.CharField("alasan pencabutan", max_length=300, blank=True)
    undone = models.BooleanField("dibatalkan", default=False, help_text="Sebagai kekeliruan, seolah tak pernah.")
    reconciled_at = models.DateTimeField(null=True, blank=True, help_text="Mutasi sampai saat ini sudah dilihat")

    # Annotated by ``for_detail``.
    named: int
    left_out: int

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_rule=DueRule.FIXED, due_at__isnull=False, due_days=None)
                | ~Q(due_rule=DueRule.FIXED) & Q(due_at=None, due_days__isnull=False),
                name="assignment_is_due_one_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course.code} untuk {self.unit.short_name} ({self.order_number})"

    def get_absolute_url(self) -> str:
        """Where SDM reads about it: a part of a path on the page of the whole."""
        if self.path_order:
            return f"/sdm/penugasan/jalur/{self.path_order.uuid}/"
        return f"/sdm/penugasan/{self.uuid}/"

    @property
    def title(self) -> str:
        """What a list calls it."""
        return f"Jalur: {self.path_order.version.title}" if self.path_order else self.course.title

    def whom(self) -> Whom:
        """The rule in words; of ``for_detail``."""
        return Whom.of(self, people=self.named, excluded_people=self.left_out)

    @property
    def renewal(self) -> str:
        """Whether what is about to end is asked for again, in words; for learning that ``ever_ends``."""
        return renewal_words(self.renews and self.withdrawn_at is None)

    def figures(self, *, at: datetime) -> DutyFigures:
        """As they stand now, wherever its people serve; ``order_figures`` has those that one of its readers sees."""
        return self.duty_reasons.figures_by_order(at=at).get(self.pk, NOBODY)

    def open_work(self) -> "OrderWork | None":
        """What a worker is still doing for this order."""
        return self.works.filter(finished_at=None).first()


class DutyEnd(models.TextChoices):
    COMPLETED = "completed", "Selesai"
    WITHDRAWN = "withdrawn", "Dicabut"
    EXEMPT = "exempt", "Dikecualikan"
    MOVED = "moved", "Pindah tugas"
    UNDONE = "undone", "Dibatalkan"
    # Of a path: enough of the courses to choose from are done.
    SPARED = "spared", "Tidak perlu lagi"


STATE_WORDS = {
    "not_started": "Belum dimulai",
    "in_progress": "Sedang berjalan",
    "overdue": "Lewat batas waktu",
    "done": "Selesai",
    "exempt": "Dikecualikan",
    "withdrawn": "Dicabut",
    "moved": "Pindah tugas",
    "undone": "Dibatalkan",
    "spared": "Tidak perlu lagi",
}


class DutyQuerySet(models.QuerySet):
    def open(self) -> "DutyQuerySet":
        return self.filter(valid_to=None)

    def overdue(self, *, at: datetime) -> "DutyQuerySet":
        """Open and behind the due date; derived, never stored."""
        return self.open().filter(due_at__lt=at)


class Duty(models.Model):
    """What one officer owes: one open one per officer, course and cycle, with all its reasons."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(
        Officer, verbose_name="personel", on_delete=models.PROTECT, related_name="duties", related_query_name="duty"
    )
    course = models.ForeignKey(
        Course, verbose_name="pelatihan", on_delete=models.PROTECT, related_name="duties", related_query_name="duty"
    )
    cycle = models.PositiveSmallIntegerField("siklus", default=1)
    due_at = models.DateTimeField("batas waktu", help_text="Yang paling awal dari semua alasannya.")
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("berakhir", null=True, blank=True)
    ended_as = models.CharField("berakhir karena", max_length=10, choices=DutyEnd, blank=True)
    recorded_at = models.DateTimeField("dicatat")

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        verbose_name = "kewajiban"
        verbose_name_plural = "kewajiban"
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "course", "cycle"], condition=Q(valid_to=None), name="duty_one_open_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None, ended_as="") | (Q(valid_to__isnull=False) & ~Q(ended_as="")),
                name="duty_end_has_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(valid_to=None), name="duty_open_by_date"),
            models.Index(fields=["officer", "due_at"], condition=Q(valid_to=None), name="duty_open_of_officer"),
            # Whether a newer round follows is asked of every duty that is counted; which came lately is to be told.
            models.Index(fields=["officer", "course", "cycle", "id"], name="duty_round"),
            models.Index(fields=["valid_from"], condition=Q(valid_to=None, cycle__gt=1), name="duty_open_again"),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.course.code}"

    @property
    def is_done(self) -> bool:
        return self.ended_as == DutyEnd.COMPLETED

    def state(self, *, at: datetime, started: bool) -> str:
        """A key of STATE_WORDS (ARCHITECTURE §4)."""
        if self.valid_to:
            return "done" if self.is_done else self.ended_as
        if self.due_at < at:
            return "overdue"
        return "in_progress" if started else "not_started"
