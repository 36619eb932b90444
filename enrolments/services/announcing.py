"""“Anda mendapat tugas baru”: each officer whom an order gives something to do is told once per order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from enrolments.models import (
    Assignment,
    Duty,
    DutyReason,
    Message,
    MessageTemplate,
    PathOrder,
    Relief,
    ReliefKind,
    current_rules,
)
from enrolments.wording import MessageKind
from foundation import outbox
from foundation.formats import date_medium, days_left, greeting
from organisation.models import Posting, Zone

from .notifying import BATCH, Draft, written_keys
from .reminding import current_templates, write_in_batches

ASSIGNED = "enrolments.assigned"
# What is older is no news: the reminders speak of it.
NEWS_FOR = timedelta(days=7)
# A worker tells so many, then lets others have their turn.
AT_ONCE = 5_000
SOON = timedelta(minutes=1)


def announce(assignment: Assignment, *, at: datetime) -> None:
    """Have those told whom ``assignment`` gave something at ``at``; the parts of a path are told as one."""
    if not assignment.tells:
        return
    about = "path" if assignment.path_order_id else "order"
    pk = assignment.path_order_id or assignment.pk
    outbox.put(kind=ASSIGNED, key=f"{about}-{pk}-{at.timestamp():.0f}", payload={about: pk}, at=at)


@outbox.handles(ASSIGNED)
def tell_assigned(payload: dict) -> None:
    """Write the messages in every zone that is awake; come back for the others, and for the rest of very many."""
    now = timezone.now()
    rules = current_rules()
    parts = Assignment.objects.filter(withdrawn_at=None)
    parts = parts.filter(path_order=payload["path"]) if "path" in payload else parts.filter(pk=payload["order"])
    assignment = parts.select_related("course", "path_order__version").order_by("pk").first()
    if assignment is None or not rules.enabled:
        return
    asleep = [zone for zone in Zone.values if rules.quiet.cover(now, zone)]
    news = _untold(parts, _prefix(assignment), at=now)
    awake = news.exclude(zone__in=asleep)
    write_in_batches(
        partial(_batch, awake, prefix=_prefix(assignment)),
        partial(_drafts, assignment=assignment, template=current_templates()[MessageKind.ASSIGNED], at=now),
        limit=AT_ONCE,
        at=now,
    )
    if awake.exists():
        raise outbox.NotYet(now + SOON)
    if news.exists():
        raise outbox.NotYet(min(rules.quiet.end_after(now, zone) for zone in asleep))


def _prefix(assignment: Assignment) -> str:
    return f"path-{assignment.path_order_id}" if assignment.path_order_id else f"order-{assignment.pk}"


def _untold(parts: QuerySet[Assignment], prefix: str, *, at: datetime) -> QuerySet:
    """The duties, one per officer, with which ``parts`` are news: opened by them, or due earlier because of them.

    Whoever is away with a standing clock is left in peace until the reminders find them.
    """
    news = DutyReason.objects.filter(
        Q(duty__valid_from=F("added_at")) | Q(duty__due_changes__recorded_at=F("added_at")),
        assignment__in=parts,
        ended_at=None,
        added_at__gt=at - NEWS_FOR,
        duty__valid_to=None,
    )
    told = Message.objects.filter(recipient=OuterRef("officer__user"), key__startswith=f"{prefix}-")
    away = Relief.objects.in_force(at=at).filter(kind=ReliefKind.PAUSE)
    first = news.order_by().values("duty__officer").annotate(first=Min("duty")).values("first")
    duties = Duty.objects.filter(pk__in=first, officer__user__is_active=True)
    here = Posting.objects.in_force(at=at)
    return (
        duties.filter(officer__posting__in=here)
        .annotate(posting_pk=F("officer__posting__pk"), zone=F("officer__posting__unit__zone"))
        .filter(~Exists(told))
        .exclude(officer__in=away.values("officer"))
    )


def _batch(untold: QuerySet, after: Duty | None, *, prefix: str) -> list:
    rows = untold.select_related("officer__user", "course").order_by("officer")
    found = list((rows.filter(officer__gt=after.officer_id) if after else rows)[:BATCH])
    known = written_keys(f"{prefix}-{duty.officer_id}" for duty in found)
    return [duty for duty in found if f"{prefix}-{duty.officer_id}" not in known]


def _drafts(duties: Sequence, *, assignment: Assignment, template: MessageTemplate, at: datetime) -> list[Draft]:
    postings = Posting.objects.filter(pk__in={duty.posting_pk for duty in duties}).select_related("unit", "rank")
    where = {posting.pk: posting for posting in postings}
    return [_draft(duty, where[duty.posting_pk], assignment, template, at=at) for duty in duties]


def _draft(duty, posting: Posting, assignment: Assignment, template: MessageTemplate, *, at: datetime) -> Draft:
    zone = posting.unit.zone
    path: PathOrder | None = assignment.path_order
    values = {
        "salam": greeting(at, zone),
        "nama": f"{posting.rank.short} {duty.officer.full_name}",
        "pelatihan": f"jalur {path.version.title}" if path else duty.course.title,
        "batas": date_medium(duty.due_at, zone),
        "sisa": days_left(duty.due_at, at=at, zone=zone),
        "perintah": assignment.order_number,
        "penerbit": assignment.issuer,
        "alasan": assignment.reason,
    }
    return Draft(
        key=f"{_prefix(assignment)}-{duty.officer_id}",
        template=template,
        values=values,
        recipient=duty.officer.user,
        unit=posting.unit,
        url=path.url if path else duty.course.url,
        duty=duty,
    )
