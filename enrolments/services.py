"""The verbs of learning: start a course, complete an item, give and withdraw an assignment."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, Q

from courses.models import Course, CourseItem, CourseVersionItem, ItemKind
from foundation import audit
from foundation.due import due
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer, Posting, User
from organisation.permissions import ASSIGNS, units_for_actor
from programmes.models import Activity

from .assignment import AssignmentRule, preview
from .calendar import add_months
from .exceptions import AssignmentRefused, CompletionNotEarned, CourseNotOpen
from .models import Assignment, CourseCompletion, Duty, DutyEnd, DutyReason, Enrolment, ItemCompletion
from .permissions import may_withdraw
from .progress import CourseProgress, course_progress
from .signals import course_completed

BATCH = 1000
ITEMS = PreparedRows(
    lambda: (
        CourseVersionItem.objects.select_related("item")
        .filter(version=Slot("version", BigIntegerField()))
        .order_by("order")
    )
)
DONE = PreparedRows(
    lambda: (
        ItemCompletion.objects.standing()
        .filter(enrolment=Slot("enrolment", BigIntegerField()))
        .only("item", "completed_at")
    )
)


def progress_of(enrolment: Enrolment | None, course: Course) -> CourseProgress:
    """Progress in the newest version of ``course``: whoever is unfinished follows the newest (decision 0005)."""
    done = {}
    if enrolment:
        done = {fact.item_id: fact.completed_at for fact in DONE.rows(enrolment=enrolment.pk)}
    version_pk = course.current_version_id or course.version.pk
    return course_progress(list(ITEMS.rows(version=version_pk)), done)


@transaction.atomic
def start_course(*, officer: Officer, course: Course, actor: User, at: datetime) -> Enrolment:
    """Enrol the officer, or return the enrolment of the current cycle. Raises CourseNotOpen."""
    if course.archived_at or not course.current_version:
        raise CourseNotOpen("Pelatihan ini belum atau tidak lagi dibuka.")
    duty = Duty.objects.open().filter(officer=officer, course=course).first()
    latest = Enrolment.objects.filter(officer=officer, course=course).order_by("-cycle").first()
    if latest and (not duty or duty.cycle == latest.cycle):
        return latest
    if not duty and not course.current_version.self_enrolment:
        raise CourseNotOpen("Pelatihan ini hanya untuk personel yang ditugaskan. Hubungi Bag SDM satuan Anda.")
    enrolment, created = Enrolment.objects.get_or_create(
        officer=officer, course=course, cycle=duty.cycle if duty else 1, defaults={"started_at": at}
    )
    if created:
        audit.record(verb="enrolment.started", actor=actor, at=at, obj=enrolment, subject_id=officer.pk)
    return enrolment


def complete_lesson(*, enrolment: Enrolment, item: CourseItem, at: datetime) -> ItemCompletion:
    """Mark a lesson read. Raises CompletionNotEarned for what is no lesson of the course."""
    if item.kind != ItemKind.LESSON:
        raise CompletionNotEarned("Bagian ini tidak selesai dengan dibaca. Kerjakan kuisnya.")
    return complete_item(enrolment=enrolment, item=item, evidence=None, grade=None, at=at)


@transaction.atomic
def complete_item(
    *,
    enrolment: Enrolment,
    item: CourseItem,
    evidence: UUID | None,
    grade: Decimal | None,
    at: datetime,
    recorded_at: datetime | None = None,
) -> ItemCompletion:
    """Record that an item is done, and the course with it when that was the last one needed.

    ``grade`` in percent (0..100), ``evidence`` the uuid of the attempt or event; ``recorded_at`` when it
    became known, if that is later than ``at``. A second call returns the first fact; after a reopening the next
    round is written. Raises CompletionNotEarned for an item that is locked or not in the course.
    """
    # Lock first: two items finished together must not both see the course as unfinished.
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("course__current_version").get(pk=enrolment.pk)
    )
    rounds = ItemCompletion.objects.filter(enrolment=enrolment, item=item)
    existing = rounds.standing().first()
    if existing:
        return existing
    standing = progress_of(enrolment, enrolment.course).standing_of(item.pk)
    if standing is None:
        raise CompletionNotEarned("Bagian ini tidak lagi menjadi bagian dari pelatihan. Muat ulang halaman pelatihan.")
    if standing.locked:
        raise CompletionNotEarned("Selesaikan dahulu semua materi wajib sebelum bagian ini.")
    completion = ItemCompletion.objects.create(
        enrolment=enrolment,
        item=item,
        completed_at=at,
        recorded_at=recorded_at or at,
        grade=grade,
        evidence=evidence,
        round=rounds.count() + 1,
    )
    complete_course_when_earned(enrolment=enrolment, at=at, recorded_at=recorded_at)
    return completion


@transaction.atomic
def complete_course_when_earned(
    *, enrolment: Enrolment, at: datetime, recorded_at: datetime | None = None
) -> CourseCompletion | None:
    """Write the ledger row when every required item is done; None while something is missing or it stands already.

    ``recorded_at`` is when it became known, if that is later than ``at``.
    """
    if enrolment.completed_at or not progress_of(enrolment, enrolment.course).is_complete:
        return None
    version = enrolment.course.version
    officer = enrolment.officer
    # Who has left, or is yet to arrive, still belongs somewhere: the newest posting that has begun, else the next.
    posting = (
        Posting.objects.filter(officer=officer)
        .annotate(begun=Q(valid_from__lte=at))
        .select_related("unit", "rank")
        .order_by("-begun", "-valid_from")[:1]
        .get()
    )
    deciding = (
        ItemCompletion.objects.standing()
        .filter(enrolment=enrolment, item__version_items__in=version.version_items.filter(decides_grade=True))
        .first()
    )
    completion = CourseCompletion.objects.create(
        enrolment=enrolment,
        officer=officer,
        course=enrolment.course,
        course_version=version,
        cycle=enrolment.cycle,
        started_at=enrolment.started_at,
        completed_at=at,
        recorded_at=recorded_at or at,
        expires_at=add_months(at, version.validity_months) if version.validity_months else None,
        grade=deciding.grade if deciding else None,
        jp=version.jp,
        number=officer.number,
        full_name=officer.full_name,
        rank=posting.rank,
        post=posting.post,
        unit=posting.unit,
        unit_name=posting.unit.name,
        unit_path=posting.unit.path,
        # What was taken back and is earned again.
        corrects=CourseCompletion.objects.newest().filter(enrolment=enrolment).first(),
    )
    enrolment.completed_at = at
    enrolment.save(update_fields=["completed_at"])
    Duty.objects.open().filter(officer=officer, course=enrolment.course, cycle=enrolment.cycle).update(
        valid_to=at, ended_as=DutyEnd.COMPLETED
    )
    audit.record(
        verb="course.completed",
        actor=officer.user,
        at=recorded_at or at,
        obj=completion,
        subject_id=officer.pk,
        unit_path=posting.unit.path,
    )
    course_completed.send(sender=CourseCompletion, completion=completion)
    return completion


@due("earned-completions")
def complete_what_a_new_version_freed(*, at: datetime) -> int:
    """Complete whoever was waiting only for an item that the newest version no longer asks for."""
    waiting = (
        Enrolment.objects.open()
        .filter(course__archived_at=None, course__current_version__number__gt=1)
        .select_related("course__current_version", "officer__user")
    )
    return sum(
        1 for enrolment in waiting.iterator(chunk_size=500) if complete_course_when_earned(enrolment=enrolment, at=at)
    )


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
    still counts gets a duty that is done from the start. Raises AssignmentRefused.
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
    duties = _open_duties(course, [posting.officer for posting in reached.gains], due_at=due_at, at=at)
    duties += _done_duties(course, [posting.officer for posting in reached.already_complete], due_at=due_at, at=at)
    owed = Duty.objects.open().filter(
        course=course, officer__in=[posting.officer_id for posting in reached.already_owes]
    )
    duties += list(owed)
    owed.filter(due_at__gt=due_at).update(due_at=due_at)
    DutyReason.objects.bulk_create(
        [DutyReason(duty=duty, assignment=assignment, added_at=at) for duty in duties], batch_size=BATCH
    )
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


def _open_duties(course: Course, officers: Sequence[Officer], *, due_at: datetime, at: datetime) -> list[Duty]:
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
    # The earliest date comes last and stays.
    still_asked = dict(
        DutyReason.objects.filter(duty__in=touched, ended_at=None)
        .order_by("-assignment__due_at")
        .values_list("duty_id", "assignment__due_at")
    )
    ended = 0
    for duty in touched:
        if duty.pk in still_asked:
            Duty.objects.filter(pk=duty.pk).update(due_at=still_asked[duty.pk])
        else:
            ended += Duty.objects.filter(pk=duty.pk).update(valid_to=at, ended_as=DutyEnd.WITHDRAWN)
    audit.record(
        verb="assignment.withdrawn",
        actor=actor,
        at=at,
        obj=assignment,
        unit_path=assignment.unit.path,
        detail={"ended_duties": ended, "reason": reason.strip()},
    )
    return ended
