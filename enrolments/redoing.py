"""Taking something again: a new round of a finished course, one item of a course that is not finished yet."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from courses.models import Course, CourseItem
from foundation import audit
from organisation.models import Officer, Posting, Unit, User
from organisation.permissions import ASSIGNS, units_for_actor

from .assignment import Due
from .exceptions import AssignmentRefused
from .models import Assignment, Duty, Enrolment, ItemCompletion, ItemReopening
from .services.announcing import announce
from .services.assigning import add_reasons, open_duties
from .services.settling import settle, settle_opened
from .turns import turn_to_order


@transaction.atomic
def open_redo_order(
    *,
    actor: User,
    course: Course,
    unit: Unit,
    due_at: datetime,
    order_number: str,
    issuer: str,
    reason: str,
    at: datetime,
) -> Assignment:
    """Write the order under which officers below ``unit`` take ``course`` again; ``ask_to_redo`` names them.

    It is an assignment as any other: the officer reads it as the reason, it is chased, counted and
    withdrawn as others are. Raises AssignmentRefused.
    """
    if not units_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=unit.pk).exists():
        raise AssignmentRefused("Satuan ini di luar kewenangan Anda.")
    if due_at <= at:
        raise AssignmentRefused("Batas waktu sudah lewat. Pilih hari ini atau sesudahnya.")
    if not Course.objects.published().filter(pk=course.pk).exists():
        raise AssignmentRefused("Pelatihan ini belum terbit atau sudah diarsipkan.")
    assignment = Assignment.objects.create(
        course=course,
        unit=unit,
        due_at=due_at,
        order_number=order_number,
        issuer=issuer,
        reason=reason,
        assigned_by=actor,
        recorded_at=at,
    )
    audit.record(
        verb="assignment.created",
        actor=actor,
        at=at,
        obj=assignment,
        unit_path=unit.path,
        detail={"order_number": order_number, "again": True},
    )
    return assignment


@transaction.atomic
def ask_to_redo(*, assignment: Assignment, officers: Sequence[Officer], at: datetime) -> int:
    """Open the next round of the course of ``assignment`` for ``officers``; return for how many it was opened.

    Ledger rows and certificates of earlier rounds stay as they are. Whoever owes the course already gets one
    more reason and the earlier date. Asking the same officer again changes nothing, also after the new round
    was finished.
    """
    # Lock first: two orders for one course must not both open a duty for the same officer.
    turn_to_order(assignment.course_id)
    asked = set(assignment.duty_reasons.values_list("duty__officer", flat=True))
    fresh = [officer for officer in officers if officer.pk not in asked]
    owing = list(Duty.objects.open().filter(course=assignment.course, officer__in=fresh))
    already = {duty.officer_id for duty in owing}
    gains = [officer for officer in fresh if officer.pk not in already]
    if assignment.due_at is None:
        raise ValueError("a round that must be redone is due on one date")
    due, serving = Due.of(assignment), Posting.objects.in_force(at=at).filter(officer__in=fresh)
    zones = dict(serving.values_list("officer", "unit__zone"))
    dates = {officer.pk: due.counted_from(at, zones.get(officer.pk, assignment.unit.zone)) for officer in fresh}
    opened = open_duties(assignment.course, gains, dates=dates, at=at)
    add_reasons(assignment, [*opened, *owing], dates=dates, at=at)
    settle_opened(opened, at=at)
    settle([duty for duty in owing if duty.due_at > dates[duty.officer_id]], at=at)
    announce(assignment, at=at)
    audit.record_many(
        audit.event(
            verb="duty.asked_again",
            actor=assignment.assigned_by,
            at=at,
            obj=duty,
            subject_id=duty.officer_id,
            unit_path=assignment.unit.path,
            detail={"course": assignment.course.code, "cycle": duty.cycle, "reason": assignment.reason},
        )
        for duty in opened
    )
    return len(opened)


@transaction.atomic
def reopen_item(*, item: CourseItem, enrolments: Collection[Enrolment], reason: str, actor: User, at: datetime) -> int:
    """Ask for one item again in courses that are not finished; return in how many.

    The completion keeps its row, evidence and grade; a correction beside it says that it no longer counts. A finished
    course is left alone: its next round is ``ask_to_redo``.
    """
    # Lock first: the last item must not finish the course while this one is taken back.
    open_ones = list(
        Enrolment.objects.open().select_for_update(of=("self",)).filter(pk__in=[row.pk for row in enrolments])
    )
    standing = ItemCompletion.objects.standing().filter(item=item, enrolment__in=open_ones)
    reopened = list(standing.select_related("enrolment"))
    take_back(reopened, reason=reason, actor=actor, at=at)
    audit.record_many(
        audit.event(
            verb="item.reopened",
            actor=actor,
            at=at,
            obj=row,
            subject_id=row.enrolment.officer_id,
            detail={"evidence": str(row.evidence or ""), "reason": reason},
        )
        for row in reopened
    )
    return len(reopened)


def take_back(completions: Collection[ItemCompletion], *, reason: str, actor: User, at: datetime) -> None:
    """Let item completions no longer count; their rows stay. The caller holds the lock of their enrolments."""
    ItemReopening.objects.bulk_create(
        ItemReopening(completion=row, reason=reason, reopened_at=at, reopened_by=actor) for row in completions
    )
