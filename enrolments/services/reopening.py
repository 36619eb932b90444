"""A course that was archived and is published again: whom its orders still ask owes it again.

Nobody could owe it meanwhile, so an exemption that ended and a completion that was taken back brought no duty, and who
came back into the service was not asked. Who moved under an order that follows is found by services/reconciling.py.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from courses.models import Course
from enrolments.models import Assignment, Duty, DutyEnd, DutyReason, Look, Relief
from enrolments.turns import turn_of
from foundation.due import due

from .reconciling import LOOK_AGAIN, batches, follow, going_on, keep_people

OPENED_AGAIN = "courses-opened-again"
# How a duty ends that an order asks for all the same.
HELD_BACK = (DutyEnd.EXEMPT, DutyEnd.WITHDRAWN)


@due("courses-opened-again")
def ask_for_reopened(*, at: datetime) -> int:
    """Open what the orders for courses published again still ask for; return how many duties changed.

    Doing it again changes nothing: who was asked again is not held back any more.
    """
    courses = Course.objects.published().exclude(opened_again_at=None)
    if looked := Look.objects.filter(name=OPENED_AGAIN).first():
        # A page may take long to be published, and shows the time at which it began.
        courses = courses.filter(opened_again_at__gt=looked.looked_at - LOOK_AGAIN)
    opened = list(courses)
    changed = sum(_ask_for(course, at=at) for course in opened)
    if opened:
        Look.objects.update_or_create(name=OPENED_AGAIN, defaults={"looked_at": at})
    return changed


def _ask_for(course: Course, *, at: datetime) -> int:
    people: dict[int, list[int]] = defaultdict(list)
    for order, officer in _held_back(course, at=at).order_by("pk").values_list("assignment", "duty__officer"):
        people[order].append(officer)
    orders = going_on().in_bulk(people)
    changed = sum(_ask_anew(orders[pk], officers, at=at) for pk in sorted(orders) for officers in batches(people[pk]))
    left = DutyReason.objects.filter(
        duty__course=course, duty__ended_as=DutyEnd.MOVED, assignment__follows=False, assignment__withdrawn_at=None
    )
    back = sorted(set(left.values_list("duty__officer", flat=True)))
    return changed + sum(keep_people(officers, at=at) for officers in batches(back))


def _held_back(course: Course, *, at: datetime) -> QuerySet[DutyReason]:
    """Why whoever owes ``course`` no more, and is exempt no more, was asked for it: by orders that stand."""
    same = {"officer": OuterRef("officer"), "course": OuterRef("course")}
    newer = Duty.objects.filter(**same, pk__gt=OuterRef("pk")).exclude(ended_as__in=HELD_BACK)
    exempt = Relief.objects.exempting(course, at=at).filter(officer=OuterRef("officer"))
    duties = Duty.objects.filter(~Exists(newer), ~Exists(exempt), course=course, ended_as__in=HELD_BACK)
    return DutyReason.objects.filter(duty__in=duties, ended_at=None, assignment__withdrawn_at=None)


@transaction.atomic
def _ask_anew(assignment: Assignment, officers: Sequence[int], *, at: datetime) -> int:
    """Let the order find them as it finds who comes: dates, exemptions and what was done meanwhile are looked at."""
    # Lock first: what is held back must not be brought back by another run, nor archived again.
    course = turn_of(assignment)
    if course.archived_at:
        return 0
    mine = _held_back(course, at=at).filter(assignment=assignment, duty__officer__in=officers)
    found = dict(mine.values_list("pk", "duty__officer"))
    DutyReason.objects.filter(pk__in=found).update(ended_at=at)
    return follow(assignment, sorted(set(found.values())), at=at) if found else 0
