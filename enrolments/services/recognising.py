"""The verbs of recognition: ask, carry out what was approved, take back by a correcting row."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction

from courses.models import Course
from enrolments.corrections import take_back_completion
from enrolments.exceptions import RecognitionRefused
from enrolments.models import CourseCompletion, Duty, DutyEnd, Enrolment, Recognition
from enrolments.permissions import RECOGNISE, officers_to_relieve
from enrolments.recognition import Known, Past
from enrolments.signals import course_completed
from enrolments.turns import turn_to_finish
from foundation import approvals, audit
from foundation.formats import date_medium
from foundation.models import ApprovalRequest
from organisation.deciding import refuse_decision_about
from organisation.models import Officer, User
from organisation.permissions import ASSIGNS, grants_of

from .assigning import next_cycles
from .documenting import kept_document
from .paths import follow_paths, turn_to_reopen

MOST_ROWS = 2_000
NAMED = 5


def ask_recognition(*, past: Past, document: File | None, actor: User, at: datetime) -> ApprovalRequest:
    """Ask that one training be recognised, with its scan. Raises RecognitionRefused."""
    with kept_document(document, officer=past.officer, actor=actor, at=at) as kept:
        return ask_recognitions(rows=[past], actor=actor, at=at, document=kept)


@transaction.atomic
def ask_recognitions(*, rows: Sequence[Past], actor: User, at: datetime, document=None) -> ApprovalRequest:
    """Ask for all of ``rows`` by one request. Raises RecognitionRefused when one of them cannot be."""
    if not rows or len(rows) > MOST_ROWS:
        raise RecognitionRefused(f"Paling sedikit 1 dan paling banyak {MOST_ROWS} baris sekaligus.")
    mine = officers_to_relieve(actor, at=at).filter(pk__in={past.officer.pk for past in rows})
    if set(mine.values_list("pk", flat=True)) != {past.officer.pk for past in rows}:
        raise RecognitionRefused("Ada personel yang tidak bertugas di satuan Anda, atau Anda sendiri.")
    _refuse_problems(rows, at=at)
    first = rows[0]
    one = len(rows) == 1
    facts: list[tuple[str, Any]] = [
        ("Pelatihan", str(first.course)),
        ("Tanggal selesai", date_medium(first.day)),
        ("Penyelenggara", first.organiser),
        ("Nomor dokumen", first.document_number),
        ("JP", str(first.jp) if first.jp is not None else "menurut pelatihan ini"),
    ]
    try:
        return approvals.ask(
            kind=RECOGNISE,
            object_id=f"{first.officer.pk}:{first.course.pk}" if one else f"{actor.pk}:{at.timestamp():.0f}",
            unit_path=_unit_path(first, actor, one=one, at=at),
            reason=f"Pelatihan di luar: {first.organiser}" if one else f"Catatan {len(rows)} pelatihan di luar",
            actor=actor,
            at=at,
            payload={
                "title": "Akui pelatihan di luar",
                "about": f"{first.officer}" if one else f"{len(rows)} pelatihan",
                "url": "/sdm/pengakuan/" if one else "",
                "facts": facts if one else [("Jumlah", f"{len(rows)} baris, dengan nama di bawah permintaan")],
                "document": str(document.uuid) if document else "",
                "rows": [_carried(past) for past in rows],
                "document_id": document.pk if document else None,
            },
        )
    except approvals.ApprovalRefused as refusal:
        raise RecognitionRefused(str(refusal))


def _unit_path(first: Past, actor: User, *, one: bool, at: datetime) -> str:
    """Who may decide: the officer's own unit and those above, of many whoever decides for all that the asker has."""
    if one:
        return Known.about([first.officer.pk]).postings[first.officer.pk][-1].unit.path
    return min((grant.unit.path for grant in grants_of(actor, ASSIGNS, at=at)), key=len)


def _carried(past: Past) -> dict[str, Any]:
    return {
        "officer": past.officer.pk,
        "name": past.officer.full_name,
        "number": past.officer.number,
        "course": past.course.pk,
        "title": str(past.course),
        "day": past.day.isoformat(),
        "organiser": past.organiser,
        "document_number": past.document_number,
        "jp": str(past.jp) if past.jp is not None else None,
    }


def _refuse_problems(rows: Sequence[Past], *, at: datetime) -> Known:
    known = Known.about(past.officer.pk for past in rows)
    wrong = [(past, problem) for past in rows if (problem := known.problem(past, at=at))]
    if wrong:
        named = "; ".join(f"{past.officer}: {sentence}" for past, (_column, sentence) in wrong[:NAMED])
        more = f" (dan {len(wrong) - NAMED} lagi)" if len(wrong) > NAMED else ""
        raise RecognitionRefused(f"{named}{more}")
    return known


@approvals.carries_out(RECOGNISE)
def recognise(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Write what was approved into the ledger: all rows or none."""
    carried = request.payload["rows"]
    # Lock first: a duty may be opened, or a course finished here, meanwhile.
    turn_to_finish(*{row["course"] for row in carried})
    officers = {
        officer.pk: officer
        for officer in Officer.objects.select_for_update(of=("self",))
        .filter(pk__in=[row["officer"] for row in carried])
        .select_related("user")
        .order_by("pk")
    }
    refuse_decision_about(officers.values(), actor=actor, at=at)
    courses = Course.objects.published().select_related("current_version").in_bulk({row["course"] for row in carried})
    rows = [_past(row, officers, courses) for row in carried]
    try:
        known = _refuse_problems(rows, at=at)
    except RecognitionRefused as refusal:
        raise approvals.ApprovalRefused(f"{refusal} Tolak permintaan ini, lalu minta yang baru bila perlu.")
    for past in rows:
        _write(past, known, request=request, actor=actor, at=at)


def _past(row: dict[str, Any], officers: dict[int, Officer], courses: dict[int, Course]) -> Past:
    course = courses.get(row["course"])
    if course is None:
        raise approvals.ApprovalRefused(f"{row['title']} tidak lagi dibuka. Tolak permintaan ini.")
    return Past(
        officer=officers[row["officer"]],
        course=course,
        day=date.fromisoformat(row["day"]),
        organiser=row["organiser"],
        document_number=row["document_number"],
        jp=Decimal(row["jp"]) if row["jp"] is not None else None,
    )


def _write(past: Past, known: Known, *, request: ApprovalRequest, actor: User, at: datetime) -> None:
    """One training: the enrolment of the round it is owed in, its ledger row, and the duty that it settles."""
    officer, course, version = past.officer, past.course, past.course.version
    posting, completed_at = known.posting_of(past), known.completed_at(past)
    recognition = Recognition.objects.create(
        officer=officer,
        course=course,
        day=past.day,
        organiser=past.organiser,
        document_number=past.document_number,
        document_id=request.payload["document_id"],
        request=request.uuid,
        asked_by_name=request.requested_by_name,
        approved_by=actor,
        recorded_at=at,
    )
    cycle = next_cycles(course, [officer]).get(officer.pk, 1)
    enrolment, _new = Enrolment.objects.get_or_create(
        officer=officer, course=course, cycle=cycle, defaults={"started_at": completed_at}
    )
    enrolment.completed_at = max(completed_at, enrolment.started_at)
    enrolment.save(update_fields=["completed_at"])
    completion = CourseCompletion.objects.create(
        enrolment=enrolment,
        officer=officer,
        course=course,
        course_version=version,
        cycle=cycle,
        started_at=completed_at,
        completed_at=completed_at,
        recorded_at=at,
        expires_at=known.expires_at(past),
        grade=None,
        jp=version.jp if past.jp is None else past.jp,
        number=officer.number,
        full_name=officer.full_name,
        rank=posting.rank,
        post=posting.post,
        unit=posting.unit,
        unit_name=posting.unit.name,
        unit_path=posting.unit.path,
        recognition=recognition,
        # What was taken back and is proved otherwise.
        corrects=CourseCompletion.objects.newest().filter(enrolment=enrolment).first(),
    )
    for duty in Duty.objects.open().filter(officer=officer, course=course, cycle=cycle):
        duty.valid_to, duty.ended_as = max(completed_at, duty.valid_from), DutyEnd.COMPLETED
        duty.save(update_fields=["valid_to", "ended_as"])
    audit.record(
        verb="recognition.approved",
        actor=actor,
        at=at,
        obj=recognition,
        subject_id=officer.pk,
        unit_path=posting.unit.path,
        detail={
            "course": course.code,
            "asked_by": request.requested_by_name,
            "document": past.document_number,
            "reason": past.organiser,
        },
    )
    course_completed.send(sender=CourseCompletion, completion=completion)
    follow_paths(officer=officer, course=course, at=at)


@transaction.atomic
def withdraw_recognition(*, recognition: Recognition, reason: str, actor: User, at: datetime) -> CourseCompletion:
    """Take a recognition back by a correcting row; what it settled is owed again. Raises RecognitionRefused."""
    # Lock first: two people must not both take it back, nor may an order find it standing meanwhile.
    turn_to_reopen(recognition.officer, recognition.course)
    if not officers_to_relieve(actor, at=at).filter(pk=recognition.officer_id).exists():
        raise RecognitionRefused("Personel ini tidak bertugas di satuan Anda, atau Anda sendiri.")
    if not reason.strip():
        raise RecognitionRefused("Tuliskan alasan pencabutan.")
    before = CourseCompletion.objects.standing().filter(recognition=recognition).first()
    if before is None:
        raise RecognitionRefused("Pengakuan ini sudah dicabut.")
    return take_back_completion(before=before, verb="recognition.withdrawn", reason=reason.strip(), actor=actor, at=at)
