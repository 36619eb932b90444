"""The log of an attempt: one call in the transaction of whatever happened."""

from datetime import datetime

from organisation.models import User
from quizzes.models import Attempt, AttemptEvent, EventKind


def note(
    attempt: Attempt,
    kind: EventKind,
    *,
    at: datetime,
    actor: User | None = None,
    position: int | None = None,
    epoch: int | None = None,
    sequence: int | None = None,
    **detail,
) -> None:
    """Write down that ``kind`` happened, in one statement. ``detail`` holds plain values, never an answer's text."""
    AttemptEvent.objects.create(
        attempt=attempt,
        kind=kind,
        at=at,
        actor=actor,
        position=position,
        epoch=epoch,
        sequence=sequence,
        detail=detail,
    )
