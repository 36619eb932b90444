"""What somebody owes: assignment → duty, with every reason that asks for it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from courses.models import Course, PathVersion
from enrolments.whom import Whom, renewal_words
from foundation.planning import is_there
from organisation.models import Officer, Posting, Rank, ServiceFunction, Unit, User
from programmes.models import Activity

from .learning import Enrolment

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
        return related.prefetch_related("ranks", "functions", "excluded_units")


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
        """The rule in words; two queries where the rest is read as ``for_detail`` does."""
        return Whom.of(self, people=self.people.count(), excluded_people=self.excluded_people.count())

    @property
    def renewal(self) -> str:
        """Whether what is about to end is asked for again, in words; for learning that ``ever_ends``."""
        return renewal_words(self.renews and self.withdrawn_at is None)

    def figures(self, *, at: datetime) -> DutyFigures:
        """As they stand now; ``order_figures`` keeps those of an order to very many."""
        return self.duty_reasons.figures_by_order(at=at).get(self.pk, NOBODY)

    def open_work(self) -> "OrderWork | None":
        """What a worker is still doing for this order."""
        return self.works.filter(finished_at=None).first()


class OrderFigures(models.Model):
    """The figures of an order to very many as of ``counted_at`` (enrolments/order_figures.py)."""

    assignment = models.OneToOneField(Assignment, primary_key=True, on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    counted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.done} dari {self.total}"

    @property
    def figures(self) -> DutyFigures:
        return DutyFigures(total=self.total, done=self.done, overdue=self.overdue)


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


class DutyReasonQuerySet(models.QuerySet):
    def counted(self) -> "DutyReasonQuerySet":
        """Standing, and under an order that renews the newest round of each: people are counted, not rounds."""
        same = {"assignment": OuterRef("assignment"), "duty__officer": OuterRef("duty__officer"), "ended_at": None}
        newer = DutyReason.objects.filter(duty__cycle__gt=OuterRef("duty__cycle"), **same)
        return self.filter(Q(assignment__renews=False) | ~Exists(newer), ended_at=None)

    def figures_by_order(self, *, at: datetime) -> dict[int, DutyFigures]:
        """Assignment id → how many duties its standing reasons ask for, and how far they are."""
        is_open, done = Q(duty__valid_to=None), Q(duty__ended_as=DutyEnd.COMPLETED)
        rows = self.counted().order_by().values_list("assignment")
        return {
            pk: DutyFigures(total=total, done=finished, overdue=late)
            for pk, total, finished, late in rows.annotate(
                total=Count("pk", filter=is_open | done),
                finished=Count("pk", filter=done),
                late=Count("pk", filter=is_open & Q(duty__due_at__lt=at)),
            )
        }

    def for_officer(self, duty: Duty) -> "DutyReasonQuerySet":
        """Why a duty is owed: one row per order still standing, with order number, issuer, programme and ``whom``."""
        named = Assignment.people.through._default_manager.filter(assignment=OuterRef("assignment"))
        standing = self.filter(duty=duty, ended_at=None).annotate(by_name=Exists(named))
        related = standing.select_related(
            "assignment__activity__period__programme", "assignment__unit", "assignment__path_order__version"
        )
        rule = related.prefetch_related("assignment__functions", "assignment__ranks", "assignment__excluded_units")
        return rule.order_by("due_at")

    def for_assignment(self, assignment: Assignment, *, at: datetime) -> "DutyReasonQuerySet":
        """Who is counted under an order and whether they ``started``; late ones first.

        ``unit_name`` and ``rank_short`` are of the day on which the duty was done; of ``at`` while it is owed.
        """
        by_then = Posting.objects.filter(officer=OuterRef("duty__officer"), valid_from__lte=OuterRef("shown_on"))
        posting = by_then.order_by("-valid_from", "-pk")
        begun = Enrolment.objects.filter(
            officer=OuterRef("duty__officer"), course=OuterRef("duty__course"), cycle=OuterRef("duty__cycle")
        )
        return (
            self.counted()
            .filter(assignment=assignment, duty__ended_as__in=["", DutyEnd.COMPLETED])
            .select_related("duty__officer")
            .alias(shown_on=Coalesce("duty__valid_to", Value(at)))
            .annotate(
                unit_name=Subquery(posting.values("unit__name")[:1]),
                rank_short=Subquery(posting.values("rank__short")[:1]),
                started=is_there(begun),
            )
            .order_by(F("duty__valid_to").asc(nulls_first=True), "duty__due_at", "duty__officer__name", "pk")
        )


class DutyReason(models.Model):
    """One assignment that asks for a duty, until ``due_at``. Who goes and comes back gets another one."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reasons", related_query_name="reason")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="duty_reasons", related_query_name="duty_reason"
    )
    due_at = models.DateTimeField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    # Annotated by ``for_assignment``, and by ``for_officer``.
    started: bool
    by_name: bool

    objects = DutyReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "assignment"], condition=Q(ended_at=None), name="duty_reason_once")
        ]
        indexes = [
            # The names under an order to very many stand in this order.
            models.Index(fields=["assignment", "id"], condition=Q(ended_at=None), name="duty_reason_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} karena {self.assignment.order_number}"

    @property
    def whom(self) -> str:
        """Whom the order asks, as the officer reads it; of ``for_officer``."""
        return Whom.of(self.assignment, people=int(self.by_name)).own_words

    @property
    def ended_as(self) -> str:
        """Why the order asks no longer: a key of STATE_WORDS, or ``over``; empty while it asks."""
        if self.ended_at is None:
            return ""
        order, duty = self.assignment, self.duty
        if order.withdrawn_at and order.withdrawn_at <= self.ended_at:
            return "undone" if order.undone else "withdrawn"
        if duty.ended_as == DutyEnd.SPARED and duty.valid_to == self.ended_at:
            return "spared"
        # A path lets go of who moves and of what is spared; where another order goes on asking nothing says which.
        by_itself = duty.ended_as == DutyEnd.MOVED and duty.valid_to == self.ended_at
        return "over" if order.path_order_id and not by_itself else "moved"

    def state(self, *, at: datetime) -> str:
        """The duty's state; needs ``started`` of ``for_assignment``."""
        return self.duty.state(at=at, started=self.started)
