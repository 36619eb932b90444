"""How a test signs somebody in: as the sign-in page does, just now and without hashing a password."""

import time

from django.test import Client


def sign_in(client: Client, user) -> Client:
    """Sign ``user`` in on ``client`` with an authentication that is fresh enough for guarded acts."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "username": user.login}]
    session.save()
    return client
