"""The report of one unit on one Quick Wins period: its way up, and the figures and names that each submission locked.

Figures are counted from duties and the ledger, whatever fed those: online courses now, face-to-face events when they
come. Nothing here names where a completion came from.
"""

import uuid
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from foundation.models import AppendOnly
from organisation.models import Officer, Unit, User, Zone
from programmes.models import Activity, Period

CENTS = Decimal("0.01")


def mean(total: Decimal, count: int) -> Decimal | None:
    """A mean grade of ``count`` courses, two decimals; None without any."""
    return (total / count).quantize(CENTS, ROUND_HALF_UP) if count else None


class ReportState(models.TextChoices):
    """The way of a report (ARCHITECTURE §4, DOMAIN §4)."""

    DRAFT = "draft", "Draf"
    SUBMITTED = "submitted", "Diajukan"
    VERIFIED = "verified", "Diverifikasi"
    VERIFIED_ABOVE = "verified_above", "Diverifikasi tingkat atas"
    REJECTED = "rejected", "Ditolak"


# The author may write and submit in these.
OPEN_STATES = (ReportState.DRAFT, ReportState.REJECTED)


class PeriodReportQuerySet(models.QuerySet):
    def with_way(self) -> "PeriodReportQuerySet":
        """Each with ``submitter`` and ``last_actor`` (ids), and ``level_path``: the unit whose level verified last."""
        steps = ReportStep.objects.filter(report=OuterRef("pk")).order_by("-number")
        submitted = steps.filter(state=ReportState.SUBMITTED)
        return self.annotate(
            submitter=Subquery(submitted.values("actor")[:1]),
            last_actor=Subquery(steps.values("actor")[:1]),
            level_path=Subquery(steps.filter(state=ReportState.VERIFIED).values("level__path")[:1]),
        )

    def for_list(self) -> "PeriodReportQuerySet":
        """One row per report with period, unit, and the figures of the last submission; rendering asks nothing more."""
        figures = ReportFigure.objects.filter(submission__report=OuterRef("pk"), activity=None)
        newest = figures.order_by("-submission__step__number")
        last = ReportStep.objects.filter(report=OuterRef("pk")).order_by("-number")
        return (
            self.select_related("period__programme", "unit", "author")
            .annotate(
                total=Subquery(newest.values("total")[:1]),
                done=Subquery(newest.values("done")[:1]),
                moved_at=Subquery(last.values("at")[:1]),
                moved_by=Subquery(last.values("actor_name")[:1]),
            )
            .order_by("-period__starts_on", "unit__path")
        )


class PeriodReport(models.Model):
    """One per unit and period. ``state`` is where it stands; how it got there are its steps."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(Period, verbose_name="periode", on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="period_reports")
    state = models.CharField("keadaan", max_length=15, choices=ReportState, default=ReportState.DRAFT, db_index=True)
    results = models.TextField("hasil", blank=True, help_text="Apa yang dicapai dan berubah pada pelayanan.")
    obstacles = models.TextField("hambatan", blank=True, help_text="Apa yang menghalangi, misalnya jaringan atau BKO.")
    suggestions = models.TextField("saran", blank=True, help_text="Apa yang diminta dari tingkat atas.")
    author = models.ForeignKey(User, verbose_name="penyusun", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("disiapkan")

    objects = PeriodReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period__starts_on", "unit__path"]
        verbose_name = "laporan periode"
        verbose_name_plural = "laporan periode"
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="period_report_once_per_unit")]

    def __str__(self) -> str:
        return f"{self.period}: {self.unit.short_name}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class ReportStep(AppendOnly):
    """One step on the way: who, when, through which unit's level, and the reason of a refusal."""

    report = models.ForeignKey(PeriodReport, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField("langkah")
    state = models.CharField("menjadi", max_length=15, choices=ReportState)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField("oleh", max_length=200)
    level = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    level_name = models.CharField("tingkat", max_length=150)
    reason = models.CharField("alasan", max_length=500, blank=True)
    at = models.DateTimeField("waktu")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_step_once"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name="report_refusal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.get_state_display()}"


class ReportSubmission(AppendOnly):
    """What was handed up: the words, and when the data stood as they stand here."""

    step = models.OneToOneField(ReportStep, on_delete=models.PROTECT, related_name="submission")
    report = models.ForeignKey(PeriodReport, on_delete=models.PROTECT, related_name="submissions")
    data_at = models.DateTimeField("data per")
    zone = models.CharField("zona waktu", max_length=20, choices=Zone)
    programme_name = models.CharField("program", max_length=150)
    period_name = models.CharField("periode", max_length=80)
    starts_on = models.DateField("mulai")
    ends_on = models.DateField("selesai")
    unit_name = models.CharField("satuan", max_length=150)
    author_name = models.CharField("penyusun", max_length=200)
    # The orders that asked for the duties: [number, issuer, day].
    basis = models.JSONField("dasar", default=list)
    results = models.TextField("hasil", blank=True)
    obstacles = models.TextField("hambatan", blank=True)
    suggestions = models.TextField("saran", blank=True)

    def __str__(self) -> str:
        return f"{self.report}, data {self.data_at:%Y-%m-%d}"


class ReportFigure(AppendOnly):
    """The figures of one activity, or of the whole period where ``activity`` is None; see quick_wins/figures.py."""

    submission = models.ForeignKey(ReportSubmission, on_delete=models.PROTECT, related_name="figures")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("kode", max_length=20, blank=True)
    name = models.CharField("kegiatan", max_length=200, blank=True)
    field = models.CharField("bidang", max_length=80, blank=True)
    total = models.PositiveIntegerField("ditugaskan")
    done = models.PositiveIntegerField("selesai")
    overdue = models.PositiveIntegerField("lewat batas waktu")
    before = models.DecimalField("jumlah nilai pre-tes", max_digits=12, decimal_places=2, default=Decimal(0))
    after = models.DecimalField("jumlah nilai pos-tes", max_digits=12, decimal_places=2, default=Decimal(0))
    both = models.PositiveIntegerField("pelatihan dengan kedua nilai", default=0)
    counters = models.PositiveIntegerField("loket")
    certified = models.PositiveIntegerField("loket yang semua petugasnya selesai")
    # [measure, target as text]
    targets = models.JSONField("target", default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "activity"],
                condition=Q(activity__isnull=False),
                name="report_figure_once_per_activity",
            ),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(activity=None), name="report_figure_once_in_period"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total") - models.F("overdue")), name="report_figure_parts_fit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.code}"


class ReportCounter(AppendOnly):
    """One counter behind the figures of an activity or the period: a unit and the function it serves there."""

    submission = models.ForeignKey(ReportSubmission, on_delete=models.PROTECT, related_name="counters")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField("satuan", max_length=150)
    function_name = models.CharField("loket", max_length=80)
    people = models.PositiveIntegerField("petugas")
    asked = models.PositiveIntegerField("ditugaskan")
    done = models.PositiveIntegerField("selesai")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.function_name}"


class ReportName(AppendOnly):
    """One officer behind the figures, as of that day; ``activity`` None is the whole period.

    ``asked`` 0: serves a counter that the period reached, without being asked for anything.
    """

    submission = models.ForeignKey(ReportSubmission, on_delete=models.PROTECT, related_name="names")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="report_names", related_query_name="report_name"
    )
    number = models.CharField("NRP/NIP", max_length=18)
    full_name = models.CharField("nama", max_length=250)
    rank = models.CharField("pangkat", max_length=20)
    post = models.CharField("jabatan", max_length=120, blank=True)
    unit_name = models.CharField("satuan", max_length=150)
    # The line of the table per unit that the officer is counted in.
    line = models.CharField("kelompok satuan", max_length=150)
    functions = models.JSONField("loket", default=list)
    asked = models.PositiveSmallIntegerField("pelatihan diminta")
    finished = models.PositiveSmallIntegerField("pelatihan selesai")
    state = models.CharField("keadaan", max_length=8)
    before = models.DecimalField("jumlah nilai pre-tes", max_digits=12, decimal_places=2, default=Decimal(0))
    after = models.DecimalField("jumlah nilai pos-tes", max_digits=12, decimal_places=2, default=Decimal(0))
    both = models.PositiveSmallIntegerField("pelatihan dengan kedua nilai", default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "officer", "activity"],
                condition=Q(activity__isnull=False),
                name="report_name_once_per_activity",
            ),
            models.UniqueConstraint(
                fields=["submission", "officer"], condition=Q(activity=None), name="report_name_once_in_period"
            ),
        ]
        indexes = [models.Index(fields=["submission", "activity", "state"], name="report_names_by_state")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def mean_before(self) -> Decimal | None:
        return mean(self.before, self.both)

    @property
    def mean_after(self) -> Decimal | None:
        return mean(self.after, self.both)


class ReportFile(AppendOnly):
    """The PDF of a step, set once by a worker; the bytes lie in private storage."""

    step = models.OneToOneField(ReportStep, on_delete=models.PROTECT, related_name="file")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    storage_name = models.CharField(max_length=150)
    created_at = models.DateTimeField("dibuat")

    def __str__(self) -> str:
        return self.storage_name
