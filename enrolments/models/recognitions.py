"""Training done elsewhere that counts here: who asked, who approved, on which paper. Written once."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

from courses.models import Course
from foundation.models import AppendOnly
from organisation.models import Officer, Posting, User

from .learning import CourseCompletion
from .reliefs import ReliefDocument


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    def for_list(self, *, at: datetime) -> "RecognitionQuerySet":
        """Newest first, each with whether it ``stands`` and where its officer is posted (``current_postings``)."""
        here = Posting.objects.in_force(at=at).select_related("rank", "unit")
        standing = CourseCompletion.objects.standing().filter(recognition=OuterRef("pk"))
        return (
            self.select_related("officer", "course", "approved_by", "document")
            .prefetch_related(Prefetch("officer__postings", queryset=here, to_attr="current_postings"))
            .annotate(stands=Exists(standing))
            .order_by("-pk")
        )


class Recognition(AppendOnly):
    """A training that somebody else held. Its ledger row points here; a correcting row takes it back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="recognitions")
    course = models.ForeignKey(Course, verbose_name="pelatihan", on_delete=models.PROTECT, related_name="recognitions")
    day = models.DateField("tanggal selesai")
    organiser = models.CharField("penyelenggara", max_length=150)
    document_number = models.CharField("nomor dokumen", max_length=80)
    document = models.ForeignKey(ReliefDocument, null=True, on_delete=models.PROTECT, related_name="recognitions")
    request = models.UUIDField("permintaan")
    asked_by_name = models.CharField("diminta oleh", max_length=200)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="disetujui oleh")
    recorded_at = models.DateTimeField("dicatat")

    # Annotated by ``for_list``.
    stands: bool

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = "pengakuan pelatihan"
        verbose_name_plural = "pengakuan pelatihan"
        constraints = [
            models.UniqueConstraint(fields=["request", "officer", "course"], name="recognition_once_per_request")
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.course.code} ({self.organiser})"

    @property
    def words(self) -> str:
        """``Pusdik Contoh, SK/12/2026``: what it rests on."""
        return f"{self.organiser}, {self.document_number}"
