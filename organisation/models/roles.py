"""Dated role grants, also of deputies, how they are handed over, and the slips that open accounts."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from .accounts import User
from .places import Unit


class Role(models.TextChoices):
    SDM = "sdm", "Staf SDM"
    HEAD = "head", "Pimpinan satuan"
    TRAINER = "trainer", "Tenaga pendidik"
    REVIEWER = "reviewer", "Pemeriksa"
    ADMINISTRATOR = "administrator", "Administrator platform"


class Capacity(models.TextChoices):
    """As what somebody holds a role: for good, or as a deputy for a time."""

    DEFINITIVE = "definitive", "Definitif"
    ACTING = "plt", "Plt."
    DAILY = "plh", "Plh."


DEPUTIES = (Capacity.ACTING, Capacity.DAILY)


class RoleGrantQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime) -> "RoleGrantQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def of_deputies(self) -> "RoleGrantQuerySet":
        return self.filter(capacity__in=DEPUTIES)


class RoleGrant(models.Model):
    """A role over a unit's subtree, from a day to a day."""

    user = models.ForeignKey(User, verbose_name="akun", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField("peran", max_length=15, choices=Role)
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="role_grants")
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai", null=True, blank=True)
    recorded_at = models.DateTimeField("dicatat")
    reason = models.CharField("dasar", max_length=200, blank=True)
    capacity = models.CharField("sebagai", max_length=10, choices=Capacity, default=Capacity.DEFINITIVE)
    order_number = models.CharField("nomor Sprin", max_length=80, blank=True)
    # Whose role a deputy holds; when that ends, so does this. None where an administrator gave it.
    deputises = models.ForeignKey(
        "self", verbose_name="menggantikan", null=True, blank=True, on_delete=models.PROTECT, related_name="deputies"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "pemberian peran"
        verbose_name_plural = "pemberian peran"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=Q(valid_to=None), name="grant_one_open_per_role_and_unit"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.DEFINITIVE) | Q(valid_to__isnull=False) & ~Q(order_number=""),
                name="grant_of_a_deputy_ends_and_has_an_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.title} {self.unit.short_name}"

    @property
    def is_deputy(self) -> bool:
        return self.capacity in DEPUTIES

    @property
    def last_moment(self) -> datetime | None:
        """In whose day it is still held; ``valid_to`` is the moment after."""
        return self.valid_to - timedelta(seconds=1) if self.valid_to else None

    @property
    def title(self) -> str:
        """``Pimpinan satuan``, ``Plh. Pimpinan satuan``."""
        label = self.get_role_display()
        return f"{self.get_capacity_display()} {label}" if self.is_deputy else label


class Handover(models.Model):
    """Who handed a role to whom: for good (``given`` follows ``grant``), or to a deputy beside whom ``grant`` goes on.

    ``moves_tasks``: what the giver had begun goes with it on the day; ``moved_at`` is when it went.
    """

    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, related_name="handed_over")
    given = models.OneToOneField(RoleGrant, on_delete=models.PROTECT, related_name="handover")
    moves_tasks = models.BooleanField("draf ikut diserahkan", default=False)
    moved_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    recorded_at = models.DateTimeField("dicatat")

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = "serah terima"
        verbose_name_plural = "serah terima"

    def __str__(self) -> str:
        return f"{self.grant} → {self.given}"


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
