"""Officers and their dated postings."""

import uuid
from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from .accounts import User
from .places import Rank, ServiceFunction, Unit


class NumberKind(models.TextChoices):
    NRP = "nrp", "NRP"
    NIP = "nip", "NIP"


class Officer(models.Model):
    """A person who learns. Unit, rank and post stand in the dated postings."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, verbose_name="akun", on_delete=models.PROTECT, related_name="officer")
    number = models.CharField(
        "NRP/NIP",
        max_length=18,
        unique=True,
        validators=[RegexValidator(r"^(\d{8}|\d{18})$", "NRP harus 8 digit angka, NIP 18 digit angka.")],
    )
    number_kind = models.CharField("jenis nomor", max_length=3, choices=NumberKind)
    name_prefix = models.CharField("gelar depan", max_length=40, blank=True)
    name = models.CharField("nama", max_length=120)
    name_suffix = models.CharField("gelar belakang", max_length=80, blank=True)
    created_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "personel"
        verbose_name_plural = "personel"
        indexes = [models.Index(fields=["name"], name="officer_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name with degrees: ``Drs. Budi Santoso, S.H.``"""
        name = " ".join(part for part in (self.name_prefix, self.name) if part)
        return f"{name}, {self.name_suffix}" if self.name_suffix else name


def posted(*, at: datetime, prefix: str = "") -> Q:
    """A condition for postings in force at ``at``; ``prefix`` is the lookup to the posting: ``officer__posting__``.

    Asked so beside the rows of officers, no posting is read twice, as it is where it must lie among others.
    """
    ends_later = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": at})
    return ends_later & Q(**{f"{prefix}valid_from__lte": at})


class PostingQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime) -> "PostingQuerySet":
        return self.filter(posted(at=at))

    def below(self, unit: Unit) -> "PostingQuerySet":
        return self.filter(unit.subtree_of("unit__"))

    def for_officer_list(self) -> "PostingQuerySet":
        """One row per officer with rank, unit, functions and login; rendering asks nothing more."""
        related = self.select_related("officer__user", "rank", "unit").prefetch_related("functions")
        return related.order_by("rank__order", "officer__name", "officer__number")

    def for_wide_list(self) -> "PostingQuerySet":
        """As ``for_officer_list``, but those of one rank in no order: sorting a nation by name takes a second."""
        return self.for_officer_list().order_by("rank__order", "pk")

    def for_history(self) -> "PostingQuerySet":
        """One officer's places, newest first, with unit, rank and functions; rendering asks nothing more."""
        return self.select_related("unit", "rank").prefetch_related("functions").order_by("-valid_from", "-pk")


class Posting(models.Model):
    """An officer's dated place: unit, rank, post and the counters served there."""

    officer = models.ForeignKey(
        Officer,
        verbose_name="personel",
        on_delete=models.PROTECT,
        related_name="postings",
        related_query_name="posting",
    )
    unit = models.ForeignKey(
        Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="postings", related_query_name="posting"
    )
    rank = models.ForeignKey(Rank, verbose_name="pangkat", on_delete=models.PROTECT, related_name="+")
    post = models.CharField("jabatan", max_length=120, blank=True)
    functions = models.ManyToManyField(
        ServiceFunction,
        verbose_name="fungsi layanan",
        blank=True,
        related_name="postings",
        related_query_name="posting",
    )
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai", null=True, blank=True)
    recorded_at = models.DateTimeField("dicatat")

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "penempatan"
        verbose_name_plural = "penempatan"
        constraints = [
            models.UniqueConstraint(
                fields=["officer"], condition=Q(valid_to=None), name="posting_one_open_per_officer"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="posting_ends_after_start"
            ),
        ]
        indexes = [
            # Where thousands of officers stand is read from the index alone.
            models.Index(fields=["officer", "valid_from", "valid_to", "unit", "id"], name="posting_history"),
            # Whoever stands in a unit is found without a look at those who left it, of whom there are more each year.
            models.Index(fields=["unit", "valid_to", "valid_from", "id", "officer"], name="posting_of_unit"),
            # And who holds a rank, for the list of everybody, which begins with the highest.
            models.Index(fields=["rank", "valid_to", "valid_from", "id", "unit"], name="posting_of_rank"),
            # Who came, went or became known since: asked every minute (enrolments, orders that follow).
            models.Index(fields=["recorded_at"], name="posting_recorded"),
            models.Index(fields=["valid_from"], name="posting_began"),
            models.Index(fields=["valid_to"], condition=Q(valid_to__isnull=False), name="posting_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} di {self.unit}"
