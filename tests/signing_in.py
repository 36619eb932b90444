"""How a test signs somebody in: as the sign-in page does, just now and without hashing a password."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client


def sign_in(client: Client, user) -> Client:
    """Sign ``user`` in on ``client`` with an authentication that is fresh enough for guarded acts."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "username": user.login}]
    session.save()
    return client


def code_now(secret: str) -> str:
    """What the app on the phone shows now."""
    # The server also takes the code before and the one after, but the one before may end while it is typed.
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
