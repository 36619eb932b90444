"""What takes an officer out of a duty, gives more time, or stops the clock; written once, ended by a further row."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from courses.models import Course
from foundation.formats import date_medium, date_range
from foundation.models import AppendOnly
from foundation.spans import Span
from organisation.models import Officer, Posting, User, Zone

from .duties import Duty


class ReliefKind(models.TextChoices):
    PAUSE = "pause", "Jeda"
    DEFERRAL = "deferral", "Penundaan"
    EXEMPTION = "exemption", "Pengecualian"


class ReliefReason(models.TextChoices):
    OPERATION = "operation", "BKO atau penugasan operasi"
    LEAVE = "leave", "Cuti"
    SICK = "sick", "Sakit"
    STUDY = "study", "Pendidikan atau dikbang"
    MATERNITY = "maternity", "Cuti melahirkan"
    OTHER = "other", "Lain-lain"
    # Written by the platform itself; nobody asks for them.
    CORRECTED = "corrected", "Penyelesaian dikoreksi"
    RETURNED = "returned", "Pengecualian berakhir"


OFFERED_REASONS = [choice for choice in ReliefReason.choices if choice[0] not in ("corrected", "returned")]


class ReliefDocument(AppendOnly):
    """The scan behind a request. The bytes lie in private storage; ``retention`` removes those nobody approved.

    ``officer`` None: it names several people, as the one scan behind a file of recognitions; it is opened through the
    request, or through one of the records that it proves.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="relief_documents")
    file_name = models.CharField("nama berkas", max_length=120)
    storage_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("diunggah")

    def __str__(self) -> str:
        return self.file_name


class ReliefQuerySet(models.QuerySet):
    def standing(self) -> "ReliefQuerySet":
        """Without those that were withdrawn: they never held."""
        return self.exclude(end__withdrawn=True)

    def in_force(self, *, at: datetime) -> "ReliefQuerySet":
        return self.with_until().filter(Q(until_moment=None) | Q(until_moment__gt=at), starts_at__lte=at).standing()

    def over(self, *, at: datetime) -> "ReliefQuerySet":
        return self.with_until().filter(Q(until_moment__lte=at) | Q(end__withdrawn=True))

    def to_come(self, *, at: datetime) -> "ReliefQuerySet":
        return self.standing().filter(starts_at__gt=at)

    def with_until(self) -> "ReliefQuerySet":
        return self.alias(until_moment=Coalesce("end__ends_at", "ends_at"))

    def exempting(self, course: Course, *, at: datetime) -> "ReliefQuerySet":
        """Exemptions from ``course`` in force: whoever has one owes nothing of it."""
        return self.in_force(at=at).filter(kind=ReliefKind.EXEMPTION, course=course)

    def of_officers(self, officers: "Iterable[int] | QuerySet") -> "ReliefQuerySet":
        """What must be known to date the duties of ``officers``."""
        return self.standing().filter(officer__in=officers).select_related("end")

    def for_officer(self) -> "ReliefQuerySet":
        """All of one officer, newest first; rendering asks nothing more."""
        return self.select_related("officer", "course", "end").order_by("-recorded_at", "-pk")

    def for_list(self, *, at: datetime) -> "ReliefQuerySet":
        """One row per relief with course, end, rank and unit of ``at``; rendering asks nothing more."""
        postings = Posting.objects.in_force(at=at).select_related("rank", "unit")
        return (
            self.select_related("officer", "course", "document", "end")
            .prefetch_related(Prefetch("officer__postings", postings, to_attr="current_postings"))
            .order_by("-recorded_at", "-pk")
        )


class Relief(AppendOnly):
    """An exemption, a deferral or a pause: asked for by one person, approved by another, with reason and document.

    - Pause: the clock of everything the officer owes stands still from ``starts_at`` to ``ends_at`` (None: until
      somebody ends it).
    - Deferral: ``duty`` is due at ``ends_at`` instead.
    - Exemption: ``course`` is not asked for until ``ends_at`` (None: for good).

    ``zone`` is the clock on which the days were meant: that of the officer's unit.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # None where the platform itself wrote the row.
    request = models.UUIDField("permintaan", null=True, unique=True)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="reliefs", related_query_name="relief", verbose_name="personel"
    )
    kind = models.CharField("jenis", max_length=10, choices=ReliefKind)
    course = models.ForeignKey(
        Course, null=True, on_delete=models.PROTECT, related_name="reliefs", verbose_name="pelatihan"
    )
    duty = models.ForeignKey(
        Duty, null=True, on_delete=models.PROTECT, related_name="deferrals", related_query_name="deferral"
    )
    code = models.CharField("alasan", max_length=10, choices=ReliefReason)
    note = models.CharField("keterangan", max_length=300, blank=True)
    document_number = models.CharField("nomor dokumen", max_length=80, blank=True)
    document = models.ForeignKey(ReliefDocument, null=True, on_delete=models.PROTECT, related_name="reliefs")
    starts_at = models.DateTimeField("mulai")
    ends_at = models.DateTimeField("sampai", null=True)
    zone = models.CharField("zona waktu", max_length=20, choices=Zone)
    asked_by_name = models.CharField("diminta oleh", max_length=200)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="disetujui oleh")
    recorded_at = models.DateTimeField("dicatat")

    objects = ReliefQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pause", course=None, duty=None)
                | Q(kind="deferral", course__isnull=False, duty__isnull=False, ends_at__isnull=False)
                | Q(kind="exemption", course__isnull=False, duty=None),
                name="relief_names_what_it_is_from",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="relief_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(kind="exemption"), name="relief_exemption_end"),
            models.Index(fields=["recorded_at"], name="relief_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.officer}"

    @property
    def ending(self) -> "ReliefEnd | None":
        """The row that ended it before its time, or when its time was over."""
        return getattr(self, "end", None)

    @property
    def until(self) -> datetime | None:
        """When it is over, exclusively; None while nobody knows."""
        return self.ending.ends_at if self.ending and not self.ending.withdrawn else self.ends_at

    @property
    def span(self) -> Span:
        return self.starts_at, self.until

    @property
    def ran_out(self) -> bool:
        """Whether an exemption's time was over before anybody ended it."""
        return bool(self.ending and not self.ending.withdrawn and self.ending.ended_by_id is None)

    def is_over(self, *, at: datetime) -> bool:
        return self.until is not None and self.until <= at

    def state(self, *, at: datetime) -> str:
        """``withdrawn``, ``over``, ``to_come`` or ``running``."""
        if self.ending and self.ending.withdrawn:
            return "withdrawn"
        if self.is_over(at=at):
            return "over"
        return "to_come" if self.starts_at > at else "running"

    @property
    def when(self) -> str:
        """``20–27 November 2026``, ``mulai 20 November 2026``, ``sampai 31 Desember 2026``, ``seterusnya``."""
        last = self.until - timedelta(seconds=1) if self.until else None
        if self.kind == ReliefKind.DEFERRAL and self.ends_at:
            return f"menjadi {date_medium(self.ends_at, self.zone)}"
        if self.kind == ReliefKind.EXEMPTION:
            return f"sampai {date_medium(last, self.zone)}" if last else "seterusnya"
        if last:
            return date_range(self.starts_at, max(self.starts_at, last), self.zone)
        return f"mulai {date_medium(self.starts_at, self.zone)}, sampai diakhiri"

    @property
    def why(self) -> str:
        """The reason in words: ``cuti``, or what was written for "lain-lain"."""
        if self.code == ReliefReason.OTHER and self.note:
            return self.note
        label = ReliefReason(self.code).label
        return label if label.startswith("BKO") else label[0].lower() + label[1:]


class ReliefEnd(AppendOnly):
    """A relief is over before its time, was withdrawn, or (an exemption) ran out and was brought to an end."""

    relief = models.OneToOneField(Relief, on_delete=models.PROTECT, related_name="end")
    ends_at = models.DateTimeField("berakhir")
    withdrawn = models.BooleanField("dicabut", default=False)
    reason = models.CharField("alasan", max_length=300, blank=True)
    # None where ``tick`` wrote it.
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat")

    def __str__(self) -> str:
        return f"{self.relief} berakhir"


class DueChange(AppendOnly):
    """The date of a duty before and after it moved; ``relief`` is why, None where an order came or went."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="due_changes")
    before = models.DateTimeField("batas waktu semula")
    after = models.DateTimeField("batas waktu baru")
    relief = models.ForeignKey(Relief, null=True, on_delete=models.PROTECT, related_name="due_changes")
    recorded_at = models.DateTimeField("dicatat")

    class Meta:
        ordering = ["pk"]
        # Reports of a past day ask which dates moved since.
        indexes = [models.Index(fields=["recorded_at"], name="due_change_day")]

    def __str__(self) -> str:
        return f"{self.duty}: {self.before:%Y-%m-%d} → {self.after:%Y-%m-%d}"
