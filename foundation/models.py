"""Rows that every room needs: audit events and their seals, the server outbox, approvals."""

import uuid
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AppendOnlyViolation(Exception):
    """Our own code tried to change or to remove a row that is written once."""


class AppendOnly(models.Model):
    """A model whose rows are saved once. Its table is registered with foundation/triggers.py besides."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise AppendOnlyViolation(f"rows of {self._meta.db_table} are written once")


class AuditEvent(AppendOnly):
    """One act or one look at another person's record. Append-only (foundation/triggers.py).

    People are named by id and by the name of that day, because this room lies below the one
    that knows them and because the row must outlive a change of name.
    """

    at = models.DateTimeField("waktu", db_index=True)
    actor_id = models.BigIntegerField("pelaku", null=True, db_index=True)
    actor_name = models.CharField("nama pelaku", max_length=200)
    verb = models.CharField("perbuatan", max_length=60, db_index=True)
    subject_id = models.BigIntegerField("personel", null=True, db_index=True)
    object_type = models.CharField("jenis objek", max_length=60, blank=True)
    object_id = models.CharField("objek", max_length=64, blank=True)
    unit_path = models.CharField("satuan", max_length=70, blank=True)
    detail = models.JSONField("rincian", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-id"]
        verbose_name = "peristiwa audit"
        verbose_name_plural = "peristiwa audit"
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            # What happened of one kind in some days, among all that a nation looks at.
            models.Index(fields=["verb", "at"], name="audit_verb_day"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type}:{self.object_id}"


class AuditSeal(AppendOnly):
    """The chain over the audit: one hash per sealed day, each holding the one before it."""

    day = models.DateField(unique=True)
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    event_count = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"


class OutboxEntry(models.Model):
    """Work that a committed row asks for. The row is the truth, the task queue only a hint."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="outbox_effect_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ApprovalRequest(AppendOnly):
    """An act that needs two people, asked for by one. ``kind`` names the verb that carries it out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("tindakan", max_length=60)
    object_id = models.CharField("objek", max_length=64)
    unit_path = models.CharField("satuan", max_length=70)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField("alasan")
    requested_by_id = models.BigIntegerField("diminta oleh")
    requested_by_name = models.CharField("nama peminta", max_length=200)
    requested_at = models.DateTimeField("diminta pada")

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["kind", "object_id"], name="approval_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Approval(AppendOnly):
    """The second person's decision on a request."""

    request = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="approval")
    approved = models.BooleanField("disetujui")
    note = models.TextField("catatan", blank=True)
    decided_by_id = models.BigIntegerField("diputus oleh")
    decided_by_name = models.CharField("nama pemutus", max_length=200)
    decided_at = models.DateTimeField("diputus pada")

    def __str__(self) -> str:
        return f"{self.request}: {'disetujui' if self.approved else 'ditolak'}"


class Work(models.Model):
    """Much to do, done chunk after chunk in the order of ids; each chunk moves ``cursor`` on (foundation/works.py).

    ``cursor`` is the id that was dealt with last, so whoever goes on after a killed worker begins behind it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    total = models.PositiveIntegerField("jumlah")
    handled = models.PositiveIntegerField("sudah", default=0)
    changed = models.PositiveIntegerField("berubah", default=0)
    cursor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField("diminta")
    moved_at = models.DateTimeField("terakhir maju")
    finished_at = models.DateTimeField("selesai", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        """Whole percent, rounded down; what comes while it is done does not count."""
        return min(100, self.handled * 100 // self.total) if self.total else 100


class RateWindow(models.Model):
    """How often something happened since its window opened (foundation/limits.py). ``key`` is a hash."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:12]}: {self.count}"
