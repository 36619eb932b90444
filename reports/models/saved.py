"""A report somebody keeps under a name, and the rhythm in which it is sent."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from foundation.formats import month_year
from organisation.models import Unit, User

from .files import FILE_KINDS, XLSX

KIND_WORDS = [(kind, kind.upper()) for kind in FILE_KINDS]


class SavedReport(models.Model):
    """A page with its filter under a name. It holds no figures: whoever opens it sees what they may see.

    ``page`` is a key of reports.asking.PAGES. ``shared_with``: the SDM of that unit find it too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, verbose_name="pemilik", on_delete=models.PROTECT, related_name="saved_reports")
    name = models.CharField("nama", max_length=80)
    page = models.CharField("laporan", max_length=20)
    query = models.CharField("saringan", max_length=1000, blank=True)
    shared_with = models.ForeignKey(
        Unit, verbose_name="dibagikan kepada SDM", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField("disimpan")

    class Meta:
        ordering = ["name"]
        verbose_name = "laporan tersimpan"
        verbose_name_plural = "laporan tersimpan"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_report_name_once")]

    def __str__(self) -> str:
        return self.name


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", "Setiap Senin"
    MONTHLY = "monthly", "Setiap tanggal 1"

    @property
    def within_a_sentence(self) -> str:
        """``setiap Senin``"""
        return f"{self.label[0].lower()}{self.label[1:]}"

    def period_of(self, day: date) -> str:
        """``2026-W47`` or ``2026-11``: the name of the week or month that ``day`` lies in."""
        if self == Rhythm.WEEKLY:
            year, week, _weekday = day.isocalendar()
            return f"{year}-W{week:02}"
        return f"{day:%Y-%m}"

    def words_of(self, day: date) -> str:
        if self == Rhythm.WEEKLY:
            return f"minggu ke-{day.isocalendar().week} tahun {day.isocalendar().year}"
        return month_year(day)


class ReportSchedule(models.Model):
    """A saved report is sent to its owner once a week or month. ``last_period`` is the newest one dealt with.

    ``kind`` is what the file should be; what no paper holds is prepared as an XLSX.

    It begins with the period after the one in which it was set, and ends with a reason (``ended_why``).
    """

    report = models.ForeignKey(SavedReport, on_delete=models.CASCADE, related_name="schedules")
    rhythm = models.CharField("irama", max_length=8, choices=Rhythm)
    kind = models.CharField("jenis berkas", max_length=4, choices=KIND_WORDS, default=XLSX)
    last_period = models.CharField("terakhir", max_length=8)
    started_at = models.DateTimeField("sejak")
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)
    ended_why = models.CharField("sebab berakhir", max_length=300, blank=True)

    class Meta:
        verbose_name = "laporan berkala"
        verbose_name_plural = "laporan berkala"
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(ended_at=None), name="report_schedule_one_running")
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_rhythm_display()}"

    @property
    def when(self) -> str:
        return Rhythm(self.rhythm).within_a_sentence
