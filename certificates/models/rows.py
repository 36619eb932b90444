"""Certificates and their bytes."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from certificates.identifiers import grouped
from certificates.wording import Language
from enrolments.models import CourseCompletion
from organisation.models import Officer, Unit

from .letterhead import UnitLetterhead
from .numbers import NumberSeries
from .seals import SealCertificate, SealKind
from .template import CertificateTemplateVersion


class CertificateState(models.TextChoices):
    """Derived from the row, never stored; the values are states of {% tag %} in foundation/templatetags."""

    WAITING = "waiting", "Menunggu kop"
    NUMBERLESS = "numberless", "Menunggu nomor"
    QUEUED = "queued", "Sedang dibuat"
    UNSIGNED = "awaiting_signature", "Menunggu TTE"
    VALID = "valid", "Berlaku"
    REPLACED = "superseded", "Diganti"
    REVOKED = "revoked", "Dicabut"
    EXPIRED = "expired", "Kedaluwarsa"


class CertificateQuerySet(models.QuerySet):
    def in_state(self, state: str, *, at: datetime) -> "CertificateQuerySet":
        """The rows whose ``state`` at ``at`` is this one: each condition excludes the stronger states before it."""
        standing = self.standing()
        unexpired = standing.filter(Q(expires_at=None) | Q(expires_at__gt=at))
        return {
            CertificateState.REVOKED: self.exclude(revoked_at=None),
            CertificateState.REPLACED: self.filter(revoked_at=None).exclude(replaced_by=None),
            CertificateState.EXPIRED: standing.filter(expires_at__lte=at),
            CertificateState.WAITING: unexpired.filter(letterhead=None),
            CertificateState.NUMBERLESS: unexpired.filter(number="").exclude(letterhead=None),
            CertificateState.QUEUED: unexpired.filter(rendered_at=None, signature_order=None).exclude(
                Q(letterhead=None) | Q(number="")
            ),
            CertificateState.UNSIGNED: unexpired.filter(rendered_at=None).exclude(signature_order=None),
            CertificateState.VALID: unexpired.exclude(rendered_at=None),
        }[CertificateState(state)]

    def standing(self) -> "CertificateQuerySet":
        """Neither revoked nor replaced; what has expired is among them."""
        # Not as replaced_by=None: of that join PostgreSQL expects no row to be left, and plans for none. Only what
        # replaces something is looked at: it would gather everything that replaces nothing too.
        newer = self.model._default_manager.filter(replaces=OuterRef("pk"), replaces__isnull=False)
        return self.filter(~Exists(newer), revoked_at=None)

    def in_force_on(self, moment: datetime) -> "CertificateQuerySet":
        """What was in force at a ``moment`` gone by: issued by then, and neither ended nor revoked nor replaced yet.

        Issuing, replacing and revoking are recorded as they happen, so this is also what was known then. A file that
        came later makes no difference: a certificate holds from the day that is printed on it.
        """
        newer = self.model._default_manager.filter(
            replaces=OuterRef("pk"), replaces__isnull=False, issued_at__lte=moment
        )
        return self.filter(
            ~Exists(newer),
            Q(expires_at=None) | Q(expires_at__gt=moment),
            Q(revoked_at=None) | Q(revoked_at__gt=moment),
            issued_at__lte=moment,
            rendered_at__isnull=False,
        )

    def renewing(self, certificate: "Certificate") -> "CertificateQuerySet":
        """What later rounds of the same course brought the same officer and still stands, the newest first."""
        completion = certificate.completion
        later = self.standing().filter(
            officer=certificate.officer_id,
            completion__course=completion.course_id,
            completion__cycle__gt=completion.cycle,
        )
        return later.order_by("-completion__cycle", "-pk")

    def with_renewed(self) -> "CertificateQuerySet":
        """Each with ``renewed``: whether a later round of its course brought its officer another that stands."""
        later = Certificate.objects.standing().filter(
            officer=OuterRef("officer"),
            completion__course=OuterRef("completion__course"),
            completion__cycle__gt=OuterRef("completion__cycle"),
        )
        return self.annotate(renewed=Exists(later))

    def to_mail(self) -> "CertificateQuerySet":
        """Those whose owner has an address and was not sent the file yet."""
        return self.filter(mailing=None, officer__user__is_active=True).exclude(officer__user__email="")

    def with_file(self) -> "CertificateQuerySet":
        return self.select_related("replaced_by", "signature_order").prefetch_related("files")

    def for_officer(self) -> "CertificateQuerySet":
        """The owner's list: state and file without a further query per row."""
        return self.with_file().with_renewed().select_related("completion__unit").order_by("-issued_at", "-pk")

    def for_register(self) -> "CertificateQuerySet":
        """SDM's list and its export: rendering asks nothing more."""
        return self.select_related("unit", "replaced_by", "signature_order").order_by("-issued_at", "-pk")

    def for_verification(self) -> "CertificateQuerySet":
        files = Prefetch("files", CertificateFile.objects.select_related("sealed_with"))
        related = self.select_related(
            "unit", "replaces", "replaced_by", "completion", "signature_order", "template_version"
        )
        return related.prefetch_related(files)


class Certificate(models.Model):
    """One certificate with every printed field as of the day of issue.

    ``public_id``: 16 Crockford base32 characters (80 bits) and a check character, stored without
    hyphens; unrelated to the number and to any secret. ``wording`` holds the texts of the template
    with their fields filled in, by the names of CertificateTemplate; ``materials`` the lines of the
    back page (certificates/materials.py). Without ``letterhead`` the number is reserved and the file
    waits until SDM fills in the unit's letterhead; without ``number`` it waits for the registrar.
    """

    public_id = models.CharField("kode verifikasi", max_length=17, unique=True)
    completion = models.ForeignKey(
        CourseCompletion, on_delete=models.PROTECT, related_name="certificates", related_query_name="certificate"
    )
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="certificates", related_query_name="certificate"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name="satuan",
        on_delete=models.PROTECT,
        related_name="certificates",
        related_query_name="certificate",
    )
    unit_path = models.CharField(max_length=70, db_index=True)
    letterhead = models.ForeignKey(
        UnitLetterhead, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="certificates")
    sequence = models.PositiveIntegerField("urut", null=True, blank=True)
    number = models.CharField("nomor", max_length=200, blank=True)
    issued_at = models.DateTimeField("diterbitkan")
    zone = models.CharField("zona waktu", max_length=20)
    expires_at = models.DateTimeField("berlaku sampai", null=True, blank=True)
    holder_name = models.CharField("nama", max_length=250)
    holder_rank = models.CharField("pangkat", max_length=60)
    holder_rank_full = models.CharField("pangkat lengkap", max_length=60)
    holder_number = models.CharField("NRP/NIP", max_length=18)
    holder_number_kind = models.CharField("jenis nomor", max_length=3)
    prints_number = models.BooleanField("NRP/NIP dicantumkan", default=True, help_text="Pati tanpa NRP.")
    holder_post = models.CharField("jabatan", max_length=120, blank=True)
    unit_name = models.CharField("kesatuan", max_length=150)
    course_code = models.CharField("kode pelatihan", max_length=20)
    course_title = models.CharField("pelatihan", max_length=200)
    jp = models.DecimalField("JP", max_digits=5, decimal_places=1)
    minutes = models.PositiveSmallIntegerField("menit")
    started_on = models.DateField("mulai")
    completed_on = models.DateField("selesai")
    grade = models.DecimalField("nilai", max_digits=5, decimal_places=2, null=True)
    programme = models.CharField("program", max_length=250, blank=True)
    wording = models.JSONField("kata-kata", default=dict)
    materials = models.JSONField("daftar materi", default=list, blank=True)
    template_version = models.ForeignKey(
        CertificateTemplateVersion,
        verbose_name="versi templat",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    heading = models.TextField("kopstuk")
    place = models.CharField("dikeluarkan di", max_length=80, blank=True)
    on_behalf_of = models.CharField("a.n.", max_length=120, blank=True)
    via_post = models.CharField("u.b.", max_length=120, blank=True)
    signer_capacity = models.CharField("Plt./Plh.", max_length=5, blank=True)
    signer_post = models.CharField("jabatan penanda tangan", max_length=120, blank=True)
    signer_name = models.CharField("nama penanda tangan", max_length=120, blank=True)
    signer_rank = models.CharField("pangkat penanda tangan", max_length=60, blank=True)
    signer_number = models.CharField("NRP/NIP penanda tangan", max_length=18, blank=True)
    crest = models.CharField("lambang", max_length=255, blank=True)
    rendered_at = models.DateTimeField("berkas dibuat", null=True, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)
    revoked_reason = models.CharField("alasan pencabutan", max_length=300, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    # Annotated by ``with_renewed``.
    renewed: bool

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = "sertifikat"
        verbose_name_plural = "sertifikat"
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="certificate_number_once"),
            # Whatever comes later for the same completion replaces the one before it, which happens once.
            models.UniqueConstraint(
                fields=["completion"], condition=Q(replaces=None), name="certificate_first_once_per_completion"
            ),
            models.CheckConstraint(
                condition=Q(sequence=None, number="") | Q(sequence__gte=1) & ~Q(number=""),
                name="certificate_number_from_one",
            ),
            models.CheckConstraint(
                condition=Q(rendered_at=None) | Q(letterhead__isnull=False), name="certificate_file_needs_letterhead"
            ),
            models.CheckConstraint(condition=Q(rendered_at=None) | ~Q(number=""), name="certificate_file_needs_number"),
        ]
        indexes = [
            models.Index(fields=["issued_at", "id"], name="certificate_issued"),
            # How many are in force is asked of a nation without reading them.
            models.Index(
                fields=["unit_path", "expires_at", "id"],
                condition=Q(revoked_at=None, rendered_at__isnull=False),
                name="certificate_in_force",
            ),
            # And how many were, on a past day. Every column that is asked for stands in it: SQLite reads the row
            # itself for a condition of the index too.
            models.Index(
                fields=["unit_path", "issued_at", "expires_at", "revoked_at", "rendered_at", "id"],
                name="certificate_was_in_force",
            ),
            models.Index(fields=["holder_number"], name="certificate_holder_number"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="certificate_expiry"),
        ]

    def __str__(self) -> str:
        return self.number or f"sertifikat {self.shown_id}"

    @property
    def named(self) -> str:
        """``nomor Sertif/27/XI/DIK.2.6./2026``, as sentences speak of it."""
        return f"nomor {self.number}" if self.number else "yang masih menunggu nomor"

    @property
    def language(self) -> str:
        """What its words are written in; Indonesian for what was issued before templates had versions."""
        return self.template_version.language if self.template_version else Language.INDONESIAN

    @property
    def shown_id(self) -> str:
        return grouped(self.public_id)

    @property
    def shown_holder(self) -> str:
        """Rank short and name with degrees, as officers stand in lists."""
        return f"{self.holder_rank} {self.holder_name}"

    @property
    def shown_place(self) -> str:
        """``Banit SPKT Polresta Contoh``: post and unit of that day."""
        return " ".join(part for part in (self.holder_post, self.unit_name) if part)

    @property
    def file(self) -> "CertificateFile | None":
        """The newest bytes; reads what ``with_file`` fetched."""
        return max(self.files.all(), key=lambda file: file.version, default=None)

    @property
    def successor(self) -> "Certificate | None":
        return getattr(self, "replaced_by", None)

    def state_at(self, at: datetime) -> CertificateState:
        if self.revoked_at:
            return CertificateState.REVOKED
        if self.successor:
            return CertificateState.REPLACED
        if self.expires_at and self.expires_at <= at:
            return CertificateState.EXPIRED
        if not self.letterhead_id:
            return CertificateState.WAITING
        if not self.number:
            return CertificateState.NUMBERLESS
        if self.rendered_at:
            return CertificateState.VALID
        return CertificateState.UNSIGNED if hasattr(self, "signature_order") else CertificateState.QUEUED


class CertificateFileQuerySet(models.QuerySet["CertificateFile"]):
    def for_status_list(self) -> "CertificateFileQuerySet":
        """Whose certificate was revoked or replaced, and whose whole bytes no trusted seal proves (decision 0031).

        A lasting time stamp stands behind the seal, which therefore does not cover the end of such a file.
        """
        ended = Q(certificate__revoked_at__isnull=False) | Q(certificate__replaced_by__isnull=False)
        unproven = Q(sealed_with=None) | Q(sealed_with__compromised_at__isnull=False) | Q(proven_until__isnull=False)
        return self.filter(ended | unproven).order_by("sha256")


class CertificateFile(models.Model):
    """One version of a certificate's bytes, written once; any known hash verifies."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="files")
    version = models.PositiveSmallIntegerField("versi", default=1)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField("ukuran (bita)")
    storage_name = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField()
    signed_by = models.CharField("segel", max_length=10, choices=SealKind, default=SealKind.NONE)
    sealed_with = models.ForeignKey(
        SealCertificate, null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    proven_until = models.DateTimeField("cap waktu sampai", null=True, blank=True)

    objects = CertificateFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "version"], name="certificate_file_version_once")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.sha256[:12]}"
