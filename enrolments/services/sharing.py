"""Reminders that people send themselves: what was sent is put on record, and whom it concerns finds it in the app."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from enrolments.exceptions import SharingRefused
from enrolments.models import DeliveryState, Message, MessageTemplate, Way
from foundation import audit
from foundation.formats import day_of
from organisation.models import Officer, Unit, User

from .notifying import log, show, written_keys

# A text for more than this is read by nobody, and each of them gets a notice in this request.
MAXIMUM_PEOPLE = 500
TODAY_ALREADY = "Sudah dicatat hari ini: yang bersangkutan sudah diingatkan. Ingatkan lagi besok bila perlu."


@dataclass(frozen=True)
class Reminded:
    """An officer with the words for the own notice: ``title``, ``text``."""

    officer: Officer
    unit: Unit
    title: str
    text: str


def _key(officer: Officer, unit: Unit, *, at: datetime) -> str:
    return f"hand-{officer.user_id}-{day_of(at, unit.zone)}"


def _message(reminded: Reminded, template: MessageTemplate, *, actor: User, at: datetime) -> Message:
    return Message(
        key=_key(reminded.officer, reminded.unit, at=at),
        kind=template.kind,
        recipient_id=reminded.officer.user_id,
        unit=reminded.unit,
        template=template,
        title=reminded.title[:300],
        text=reminded.text,
        url="/",
        created_at=at,
        shared_by=actor,
    )


@transaction.atomic
def share_with_officer(*, reminded: Reminded, template: MessageTemplate, actor: User, at: datetime) -> Message:
    """Record that ``actor`` sent ``reminded.text`` by hand. Raises SharingRefused on a second time on one day."""
    _refuse_without(reminded.text)
    try:
        with transaction.atomic():
            message = _message(reminded, template, actor=actor, at=at)
            message.save()
    except IntegrityError:
        raise SharingRefused(TODAY_ALREADY)
    show([message], at=at)
    log([message], Way.HAND, DeliveryState.DELIVERED, at=at)
    audit.record(
        verb="reminder.shared",
        actor=actor,
        at=at,
        obj=message,
        subject_id=reminded.officer.pk,
        unit_path=reminded.unit.path,
    )
    return message


@transaction.atomic
def share_with_unit(
    *,
    unit: Unit,
    title: str,
    text: str,
    template: MessageTemplate,
    people: Sequence[Reminded],
    own_template: MessageTemplate,
    actor: User,
    at: datetime,
) -> int:
    """Record that ``actor`` sent ``text`` to the group of ``unit``; show the ``people`` it names their own notice.

    Who was reminded by hand today gets no second notice. Returns how many got one; raises SharingRefused when
    nobody is left, and for too many.
    """
    _refuse_without(text)
    if len(people) > MAXIMUM_PEOPLE:
        raise SharingRefused(
            f"Teks ini menyangkut lebih dari {MAXIMUM_PEOPLE} personel. Pilih satuan, loket, atau pelatihan tertentu."
        )
    messages = {_key(one.officer, one.unit, at=at): one for one in people}
    told = written_keys(messages)
    left = [one for key, one in messages.items() if key not in told]
    if not left:
        raise SharingRefused(TODAY_ALREADY)
    shared = Message(
        key=f"hand-unit-{unit.pk}-{actor.pk}-{at.timestamp()}",
        kind=template.kind,
        unit=unit,
        template=template,
        title=title[:300],
        text=text,
        url="",
        created_at=at,
        shared_by=actor,
    )
    try:
        with transaction.atomic():
            shared.save()
            own = Message.objects.bulk_create([_message(one, own_template, actor=actor, at=at) for one in left])
    except IntegrityError:
        raise SharingRefused(TODAY_ALREADY)
    log([shared], Way.HAND, DeliveryState.DELIVERED, at=at)
    show(own, at=at)
    detail = {"officers": len(own)}
    audit.record(verb="reminder.shared", actor=actor, at=at, obj=shared, unit_path=unit.path, detail=detail)
    return len(own)


def _refuse_without(text: str) -> None:
    if not text.strip():
        raise SharingRefused("Tuliskan pesan yang Anda kirim.")
