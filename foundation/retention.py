"""What is kept for how long (TRUST §7). Periods are settings, so that a unit can follow its own order."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from . import seals

Step = Callable[..., int]
_steps: dict[str, Step] = {}


def removes(kind: str) -> Callable[[Step], Step]:
    """Register ``step(*, at, dry_run) -> int``: it removes rows of ``kind`` past their period and counts them."""

    def register(step: Step) -> Step:
        _steps[kind] = step
        return step

    return register


def apply(*, at: datetime, dry_run: bool = False) -> dict[str, int]:
    """Remove what is older than its period; return how many rows of each kind (would) go."""
    return {kind: step(at=at, dry_run=dry_run) for kind, step in _steps.items()}


@removes("audit")
def remove_audit(*, at: datetime, dry_run: bool) -> int:
    before = at - timedelta(days=settings.AUDIT_RETENTION_DAYS)
    return seals.remove_sealed_days(before=before, at=at, dry_run=dry_run)
