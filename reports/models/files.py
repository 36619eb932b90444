"""A file that is too large to wait for: asked for, prepared by a worker, kept for some days."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisation.models import Unit, User

FILE_KINDS = XLSX, CSV, PDF = "xlsx", "csv", "pdf"
# Longer than a worker ever is silent: it notes how far it is every thousand rows.
LEASE = timedelta(minutes=5)


class JobState(models.TextChoices):
    QUEUED = "queued", "Menunggu giliran"
    RUNNING = "running", "Sedang disiapkan"
    DONE = "done", "Siap diunduh"
    FAILED = "failed", "Gagal"
    REFUSED = "refused", "Ditolak"
    REMOVED = "removed", "Sudah dihapus"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class ExportJobQuerySet(models.QuerySet):
    def unfinished(self) -> "ExportJobQuerySet":
        return self.filter(state__in=UNFINISHED)

    def free(self, *, at: datetime) -> "ExportJobQuerySet":
        """Waiting, or left behind by a worker that has been silent for longer than its lease."""
        return self.unfinished().filter(Q(beat_at=None) | Q(beat_at__lte=at - LEASE))

    def kept(self) -> "ExportJobQuerySet":
        """On their way, or there to be fetched."""
        return self.filter(state__in=(*UNFINISHED, JobState.DONE))

    def past_their_time(self, *, at: datetime) -> "ExportJobQuerySet":
        before = at - timedelta(days=settings.EXPORT_RETENTION_DAYS)
        return self.exclude(state=JobState.REMOVED).filter(finished_at__lt=before)

    def for_list(self) -> "ExportJobQuerySet":
        return self.select_related("unit").order_by("-asked_at", "-pk")


class ExportJob(models.Model):
    """One file: ``report`` is a key of reports.files.FILES, ``query`` the words of the address it was asked on.

    ``units`` are the units, by id, whose people the rows are about: whoever fetches the file must still have them
    all. ``token`` names the worker that writes; ``beat_at`` is when it was last heard of.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, verbose_name="pemilik", on_delete=models.PROTECT, related_name="export_jobs")
    report = models.CharField("laporan", max_length=20)
    kind = models.CharField("jenis berkas", max_length=4)
    query = models.CharField("saringan", max_length=1000, blank=True)
    title = models.CharField("judul", max_length=150)
    unit = models.ForeignKey(Unit, verbose_name="satuan", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("keadaan", max_length=8, choices=JobState, default=JobState.QUEUED)
    why = models.CharField("sebab", max_length=300, blank=True)
    total = models.PositiveIntegerField("baris")
    done = models.PositiveIntegerField("baris yang sudah ditulis", default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)
    units = models.JSONField(default=list)
    storage_name = models.CharField(max_length=120, blank=True)
    file_name = models.CharField("nama berkas", max_length=120, blank=True)
    size = models.PositiveBigIntegerField("ukuran", default=0)
    asked_at = models.DateTimeField("diminta")
    finished_at = models.DateTimeField("selesai", null=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "berkas laporan"
        verbose_name_plural = "berkas laporan"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "report", "kind", "query"],
                condition=Q(state__in=UNFINISHED),
                name="export_job_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.DONE) | ~Q(storage_name="") & Q(finished_at__isnull=False),
                name="export_job_done_has_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["finished_at"], condition=~Q(state="removed"), name="export_job_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def kept_until(self) -> datetime | None:
        return self.finished_at + timedelta(days=settings.EXPORT_RETENTION_DAYS) if self.finished_at else None
