"""What is asked for again when an exemption is over, and the clock that goes on by itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from enrolments.calendar import day_end
from enrolments.clock import TIME_AT_LEAST, assumed_end, pushed
from enrolments.models import (
    CourseCompletion,
    Duty,
    DutyEnd,
    DutyReason,
    Look,
    Relief,
    ReliefEnd,
    ReliefKind,
    ReliefReason,
)
from enrolments.overview import zone_of_officer
from enrolments.turns import turn_to_order
from foundation import audit
from foundation.due import due
from foundation.formats import day_of
from organisation.models import Officer, User

from .assigning import next_cycles
from .settling import settle

# A duty opened in the same moment as a relief was decided may have seen the old state: look again for this long.
LOOK_AGAIN = timedelta(hours=1)
# How far the clock has looked at what was decided: a tick that stood still for hours misses none of it.
DECIDED = "reliefs"


def grant_time(duty: Duty, *, until: datetime, code: ReliefReason, actor: User, at: datetime) -> Relief | None:
    """Write that ``duty`` is not due before ``until``: a deferral that follows from another act, answered for by
    ``actor``. None where it is due later anyway.
    """
    zone = zone_of_officer(duty.officer, at=at)
    until = day_end(day_of(until, zone), zone)
    if until <= duty.due_at:
        return None
    return Relief.objects.create(
        officer=duty.officer,
        kind=ReliefKind.DEFERRAL,
        course=duty.course,
        duty=duty,
        code=code,
        starts_at=at,
        ends_at=until,
        zone=zone,
        asked_by_name="sistem",
        approved_by=actor,
        recorded_at=at,
    )


@transaction.atomic
def bring_back(relief: Relief, *, at: datetime) -> int:
    """Ask again for what an exemption held back and an order still asks for; return how many duties were opened.

    The clock stood still meanwhile, and there are two weeks at least. Doing it again changes nothing.
    """
    # Lock first: two runs must not both open the duty, nor may the course be finished meanwhile.
    course = turn_to_order(relief.course_id)[0] if relief.course_id else None
    officer = Officer.objects.select_for_update().get(pk=relief.officer_id)
    # Nobody can open what was archived meanwhile, so nobody owes it again.
    if course is None or course.archived_at or Relief.objects.exempting(course, at=at).filter(officer=officer).exists():
        return 0
    mine = Duty.objects.filter(officer=officer, course=course)
    newest_other = mine.exclude(ended_as=DutyEnd.EXEMPT).order_by("-pk").values_list("pk", flat=True).first() or 0
    held = list(mine.filter(pk__gt=newest_other).order_by("pk"))
    reasons = DutyReason.objects.filter(duty__in=held, ended_at=None, assignment__withdrawn_at=None)
    asked = {reason.assignment: reason for reason in reasons.select_related("assignment").order_by("-added_at")}
    if not asked:
        return 0
    if owed := mine.open().first():
        # An order came in the moment in which the exemption ended, and found it still in force.
        known = set(owed.reasons.values_list("assignment", flat=True))
        DutyReason.objects.bulk_create(
            DutyReason(duty=owed, assignment=assignment, due_at=reason.due_at, added_at=at)
            for assignment, reason in asked.items()
            if assignment.pk not in known
        )
        return settle([owed], at=at, because=relief)
    # Up to now: the days of a pause that goes on are given back when the new duty is settled.
    pauses = Relief.objects.of_officers([officer.pk]).filter(kind=ReliefKind.PAUSE, starts_at__lt=at)
    stops = [(pause.starts_at, min(pause.until or at, at)) for pause in pauses]
    stops.append((min(duty.valid_to for duty in held if duty.valid_to), at))
    left = min(pushed(reason.due_at, since=reason.added_at, pauses=stops, at=at) for reason in asked.values())
    learned = CourseCompletion.objects.in_force(at=at).filter(officer=officer, course=course, cycle__gte=held[-1].cycle)
    # Meanwhile another round may have been begun, or finished and expired.
    cycle = learned.order_by("-cycle").values_list("cycle", flat=True).first()
    duty = Duty.objects.create(
        officer=officer,
        course=course,
        cycle=cycle or next_cycles(course, [officer]).get(officer.pk, 1),
        due_at=min(reason.due_at for reason in asked.values()),
        valid_from=at,
        recorded_at=at,
    )
    DutyReason.objects.bulk_create(
        DutyReason(duty=duty, assignment=assignment, due_at=reason.due_at, added_at=at)
        for assignment, reason in asked.items()
    )
    if cycle:
        # Learnt all the same meanwhile.
        Duty.objects.filter(pk=duty.pk).update(valid_to=at, ended_as=DutyEnd.COMPLETED)
        return 1
    time = grant_time(
        duty,
        until=max(left, at + TIME_AT_LEAST),
        code=ReliefReason.RETURNED,
        actor=relief.approved_by,
        at=at,
    )
    settle([duty], at=at, because=time)
    return 1


@due("due-clock")
def keep_clock(*, at: datetime) -> int:
    """End exemptions whose time is over, move the dates of whoever is away without an end, and look again at what
    was decided just now; return how many duties changed.
    """
    changed = sum(_run_out(relief, ends_at=ends_at, at=at) for relief, ends_at in _ran_out(at=at))
    horizon = assumed_end(at)
    away = Duty.objects.open().filter(
        due_at__lt=horizon,
        officer__relief__kind=ReliefKind.PAUSE,
        officer__relief__ends_at=None,
        officer__relief__end=None,
        officer__relief__starts_at__lt=F("due_at"),
    )
    changed += settle(away.only("pk").distinct(), at=at)
    looked = Look.objects.filter(name=DECIDED).values_list("looked_at", flat=True).first()
    since = min(looked or at, at) - LOOK_AGAIN
    fresh = Relief.objects.filter(Q(recorded_at__gt=since) | Q(end__recorded_at__gt=since)).select_related(
        "course", "approved_by"
    )
    for relief in fresh:
        changed += settle(Duty.objects.open().filter(officer=relief.officer_id), at=at, because=relief)
        if relief.kind == ReliefKind.EXEMPTION:
            changed += bring_back(relief, at=at)
    Look.objects.update_or_create(name=DECIDED, defaults={"looked_at": at})
    return changed


def _ran_out(*, at: datetime) -> list[tuple[Relief, datetime]]:
    rows = Relief.objects.filter(kind=ReliefKind.EXEMPTION, ends_at__lte=at, end=None)
    return [(relief, relief.ends_at) for relief in rows.select_related("course", "approved_by") if relief.ends_at]


@transaction.atomic
def _run_out(relief: Relief, *, ends_at: datetime, at: datetime) -> int:
    # Lock first: somebody may be withdrawing it.
    if relief.course_id:
        turn_to_order(relief.course_id)
    ReliefEnd.objects.create(relief=relief, ends_at=ends_at, recorded_at=at)
    changed = bring_back(relief, at=at)
    audit.record(
        verb="relief.ran_out", actor=None, at=at, obj=relief, subject_id=relief.officer_id, detail={"duties": changed}
    )
    return changed
