"""Quick Wins Presisi as rows: programme, period, activity. Names and codes change by order, never in code."""

from django.db import models
from django.db.models import F, Q


class Programme(models.Model):
    code = models.SlugField("kode", max_length=40, unique=True)
    name = models.CharField("nama", max_length=150)

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
