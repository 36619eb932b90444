"""Writing messages: into the notification centre, by e-mail to whoever has an address, and the proof of both."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone

from enrolments.models import Delivery, DeliveryState, Duty, Message, MessageTemplate, Notice, Way, current_rules
from enrolments.wording import MessageKind, fill
from foundation import outbox
from organisation.models import Unit, User

MAIL = "enrolments.messages"
BATCH = 500
# (file name, bytes, type)
Attachment = tuple[str, bytes, str]
Attacher = Callable[[Message], Attachment]
_attachers: dict[str, Attacher] = {}


def attaches(kind: str) -> Callable[[Attacher], Attacher]:
    """Register what goes with the mail of a message of ``kind``; raising keeps the mail from going out."""

    def register(attacher: Attacher) -> Attacher:
        _attachers[kind] = attacher
        return attacher

    return register


@dataclass(frozen=True)
class Draft:
    """A message before it is written: ``key`` says what it is about, once for all; ``values`` fill the template."""

    key: str
    template: MessageTemplate
    values: dict[str, str]
    recipient: User
    unit: Unit
    url: str
    duty: Duty | None = None
    step: int | None = None

    def message(self, *, at: datetime) -> Message:
        return Message(
            key=self.key,
            kind=self.template.kind,
            recipient=self.recipient,
            unit=self.unit,
            duty=self.duty,
            step=self.step,
            due_at=self.duty.due_at if self.duty else None,
            template=self.template,
            title=fill(self.template.title, self.values)[:300],
            text=fill(self.template.text, self.values),
            url=self.url,
            created_at=at,
        )


@transaction.atomic
def write(drafts: Sequence[Draft], *, at: datetime) -> list[Message]:
    """Write the messages, show them in the app and have them mailed, one mail per recipient.

    Raises IntegrityError, and writes nothing, when one of the keys is written already.
    """
    messages = Message.objects.bulk_create([draft.message(at=at) for draft in drafts], batch_size=BATCH)
    show(messages, at=at)
    letters: dict[User, list[Message]] = defaultdict(list)
    for draft, message in zip(drafts, messages, strict=True):
        if draft.recipient.email:
            letters[draft.recipient].append(message)
    log([message for letter in letters.values() for message in letter], Way.MAIL, DeliveryState.QUEUED, at=at)
    payloads = {letter[0].key: {"messages": [message.pk for message in letter]} for letter in letters.values()}
    outbox.put_many(kind=MAIL, payloads=payloads, at=at)
    return messages


def written_keys(keys: Iterable[str]) -> set[str]:
    """Which of ``keys`` are written already."""
    return set(Message.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def last_written(kind: MessageKind, *, since: datetime) -> dict[int, datetime]:
    """Recipient's id → when they were last told something of ``kind``, as far as it was after ``since``."""
    told = Message.objects.filter(kind=kind, created_at__gte=since, recipient__isnull=False)
    return dict(told.values_list("recipient").annotate(last=Max("created_at")))


def show(messages: Sequence[Message], *, at: datetime) -> None:
    """Put ``messages``, each with a recipient, into the notification centre."""
    notices = [
        Notice(recipient_id=message.recipient_id, message=message, created_at=at)
        for message in messages
        if message.recipient_id is not None
    ]
    Notice.objects.bulk_create(notices, batch_size=BATCH)
    log(messages, Way.APP, DeliveryState.DELIVERED, at=at)


def log(messages: Iterable[Message], way: Way, state: DeliveryState, *, at: datetime) -> None:
    """Write the first line of what happens to ``messages`` on one way."""
    rows = [Delivery(message=message, way=way, state=state, at=at) for message in messages]
    Delivery.objects.bulk_create(rows, batch_size=BATCH)


@outbox.handles(MAIL)
def mail_messages(payload: dict) -> None:
    """Mail what was written to one person, in one mail, outside quiet hours and only what still concerns them.

    A process that dies between handing over the mail and noting it leaves "sending": whether it went out is not
    known then, and it is not sent a second time. The notice in the app stands in any case.
    """
    now = timezone.now()
    related = Delivery.objects.newest().filter(message__in=payload["messages"], way=Way.MAIL)
    stands = list(related.select_related("message__recipient", "message__unit", "message__duty").order_by("message"))
    died = [row for row in stands if row.state == DeliveryState.SENDING]
    _note(died, DeliveryState.UNKNOWN, at=now, why="Proses berhenti saat mengirim.")
    waiting = [row for row in stands if row.state in (DeliveryState.QUEUED, DeliveryState.FAILED)]
    ended = [row for row in waiting if row.message.duty and row.message.duty.valid_to]
    _note(ended, DeliveryState.DROPPED, at=now, why="Kewajiban sudah berakhir.")
    wanted = [row for row in waiting if row not in ended]
    if not wanted:
        return
    message = wanted[0].message
    recipient, zone, quiet = message.recipient, message.unit.zone, current_rules().quiet
    if not (recipient and recipient.email and recipient.is_active):
        _note(wanted, DeliveryState.DROPPED, at=now, why="Alamat e-mail atau akunnya sudah tidak ada.")
    elif quiet.cover(now, zone):
        raise outbox.NotYet(quiet.end_after(now, zone))
    else:
        # Noted before it is done: whoever comes at the same moment fails on the number and sends nothing.
        sending = _note(wanted, DeliveryState.SENDING, at=now)
        _hand_over(sending, recipient)


def _note(rows: Sequence[Delivery], state: DeliveryState, *, at: datetime, why: str = "") -> list[Delivery]:
    """Add the next line to each log."""
    following = [
        Delivery(message=row.message, way=row.way, number=row.number + 1, state=state, why=why[:300], at=at)
        for row in rows
    ]
    return Delivery.objects.bulk_create(following)


def _hand_over(rows: Sequence[Delivery], recipient: User) -> None:
    messages = [row.message for row in rows]
    more = len(messages) - 1
    subject = messages[0].title + (f" dan {more} lainnya" if more else "")
    context = {"messages": messages, "site": settings.SITE_URL.rstrip("/")}
    body = render_to_string("enrolments/mail/messages.txt", context)
    try:
        mail = EmailMessage(subject=subject, body=body, to=[recipient.email])
        for message in messages:
            if attacher := _attachers.get(message.kind):
                mail.attach(*attacher(message))
        mail.send()
    except Exception as error:
        _note(rows, DeliveryState.FAILED, at=timezone.now(), why=f"{type(error).__name__}: {error}")
        raise
    _note(rows, DeliveryState.DELIVERED, at=timezone.now())
