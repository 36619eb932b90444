"""“Tugas baru”, and “Tugas dibatalkan”: each officer whom an order gives something to do is told once per order, and
whoever was told so is told once when an order that is taken back leaves them not owing it any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from enrolments.models import (
    Assignment,
    Duty,
    DutyEnd,
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
TAKEN_BACK = "enrolments.taken_back"
# What is older is no news: the reminders speak of it.
NEWS_FOR = timedelta(days=7)
# A worker tells so many, then lets others have their turn.
AT_ONCE = 5_000
SOON = timedelta(minutes=1)


def announce(assignment: Assignment, *, at: datetime, piece: str = "") -> None:
    """Have those told whom ``assignment`` gave something at ``at``; the parts of a path are told as one.

    ``piece`` tells apart what is committed piece by piece: a quick worker has told one before the next is there.
    """
    if not assignment.tells:
        return
    payload = _about(assignment)
    ((about, pk),) = payload.items()
    outbox.put(kind=ASSIGNED, key=f"{about}-{pk}-{at.timestamp():.0f}{piece}", payload=payload, at=at)


def announce_end(assignment: Assignment, *, at: datetime) -> None:
    """Have those told whom ``assignment``, taken back, leaves not owing what they were told of."""
    # Asked for by each part of a path, for a worker ends one after the other.
    key = f"order-{assignment.pk}-{at.timestamp():.0f}"
    outbox.put(kind=TAKEN_BACK, key=key, payload=_about(assignment), at=at)


def _about(assignment: Assignment) -> dict[str, int]:
    return {"path": assignment.path_order_id} if assignment.path_order_id else {"order": assignment.pk}


def _parts(payload: dict) -> QuerySet[Assignment]:
    parts = Assignment.objects.select_related("course", "path_order__version").order_by("pk")
    return parts.filter(path_order=payload["path"]) if "path" in payload else parts.filter(pk=payload["order"])


@outbox.handles(ASSIGNED)
def tell_assigned(payload: dict) -> None:
    """Write the messages in every zone that is awake; come back for the others, and for the rest of very many."""
    now = timezone.now()
    parts = _parts(payload).filter(withdrawn_at=None)
    if assignment := parts.first():
        _tell(_untold(parts, _prefix(assignment), at=now), MessageKind.ASSIGNED, assignment, at=now)


@outbox.handles(TAKEN_BACK)
def tell_taken_back(payload: dict) -> None:
    """As ``tell_assigned``; of a path that a worker takes back, those whom the parts done so far let go."""
    now = timezone.now()
    parts = _parts(payload).exclude(withdrawn_at=None)
    if assignment := parts.first():
        _tell(_let_go(parts, assignment, at=now), MessageKind.TAKEN_BACK, assignment, at=now)


def _tell(news: QuerySet, kind: MessageKind, assignment: Assignment, *, at: datetime) -> None:
    rules = current_rules()
    if not rules.enabled:
        return
    asleep = [zone for zone in Zone.values if rules.quiet.cover(at, zone)]
    awake = news.exclude(zone__in=asleep)
    prefix = _prefix(assignment, kind)
    write_in_batches(
        partial(_batch, awake, prefix=prefix),
        partial(_drafts, assignment=assignment, template=current_templates()[kind], prefix=prefix, at=at),
        limit=AT_ONCE,
        at=at,
    )
    if awake.exists():
        raise outbox.NotYet(at + SOON)
    if news.exists():
        raise outbox.NotYet(min(rules.quiet.end_after(at, zone) for zone in asleep))


def _prefix(assignment: Assignment, kind: MessageKind = MessageKind.ASSIGNED) -> str:
    about = f"path-{assignment.path_order_id}" if assignment.path_order_id else f"order-{assignment.pk}"
    return about if kind == MessageKind.ASSIGNED else f"{kind}-{about}"


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
    away = Relief.objects.in_force(at=at).filter(kind=ReliefKind.PAUSE)
    first = news.order_by().values("duty__officer").annotate(first=Min("duty")).values("first")
    # Of a round that is asked for again the reminders of the day tell (reminding.py).
    again = Message.objects.filter(duty=OuterRef("pk"), kind=MessageKind.AGAIN)
    untold = _to_tell(Duty.objects.filter(pk__in=first), at=at).filter(~Exists(_written(prefix)), ~Exists(again))
    return untold.exclude(officer__in=away.values("officer"))


def _let_go(parts: QuerySet[Assignment], assignment: Assignment, *, at: datetime) -> QuerySet:
    """Duties that the end of ``parts`` ended, of officers who were told of them and owe the course no more.

    Of a path there may be several of one officer.
    """
    ended = DutyReason.objects.filter(
        assignment__in=parts,
        ended_at=F("duty__valid_to"),
        ended_at__gt=at - NEWS_FOR,
        duty__ended_as__in=(DutyEnd.WITHDRAWN, DutyEnd.UNDONE),
    )
    told = Message.objects.filter(
        Q(duty=OuterRef("pk")) | Q(key__startswith=f"{_prefix(assignment)}-"),
        kind__in=(MessageKind.ASSIGNED, MessageKind.AGAIN),
        recipient=OuterRef("officer__user"),
    )
    owed_again = Duty.objects.open().filter(officer=OuterRef("officer"), course=OuterRef("course"))
    known = _written(_prefix(assignment, MessageKind.TAKEN_BACK))
    gone = _to_tell(Duty.objects.filter(pk__in=ended.values("duty")), at=at)
    return gone.filter(Exists(told), ~Exists(owed_again), ~Exists(known))


def _written(prefix: str) -> QuerySet[Message]:
    return Message.objects.filter(recipient=OuterRef("officer__user"), key__startswith=f"{prefix}-")


def _to_tell(duties: QuerySet[Duty], *, at: datetime) -> QuerySet:
    """Those of officers who can be told, each with ``posting_pk`` and ``zone`` of where they stand."""
    here = duties.filter(officer__user__is_active=True, officer__posting__in=Posting.objects.in_force(at=at))
    return here.annotate(posting_pk=F("officer__posting__pk"), zone=F("officer__posting__unit__zone"))


def _batch(untold: QuerySet, after: Duty | None, *, prefix: str) -> list:
    rows = untold.select_related("officer__user", "course").order_by("officer")
    found = list((rows.filter(officer__gt=after.officer_id) if after else rows)[:BATCH])
    known = written_keys(f"{prefix}-{duty.officer_id}" for duty in found)
    one_each = {duty.officer_id: duty for duty in found}.values()
    return [duty for duty in one_each if f"{prefix}-{duty.officer_id}" not in known]


def _drafts(
    duties: Sequence, *, assignment: Assignment, template: MessageTemplate, prefix: str, at: datetime
) -> list[Draft]:
    postings = Posting.objects.filter(pk__in={duty.posting_pk for duty in duties}).select_related("unit", "rank")
    where = {posting.pk: posting for posting in postings}
    draft = _draft if template.kind == MessageKind.ASSIGNED else _draft_of_end
    return [
        draft(duty, where[duty.posting_pk], assignment, template, f"{prefix}-{duty.officer_id}", at=at)
        for duty in duties
    ]


def _draft(
    duty, posting: Posting, assignment: Assignment, template: MessageTemplate, key: str, *, at: datetime
) -> Draft:
    zone = posting.unit.zone
    path: PathOrder | None = assignment.path_order
    values = _what(duty, posting, assignment, at=at) | {
        "batas": date_medium(duty.due_at, zone),
        "sisa": days_left(duty.due_at, at=at, zone=zone),
        "alasan": assignment.reason,
    }
    return Draft(
        key=key,
        template=template,
        values=values,
        recipient=duty.officer.user,
        unit=posting.unit,
        url=path.url if path else duty.course.url,
        duty=duty,
    )


def _draft_of_end(
    duty, posting: Posting, assignment: Assignment, template: MessageTemplate, key: str, *, at: datetime
) -> Draft:
    """Without the duty, which has ended: its mail is not to be dropped for that."""
    values = _what(duty, posting, assignment, at=at) | {
        "kabar": "dibatalkan" if assignment.undone else "dicabut",
        "alasan": assignment.withdrawn_reason,
    }
    return Draft(key=key, template=template, values=values, recipient=duty.officer.user, unit=posting.unit, url="/")


def _what(duty, posting: Posting, assignment: Assignment, *, at: datetime) -> dict[str, str]:
    path: PathOrder | None = assignment.path_order
    return {
        "salam": greeting(at, posting.unit.zone),
        "nama": f"{posting.rank.short} {duty.officer.full_name}",
        "pelatihan": f"jalur {path.version.title}" if path else duty.course.title,
        "perintah": assignment.order_number,
        "penerbit": assignment.issuer,
    }
