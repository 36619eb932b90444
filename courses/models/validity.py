"""How long a completion of a course holds, and how long before its end the next one is asked for."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from foundation.formats import MONTHS, date_medium

RENEWAL_DAYS = 60


class CourseValidity(models.Model):
    """What an author says on the page and every version keeps: so many months, a fixed calendar cycle, or neither.

    A calendar cycle ends on ``cycle_ends_on`` and every ``cycle_years`` before and after it, for everybody alike.
    Source: docs/decisions/0033-calendar-cycles.md.
    """

    validity_months = models.PositiveSmallIntegerField(
        "masa berlaku (bulan)", default=0, help_text="Dihitung sejak selesai. 0 = tanpa batas, atau menurut siklus."
    )
    cycle_ends_on = models.DateField(
        "akhir siklus",
        null=True,
        blank=True,
        help_text="Untuk siklus kalender: hari terakhir salah satu siklus, misalnya 31 Desember tahun ini. "
        "Siapa pun yang selesai, berlaku sampai hari itu. Kosongkan bila memakai bulan.",
    )
    cycle_years = models.PositiveSmallIntegerField(
        "panjang siklus (tahun)",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="1 = berakhir tiap tahun pada tanggal itu. Hanya untuk siklus kalender.",
    )
    renewal_days = models.PositiveSmallIntegerField(
        "jendela pengulangan (hari)",
        default=RENEWAL_DAYS,
        validators=[MinValueValidator(1)],
        help_text="Sekian hari sebelum berakhir, yang masih ditugaskan diminta mengulang. Dalam siklus kalender, yang "
        "selesai sejak hari itu langsung dihitung untuk siklus berikutnya.",
    )

    class Meta:
        abstract = True

    @property
    def most_renewal_days(self) -> int | None:
        """Half of how long a completion holds: whoever has just finished is not asked again; None without an end."""
        if self.cycle_ends_on:
            return self.cycle_years * 365 // 2
        return self.validity_months * 30 // 2 or None

    @property
    def ever_ends(self) -> bool:
        """Whether what is completed by it is over one day."""
        return self.most_renewal_days is not None

    @property
    def renewal_window(self) -> timedelta:
        """So long before a completion ends the next round may be begun, and is owed."""
        # A version compiled before the window was checked may say more.
        return timedelta(days=min(self.renewal_days, self.most_renewal_days or self.renewal_days))

    @property
    def validity_words(self) -> str:
        """``24 bulan``, ``sampai 31 Desember tiap tahun`` or ``tanpa batas waktu``: follows "berlaku"."""
        if self.cycle_ends_on is None:
            return f"{self.validity_months} bulan" if self.validity_months else "tanpa batas waktu"
        if self.cycle_years == 1:
            return f"sampai {self.cycle_ends_on.day} {MONTHS[self.cycle_ends_on.month - 1]} tiap tahun"
        return f"sampai {date_medium(self.cycle_ends_on)}, lalu tiap {self.cycle_years} tahun"

    @property
    def renewal_words(self) -> str:
        """When it is to be done again, in a sentence; empty when a completion holds for good."""
        if not self.ever_ends:
            return ""
        counted = "; yang selesai sejak itu berlaku sampai akhir siklus berikutnya" if self.cycle_ends_on else ""
        return f"Yang masih ditugaskan mengulang mulai {self.renewal_window.days} hari sebelum berakhir{counted}."

    def validity_problems(self) -> list[str]:
        """Sentences that say what to change before this can be published."""
        if self.validity_months and self.cycle_ends_on:
            return ["Masa berlaku dan akhir siklus terisi. Pilih satu: tulis 0 bulan, atau kosongkan akhir siklusnya."]
        most = self.most_renewal_days
        if most is not None and self.renewal_days > most:
            return [
                f"Jendela pengulangan {self.renewal_days} hari terlalu panjang: yang baru selesai segera diminta "
                f"mengulang. Tulis paling banyak {most} hari, yaitu separuh masa berlakunya."
            ]
        return []


def validity_panel() -> MultiFieldPanel:
    cycle = FieldRowPanel([FieldPanel("cycle_ends_on"), FieldPanel("cycle_years")])
    first_and_last = FieldRowPanel([FieldPanel("validity_months"), FieldPanel("renewal_days")])
    return MultiFieldPanel([first_and_last, cycle], heading="Masa berlaku dan pengulangan")
