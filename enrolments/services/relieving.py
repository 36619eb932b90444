"""The verbs of relief: ask, carry out what was approved, end before its time, take back, and bring back the exempt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils.dateparse import parse_datetime

from courses.models import Course
from enrolments.calendar import day_end, day_start
from enrolments.exceptions import ReliefRefused
from enrolments.models import Duty, DutyQuerySet, Relief, ReliefDocument, ReliefEnd, ReliefKind, ReliefReason
from enrolments.overview import posting_of
from enrolments.turns import turn_to_order
from foundation import approvals, audit
from foundation.formats import date_medium, day_of
from foundation.models import ApprovalRequest
from organisation.deciding import refuse_decision_about
from organisation.models import Officer, User
from organisation.permissions import ASSIGNS, officers_for_actor

from .documenting import kept_document
from .paths import follow_paths
from .returning import bring_back
from .settling import settle

RELIEVE = "enrolment.relieve"
# Beyond these a date is a slip of the finger.
LONGEST_AGO, FARTHEST = timedelta(days=366), timedelta(days=5 * 366)

# Why it is not withdrawn, and what to do: docs/decisions/0019-the-due-clock.md.
RAN_OUT = (
    "Pengecualian ini sudah habis waktunya, jadi tidak dapat dicabut: hari-hari itu tetap terhitung dikecualikan, "
    "sebab pelatihannya memang tidak diminta. Yang masih diperintahkan sudah diminta lagi. Bila harus selesai lebih "
    "cepat, tugaskan personelnya lagi dengan batas waktu yang lebih awal."
)


@dataclass(frozen=True)
class Wish:
    """What SDM asks for. ``first`` and ``last`` are days on the clock of the officer's unit, both included."""

    kind: str
    code: str
    document_number: str
    course: Course | None = None
    first: date | None = None
    last: date | None = None
    note: str = ""


def ask_relief(*, officer: Officer, wish: Wish, document: File | None, actor: User, at: datetime) -> ApprovalRequest:
    """Ask that ``officer`` be exempt, get a later date or have the clock stopped. Raises ReliefRefused."""
    with kept_document(document, officer=officer, actor=actor, at=at) as kept:
        return _ask(officer, wish, kept, actor=actor, at=at)


def _ask(
    officer: Officer, wish: Wish, document: ReliefDocument | None, *, actor: User, at: datetime
) -> ApprovalRequest:
    if officer.user_id == actor.pk:
        raise ReliefRefused("Untuk diri sendiri, orang lain yang meminta.")
    posting = posting_of(officer, at=at)
    if posting is None or not officers_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=officer.pk).exists():
        raise ReliefRefused("Personel ini tidak bertugas di satuan Anda.")
    relief = _worded(officer, wish, zone=posting.unit.zone, at=at)
    relief.document = document
    if problem := _problem(relief, at=at):
        raise ReliefRefused(problem)
    facts = [("Berlaku", relief.when[0].upper() + relief.when[1:])]
    if relief.duty:
        facts.append(("Batas waktu sekarang", date_medium(relief.duty.due_at, relief.zone)))
    facts.append(("Nomor dokumen", relief.document_number))
    about = f"{posting.rank.short} {officer.full_name}"
    try:
        return approvals.ask(
            kind=RELIEVE,
            object_id=f"{relief.kind}:{officer.pk}:{relief.course_id or ''}",
            unit_path=posting.unit.path,
            reason=f"{ReliefReason(relief.code).label}{': ' if relief.note else ''}{relief.note}",
            actor=actor,
            at=at,
            payload={
                "title": f"{relief.get_kind_display()}: {relief.when}",
                "about": f"{about}, {relief.course or 'semua pelatihan'}",
                "url": "/sdm/pengecualian/",
                "facts": facts,
                "document": str(document.uuid) if document else "",
                **{name: getattr(relief, name) for name in _CARRIED},
            },
        )
    except approvals.ApprovalRefused as refusal:
        raise ReliefRefused(str(refusal))


_CARRIED = (
    *("officer_id", "kind", "course_id", "duty_id", "code", "note", "document_number", "document_id"),
    *("starts_at", "ends_at", "zone"),
)


def _worded(officer: Officer, wish: Wish, *, zone: str, at: datetime) -> Relief:
    """The row as it would be written, with days made moments on the clock of ``zone``. Raises ReliefRefused."""
    relief = Relief(
        officer=officer, kind=wish.kind, course=wish.course, code=wish.code, note=wish.note.strip()[:300], zone=zone
    )
    relief.document_number = wish.document_number.strip()
    today = day_of(at, zone)
    for day in (wish.first, wish.last):
        if day and not today - LONGEST_AGO <= day <= today + FARTHEST:
            raise ReliefRefused("Tanggalnya terlalu jauh. Periksa tahunnya.")
    relief.starts_at = at
    if wish.kind == ReliefKind.PAUSE:
        relief.course = None
        if wish.first is None:
            raise ReliefRefused("Isi hari pertama jeda.")
        relief.starts_at = day_start(wish.first, zone)
    if wish.kind == ReliefKind.DEFERRAL:
        relief.duty = Duty.objects.open().filter(officer=officer, course=wish.course).first()
        relief.ends_at = day_end(wish.last, zone) if wish.last else None
    elif wish.last:
        relief.ends_at = day_start(wish.last + timedelta(days=1), zone)
    return relief


def _problem(relief: Relief, *, at: datetime) -> str:
    """Why it cannot be given at ``at``; asked when it is wanted and again when it is approved."""
    if relief.code == ReliefReason.OTHER and not relief.note:
        return "Tuliskan keterangannya bila alasannya lain-lain."
    if relief.kind == ReliefKind.PAUSE:
        if relief.ends_at and relief.ends_at <= relief.starts_at:
            return "Hari terakhir jeda tidak boleh sebelum hari pertamanya."
        return ""
    if relief.course is None:
        return "Pilih pelatihannya."
    if relief.kind == ReliefKind.DEFERRAL:
        if relief.duty is None or relief.duty.valid_to:
            return "Personel ini tidak sedang berkewajiban mengikuti pelatihan itu."
        if relief.ends_at is None or relief.ends_at <= max(relief.duty.due_at, at):
            return (
                f"Batas waktu baru harus sesudah yang sekarang ({date_medium(relief.duty.due_at, relief.zone)}) "
                "dan belum lewat."
            )
        return ""
    if relief.ends_at and relief.ends_at <= at:
        return "Hari terakhir pengecualian sudah lewat."
    running = Relief.objects.exempting(relief.course, at=at).filter(officer=relief.officer_id).select_related("end")
    if any(one.until is None or (relief.ends_at and one.until >= relief.ends_at) for one in running):
        return "Personel ini sudah dikecualikan dari pelatihan itu."
    return ""


@approvals.carries_out(RELIEVE)
def relieve(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: what is exempt ends, the dates of what is left move."""
    wanted = request.payload
    moments = {name: wanted[name] and parse_datetime(wanted[name]) for name in ("starts_at", "ends_at")}
    relief = Relief(**{name: wanted[name] for name in _CARRIED} | moments)
    refuse_decision_about([relief.officer], actor=actor, at=at)
    if relief.kind != ReliefKind.PAUSE:
        # It holds from the decision on; a pause holds for the days it names.
        relief.starts_at = at
    if problem := _problem(relief, at=at):
        raise approvals.ApprovalRefused(f"{problem} Tolak permintaan ini, lalu minta yang baru bila perlu.")
    relief.request, relief.asked_by_name, relief.approved_by, relief.recorded_at = (
        request.uuid,
        request.requested_by_name,
        actor,
        at,
    )
    relief.save()
    changed = settle(touched_by(relief), at=at, because=relief)
    if relief.course and relief.kind == ReliefKind.EXEMPTION:
        follow_paths(officer=relief.officer, course=relief.course, at=at)
    audit.record(
        verb="relief.approved",
        actor=actor,
        at=at,
        obj=relief,
        subject_id=relief.officer_id,
        unit_path=request.unit_path,
        detail={
            "given": f"{relief.get_kind_display()} {relief.when}",
            "course": relief.course.code if relief.course else "",
            "asked_by": request.requested_by_name,
            "reason": relief.get_code_display(),
            "document": relief.document_number,
            "duties": changed,
        },
    )


def touched_by(relief: Relief) -> DutyQuerySet:
    """The open duties whose date or state depends on it."""
    duties = Duty.objects.open().filter(officer=relief.officer_id)
    return duties.filter(course=relief.course) if relief.course else duties


@transaction.atomic
def end_relief(*, relief: Relief, last: date | None, reason: str, actor: User, at: datetime) -> int:
    """End it before its time: a pause after the day ``last``, an exemption now. Return how many duties changed.

    A pause ends yesterday at the earliest: nobody loses days on which they were told that the clock stands.
    Raises ReliefRefused.
    """
    relief = _lock(relief, actor=actor, reason=reason, at=at)
    if relief.kind == ReliefKind.DEFERRAL:
        raise ReliefRefused("Penundaan tidak berakhir lebih awal. Cabut bila keliru.")
    if relief.starts_at > at:
        raise ReliefRefused("Jeda ini belum mulai. Cabut bila tidak jadi.")
    if relief.is_over(at=at):
        raise ReliefRefused("Ini sudah berakhir.")
    ends_at = at
    if relief.kind == ReliefKind.PAUSE:
        if last is None:
            raise ReliefRefused("Isi hari terakhir jeda.")
        ends_at = day_start(last + timedelta(days=1), relief.zone)
        if last < day_of(at, relief.zone) - timedelta(days=1):
            raise ReliefRefused("Hari terakhir paling awal kemarin: hari yang sudah dijeda tidak ditarik kembali.")
        if ends_at <= relief.starts_at:
            raise ReliefRefused("Hari terakhir tidak boleh sebelum hari pertama jeda. Cabut bila keliru.")
        if relief.until and ends_at >= relief.until:
            raise ReliefRefused("Hari terakhir harus lebih awal daripada yang sekarang.")
    return _end(relief, ends_at=ends_at, withdrawn=False, reason=reason, actor=actor, at=at)


@transaction.atomic
def withdraw_relief(*, relief: Relief, reason: str, actor: User, at: datetime) -> int:
    """Take it back as if it had never been given; return how many duties changed. Raises ReliefRefused."""
    relief = _lock(relief, actor=actor, reason=reason, at=at)
    return _end(relief, ends_at=at, withdrawn=True, reason=reason, actor=actor, at=at)


def _lock(relief: Relief, *, actor: User, reason: str, at: datetime) -> Relief:
    # Lock first: two people must not both end it. The turn before the officer, as everywhere.
    if relief.kind == ReliefKind.EXEMPTION and relief.course_id:
        turn_to_order(relief.course_id)
    Officer.objects.select_for_update().get(pk=relief.officer_id)
    if not officers_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=relief.officer_id).exists():
        raise ReliefRefused("Personel ini tidak bertugas di satuan Anda.")
    if relief.officer.user_id == actor.pk:
        raise ReliefRefused("Yang menyangkut diri sendiri diakhiri oleh orang lain.")
    # One that ends in this minute has ended, whether or not the tick was here.
    if relief.ran_out or (relief.kind == ReliefKind.EXEMPTION and relief.ending is None and relief.is_over(at=at)):
        raise ReliefRefused(RAN_OUT)
    if ReliefEnd.objects.filter(relief=relief).exists():
        raise ReliefRefused("Ini sudah diakhiri atau dicabut.")
    if relief.request is None:
        raise ReliefRefused("Ini ditulis oleh sistem sebagai akibat tindakan lain, dan berakhir sendiri.")
    if not reason.strip():
        raise ReliefRefused("Tuliskan alasannya.")
    return Relief.objects.select_related("course", "officer").get(pk=relief.pk)


def _end(relief: Relief, *, ends_at: datetime, withdrawn: bool, reason: str, actor: User, at: datetime) -> int:
    reason = reason.strip()[:300]
    ReliefEnd.objects.create(
        relief=relief, ends_at=ends_at, withdrawn=withdrawn, reason=reason, ended_by=actor, recorded_at=at
    )
    if relief.kind == ReliefKind.EXEMPTION:
        changed = bring_back(relief, at=at)
    else:
        changed = settle(touched_by(relief), at=at, because=relief)
    posting = posting_of(relief.officer, at=at)
    audit.record(
        verb="relief.withdrawn" if withdrawn else "relief.ended",
        actor=actor,
        at=at,
        obj=relief,
        subject_id=relief.officer_id,
        unit_path=posting.unit.path if posting else "",
        detail={"reason": reason, "duties": changed},
    )
    return changed
