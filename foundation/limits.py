"""A limiter that every web process shares. It counts in the database, because Django's database cache
adds one by reading and writing back: two requests at once would count as one, and the window would slide."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from .due import due
from .models import RateWindow


def hit(key: str, limit: int, seconds: int) -> bool:
    """Count one event of ``key`` and say whether it is still within ``limit`` in a window of ``seconds``.

    The window begins at its first event and does not slide. ``key`` may hold an address or a number: only
    its hash is kept. Example: ``if not hit(f"verify-miss:{address}", 30, 60): …429…``.
    """
    name, now = _name(key), timezone.now()
    running = RateWindow.objects.filter(key=name, ends_at__gt=now)
    for _attempt in range(3):
        if running.update(count=F("count") + 1):
            return RateWindow.objects.filter(key=name, count__lte=limit).exists()
        ends_at = now + timedelta(seconds=seconds)
        if RateWindow.objects.filter(key=name, ends_at__lte=now).update(count=1, ends_at=ends_at):
            return limit >= 1
        try:
            with transaction.atomic():
                RateWindow.objects.create(key=name, count=1, ends_at=ends_at)
            return limit >= 1
        except IntegrityError:
            # Another process opened the window between our two looks: count in that one.
            continue
    return False


def forget(key: str) -> None:
    """Start the window of ``key`` anew, e.g. after the right answer."""
    RateWindow.objects.filter(key=_name(key)).delete()


@due("limits")
def forget_old_windows(*, at: datetime) -> int:
    count, _by_model = RateWindow.objects.filter(ends_at__lte=at).delete()
    return count


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
