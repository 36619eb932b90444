"""Templates, number series, certificates and every version of their bytes. Nothing is deleted."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from enrolments.models import CourseCompletion
from organisation.models import Officer, Unit


class UnitLetterhead(models.Model):
    """How a unit's certificates are headed and who signs them, from a day to a day.

    ``heading`` has at most three lines. ``on_behalf_of`` is the a.n. line, empty when the head signs.
    A unit without one uses the nearest unit above it that has one.
    """

    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="letterheads")
    heading = models.TextField("kopstuk", help_text="Paling banyak tiga baris, masing-masing paling panjang 41 huruf.")
    place = models.CharField("dikeluarkan di", max_length=80)
    crest = models.FileField("lambang", upload_to="crests/", blank=True)
    on_behalf_of = models.CharField("a.n.", max_length=120, blank=True)
    signer_post = models.CharField("jabatan penanda tangan", max_length=120)
    signer_name = models.CharField("nama penanda tangan", max_length=120)
    signer_rank = models.CharField("pangkat penanda tangan", max_length=60)
    signer_number = models.CharField("NRP/NIP penanda tangan", max_length=18, blank=True)
    number_kind = models.CharField("jenis", max_length=20, default="Sertif")
    number_pattern = models.CharField(
        "pola nomor", max_length=120, default="{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}"
    )
    archive_code = models.CharField("KKA", max_length=30, default="DIK.2.6.")
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai", null=True, blank=True)

    class Meta:
        verbose_name = "kop dan penanda tangan"
        verbose_name_plural = "kop dan penanda tangan"
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="letterhead_one_open_per_unit")
        ]

    def __str__(self) -> str:
        return f"Kop {self.unit}"


class NumberSeries(models.Model):
    """The counter of one unit, kind and year: locked and raised in the certificate's own transaction."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="number_series")
    kind = models.CharField("jenis", max_length=20)
    year = models.PositiveSmallIntegerField("tahun")
    last_number = models.PositiveIntegerField("nomor terakhir", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit.short_name} {self.year}"


class CertificateState(models.TextChoices):
    QUEUED = "queued", "Sedang dibuat"
    VALID = "valid", "Berlaku"
    REPLACED = "replaced", "Diganti"
    REVOKED = "revoked", "Dicabut"
    EXPIRED = "expired", "Kedaluwarsa"


class CertificateQuerySet(models.QuerySet):
    def for_register(self) -> "CertificateQuerySet":
        return self.select_related("series", "unit", "officer").order_by("-issued_at", "-pk")


class Certificate(models.Model):
    """One certificate with every printed field as of the day of issue.

    ``public_id``: 16 Crockford base32 characters (80 bits) and a check character, stored without
    hyphens; unrelated to the number and to any secret.
    """

    public_id = models.CharField(max_length=17, unique=True)
    completion = models.OneToOneField(CourseCompletion, on_delete=models.PROTECT, related_name="certificate")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="certificates", related_query_name="certificate")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="certificates", related_query_name="certificate")
    unit_path = models.CharField(max_length=70, db_index=True)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="certificates")
    sequence = models.PositiveIntegerField("urut")
    number = models.CharField("nomor", max_length=120)
    issued_at = models.DateTimeField("diterbitkan")
    expires_at = models.DateTimeField("berlaku sampai", null=True, blank=True)
    holder_name = models.CharField("nama", max_length=250)
    holder_rank = models.CharField("pangkat", max_length=60)
    holder_number = models.CharField("NRP/NIP", max_length=18)
    holder_number_kind = models.CharField(max_length=3)
    holder_post = models.CharField("jabatan", max_length=120, blank=True)
    unit_name = models.CharField("kesatuan", max_length=150)
    course_title = models.CharField("pelatihan", max_length=200)
    jp = models.DecimalField("JP", max_digits=5, decimal_places=1)
    minutes = models.PositiveSmallIntegerField("menit")
    started_on = models.DateField("mulai")
    completed_on = models.DateField("selesai")
    grade = models.DecimalField("nilai", max_digits=5, decimal_places=2, null=True)
    programme = models.CharField("program", max_length=250, blank=True)
    heading = models.TextField("kopstuk")
    place = models.CharField("dikeluarkan di", max_length=80)
    on_behalf_of = models.CharField("a.n.", max_length=120, blank=True)
    signer_post = models.CharField("jabatan penanda tangan", max_length=120)
    signer_name = models.CharField("nama penanda tangan", max_length=120)
    signer_rank = models.CharField("pangkat penanda tangan", max_length=60)
    signer_number = models.CharField("NRP/NIP penanda tangan", max_length=18, blank=True)
    crest = models.CharField("lambang", max_length=255, blank=True)
    template_revision = models.PositiveBigIntegerField("revisi templat", null=True)
    rendered_at = models.DateTimeField("berkas dibuat", null=True, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)
    revoked_reason = models.CharField("alasan pencabutan", max_length=300, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = "sertifikat"
        verbose_name_plural = "sertifikat"
        constraints = [models.UniqueConstraint(fields=["series", "sequence"], name="certificate_number_once")]

    def __str__(self) -> str:
        return self.number


class CertificateFile(models.Model):
    """One version of a certificate's bytes; any known hash verifies."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField("ukuran (bita)")
    storage_name = models.CharField(max_length=255)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate} {self.sha256[:12]}"
