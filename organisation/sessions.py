"""How long a session lasts: plain arithmetic over what stands in the session.

30 days on one's own device, 60 idle minutes on a shared one, 20 idle minutes for staff anywhere; nobody
stays signed in for more than 30 days. A session row is written at most every 5 minutes, so idleness is
counted from a moment up to 5 minutes before the last page: a session never lives longer than promised.
"""

import time
from datetime import timedelta

from django.conf import settings

LONGEST = timedelta(days=30)
SHARED_IDLE = timedelta(minutes=60)
STAFF_IDLE = timedelta(minutes=20)
TOUCH_EVERY = timedelta(minutes=5)

# The browser asks for these by itself; they prove nobody is there. A quiz's saves do prove it.
BACKGROUND_PREFIXES = ("/healthz", "/readyz", "/sw.js", "/denyut/", "/static/")

# The mark in a browser's own description, most telling first, and its name.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}

SIGNED_IN_AT, SEEN_AT, SHARED = "signed_in_at", "seen_at", "shared_device"


def begin(session, *, now: float) -> None:
    """Start the clocks of a session at sign-in; seconds since 1970, because a session holds JSON."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = now


def idle_limit(*, shared: bool, staff: bool) -> timedelta | None:
    """The idle time after which a session ends; None when only the 30 days count."""
    if staff:
        return STAFF_IDLE
    return SHARED_IDLE if shared else None


def idle_for(session, *, now: float) -> timedelta:
    return timedelta(seconds=now - session.get(SEEN_AT, now))


def has_ended(session, *, staff: bool, now: float) -> bool:
    """Say whether the session may no longer be used."""
    if timedelta(seconds=now - session.get(SIGNED_IN_AT, now)) >= LONGEST:
        return True
    limit = idle_limit(shared=bool(session.get(SHARED)), staff=staff)
    return limit is not None and idle_for(session, now=now) >= limit


def is_background(path: str) -> bool:
    return path.startswith(BACKGROUND_PREFIXES)


def signed_in_recently(request) -> bool:
    """Say whether a password, code or passkey was given in this session within the last ten minutes."""
    records = request.session.get("account_authentication_methods") or [{"at": 0}]
    return time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def device_in_words(user_agent: str) -> str:
    """``Chrome di Android``: enough for a person to recognise the own phone."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Peramban lain")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "perangkat lain")
    return f"{browser} di {system}"
