"""Reads the corrections that grading and review ask for."""

from quizzes.effects import Effects
from quizzes.models import KeyCorrection


def effects_of(item_id: int) -> Effects:
    """What counts at a quiz item beside its own keys: one query, and mostly an empty answer."""
    return Effects(KeyCorrection.objects.filter(item=item_id))
