"""Quick Wins Presisi as rows: programme, period, activity, indicator. They change by order, never in code."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from organisation.models import PATH_STEP, Unit


class Programme(models.Model):
    """``owner`` is the unit that ordered it; None for one from above the platform, kept by administrators."""

    code = models.SlugField("kode", max_length=40, unique=True)
    name = models.CharField("nama", max_length=150)
    owner = models.ForeignKey(
        Unit, verbose_name="pemilik", null=True, blank=True, on_delete=models.PROTECT, related_name="programmes"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = "program"
        verbose_name_plural = "program"

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A reporting period; both days count."""

    programme = models.ForeignKey(
        Programme, verbose_name="program", on_delete=models.PROTECT, related_name="periods", related_query_name="period"
    )
    name = models.CharField("nama", max_length=80)
    starts_on = models.DateField("mulai")
    ends_on = models.DateField("selesai")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = "periode"
        verbose_name_plural = "periode"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start"),
            models.UniqueConstraint(fields=["programme", "name"], name="period_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, {self.name}"


class Activity(models.Model):
    """One activity code of a period, such as P3.2 in the field SDM Unggul."""

    period = models.ForeignKey(
        Period,
        verbose_name="periode",
        on_delete=models.PROTECT,
        related_name="activities",
        related_query_name="activity",
    )
    code = models.CharField("kode", max_length=20)
    field = models.CharField("bidang", max_length=80)
    name = models.CharField("nama", max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = "kegiatan"
        verbose_name_plural = "kegiatan"
        constraints = [models.UniqueConstraint(fields=["period", "code"], name="activity_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name} ({self.period})"


class Measure(models.TextChoices):
    """What an indicator looks at. All are computed from duties and the ledger (reports/quick_wins)."""

    ASSIGNED = "assigned", "Personel ditugaskan"
    COMPLETED = "completed", "Personel selesai"
    PERCENT = "percent", "Persentase personel selesai"
    GAIN = "gain", "Kenaikan nilai pre-tes ke pos-tes"
    COUNTERS = "counters", "Loket yang semua petugasnya selesai"
    OVERDUE = "overdue", "Personel lewat batas waktu"

    @property
    def words(self) -> str:
        """The unit a target is written in."""
        return {"assigned": "personel", "completed": "personel", "gain": "poin"}.get(self.value, "%")

    @property
    def is_count(self) -> bool:
        """A number of people: a target that holds for one unit alone, because 400 means nothing to each Polsek."""
        return self in COUNTS

    @property
    def is_limit(self) -> bool:
        """Reached by staying at or below the target."""
        return self is Measure.OVERDUE


COUNTS = (Measure.ASSIGNED, Measure.COMPLETED)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def holding_for(self, unit: Unit | None) -> "list[Indicator]":
        """Those of a period or activity that hold for ``unit``: of each activity and measure the nearest above it.

        For None (several units together) only those that hold for everybody.
        """
        above = [unit.path[:end] for end in range(PATH_STEP, len(unit.path) + 1, PATH_STEP)] if unit else []
        for_it = Q(unit__path__in=above) & (~Q(measure__in=COUNTS) | Q(unit=unit)) if unit else Q(pk__in=[])
        found: list[Indicator] = list(self.filter(Q(unit=None) | for_it).select_related("unit", "activity"))
        nearest: dict[tuple[int, str], Indicator] = {}
        for indicator in sorted(found, key=lambda one: len(one.unit.path) if one.unit else 0):
            nearest[indicator.activity_id, indicator.measure] = indicator
        order = {measure: place for place, measure in enumerate(Measure.values)}
        return sorted(nearest.values(), key=lambda one: (one.activity.code, order[one.measure]))


class Indicator(models.Model):
    """A target of an activity: for everybody whom the programme reaches, or for ``unit`` and what lies below it."""

    activity = models.ForeignKey(
        Activity,
        verbose_name="kegiatan",
        on_delete=models.PROTECT,
        related_name="indicators",
        related_query_name="indicator",
    )
    measure = models.CharField("indikator", max_length=10, choices=Measure)
    unit = models.ForeignKey(
        Unit, verbose_name="satuan", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target: "models.DecimalField[Decimal, Decimal]" = models.DecimalField("target", max_digits=9, decimal_places=2)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "measure", "unit"]
        verbose_name = "indikator"
        verbose_name_plural = "indikator"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "measure"], condition=Q(unit=None), name="indicator_once_for_everybody"
            ),
            models.UniqueConstraint(
                fields=["activity", "measure", "unit"], condition=Q(unit__isnull=False), name="indicator_once_per_unit"
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=["assigned", "completed"]) | Q(unit__isnull=False),
                name="indicator_count_names_its_unit",
            ),
            models.CheckConstraint(condition=Q(target__gte=0), name="indicator_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {self.activity.code}"

    @property
    def kind(self) -> Measure:
        return Measure(self.measure)
