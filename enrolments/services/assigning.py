"""The verbs of assigning: give an order to take a course, take it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from courses.models import Course
from enrolments.assignment import AssignmentRule, preview
from enrolments.exceptions import AssignmentRefused
from enrolments.models import Assignment, CourseCompletion, Duty, DutyEnd, DutyReason, Enrolment
from enrolments.permissions import may_withdraw
from foundation import audit
from organisation.models import Officer, User
from organisation.permissions import ASSIGNS, units_for_actor
from programmes.models import Activity

from .settling import settle, settle_opened

BATCH = 1000


@transaction.atomic
def assign_course(
    *,
    actor: User,
    course: Course,
    rule: AssignmentRule,
    due_at: datetime,
    order_number: str,
    issuer: str,
    reason: str,
    activity: Activity | None,
    at: datetime,
) -> Assignment:
    """Give everybody the rule reaches the duty to take ``course`` by ``due_at``.

    Who owes it already gets one more reason and the earlier date; whoever holds a completion that
    still counts gets a duty that is done from the start; whoever is exempt gets one that is exempt from the start,
    and days on which somebody's clock stands still are added. Raises AssignmentRefused.
    """
    if not units_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=rule.unit.pk).exists():
        raise AssignmentRefused("Satuan ini di luar kewenangan Anda.")
    if due_at <= at:
        raise AssignmentRefused("Batas waktu sudah lewat. Pilih hari ini atau sesudahnya.")
    if not Course.objects.published().filter(pk=course.pk).exists():
        raise AssignmentRefused("Pelatihan ini belum terbit atau sudah diarsipkan.")
    # Lock first: two orders for one course must not both open a duty for the same officer.
    Course.objects.select_for_update().get(pk=course.pk)
    reached = preview(rule, course, at=at)
    if not reached.total:
        raise AssignmentRefused("Tidak ada personel yang cocok. Longgarkan pangkat, fungsi layanan, atau satuannya.")
    assignment = Assignment.objects.create(
        course=course,
        unit=rule.unit,
        due_at=due_at,
        order_number=order_number,
        issuer=issuer,
        reason=reason,
        activity=activity,
        assigned_by=actor,
        recorded_at=at,
    )
    assignment.ranks.set(rule.ranks)
    assignment.functions.set(rule.functions)
    assignment.people.set(rule.people)
    opened = open_duties(course, [posting.officer for posting in reached.gains], due_at=due_at, at=at)
    duties = [*opened]
    duties += _done_duties(course, [posting.officer for posting in reached.already_complete], due_at=due_at, at=at)
    owed = list(
        Duty.objects.open().filter(course=course, officer__in=[posting.officer_id for posting in reached.already_owes])
    )
    duties += owed
    DutyReason.objects.bulk_create(
        [DutyReason(duty=duty, assignment=assignment, added_at=at) for duty in duties], batch_size=BATCH
    )
    settle_opened(opened, at=at)
    # An order cannot move a date that comes before its own.
    settle([duty for duty in owed if duty.due_at > due_at], at=at)
    audit.record(
        verb="assignment.created",
        actor=actor,
        at=at,
        obj=assignment,
        unit_path=rule.unit.path,
        detail={"officers": reached.total, "new_duties": len(reached.gains), "order_number": order_number},
    )
    return assignment


def _next_cycles(course: Course, officers: Sequence[Officer]) -> dict[int, int]:
    """Officer id → the cycle a new duty belongs to: the unfinished enrolment's, else one after the last."""
    cycles: dict[int, int] = {}
    rows = Enrolment.objects.filter(course=course, officer__in=officers).order_by("cycle")
    for officer_id, cycle, completed_at in rows.values_list("officer_id", "cycle", "completed_at"):
        cycles[officer_id] = cycle + 1 if completed_at else cycle
    return cycles


def open_duties(course: Course, officers: Sequence[Officer], *, due_at: datetime, at: datetime) -> list[Duty]:
    cycles = _next_cycles(course, officers)
    return Duty.objects.bulk_create(
        [
            Duty(
                officer=officer,
                course=course,
                cycle=cycles.get(officer.pk, 1),
                due_at=due_at,
                valid_from=at,
                recorded_at=at,
            )
            for officer in officers
        ],
        batch_size=BATCH,
    )


def _done_duties(course: Course, officers: Sequence[Officer], *, due_at: datetime, at: datetime) -> list[Duty]:
    """Duties that are done from the start: the newest done one again, or one written as done."""
    done = {
        duty.officer_id: duty
        for duty in Duty.objects.filter(course=course, officer__in=officers, ended_as=DutyEnd.COMPLETED).order_by(
            "cycle"
        )
    }
    cycles = dict(
        CourseCompletion.objects.in_force(at=at)
        .filter(course=course, officer__in=officers)
        .order_by("cycle")
        .values_list("officer_id", "cycle")
    )
    written = Duty.objects.bulk_create(
        [
            Duty(
                officer=officer,
                course=course,
                cycle=cycles[officer.pk],
                due_at=due_at,
                valid_from=at,
                valid_to=at,
                ended_as=DutyEnd.COMPLETED,
                recorded_at=at,
            )
            for officer in officers
            if officer.pk not in done
        ],
        batch_size=BATCH,
    )
    return [*done.values(), *written]


@transaction.atomic
def withdraw_assignment(*, assignment: Assignment, reason: str, actor: User, at: datetime) -> int:
    """Take an order back; return how many duties ended. A duty that another order asks for stays, with its date.

    Raises AssignmentRefused for an order from above, one already withdrawn and a missing reason.
    """
    # Lock first, the course as those who give orders do: a date must not miss an order that comes meanwhile.
    Course.objects.select_for_update().get(pk=assignment.course_id)
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if not may_withdraw(actor, assignment, at=at):
        raise AssignmentRefused("Perintah ini datang dari satuan atas. Minta pembuatnya mencabutnya.")
    if assignment.withdrawn_at:
        raise AssignmentRefused("Penugasan ini sudah dicabut.")
    if not reason.strip():
        raise AssignmentRefused("Tuliskan alasan pencabutan.")
    assignment.withdrawn_at = at
    assignment.withdrawn_reason = reason.strip()
    assignment.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    touched = list(Duty.objects.open().filter(reason__assignment=assignment, reason__ended_at=None))
    # What is done stays done, also under an order that was taken back.
    assignment.duty_reasons.filter(duty__in=touched).update(ended_at=at)
    still_asked = set(DutyReason.objects.filter(duty__in=touched, ended_at=None).values_list("duty_id", flat=True))
    settle([duty for duty in touched if duty.pk in still_asked], at=at)
    unasked = [duty.pk for duty in touched if duty.pk not in still_asked]
    ended = Duty.objects.filter(pk__in=unasked).update(valid_to=at, ended_as=DutyEnd.WITHDRAWN)
    audit.record(
        verb="assignment.withdrawn",
        actor=actor,
        at=at,
        obj=assignment,
        unit_path=assignment.unit.path,
        detail={"ended_duties": ended, "reason": reason.strip()},
    )
    return ended
