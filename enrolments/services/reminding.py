"""The officers' reminders of a day, zone by zone, once its quiet hours are over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from enrolments.models import (
    POSTING,
    Duty,
    MessageTemplate,
    ReminderRun,
    RunKind,
    current_rules,
    current_steps,
    duties_asked_again,
    duties_to_remind,
)
from enrolments.reminders import DAY, midnight, windows
from enrolments.wording import MessageKind, fill
from foundation.due import due
from foundation.formats import date_medium, day_of, days_left, greeting
from organisation.models import Posting, Zone, posted

from .notifying import BATCH, Draft, write

# A tick ends after so many, so that certificates and seals do not wait for a nation's reminders; the next goes on.
PER_TICK = 20_000


def kind_of(step: int | None) -> MessageKind:
    """``step``: days after the due date; None for a round that is asked for again."""
    if step is None:
        return MessageKind.AGAIN
    if step == 0:
        return MessageKind.DUE
    return MessageKind.BEFORE if step < 0 else MessageKind.LATE


def current_templates() -> dict[str, MessageTemplate]:
    return {template.kind: template for template in MessageTemplate.objects.current()}


@due("reminders")
def remind_officers(*, at: datetime) -> int:
    """Write what today asks for in every zone that is awake; what is written is never written again."""
    rules = current_rules()
    if not rules.enabled:
        return 0
    return sum(_remind_zone(zone, at=at) for zone in Zone.values if not rules.quiet.cover(at, zone))


def _remind_zone(zone: str, *, at: datetime) -> int:
    day = day_of(at, zone)
    if ReminderRun.objects.filter(kind=RunKind.REMINDERS, zone=zone, day=day).exists():
        return 0
    standing = posted(at=at, prefix=POSTING) & Q(**{f"{POSTING}unit__zone": zone})
    found = windows(current_steps(), zone=zone, at=at)
    drafts_of = partial(_drafts, templates=current_templates(), at=at)
    written = 0
    # The steps first: who is told of a duty by one of them needs no other word of it.
    for duties in (duties_to_remind, partial(duties_asked_again, zones=[zone])):
        batch = partial(_batch, duties(found, standing, at=at))
        written += write_in_batches(batch, drafts_of, limit=PER_TICK - written, at=at)
    if written < PER_TICK:
        finish(RunKind.REMINDERS, zone=zone, day=day, at=at)
    return written


def _batch(everything: QuerySet, after: Duty | None) -> list:
    rows = everything.select_related("officer__user", "course")
    if after:
        behind = Q(officer__gt=after.officer_id) | Q(officer=after.officer_id, pk__gt=after.pk)
        rows = rows.filter(behind)
    return list(rows[:BATCH])


def _drafts(duties: Sequence, *, templates: Mapping[str, MessageTemplate], at: datetime) -> list[Draft]:
    postings = Posting.objects.filter(pk__in={duty.posting_pk for duty in duties}).select_related("unit", "rank")
    where = {posting.pk: posting for posting in postings}
    return [_draft(duty, where[duty.posting_pk], templates[kind_of(duty.step)], at=at) for duty in duties]


def _values(duty, posting: Posting, *, at: datetime) -> dict[str, str]:
    zone = posting.unit.zone
    return {
        "salam": greeting(at, zone),
        "nama": f"{posting.rank.short} {duty.officer.full_name}",
        "pelatihan": duty.course.title,
        "batas": date_medium(duty.due_at, zone),
        "sisa": days_left(duty.due_at, at=at, zone=zone),
    }


def tomorrows_words(duties: Iterable, postings: Mapping[int, Posting], *, at: datetime) -> dict[int, tuple[str, str]]:
    """Duty id → title and text of the reminder that its officer gets on the day after ``at``, after quiet hours.

    ``duties`` are those of ``permissions.tomorrows_duties``, ``postings`` by id where their officers stand.
    """
    templates, quiet = current_templates(), current_rules().quiet
    words = {}
    for duty in duties:
        template, posting = templates[kind_of(duty.step)], postings[duty.posting_pk]
        zone = posting.unit.zone
        values = _values(duty, posting, at=quiet.end_after(midnight(day_of(at, zone) + DAY, zone), zone))
        words[duty.pk] = fill(template.title, values), fill(template.text, values)
    return words


def _draft(duty, posting: Posting, template: MessageTemplate, *, at: datetime) -> Draft:
    # A moved date begins a step anew, a round is begun once.
    what = f"{duty.due_at.timestamp():.0f}-{duty.step}" if duty.step is not None else "again"
    return Draft(
        key=f"duty-{duty.pk}-{what}",
        template=template,
        values=_values(duty, posting, at=at),
        recipient=duty.officer.user,
        unit=posting.unit,
        url=duty.course.url,
        duty=duty,
        step=duty.step,
    )


def write_in_batches(batch, drafts_of, *, limit: int, at: datetime) -> int:
    """Write ``drafts_of(batch(after))`` piece by piece; ``after`` is the last row of the piece before, or None.

    When another tick was quicker with one of a piece, the piece is asked for again, without what is written.
    """
    written, after, refused = 0, None, None
    while written < limit:
        rows = batch(after)
        if not rows:
            break
        try:
            write(drafts_of(rows), at=at)
        except IntegrityError:
            if rows == refused:
                raise
            refused = rows
        else:
            written += len(rows)
            after = rows[-1]
    return written


def finish(kind: RunKind, *, zone: str, day: date, at: datetime) -> None:
    """Note that the day's messages of the zone are written."""
    ReminderRun.objects.get_or_create(kind=kind, zone=zone, day=day, defaults={"finished_at": at})
