"""Sessions that know their user: one query brings session, user, officer, second factor and whether a role was
ever granted.

Every request behind the sign-in asks for all five, and an exam is mostly such requests (decision 0018).
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField, Exists, OuterRef
from django.utils import timezone

from foundation.prepared import PreparedRows, Slot

from .models import RoleGrant, Session, User

EVER_GRANTED, HAS_FACTOR = "ever_granted", "has_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
IN_FORCE = PreparedRows(
    lambda: (
        Session.objects.select_related("user__officer")
        .annotate(
            **{
                EVER_GRANTED: Exists(RoleGrant.objects.filter(user=OuterRef("user"))),
                HAS_FACTOR: Exists(Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)),
            }
        )
        .filter(session_key=Slot("key", CharField()), expire_date__gt=Slot("at", DateTimeField()))
    )
)


class SessionStore(db.SessionStore):
    """``user`` is whom the loaded row belongs to. Who is signed in is for Django to say: see ``backends.py``."""

    user: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict) -> Session:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Session | None:
        row = IN_FORCE.first(key=self.session_key, at=timezone.now())
        if row is None:
            self._session_key = None
        elif row.user:
            self.user = row.user
            self.user.ever_granted = getattr(row, EVER_GRANTED)
            self.user.has_factor = getattr(row, HAS_FACTOR)
        return row
