"""What is kept for how long (TRUST §7). Periods are settings, so that a unit can follow its own order."""

from datetime import datetime, timedelta

from django.conf import settings

from . import seals


def apply(*, at: datetime, dry_run: bool = False) -> dict[str, int]:
    """Remove what is older than its period; return how many rows of each kind (would) go."""
    before = at - timedelta(days=settings.AUDIT_RETENTION_DAYS)
    return {"audit": seals.remove_sealed_days(before=before, at=at, dry_run=dry_run)}
