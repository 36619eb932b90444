"""Changing what messages say, when they leave and when nothing leaves."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db import IntegrityError, transaction

from enrolments.exceptions import WordingRefused
from enrolments.models import MessageTemplate, ReminderRules, ReminderStep, current_rules
from enrolments.reminders import Step
from enrolments.wording import check
from foundation import audit
from organisation.models import User

ELSEWHERE = "Templat ini baru saja diubah orang lain. Muat ulang halaman, lalu ulangi perubahan Anda."


@transaction.atomic
def change_template(*, kind: str, title: str, text: str, seen: int, actor: User, at: datetime) -> MessageTemplate:
    """Write the next version. ``seen`` is the version the actor changed. Raises WordingRefused."""
    for words in (title, text):
        check(kind, words)
    current = MessageTemplate.objects.current().get(kind=kind)
    if current.number != seen:
        raise WordingRefused(ELSEWHERE)
    if (current.title, current.text) == (title, text):
        raise WordingRefused("Tidak ada yang berubah.")
    try:
        with transaction.atomic():
            template = MessageTemplate.objects.create(
                kind=kind, number=seen + 1, title=title, text=text, recorded_at=at, recorded_by=actor
            )
    except IntegrityError:
        raise WordingRefused(ELSEWHERE)
    detail = {"kind": kind, "version": template.number}
    audit.record(verb="reminder_template.changed", actor=actor, at=at, obj=template, detail=detail)
    return template


@transaction.atomic
def change_rules(
    *, enabled: bool, quiet_from: time, quiet_until: time, steps: Sequence[Step], actor: User, at: datetime
) -> None:
    """Put the rules and the whole schedule in force. Raises WordingRefused."""
    if quiet_from == quiet_until:
        raise WordingRefused("Jam tenang harus berakhir: pilih jam selesai yang berbeda dari jam mulai.")
    days = [step.days for step in steps]
    if len(set(days)) < len(days):
        raise WordingRefused("Satu hari hanya boleh muncul sekali. Gabungkan kedua langkah itu.")
    if any(step.climbs is not None and step.days <= 0 for step in steps):
        raise WordingRefused("Pimpinan dan SDM hanya diberi tahu sesudah batas waktu. Pilih hari sesudahnya.")
    before = _as_detail(current_rules(), [row.step for row in ReminderStep.objects.all()])
    rules, _ = ReminderRules.objects.update_or_create(
        pk=1, defaults={"enabled": enabled, "quiet_from": quiet_from, "quiet_until": quiet_until}
    )
    ReminderStep.objects.all().delete()
    ReminderStep.objects.bulk_create(
        [ReminderStep(days=step.days, to_officer=step.to_officer, climbs=step.climbs) for step in steps]
    )
    detail = {"before": before, "after": _as_detail(rules, steps)}
    audit.record(verb="reminder_rules.changed", actor=actor, at=at, obj=rules, detail=detail)


def _as_detail(rules: ReminderRules, steps: Sequence[Step]) -> dict:
    return {
        "enabled": rules.enabled,
        "quiet": [rules.quiet_from, rules.quiet_until],
        "steps": [[step.days, step.to_officer, step.climbs] for step in sorted(steps, key=lambda step: step.days)],
    }
