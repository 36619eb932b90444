"""Who there is and where they stand: units, ranks, officers, dated postings and dated role grants."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

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
        scope = Q(pk__in=[])
        for unit in units:
            scope |= unit.subtree_of()
        return self.filter(scope)

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

    def subtree_of(self, prefix: str = "") -> Q:
        """A condition for rows in this unit's subtree; ``prefix`` is the lookup to the unit, e.g. ``unit__``."""
        # The next number of the same length is the first path behind the subtree.
        beyond = str(int(self.path) + 1).zfill(len(self.path))
        return Q(**{f"{prefix}path__gte": self.path, f"{prefix}path__lt": beyond})

    def contains(self, other: "Unit") -> bool:
        return other.path.startswith(self.path)


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


class UserManager(BaseUserManager["User"]):
    def create_user(self, login: str, name: str, password: str | None = None, **fields) -> "User":
        user = self.model(login=login, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, login: str | None) -> "User":
        return self.get(login=login)


class User(AbstractBaseUser, PermissionsMixin):
    """A login. The person who learns is the Officer; nobody is a superuser."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    login = models.CharField("NRP/NIP", max_length=40, unique=True)
    name = models.CharField("nama", max_length=250)
    email = models.EmailField("e-mail", blank=True)
    is_active = models.BooleanField("aktif", default=True)
    date_joined = models.DateTimeField("dibuat", auto_now_add=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="user_nobody_is_superuser")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # Whether any role was ever granted, as the request's session knew it; None where no session brought the user.
    ever_granted: bool | None = None

    @property
    def officer_pk(self) -> int | None:
        """Whom an audit event about this login concerns; None for an account without officer."""
        return getattr(getattr(self, "officer", None), "pk", None)


class Session(AbstractBaseSession):
    """A browser that is signed in, or may be; ``session_store.py`` reads it together with its user."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")


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


class PostingQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime) -> "PostingQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def below(self, unit: Unit) -> "PostingQuerySet":
        return self.filter(unit.subtree_of("unit__"))

    def for_officer_list(self) -> "PostingQuerySet":
        """One row per officer with rank, unit, functions and login; rendering asks nothing more."""
        related = self.select_related("officer__user", "rank", "unit").prefetch_related("functions")
        return related.order_by("rank__order", "officer__name", "officer__number")

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
        indexes = [models.Index(fields=["officer", "valid_from"], name="posting_history")]

    def __str__(self) -> str:
        return f"{self.officer} di {self.unit}"


class Role(models.TextChoices):
    SDM = "sdm", "Staf SDM"
    HEAD = "head", "Pimpinan satuan"
    TRAINER = "trainer", "Tenaga pendidik"
    REVIEWER = "reviewer", "Pemeriksa"
    ADMINISTRATOR = "administrator", "Administrator platform"


class RoleGrantQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime) -> "RoleGrantQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


class RoleGrant(models.Model):
    """A role over a unit's subtree, from a day to a day."""

    user = models.ForeignKey(User, verbose_name="akun", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField("peran", max_length=15, choices=Role)
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="role_grants")
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai", null=True, blank=True)
    recorded_at = models.DateTimeField("dicatat")
    reason = models.CharField("dasar", max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "pemberian peran"
        verbose_name_plural = "pemberian peran"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=Q(valid_to=None), name="grant_one_open_per_role_and_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.unit.short_name}"


class ActivationSlip(models.Model):
    """A printed one-time code with which a person sets the first password, or a new one."""

    user = models.ForeignKey(User, verbose_name="akun", on_delete=models.PROTECT, related_name="slips")
    code_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField("diterbitkan")
    issued_by = models.ForeignKey(User, verbose_name="oleh", null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("berlaku sampai")
    used_at = models.DateTimeField("dipakai", null=True, blank=True)
    withdrawn_at = models.DateTimeField("ditarik", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, withdrawn_at=None), name="slip_one_open_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"Slip {self.user.login}"


class ImportKind(models.TextChoices):
    OFFICERS = "officers", "Personel"
    UNITS = "units", "Satuan"


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
