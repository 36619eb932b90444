"""Facts of learning that turned out otherwise: the old row stays, a new one points back to it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from courses.models import Course, CourseItem
from foundation import audit
from organisation.models import Rank, Unit, User

from .clock import TIME_AT_LEAST
from .models import CourseCompletion, Duty, DutyEnd, Enrolment, ItemCompletion, ReliefReason
from .redoing import take_back
from .services.paths import reopen_paths, turn_to_reopen
from .services.returning import grant_time
from .services.settling import settle
from .signals import completion_corrected


@transaction.atomic
def correct_completion(
    *,
    enrolment: Enrolment,
    item: CourseItem,
    evidence,
    grade: Decimal | None,
    withdrawn: bool,
    actor: User,
    reason: str,
    at: datetime,
) -> CourseCompletion | None:
    """Write what an item's completion should have been, and the course's with it; return the new ledger row.

    The wrong completion is reopened; with another grade it stands again as its next round.

    ``evidence`` (the uuid of an attempt) must be what the completion stands on, else nothing happens.
    ``withdrawn`` takes the completion back: the enrolment is open again and its duty owed again, due in two
    weeks at the earliest. Doing it again changes nothing.
    """
    # Lock first: a completion may be on its way in another tab, or an order that finds this one standing.
    if withdrawn:
        turn_to_reopen(enrolment.officer, enrolment.course)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    fact = ItemCompletion.objects.standing().filter(enrolment=enrolment, item=item, evidence=evidence).first()
    if fact is None or (fact.grade == grade and not withdrawn):
        return None
    take_back([fact], reason=reason, actor=actor, at=at)
    if not withdrawn:
        ItemCompletion.objects.create(
            enrolment=enrolment,
            item=item,
            completed_at=fact.completed_at,
            recorded_at=at,
            grade=grade,
            evidence=evidence,
            round=fact.round + 1,
        )
    before = CourseCompletion.objects.standing().filter(enrolment=enrolment).first()
    if before is None or not _concerns(before, item, withdrawn=withdrawn):
        return None
    if withdrawn:
        return take_back_completion(before=before, verb="completion.withdrawn", reason=reason, actor=actor, at=at)
    return _write_correction(
        before, verb="completion.corrected", grade=grade, withdrawn=False, reason=reason, actor=actor, at=at
    )


@dataclass(frozen=True)
class Holder:
    """Who completed a course, as it should have been written on that day."""

    full_name: str
    number: str
    rank: Rank
    post: str
    unit: Unit

    @classmethod
    def of(cls, completion: CourseCompletion) -> "Holder":
        return cls(completion.full_name, completion.number, completion.rank, completion.post, completion.unit)


@transaction.atomic
def correct_holder(
    *, enrolment: Enrolment, holder: Holder, actor: User, reason: str, at: datetime
) -> CourseCompletion | None:
    """Write who completed the course of ``enrolment`` as it should have been written; dates, grade and JP stay.

    None where nothing stands that could be corrected.
    """
    # Lock first: the grade of the same row may be on its way to be corrected.
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    before = CourseCompletion.objects.standing().filter(enrolment=enrolment).first()
    if before is None:
        return None
    unit = {"unit_name": holder.unit.name, "unit_path": holder.unit.path}
    completion = _copied(before, recorded_at=at, **vars(holder), **unit)
    audit.record(
        verb="completion.holder_corrected",
        actor=actor,
        at=at,
        obj=completion,
        subject_id=completion.officer_id,
        unit_path=completion.unit_path,
        detail={"reason": reason, "before": _words(Holder.of(before)), "after": _words(holder)},
    )
    completion_corrected.send(sender=CourseCompletion, completion=completion, before=before, actor=actor, reason=reason)
    return completion


def _words(holder: Holder) -> str:
    place = " ".join(part for part in (holder.post, holder.unit.name) if part)
    return f"{holder.rank.short} {holder.full_name}, {holder.number}, {place}"


def take_back_completion(
    *, before: CourseCompletion, verb: str, reason: str, actor: User, at: datetime
) -> CourseCompletion:
    """Write that the completion ``before`` does not hold: its duty is owed again, and so is what stood on it.

    The caller holds a lock of the enrolment or the officer.
    """
    _reopen(before.enrolment, actor=actor, at=at)
    completion = _write_correction(
        before, verb=verb, grade=before.grade, withdrawn=True, reason=reason, actor=actor, at=at
    )
    reopen_paths(officer=before.officer, course=before.course, actor=actor, at=at)
    return completion


def _write_correction(
    before: CourseCompletion,
    *,
    verb: str,
    grade: Decimal | None,
    withdrawn: bool,
    reason: str,
    actor: User,
    at: datetime,
) -> CourseCompletion:
    completion = _copied(before, recorded_at=at, withdrawn=withdrawn, grade=grade)
    audit.record(
        verb=verb,
        actor=actor,
        at=at,
        obj=completion,
        subject_id=completion.officer_id,
        unit_path=completion.unit_path,
        detail={"reason": reason, "old_grade": before.grade, "grade": completion.grade},
    )
    completion_corrected.send(sender=CourseCompletion, completion=completion, before=before, actor=actor, reason=reason)
    return completion


def _concerns(completion: CourseCompletion, item: CourseItem, *, withdrawn: bool) -> bool:
    """Whether the course was completed with this item (withdrawn), or with the grade of it."""
    entries = completion.course_version.version_items.filter(item=item)
    return entries.filter(required=True).exists() if withdrawn else entries.filter(decides_grade=True).exists()


def _copied(before: CourseCompletion, **changed: Any) -> CourseCompletion:
    """The row ``before`` once more, with what ``changed``; it corrects that one."""
    names = [field.name for field in CourseCompletion._meta.concrete_fields]
    kept = {name: getattr(before, name) for name in names if name not in ("id", "uuid", "corrects")}
    return CourseCompletion.objects.create(**kept | changed, corrects=before)


def _reopen(enrolment: Enrolment, *, actor: User, at: datetime) -> None:
    mine = Duty.objects.filter(officer=enrolment.officer_id, course=enrolment.course_id)
    done = mine.filter(cycle=enrolment.cycle, ended_as=DutyEnd.COMPLETED).order_by("-valid_from").first()
    owed = mine.open().exists()
    if not (done or owed or enrolment.item_completions.exists()):
        # Nobody asked for it and nothing of it was learned here: there is nothing to go on with.
        return
    enrolment.completed_at = None
    enrolment.save(update_fields=["completed_at"])
    later = Enrolment.objects.filter(
        officer=enrolment.officer_id, course=enrolment.course_id, cycle__gt=enrolment.cycle
    )
    newest = later.order_by("-cycle").first()
    if done is None or owed or (newest and newest.completed_at):
        return
    # Asked behind the turn that the caller has: it may have been archived while somebody waited for it.
    if Course.objects.exclude(archived_at=None).filter(pk=enrolment.course_id).exists():
        # Nobody can open it any more, so nobody owes it; but done it is not.
        done.valid_to, done.ended_as = at, DutyEnd.WITHDRAWN
        done.save(update_fields=["valid_to", "ended_as"])
        return
    # There is no way back into a round after which another was begun: that one is owed.
    done.cycle = newest.cycle if newest else done.cycle
    done.valid_to, done.ended_as = None, ""
    done.save(update_fields=["cycle", "valid_to", "ended_as"])
    time = grant_time(done, until=at + TIME_AT_LEAST, code=ReliefReason.CORRECTED, actor=actor, at=at)
    settle([done], at=at, because=time)
