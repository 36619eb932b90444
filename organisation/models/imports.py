"""Uploaded rosters between preview and confirmation."""

import uuid

from django.db import models

from .accounts import User


class ImportKind(models.TextChoices):
    OFFICERS = "officers", "Personel"
    UNITS = "units", "Satuan"
    # Planned by the room above (enrolments/recognition_import.py).
    RECOGNISED = "recognised", "Pelatihan di luar"


class RosterImport(models.Model):
    """An uploaded roster or tree between its preview and its confirmation, and the record of what it did."""

    kind = models.CharField("isi", max_length=10, choices=ImportKind, default=ImportKind.OFFICERS)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField("berkas", max_length=255)
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=255, blank=True)
    uploaded_by = models.ForeignKey(User, verbose_name="oleh", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("diunggah")
    applied_at = models.DateTimeField("diterapkan", null=True, blank=True)
    counts = models.JSONField("hasil", default=dict)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
