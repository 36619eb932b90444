"""Who signs in: users and their sessions."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .roles import RoleGrant


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
        # The few that are switched off are left out of a list sooner than each of the others is looked at.
        indexes = [models.Index(fields=["id"], condition=Q(is_active=False), name="user_switched_off")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # Whether any role was ever granted, as the request's session knew it; None where no session brought the user.
    ever_granted: bool | None = None
    # Whether a second factor is set up, as the same query knew it.
    has_factor: bool | None = None
    # The roles of whoever came with a session, once they were asked for (permissions.held).
    grants_read: "list[RoleGrant] | None" = None

    @property
    def officer_pk(self) -> int | None:
        """Whom an audit event about this login concerns; None for an account without officer."""
        return getattr(getattr(self, "officer", None), "pk", None)


class Session(AbstractBaseSession):
    """A browser that is signed in, or may be; ``session_store.py`` reads it together with its user."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
