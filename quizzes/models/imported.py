"""What came from elsewhere: an uploaded file between its preview and its confirmation, and old results as history."""

import uuid

from django.db import models

from organisation.models import Officer, User

from .pages import QuizPage


class QuestionImport(models.Model):
    """A file of questions that somebody uploaded, and the record of what became of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    format = models.CharField("format", max_length=20)
    file_name = models.CharField("berkas", max_length=255)
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=255, blank=True)
    page = models.ForeignKey(QuizPage, verbose_name="kuis", null=True, on_delete=models.SET_NULL, related_name="+")
    to_bank = models.BooleanField("ke bank soal", default=False)
    topic = models.CharField("topik", max_length=60, blank=True)
    uploaded_by = models.ForeignKey(User, verbose_name="oleh", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("diunggah")
    applied_at = models.DateTimeField("diterapkan", null=True, blank=True)
    counts = models.JSONField("hasil", default=dict)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name


class ImportedSittingQuerySet(models.QuerySet):
    def for_history(self) -> "ImportedSittingQuerySet":
        """Newest first."""
        return self.order_by("-started_at", "pk")

    def unmatched(self) -> "ImportedSittingQuerySet":
        """Those whose person was not found among the officers when they were imported."""
        return self.filter(officer=None)


class ImportedSitting(models.Model):
    """A result from the application before this one; never changes and counts for nothing (foundation/triggers.py)."""

    key = models.CharField(max_length=64, unique=True)
    quiz = models.CharField("kuis", max_length=200)
    category = models.CharField("kategori", max_length=250, blank=True)
    login = models.CharField("nama masuk lama", max_length=150, blank=True)
    name = models.CharField("nama", max_length=250, blank=True)
    officer = models.ForeignKey(
        Officer, verbose_name="personel", null=True, on_delete=models.PROTECT, related_name="imported_sittings"
    )
    score = models.PositiveIntegerField("nilai")
    questions = models.PositiveIntegerField("jumlah soal")
    percent = models.PositiveSmallIntegerField("persen")
    passed = models.BooleanField("lulus", null=True)
    started_at = models.DateTimeField("mulai")
    ended_at = models.DateTimeField("selesai", null=True)
    recorded_at = models.DateTimeField("dicatat")

    objects = ImportedSittingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["officer", "started_at"], name="imported_sitting_history")]

    def __str__(self) -> str:
        return f"{self.quiz}: {self.login or self.name}"
