"""How many JP an officer should reach in a year."""

from django.db import models
from django.db.models import Q

from foundation.models import AppendOnly
from organisation.models import User


class JpTarget(AppendOnly):
    """The target of a year and all that follow, for one group of ranks or (``rank_group`` empty) for all others.

    Written once: another target is a newer row. 0 JP means that nothing is asked for.
    """

    first_year = models.PositiveSmallIntegerField("mulai tahun")
    rank_group = models.CharField("golongan pangkat", max_length=30, blank=True)
    jp = models.DecimalField("target JP setahun", max_digits=5, decimal_places=1)
    basis = models.CharField("dasar", max_length=200)
    set_by = models.ForeignKey(User, verbose_name="dicatat oleh", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat")

    class Meta:
        ordering = ["-first_year", "-pk"]
        verbose_name = "target JP"
        verbose_name_plural = "target JP"
        constraints = [models.CheckConstraint(condition=Q(jp__gte=0), name="jp_target_not_negative")]

    def __str__(self) -> str:
        return f"{self.jp} JP sejak {self.first_year}"
