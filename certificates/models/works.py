"""What is done for many certificates in the background, how far that has come, and the print files it makes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.formats import number
from foundation.models import Work
from organisation.models import Unit, User


class WorkKind(models.TextChoices):
    ISSUE = "issue", "Menerbitkan"
    SEND = "send", "Mengirim e-mail"
    PRINT = "print", "Menyusun berkas cetak"


class CertificateWork(Work):
    """``query`` is the filter of the register, or of the list of what has no certificate, as an address has it.

    What falls under it is found chunk by chunk with what ``asked_by`` may at that moment, up to the id ``last``.
    ``changed`` counts what was issued, mailed or bound; ``why`` says what kept the rest from it.
    """

    kind = models.CharField("jenis", max_length=5, choices=WorkKind)
    query = models.CharField("saringan", max_length=1000, blank=True)
    words = models.CharField("yang diminta", max_length=300, blank=True)
    unit = models.ForeignKey(Unit, verbose_name="satuan", null=True, on_delete=models.PROTECT, related_name="+")
    last = models.BigIntegerField()
    why = models.CharField("catatan", max_length=300, blank=True)
    asked_by = models.ForeignKey(User, verbose_name="diminta oleh", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "pekerjaan sertifikat"
        verbose_name_plural = "pekerjaan sertifikat"
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "kind", "query"],
                condition=Q(finished_at=None),
                name="certificate_work_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.handled} dari {self.total})"

    @property
    def kept_until(self) -> datetime | None:
        """When its print files go."""
        return self.finished_at + timedelta(days=settings.EXPORT_RETENTION_DAYS) if self.finished_at else None


class PrintFile(models.Model):
    """One part of a print work: the certificates in it bound into one PDF. Removed after its days; the row stays."""

    work = models.ForeignKey(CertificateWork, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField("bagian")
    certificates = models.PositiveIntegerField("sertifikat")
    pages = models.PositiveIntegerField("halaman")
    size = models.PositiveBigIntegerField("ukuran")
    storage_name = models.CharField(max_length=120, blank=True)
    # The units, by id, whose certificates are in it: whoever fetches it must still have them all.
    units = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="print_file_part_once")]

    def __str__(self) -> str:
        return f"{self.work_id}: bagian {self.number}"

    @property
    def title(self) -> str:
        return f"Bagian {self.number}"

    @property
    def words(self) -> str:
        return f"{number(self.certificates)} sertifikat, {number(self.pages)} halaman"
