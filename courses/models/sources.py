"""Legal sources and tariffs: lessons embed them, so that a changed rule lists everything to mend."""

from datetime import date

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.search import index

from foundation.formats import date_medium, rupiah


class SourceStatus(models.TextChoices):
    IN_FORCE = "berlaku", "Berlaku"
    AMENDED = "diubah", "Diubah"
    REPEALED = "dicabut", "Dicabut"
    UNVERIFIED = "perlu_verifikasi", "Perlu verifikasi"


STATE_OF_STATUS = {
    SourceStatus.IN_FORCE: "valid",
    SourceStatus.AMENDED: "amended",
    SourceStatus.REPEALED: "repealed",
    SourceStatus.UNVERIFIED: "needs_review",
}
# A change in one of these asks for a look at everything that leans on the source.
SUBSTANCE = ("title", "short", "status")
UNRELIABLE = (SourceStatus.REPEALED, SourceStatus.UNVERIFIED)


class LegalSourceQuerySet(models.QuerySet):
    def due_for_review(self, *, on: date) -> "LegalSourceQuerySet":
        """Sources whose check is due, or whose status says that lessons must not lean on them."""
        return self.filter(models.Q(review_by__lte=on) | models.Q(status__in=UNRELIABLE))


class LegalSource(index.Indexed, models.Model):
    code = models.SlugField("kode", max_length=40, unique=True)
    title = models.CharField("judul lengkap", max_length=300)
    short = models.CharField("sebutan singkat", max_length=80)
    status = models.CharField("status", max_length=20, choices=SourceStatus, default=SourceStatus.UNVERIFIED)
    checked_on = models.DateField("diperiksa pada")
    review_by = models.DateField("periksa ulang sebelum")
    note = models.TextField("catatan", blank=True)
    changed_at = models.DateTimeField("isi berubah", null=True, blank=True, editable=False)
    loaded_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = LegalSourceQuerySet.as_manager()

    search_fields = [index.SearchField("title"), index.AutocompleteField("short"), index.FilterField("id")]

    class Meta:
        ordering = ["short"]
        verbose_name = "dasar hukum"
        verbose_name_plural = "dasar hukum"

    def __str__(self) -> str:
        return f"{self.short} ({self.get_status_display()})"

    def save(self, *args, **kwargs):
        """Remember when what lessons lean on changed; a mere new check date is no change."""
        stored = LegalSource.objects.filter(pk=self.pk).values(*SUBSTANCE).first() if self.pk else None
        if stored and stored != {field: getattr(self, field) for field in SUBSTANCE}:
            self.changed_at = timezone.now()
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.checked_on and self.review_by and self.review_by <= self.checked_on:
            raise ValidationError({"review_by": "Tanggal periksa ulang harus sesudah tanggal pemeriksaan."})

    @admin.display(description="Status", ordering="status")
    def status_label(self) -> str:
        return self.get_status_display()

    @admin.display(description="Diperiksa", ordering="checked_on")
    def checked_label(self) -> str:
        return date_medium(self.checked_on)

    @admin.display(description="Periksa ulang", ordering="review_by")
    def review_label(self) -> str:
        return date_medium(self.review_by)

    @property
    def state(self) -> str:
        """The tag of the design that shows its status."""
        return STATE_OF_STATUS[SourceStatus(self.status)]

    @property
    def needs_review(self) -> bool:
        """Its status says that lessons must not lean on it unread; the date is asked by ``due_for_review``."""
        return self.status in UNRELIABLE


class Tariff(models.Model):
    """A fee in whole rupiah. Fees stand here and nowhere else."""

    code = models.SlugField("kode", max_length=40, unique=True)
    service = models.CharField("layanan", max_length=40)
    name = models.CharField("nama", max_length=120)
    amount = models.PositiveIntegerField("besar (rupiah)")
    payee = models.CharField("dibayarkan kepada", max_length=80)
    legal_source = models.ForeignKey(
        LegalSource, verbose_name="dasar hukum", on_delete=models.PROTECT, related_name="tariffs"
    )
    checked_on = models.DateField("diperiksa pada")
    note = models.CharField("catatan", max_length=200, blank=True)
    loaded_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["service", "name"]
        verbose_name = "tarif"
        verbose_name_plural = "tarif"

    def __str__(self) -> str:
        return f"{self.service}: {self.name}"

    @admin.display(description="Besar", ordering="amount")
    def amount_label(self) -> str:
        return rupiah(self.amount) if self.amount else "Gratis"

    @admin.display(description="Diperiksa", ordering="checked_on")
    def checked_label(self) -> str:
        return date_medium(self.checked_on)
