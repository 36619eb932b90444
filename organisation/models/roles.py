"""Dated role grants, and the slips that open accounts."""

from datetime import datetime

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
