"""Accommodations: asked for by SDM, decided by somebody else, in force for the running attempt too."""

from datetime import datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime

from courses.models import CourseItem
from enrolments.overview import posting_of
from foundation import approvals, audit
from foundation.models import ApprovalRequest
from organisation.deciding import refuse_decision_about
from organisation.models import Officer, User
from quizzes.exceptions import AccommodationRefused
from quizzes.models import Accommodation, Attempt, QuizVersion

from .clocks import reset_clocks

ACCOMMODATE = "quiz.accommodate"


@transaction.atomic
def ask_accommodation(
    *,
    officer: Officer,
    item: CourseItem,
    extra_minutes: int,
    extra_attempts: int,
    closes_at: datetime | None,
    reason: str,
    actor: User,
    at: datetime,
) -> ApprovalRequest:
    """Ask for more time, attempts or days for one officer at one quiz. Raises AccommodationRefused."""
    version = QuizVersion.objects.newest().select_related("item__course").get(item=item)
    posting = posting_of(officer, at=at)
    if posting is None:
        raise AccommodationRefused("Personel ini tidak sedang ditempatkan di satuan mana pun.")
    if officer.user_id == actor.pk:
        raise AccommodationRefused("Akomodasi untuk diri sendiri diminta oleh orang lain.")
    if problem := _problem(version, extra_minutes, extra_attempts, closes_at, at=at):
        raise AccommodationRefused(problem)
    try:
        return approvals.ask(
            kind=ACCOMMODATE,
            object_id=f"{officer.pk}:{item.pk}",
            unit_path=posting.unit.path,
            reason=reason[:300],
            actor=actor,
            at=at,
            payload={
                "title": f"Akomodasi kuis: {in_words(extra_minutes, extra_attempts, later=closes_at is not None)}",
                "about": f"{posting.rank.short} {officer.full_name}, {item.course.code} {version.title}",
                "url": "/sdm/percobaan/akomodasi/",
                "officer": officer.pk,
                "item": item.pk,
                "extra_minutes": extra_minutes,
                "extra_attempts": extra_attempts,
                "closes_at": closes_at,
            },
        )
    except approvals.ApprovalRefused as refusal:
        raise AccommodationRefused(str(refusal))


def _problem(
    version: QuizVersion, extra_minutes: int, extra_attempts: int, closes_at: datetime | None, *, at: datetime
) -> str:
    if not (extra_minutes or extra_attempts or closes_at):
        return "Isi paling sedikit satu: tambahan waktu, tambahan percobaan, atau waktu tutup."
    if extra_minutes and not version.time_limit_minutes:
        return "Kuis ini tidak dibatasi waktunya, jadi tidak perlu tambahan waktu."
    if extra_attempts and not version.max_attempts:
        return "Kuis ini tidak membatasi percobaan, jadi tidak perlu tambahan percobaan."
    if closes_at and version.closes_at is None:
        return "Kuis ini tidak pernah ditutup, jadi tidak perlu waktu tutup yang lain."
    if closes_at and version.closes_at and closes_at <= max(version.closes_at, at):
        return "Waktu tutup harus sesudah waktu tutup kuis dan sesudah saat ini."
    return ""


def in_words(extra_minutes: int, extra_attempts: int, *, later: bool) -> str:
    """``+20 menit, +1 percobaan, ditutup lebih lambat``"""
    parts = [f"+{extra_minutes} menit"] if extra_minutes else []
    parts += [f"+{extra_attempts} percobaan"] if extra_attempts else []
    return ", ".join([*parts, *(["ditutup lebih lambat"] if later else [])])


@approvals.carries_out(ACCOMMODATE)
def accommodate(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: the running attempt gets its time at once, the next ones when they begin."""
    wanted = request.payload
    closes_at = parse_datetime(wanted["closes_at"]) if wanted["closes_at"] else None
    officer = Officer.objects.get(pk=wanted["officer"])
    refuse_decision_about([officer], actor=actor, at=at)
    if closes_at and closes_at <= at:
        raise approvals.ApprovalRefused("Waktu tutup yang diminta sudah lewat. Tolak, lalu minta dengan waktu baru.")
    accommodation = Accommodation.objects.create(
        request=request.uuid,
        officer=officer,
        item_id=wanted["item"],
        extra_minutes=wanted["extra_minutes"],
        extra_attempts=wanted["extra_attempts"],
        closes_at=closes_at,
        reason=request.reason[:300],
        requested_by_name=request.requested_by_name,
        approved_by=actor,
        approved_at=at,
    )
    # Lock first: a sweeper or a submit must not end the attempt between the reading and the new clock.
    running = Attempt.objects.running().filter(item=accommodation.item_id, enrolment__officer=officer)
    reset_clocks(list(running.select_for_update(of=("self",)).select_related("version", "enrolment")), at=at)
    audit.record(
        verb="accommodation.approved",
        actor=actor,
        at=at,
        obj=accommodation,
        subject_id=officer.pk,
        unit_path=request.unit_path,
        detail={
            "given": in_words(
                accommodation.extra_minutes, accommodation.extra_attempts, later=accommodation.closes_at is not None
            ),
            "asked_by": request.requested_by_name,
            "reason": request.reason,
        },
    )
