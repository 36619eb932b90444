"""What is due runs from one place: ``manage.py tick`` calls every registered step."""

import logging
from collections.abc import Callable
from datetime import datetime

logger = logging.getLogger(__name__)

Step = Callable[..., int]
_steps: dict[str, Step] = {}


class StepsFailed(Exception):
    """Some steps broke; the others ran. ``done`` has what each of those did, ``failed`` the names."""

    def __init__(self, done: dict[str, int], failed: list[str]) -> None:
        super().__init__(f"due steps failed: {', '.join(failed)}")
        self.done = done
        self.failed = failed


def due(name: str) -> Callable[[Step], Step]:
    """Register ``step(*, at) -> int`` (how many things it did) under ``name``. Steps are idempotent."""

    def register(step: Step) -> Step:
        _steps[name] = step
        return step

    return register


def steps() -> dict[str, Step]:
    return dict(_steps)


def run_all(*, at: datetime) -> dict[str, int]:
    """Run every step once; return what each did. Raises StepsFailed at the end when one broke."""
    done: dict[str, int] = {}
    failed: list[str] = []
    for name, step in _steps.items():
        try:
            done[name] = step(at=at)
        except Exception:
            # A broken reminder must not keep certificates, seals and leases from running.
            logger.exception("due step %s failed", name)
            failed.append(name)
    if failed:
        raise StepsFailed(done, failed)
    return done
