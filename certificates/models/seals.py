"""The public side of the institution's seal, and certificates that wait for a person's certified signature."""

from cryptography import x509
from django.db import models
from django.db.models import F, Q

from foundation.formats import date_medium
from organisation.models import Officer


class SealKind(models.TextChoices):
    """Who signed the bytes of a file; never called certified without a certified provider."""

    NONE = "none", "Tanpa segel elektronik"
    LOCAL = "local", "Segel elektronik instansi, bukan TTE tersertifikasi"
    BSRE = "bsre", "Tanda tangan elektronik tersertifikasi (BSrE)"


class SealCertificate(models.Model):
    """A public certificate that the institution seals or sealed with; kept for ever, so that old seals stay checkable.

    ``fingerprint``: SHA-256 of the certificate, 64 hexadecimal digits.
    """

    fingerprint = models.CharField("sidik jari (SHA-256)", max_length=64, unique=True)
    name = models.CharField("nama", max_length=200)
    pem = models.TextField("sertifikat publik")
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai")
    recorded_at = models.DateTimeField("dicatat")
    in_use = models.BooleanField("dipakai", default=True)
    retired_at = models.DateTimeField("diganti", null=True, blank=True)
    compromised_at = models.DateTimeField("bocor", null=True, blank=True)
    note = models.CharField("catatan", max_length=300, blank=True)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = "sertifikat segel"
        verbose_name_plural = "sertifikat segel"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="seal_ends_after_start"),
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="seal_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown_fingerprint[:14]}…)"

    @property
    def shown_fingerprint(self) -> str:
        """``A1:B2:…``, as openssl prints it."""
        return ":".join(self.fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pem.encode())


class SignatureBatch(models.Model):
    """Certificates that one signer signed off together, with the provider that carried it out."""

    signer = models.ForeignKey(Officer, verbose_name="penanda tangan", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField("penyedia", max_length=20)
    at = models.DateTimeField("ditandatangani")
    count = models.PositiveIntegerField("jumlah")

    class Meta:
        verbose_name = "tanda tangan massal"
        verbose_name_plural = "tanda tangan massal"

    def __str__(self) -> str:
        return f"{self.count} × {self.provider} {date_medium(self.at, 'Asia/Jakarta')}"


class SignatureOrderQuerySet(models.QuerySet["SignatureOrder"]):
    def waiting_for(self, number: str) -> "SignatureOrderQuerySet":
        """What the signer with this NRP/NIP has still to sign, oldest first; rendering asks nothing more."""
        return (
            self.filter(signer_number=number, batch=None, certificate__rendered_at=None)
            # What was revoked or replaced meanwhile needs no signature any more.
            .filter(certificate__revoked_at=None, certificate__replaced_by=None)
            .select_related("certificate")
            .order_by("created_at", "pk")
        )


class SignatureOrder(models.Model):
    """One certificate that waits for, or got, the certified signature of the person printed on it."""

    certificate = models.OneToOneField(
        "certificates.Certificate", on_delete=models.PROTECT, related_name="signature_order"
    )
    signer_number = models.CharField("NRP/NIP penanda tangan", max_length=18)
    created_at = models.DateTimeField("diminta")
    batch = models.ForeignKey(SignatureBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")

    objects = SignatureOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "permintaan TTE"
        verbose_name_plural = "permintaan TTE"
        indexes = [
            models.Index(fields=["signer_number", "created_at"], condition=Q(batch=None), name="signature_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.certificate}"


class StatusList(models.Model):
    """One published list of what files and seals do not say by themselves (sealing/status_list.py); old ones go.

    ``signature``: ECDSA over the SHA-256 of the list, DER, by the key of ``sealed_with``.
    """

    made_at = models.DateTimeField("dibuat")
    sealed_with = models.ForeignKey(
        SealCertificate, verbose_name="segel", on_delete=models.PROTECT, related_name="status_lists"
    )
    entries = models.PositiveIntegerField("baris")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("ukuran (bita)")
    storage_name = models.CharField(max_length=255, unique=True)
    signature = models.BinaryField("tanda tangan")

    class Meta:
        ordering = ["-pk"]
        verbose_name = "daftar status"
        verbose_name_plural = "daftar status"

    def __str__(self) -> str:
        return f"{self.entries} baris, {self.made_at:%Y-%m-%dT%H:%M:%SZ}"
