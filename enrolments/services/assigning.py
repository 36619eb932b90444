"""The verbs of assigning: give an order to take a course, take it back, undo it as if it had never been."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from courses.models import Course
from enrolments.assignment import AssignmentPreview, AssignmentRule, Due, preview
from enrolments.exceptions import AssignmentRefused
from enrolments.models import (
    Assignment,
    AssignmentDraft,
    CourseCompletion,
    Duty,
    DutyEnd,
    DutyReason,
    Enrolment,
    PathOrder,
    WorkKind,
)
from enrolments.paths import without_the_spared
from enrolments.permissions import may_withdraw
from enrolments.turns import turn_to_order
from foundation import audit
from foundation.due import due as due_step
from organisation.models import Officer, Role, User
from organisation.permissions import ASSIGNS, units_for_actor
from organisation.services import hands_over
from programmes.models import Activity

from .announcing import announce, announce_end
from .planning import begin_work, is_big, stop_work
from .settling import settle, settle_opened

BATCH = 1000
# How long a wrong order can be undone; afterwards it can only be withdrawn.
UNDO_PERIOD = timedelta(days=7)
DRAFTS_KEPT = timedelta(days=7)


@transaction.atomic
def assign_course(
    *,
    actor: User,
    course: Course,
    rule: AssignmentRule,
    due: Due,
    order_number: str,
    issuer: str,
    reason: str,
    activity: Activity | None,
    at: datetime,
    follows: bool = False,
    renews: bool | None = None,
    tells: bool = True,
    path_order: PathOrder | None = None,
) -> Assignment:
    """Give everybody the rule reaches the duty to take ``course`` until ``due``.

    Who owes it already gets one more reason and the earlier date; whoever holds a completion that
    still counts gets a duty that is done from the start; whoever is exempt gets one that is exempt from the start,
    and days on which somebody's clock stands still are added. An order to more than BIG_ORDER people stands at once
    and is carried out by a worker (carrying.py). ``path_order`` makes it a part of an order for a path
    (services/paths.py); unless ``tells`` is False those who gain a duty are told. ``renews``: it asks again for what
    is about to end; where nobody said (None, as of a course that never ends) one that follows does. Raises
    AssignmentRefused.
    """
    if not units_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=rule.unit.pk).exists():
        raise AssignmentRefused("Satuan ini di luar kewenangan Anda.")
    if due.at and due.at <= at:
        raise AssignmentRefused("Batas waktu sudah lewat. Pilih hari ini atau sesudahnya.")
    # Lock first: two orders for one course must not both open a duty for the same officer, nor may it be archived or
    # finished meanwhile.
    [course] = turn_to_order(course.pk)
    if not course.is_published:
        raise AssignmentRefused("Pelatihan ini belum terbit atau sudah diarsipkan.")
    total = rule.postings(at=at).count()
    # An order that follows may wait for people to come.
    if not total and not follows:
        raise AssignmentRefused("Tidak ada personel yang cocok. Longgarkan pangkat, fungsi layanan, atau satuannya.")
    assignment = Assignment.objects.create(
        course=course,
        unit=rule.unit,
        posts=list(rule.posts),
        follows=follows,
        renews=follows if renews is None else renews,
        due_rule=due.rule,
        due_days=due.days,
        due_at=due.at,
        order_number=order_number,
        issuer=issuer,
        reason=reason,
        activity=activity,
        assigned_by=actor,
        recorded_at=at,
        reconciled_at=at if follows else None,
        path_order=path_order,
        tells=tells,
    )
    assignment.ranks.set(rule.ranks)
    assignment.functions.set(rule.functions)
    assignment.people.set(rule.people)
    assignment.excluded_units.set(rule.excluded_units)
    assignment.excluded_people.set(rule.excluded_people)
    detail: dict[str, Any] = {"officers": total, "order_number": order_number}
    if is_big(total):
        begin_work(assignment=assignment, kind=WorkKind.CARRY_OUT, total=total, actor=actor, at=at)
        detail["background"] = True
    else:
        reached = preview(rule, course, Due.of(assignment), at=at)
        if path_order:
            reached = without_the_spared(path_order, course, reached, at=at)
        ask_for_duties(assignment, reached, at=at)
        announce(assignment, at=at)
        detail["new_duties"] = len(reached.gains)
    audit.record(verb="assignment.created", actor=actor, at=at, obj=assignment, unit_path=rule.unit.path, detail=detail)
    return assignment


@transaction.atomic
def assign_draft(
    *, draft: AssignmentDraft, give: Callable[..., Assignment] = assign_course, **order: Any
) -> Assignment:
    """``give`` the order that a draft says; a second press of the button returns the first one."""
    # Lock first: two presses must not give two orders.
    draft = AssignmentDraft.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=draft.pk)
    if draft.assignment is None:
        draft.assignment = give(**order)
        draft.save(update_fields=["assignment"])
    return draft.assignment


def open_drafts(giver: User, *, role: str) -> int:
    return AssignmentDraft.objects.filter(actor=giver, assignment=None).count() if role == Role.SDM else 0


@hands_over("Draf penugasan", count=open_drafts)
def hand_over_drafts(giver: User, receiver: User, *, role: str, at: datetime) -> int:
    """What was begun goes on with who comes after; what they may order is asked of them, not of who began it."""
    if role != Role.SDM:
        return 0
    return AssignmentDraft.objects.filter(actor=giver, assignment=None).update(actor=receiver)


@due_step("assignment-drafts")
def forget_drafts(*, at: datetime) -> int:
    """Remove what nobody went on with, and what became an order."""
    return AssignmentDraft.objects.filter(created_at__lt=at - DRAFTS_KEPT).delete()[0]


def ask_for_duties(assignment: Assignment, reached: AssignmentPreview, *, at: datetime) -> list[Duty]:
    """Give everybody in ``reached`` the duty, or one more reason for it; return the new ones.

    The caller has the turn of the course.
    """
    due = Due.of(assignment)
    dates = {
        posting.officer_id: due.for_posting(posting, ordered_at=assignment.recorded_at, asked_at=at)
        for posting in reached.everybody
    }
    new = [posting.officer for posting in [*reached.gains, *reached.exempt]]
    gained = open_duties(assignment.course, new, dates=dates, at=at)
    owing = [posting.officer_id for posting in reached.already_owes]
    owed = _locked(Duty.objects.open().filter(course=assignment.course, officer__in=owing))
    # Whoever finished between the look and the lock.
    meanwhile = set(owing) - {duty.officer_id for duty in owed}
    finished = [posting.officer for posting in reached.already_owes if posting.officer_id in meanwhile]
    complete = [posting.officer for posting in reached.already_complete]
    done = _done_duties(assignment.course, [*complete, *finished], dates=dates, at=at)
    add_reasons(assignment, [*gained, *done, *owed], dates=dates, at=at)
    settle_opened(gained, at=at)
    # An order cannot move a date that comes before its own.
    settle([duty for duty in owed if duty.due_at > dates[duty.officer_id]], at=at)
    return gained


def add_reasons(assignment: Assignment, duties: Sequence[Duty], *, dates: Mapping[int, datetime], at: datetime) -> None:
    """Let ``assignment`` ask for ``duties`` until ``dates`` (by officer id). The caller settles their dates."""
    DutyReason.objects.bulk_create(
        [DutyReason(duty=duty, assignment=assignment, due_at=dates[duty.officer_id], added_at=at) for duty in duties],
        batch_size=BATCH,
    )


def end_reasons(reasons: QuerySet[DutyReason], *, ended_as: DutyEnd, at: datetime) -> list[Duty]:
    """End ``reasons`` of open duties; return the duties that nothing asks for any more, ended as ``ended_as``.

    What is done stays done.
    """
    asked_for = set(reasons.filter(ended_at=None, duty__valid_to=None).values_list("duty", flat=True))
    touched = _locked(Duty.objects.open().filter(pk__in=asked_for))
    reasons.filter(duty__in=touched, ended_at=None).update(ended_at=at)
    still_asked = set(DutyReason.objects.filter(duty__in=touched, ended_at=None).values_list("duty_id", flat=True))
    over = [duty for duty in touched if duty.pk not in still_asked]
    Duty.objects.filter(pk__in=[duty.pk for duty in over]).update(valid_to=at, ended_as=ended_as)
    settle([duty for duty in touched if duty.pk in still_asked], at=at)
    return over


def _locked(duties: QuerySet[Duty]) -> list[Duty]:
    """Those that are open still: whoever finishes one meanwhile waits, and whoever has finished it is left out."""
    return list(duties.order_by("pk").select_for_update())


def next_cycles(course: Course, officers: Sequence[Officer]) -> dict[int, int]:
    """Officer id → the cycle a new duty belongs to: the unfinished enrolment's, else one after the last."""
    cycles: dict[int, int] = {}
    rows = Enrolment.objects.filter(course=course, officer__in=officers).order_by("cycle")
    for officer_id, cycle, completed_at in rows.values_list("officer_id", "cycle", "completed_at"):
        cycles[officer_id] = cycle + 1 if completed_at else cycle
    return cycles


def open_duties(
    course: Course, officers: Sequence[Officer], *, dates: Mapping[int, datetime], at: datetime
) -> list[Duty]:
    """Open the duty of the next cycle for each of ``officers``; ``dates`` by officer id."""
    cycles = next_cycles(course, officers)
    return Duty.objects.bulk_create(
        [
            Duty(
                officer=officer,
                course=course,
                cycle=cycles.get(officer.pk, 1),
                due_at=dates[officer.pk],
                valid_from=at,
                recorded_at=at,
            )
            for officer in officers
        ],
        batch_size=BATCH,
    )


def _done_duties(
    course: Course, officers: Sequence[Officer], *, dates: Mapping[int, datetime], at: datetime
) -> list[Duty]:
    """Duties that are done from the start: the done one of the round that counts again, or one written as done."""
    cycles = dict(
        CourseCompletion.objects.in_force(at=at)
        .filter(course=course, officer__in=officers)
        .order_by("cycle")
        .values_list("officer_id", "cycle")
    )
    finished = Duty.objects.filter(course=course, officer__in=officers, ended_as=DutyEnd.COMPLETED).order_by("cycle")
    # Who began the round that counts without being asked has none in it.
    done = {duty.officer_id: duty for duty in finished if duty.cycle >= cycles.get(duty.officer_id, 0)}
    written = Duty.objects.bulk_create(
        [
            Duty(
                officer=officer,
                course=course,
                cycle=cycles[officer.pk],
                due_at=dates[officer.pk],
                valid_from=at,
                valid_to=at,
                ended_as=DutyEnd.COMPLETED,
                recorded_at=at,
            )
            for officer in officers
            if officer.pk not in done and officer.pk in cycles
        ],
        batch_size=BATCH,
    )
    return [*done.values(), *written]


@transaction.atomic
def withdraw_assignment(
    *, assignment: Assignment, reason: str, actor: User, at: datetime, of_path: bool = False
) -> int | None:
    """Take an order back; return how many duties ended, None where a worker ends them (a big order).

    A duty that another order asks for stays, with its date. Raises AssignmentRefused for an order from above, one
    already withdrawn and a missing reason.
    """
    assignment = _taken_back(assignment, reason=reason, actor=actor, at=at, of_path=of_path)
    assignment.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    reasons = DutyReason.objects.filter(assignment=assignment, ended_at=None)
    open_ones = reasons.filter(duty__valid_to=None).count()
    ended = None
    if is_big(open_ones):
        begin_work(assignment=assignment, kind=WorkKind.WITHDRAW, total=open_ones, actor=actor, at=at)
    else:
        ended = len(end_reasons(reasons, ended_as=DutyEnd.WITHDRAWN, at=at))
        announce_end(assignment, at=at)
    _note_end(assignment, "assignment.withdrawn", ended, actor=actor, at=at)
    return ended


@transaction.atomic
def undo_assignment(
    *, assignment: Assignment, reason: str, actor: User, at: datetime, of_path: bool = False
) -> int | None:
    """Take a wrong order back as if it had never been; return how many duties it leaves nobody owing, None where a
    worker puts things back (a big order).

    Within ``UNDO_PERIOD``. Dates go back to what the other orders ask for, and what was written as done from the
    start counts no more; what somebody learned meanwhile stays theirs. Raises AssignmentRefused as
    ``withdraw_assignment`` does, and when it is too late.
    """
    if at - assignment.recorded_at > UNDO_PERIOD:
        raise AssignmentRefused(
            f"Penugasan hanya dapat dibatalkan dalam {UNDO_PERIOD.days} hari. Cabut penugasannya sebagai gantinya."
        )
    assignment = _taken_back(assignment, reason=reason, actor=actor, at=at, of_path=of_path)
    assignment.undone = True
    assignment.save(update_fields=["withdrawn_at", "withdrawn_reason", "undone"])
    reasons = DutyReason.objects.filter(assignment=assignment, ended_at=None)
    total = reasons.count()
    ended = None
    if is_big(total):
        begin_work(assignment=assignment, kind=WorkKind.UNDO, total=total, actor=actor, at=at)
    else:
        ended = undo_reasons(assignment, reasons, at=at)
        undo_what_ended(assignment)
        announce_end(assignment, at=at)
    _note_end(assignment, "assignment.undone", ended, actor=actor, at=at)
    return ended


def undo_reasons(assignment: Assignment, reasons: QuerySet[DutyReason], *, at: datetime) -> int:
    """Take back what ``reasons`` of the order brought; return how many duties it leaves nobody owing.

    The caller has the turn of the course.
    """
    over = end_reasons(reasons, ended_as=DutyEnd.UNDONE, at=at)
    # Whoever came under the order later was written as done later.
    written = Duty.objects.filter(
        reason__in=reasons.filter(ended_at=None), valid_to=F("valid_from"), valid_from__gte=assignment.recorded_at
    )
    others = DutyReason.objects.filter(duty__in=written, ended_at=None).exclude(assignment=assignment)
    alone = list(written.exclude(reason__in=others).values_list("pk", flat=True))
    reasons.filter(ended_at=None).update(ended_at=at)
    # Until now they were known: "menurut catatan" shows them on the days between.
    return len(over) + Duty.objects.filter(pk__in=alone).update(ended_as=DutyEnd.UNDONE, valid_to=at)


def undo_what_ended(assignment: Assignment) -> None:
    """Let what the order brought and a move, an exemption or a path ended before count as never asked, too."""
    others = DutyReason.objects.filter(duty=OuterRef("pk")).exclude(assignment=assignment)
    brought = Duty.objects.filter(reason__assignment=assignment, valid_from__gte=assignment.recorded_at)
    ended = brought.filter(~Exists(others), ended_as__in=(DutyEnd.MOVED, DutyEnd.EXEMPT, DutyEnd.SPARED))
    Duty.objects.filter(pk__in=list(ended.values_list("pk", flat=True))).update(ended_as=DutyEnd.UNDONE)


def may_undo(actor: User, assignment: Assignment, *, at: datetime) -> bool:
    in_time = assignment.withdrawn_at is None and at - assignment.recorded_at <= UNDO_PERIOD
    return in_time and may_withdraw(actor, assignment, at=at)


def _taken_back(assignment: Assignment, *, reason: str, actor: User, at: datetime, of_path: bool) -> Assignment:
    """The locked row of the order with the moment and the reason filled in; a part of a path only ``of_path``."""
    # Lock first, the course as those who give orders do: a date must not miss an order that comes meanwhile.
    turn_to_order(assignment.course_id)
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=assignment.pk)
    if not may_withdraw(actor, assignment, at=at):
        raise AssignmentRefused("Perintah ini datang dari satuan atas. Minta pembuatnya mencabutnya.")
    if assignment.path_order_id and not of_path:
        raise AssignmentRefused("Ini bagian dari penugasan jalur. Cabut atau batalkan jalurnya.")
    if assignment.withdrawn_at:
        raise AssignmentRefused("Penugasan ini sudah dicabut.")
    if not reason.strip():
        raise AssignmentRefused("Tuliskan alasan pencabutan.")
    assignment.withdrawn_at = at
    assignment.withdrawn_reason = reason.strip()
    # Of an order that is still being carried out, only what was done is taken back.
    stop_work(assignment, at=at)
    return assignment


def _note_end(assignment: Assignment, verb: str, ended: int | None, *, actor: User, at: datetime) -> None:
    how_many = {"background": True} if ended is None else {"ended_duties": ended}
    audit.record(
        verb=verb,
        actor=actor,
        at=at,
        obj=assignment,
        unit_path=assignment.unit.path,
        detail={**how_many, "reason": assignment.withdrawn_reason},
    )
