"""Reads the corrections that grading and review ask for."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import BigIntegerField

from foundation.prepared import PreparedRows, Slot
from quizzes.choices import Treatment
from quizzes.effects import Effects
from quizzes.models import KeyCorrection, VersionQuestion

OF_ITEM = PreparedRows(lambda: KeyCorrection.objects.filter(item=Slot("item", BigIntegerField())).order_by("pk"))


def effects_of(item_id: int) -> Effects:
    """What counts at a quiz item beside its own keys: one query, and mostly an empty answer."""
    return Effects(OF_ITEM.rows(item=item_id))


def undecided_questions(items: Collection[int]) -> list[int]:
    """Ids of the compiled questions of ``items`` whose answers decide nothing: dropped, or full marks for everybody."""
    by_item: dict[int, list[KeyCorrection]] = defaultdict(list)
    for correction in KeyCorrection.objects.filter(item__in=items):
        by_item[correction.item_id].append(correction)
    touched = {
        correction.question
        for corrections in by_item.values()
        for correction in corrections
        if correction.treatment != Treatment.KEY
    }
    if not touched:
        return []
    asked = VersionQuestion.objects.filter(version__item__in=items, uuid__in=touched).select_related("version")
    effects = {item: Effects(corrections) for item, corrections in by_item.items()}
    return [
        question.pk
        for question in asked.prefetch_related("options")
        if question.version.item_id in effects and not effects[question.version.item_id].on(question).counts
    ]
