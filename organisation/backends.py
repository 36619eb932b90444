"""Who somebody is: signing in is allauth's, the user of a running session came with its row."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from allauth.core import context

from .models import User


class AuthenticationBackend(AllauthBackend):
    def get_user(self, user_id: int) -> User | None:
        """Django checks the session's hash against what this returns, and that the account is not disabled."""
        came_along = getattr(getattr(context.request, "session", None), "user", None)
        if came_along is None or came_along.pk != user_id:
            return super().get_user(user_id)
        return came_along if self.user_can_authenticate(came_along) else None
