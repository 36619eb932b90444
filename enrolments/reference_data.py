"""The words, schedule and quiet hours that every installation starts with. Edits made later are kept."""

from datetime import datetime

from django.db import connections
from django.utils import timezone

from .models import Climb, MessageTemplate, ReminderRules, ReminderStep
from .wording import WORDINGS

# days after the due date, and whom else it climbs to
STEPS = [(-14, None), (-3, None), (0, None), (1, None), (7, Climb.NEAREST), (14, Climb.NEXT)]


def ensure_reference_data(*, using: str, **_signal: object) -> None:
    """Insert what is missing; never touch a row that is there. Connected to ``post_migrate``."""
    # Migrated back to before these tables, there is nothing to fill.
    if MessageTemplate._meta.db_table not in connections[using].introspection.table_names():
        return
    now: datetime = timezone.now()
    MessageTemplate.objects.bulk_create(
        [
            MessageTemplate(kind=kind, number=1, title=words.title, text=words.text, recorded_at=now)
            for kind, words in WORDINGS.items()
        ],
        ignore_conflicts=True,
    )
    _rules, first_time = ReminderRules.objects.get_or_create(pk=1)
    if first_time:
        ReminderStep.objects.bulk_create([ReminderStep(days=days, climbs=climbs) for days, climbs in STEPS])
