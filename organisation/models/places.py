"""Where people stand: the tree of units, ranks and counters."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

PATH_STEP = 7
MAXIMUM_DEPTH = 10


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class UnitLevel(models.IntegerChoices):
    NATIONAL = 1, "Mabes Polri"
    PROVINCE = 2, "Polda"
    RESORT = 3, "Polres"
    SECTOR = 4, "Polsek"
    FUNCTION = 5, "Satuan fungsi"


class UnitQuerySet(models.QuerySet):
    def below(self, units: "Iterable[Unit]") -> "UnitQuerySet":
        """The given units and everything under them."""
        return self.filter(subtrees_of(units))

    def in_force(self, *, at: datetime) -> "UnitQuerySet":
        return self.filter(Q(active_to=None) | Q(active_to__gt=at), active_from__lte=at)

    def for_tree(self) -> "UnitQuerySet":
        """Parents before children, siblings by level and name when sorted with ``tree_order``."""
        return self.select_related("parent").order_by("path")


class Unit(models.Model):
    """A node of the organisation's tree.

    ``path`` is the zero-padded ids from the root to this unit, digits only, so that a range over
    it means the subtree in every collation and uses the index on both databases.
    """

    code = models.CharField("kode", max_length=30, unique=True)
    name = models.CharField("nama", max_length=150)
    short_name = models.CharField("nama singkat", max_length=60)
    level = models.PositiveSmallIntegerField("tingkat", choices=UnitLevel)
    kind = models.CharField("tipe", max_length=60, blank=True, help_text="Misalnya Polresta, Polsek Urban, Satlantas.")
    zone = models.CharField("zona waktu", max_length=20, choices=Zone, default=Zone.WIB)
    place = models.CharField("kota/tempat", max_length=80, blank=True, help_text="Dipakai pada baris “Dikeluarkan di”.")
    parent = models.ForeignKey(
        "self", verbose_name="induk", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # NULL only between the insert, which gives the id, and the update that writes it.
    path: "models.CharField[str, str]" = models.CharField(  # type: ignore[misc]
        max_length=MAXIMUM_DEPTH * PATH_STEP, unique=True, null=True, editable=False
    )
    active_from = models.DateTimeField("aktif sejak")
    active_to = models.DateTimeField("aktif sampai", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "satuan"
        verbose_name_plural = "satuan"
        constraints = [
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gt=F("active_from")), name="unit_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return len(self.path) // PATH_STEP

    @cached_property
    def is_whole_tree(self) -> bool:
        """Whether it is the only unit at the top: whoever serves, serves below it."""
        return self.parent_id is None and not Unit.objects.filter(parent=None).exclude(pk=self.pk).exists()

    def subtree_of(self, prefix: str = "") -> Q:
        """A condition for rows in this unit's subtree; ``prefix`` is the lookup to the unit, e.g. ``unit__``."""
        # The next number of the same length is the first path behind the subtree.
        beyond = str(int(self.path) + 1).zfill(len(self.path))
        return Q(**{f"{prefix}path__gte": self.path, f"{prefix}path__lt": beyond})

    def contains(self, other: "Unit") -> bool:
        return other.path.startswith(self.path)

    def is_in_line_with(self, other: "Unit") -> bool:
        """Whether one stands above the other, or both are the same."""
        return self.contains(other) or other.contains(self)


def subtrees_of(units: Iterable[Unit], prefix: str = "") -> Q:
    """As ``Unit.subtree_of`` for each of ``units``; no row for none."""
    scope = Q(pk__in=[])
    for unit in units:
        scope |= unit.subtree_of(prefix)
    return scope


class UnitPlacement(models.Model):
    """Where a unit hung in the tree, and when: reports of a past day follow these rows."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="placement_one_open_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.unit} di bawah {self.parent}"


class RankKind(models.TextChoices):
    POLRI = "polri", "Polri"
    PNS = "pns", "PNS Polri"
    PPPK = "pppk", "PPPK"


class Rank(models.Model):
    """A rank or grade. Sort by ``order`` (1 is the highest), never by name."""

    code = models.SlugField("kode", max_length=20, unique=True)
    short = models.CharField("singkatan", max_length=20)
    full = models.CharField("nama lengkap", max_length=60)
    group = models.CharField("golongan", max_length=30)
    order = models.PositiveSmallIntegerField("urutan", unique=True)
    kind = models.CharField("jenis", max_length=5, choices=RankKind, default=RankKind.POLRI)
    aliases = models.JSONField("sebutan lain", default=list, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = "pangkat"
        verbose_name_plural = "pangkat"

    def __str__(self) -> str:
        return self.short


class ServiceFunction(models.Model):
    """What a posting serves the public with: SPKT, SKCK, SIM and so on."""

    code = models.SlugField("kode", max_length=30, unique=True)
    name = models.CharField("nama", max_length=80)
    order = models.PositiveSmallIntegerField("urutan", default=0)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = "fungsi layanan"
        verbose_name_plural = "fungsi layanan"

    def __str__(self) -> str:
        return self.name
