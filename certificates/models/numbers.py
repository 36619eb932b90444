"""Number series, and the numbers that stand outside their running order: reserved, cancelled, given by hand."""

from django.db import models
from django.db.models import Count, F, Q

from organisation.models import Unit, User


class NumberSeriesQuerySet(models.QuerySet["NumberSeries"]):
    def for_list(self) -> "NumberSeriesQuerySet":
        """The registrar's list: each with how many certificates ``waits`` for a number typed by hand."""
        waits = Q(certificates__number="", certificates__revoked_at=None)
        counted = self.select_related("unit").annotate(waits=Count("certificates", filter=waits))
        return counted.order_by("-year", "unit__path", "kind")


class NumberSeries(models.Model):
    """The counter of one unit, kind and year: locked and raised in the certificate's own transaction.

    The running numbers are ``first_number`` to ``last_number``; each of them is used by a certificate, reserved or
    cancelled. Before the first one is given out ``last_number`` is ``first_number`` - 1.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="number_series")
    kind = models.CharField("jenis", max_length=20)
    year = models.PositiveSmallIntegerField("tahun")
    first_number = models.PositiveIntegerField("nomor pertama", default=1)
    last_number = models.PositiveIntegerField("nomor terakhir", default=0)

    objects = NumberSeriesQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "unit__path", "kind"]
        verbose_name = "seri nomor"
        verbose_name_plural = "seri nomor"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year"], name="series_once"),
            models.CheckConstraint(condition=Q(first_number__gte=1), name="series_from_one"),
            models.CheckConstraint(condition=Q(last_number__gte=F("first_number") - 1), name="series_runs_up"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit.short_name} {self.year}"

    @property
    def has_started(self) -> bool:
        return self.last_number >= self.first_number


class SetAsideNumber(models.Model):
    """A number that the counter passes over: kept for a paper, given by hand to a certificate, or cancelled.

    Used by a certificate or not is read from the certificate; cancelled is for good.
    """

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="set_aside")
    sequence = models.PositiveIntegerField("urut")
    reason = models.CharField("alasan", max_length=300)
    set_aside_at = models.DateTimeField("dicatat")
    set_aside_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    cancelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_reason = models.CharField("alasan pembatalan", max_length=300, blank=True)

    class Meta:
        ordering = ["series", "sequence"]
        verbose_name = "nomor di luar urutan"
        verbose_name_plural = "nomor di luar urutan"
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="number_set_aside_once"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="number_set_aside_from_one"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="number_cancelled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.sequence}"
