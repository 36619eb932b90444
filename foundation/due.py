"""What is due runs from one place: ``manage.py tick`` calls every registered step."""

from collections.abc import Callable
from datetime import datetime

Step = Callable[..., int]
_steps: dict[str, Step] = {}


def due(name: str) -> Callable[[Step], Step]:
    """Register ``step(*, at) -> int`` (how many things it did) under ``name``. Steps are idempotent."""

    def register(step: Step) -> Step:
        _steps[name] = step
        return step

    return register


def steps() -> dict[str, Step]:
    return dict(_steps)


def run_all(*, at: datetime) -> dict[str, int]:
    """Run every step once; return what each did."""
    return {name: step(at=at) for name, step in _steps.items()}
