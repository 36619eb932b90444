"""What two people decided about a certificate, and what was mailed to its owner. Written once."""

from django.db import models
from django.db.models import Q

from enrolments.models import ReliefDocument
from foundation.models import AppendOnly
from organisation.models import User

from .rows import Certificate, CertificateFile


class RulingKind(models.TextChoices):
    REVOKED = "revoked", "Dicabut"
    CORRECTED = "corrected", "Dikoreksi"
    REISSUED = "reissued", "Diterbitkan ulang"
    GRANTED = "granted", "Diberikan"


REPLACING = (RulingKind.CORRECTED, RulingKind.REISSUED)


class RulingQuerySet(models.QuerySet["Ruling"]):
    def ending(self) -> "RulingQuerySet":
        """Those that took a certificate out of force."""
        return self.exclude(kind=RulingKind.GRANTED)

    def for_list(self) -> "RulingQuerySet":
        """Newest first, with certificate, what replaced it and the two people; rendering asks nothing more."""
        related = self.select_related("certificate__unit", "certificate__replaced_by", "approved_by", "document")
        return related.order_by("-recorded_at", "-pk")


class Ruling(AppendOnly):
    """An approved request: who asked, who approved, why and on which paper.

    ``certificate`` is the one it was made about; for GRANTED the one that it brought. ``document`` is None where
    the platform itself asked, because a completion had been taken back.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField("putusan", max_length=10, choices=RulingKind)
    request = models.UUIDField("permintaan", unique=True)
    reason = models.CharField("alasan", max_length=300)
    document_number = models.CharField("nomor dokumen", max_length=80, blank=True)
    document = models.ForeignKey(
        ReliefDocument, null=True, on_delete=models.PROTECT, related_name="certificate_rulings"
    )
    asked_by_name = models.CharField("diminta oleh", max_length=200)
    asked_at = models.DateTimeField("diminta pada")
    approved_by = models.ForeignKey(User, verbose_name="disetujui oleh", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("diputus pada", db_index=True)

    objects = RulingQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = "putusan tentang sertifikat"
        verbose_name_plural = "putusan tentang sertifikat"
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(kind="revoked"), name="ruling_revokes_a_certificate_once"
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(kind__in=["corrected", "reissued"]),
                name="ruling_replaces_a_certificate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.certificate}"


class Mailing(AppendOnly):
    """The bytes of a certificate go to its owner's address, once.

    The deliveries of its message prove what became of it. The message itself goes after its period, this row stays.
    """

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="mailing")
    file = models.ForeignKey(CertificateFile, on_delete=models.PROTECT, related_name="mailings")
    asked_by = models.ForeignKey(User, verbose_name="diminta oleh", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("diminta pada")

    def __str__(self) -> str:
        return f"{self.certificate} lewat e-mail"

    @property
    def key(self) -> str:
        """The key of its message in the notification centre."""
        return f"certificate-file-{self.certificate_id}"
