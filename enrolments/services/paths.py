"""The verbs of learning paths: give one, take it back, spare what is enough, and record that somebody is through."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField

from courses.models import Course, PathVersion
from enrolments.assignment import AssignmentRule, Due, sorted_by_effect
from enrolments.clock import TIME_AT_LEAST
from enrolments.exceptions import AssignmentRefused
from enrolments.models import Assignment, DutyEnd, DutyReason, PathCompletion, PathOrder, ReliefReason
from enrolments.paths import PathProgress, progress_by_officer, with_steps
from enrolments.turns import turn_to_finish, turn_to_order
from foundation import audit
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer, User
from programmes.models import Activity

from .assigning import ask_for_duties, assign_course, end_reasons, undo_assignment, withdraw_assignment
from .returning import grant_time
from .settling import settle

BATCH = 1000
ASKING = PreparedRows(
    lambda: (
        DutyReason.objects.filter(
            duty__officer=Slot("officer", BigIntegerField()),
            ended_at=None,
            assignment__path_order__version__path_steps__course=Slot("course", BigIntegerField()),
        )
        .select_related("assignment")
        .only("assignment__path_order")
    )
)


@transaction.atomic
def assign_path(
    *,
    actor: User,
    version: PathVersion,
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
) -> PathOrder:
    """Give everybody the rule reaches the duty to take the courses of ``version``, by one order per course.

    Whoever has done enough optional courses does not owe the others; whoever has done everything is through at
    once. ``renews`` is as of one course. Raises AssignmentRefused.
    """
    if not PathVersion.objects.offered().filter(pk=version.pk).exists():
        raise AssignmentRefused("Jalur ini tidak ditawarkan lagi, atau ada versi yang lebih baru. Pilih lagi.")
    steps = list(version.path_steps.select_related("course"))
    # Lock first: the parts take the same turns one after the other.
    turn_to_order(*[step.course_id for step in steps])
    if not follows and not rule.postings(at=at).exists():
        raise AssignmentRefused("Tidak ada personel yang cocok. Longgarkan pangkat, fungsi layanan, atau satuannya.")
    order = PathOrder.objects.create(version=version, recorded_at=at)
    for step in steps:
        assign_course(
            actor=actor,
            course=step.course,
            rule=rule,
            due=due,
            order_number=order_number,
            issuer=issuer,
            reason=reason,
            activity=activity,
            at=at,
            follows=follows,
            renews=renews,
            tells=tells,
            path_order=order,
        )
    finish_paths(order=order, officers=_may_be_through(order), at=at)
    return order


def assign_path_by_draft(**order: Any) -> Assignment:
    """``assign_path`` for ``assign_draft``: the first part stands for the whole."""
    return assign_path(**order).assignments.order_by("pk")[0]


def _may_be_through(order: PathOrder) -> set[int]:
    """Those for whom nothing of the order is open; who is not among them is not through."""
    reasons = DutyReason.objects.filter(assignment__path_order=order, ended_at=None)
    officers = reasons.values("duty__officer")
    open_ones = reasons.filter(duty__valid_to=None).values("duty__officer")
    return set(officers.exclude(duty__officer__in=open_ones).values_list("duty__officer", flat=True))


@transaction.atomic
def finish_paths(*, order: PathOrder, officers: Collection[int], at: datetime) -> int:
    """Record for those of ``officers`` who are through that they are; return how many. Again changes nothing."""
    ids = sorted(officers)
    return sum(_finish(order, ids[start : start + BATCH], at=at) for start in range(0, len(ids), BATCH))


def _finish(order: PathOrder, officers: Collection[int], *, at: datetime) -> int:
    # Lock first: the last two courses, done in two tabs, must each see the other.
    list(Officer.objects.select_for_update().filter(pk__in=officers).order_by("pk").values_list("pk"))
    newest = {
        row.officer_id: row for row in PathCompletion.objects.newest().filter(path_order=order, officer__in=officers)
    }
    standing = {officer for officer, row in newest.items() if not row.withdrawn}
    through = [
        _completion(order, officer, progress, corrects=newest.get(officer), at=at)
        for officer, progress in progress_by_officer(order, set(officers) - standing, at=at).items()
        if progress.is_complete
    ]
    PathCompletion.objects.bulk_create(through, batch_size=BATCH)
    audit.record_many(
        audit.event(
            verb="path.completed",
            actor=None,
            at=at,
            obj=order,
            subject_id=row.officer_id,
            unit_path=row.completion.unit_path,
            detail={"name": order.version.title},
        )
        for row in through
    )
    return len(through)


def _completion(
    order: PathOrder, officer: int, progress: PathProgress, *, corrects: PathCompletion | None, at: datetime
) -> PathCompletion:
    rows = [standing.completion for standing in progress.steps if standing.completion]
    last = max(rows, key=lambda row: (row.completed_at, row.pk))
    return PathCompletion(
        officer_id=officer,
        path_order=order,
        completion=last,
        evidence=[str(row.uuid) for row in rows],
        # Who did it all before the order is through with the order, not before.
        completed_at=max(last.completed_at, order.recorded_at),
        recorded_at=at,
        corrects=corrects,
    )


def orders_concerned(officer: Officer, course: Course) -> list[PathOrder]:
    """The path orders of ``officer`` in which ``course`` is a step, also one that was spared. One query without any."""
    keys = {reason.assignment.path_order_id for reason in ASKING.rows(officer=officer.pk, course=course.pk)}
    return list(with_steps(PathOrder.objects.filter(pk__in=list(keys))).order_by("pk")) if keys else []


def turn_to_reopen(officer: Officer, course: Course) -> None:
    """``turn_to_finish`` of ``course`` and of what its paths may ask of ``officer`` then, who finishes none meanwhile.

    Shared, as of those who finish: to wait alone for a second course while the first is held would be a deadlock.
    """
    steps = {step.course_id for order in orders_concerned(officer, course) for step in order.version.path_steps.all()}
    turn_to_finish(course.pk, *steps)
    # The officer's own completions refer to this row.
    Officer.objects.select_for_update().get(pk=officer.pk)


@transaction.atomic
def follow_paths(*, officer: Officer, course: Course, at: datetime) -> None:
    """After ``course`` was done, or is not asked of ``officer`` any more: what is spared now, who is through now."""
    for order in orders_concerned(officer, course):
        # Lock first: two optional courses, done in two tabs, must each see the other.
        Officer.objects.select_for_update().get(pk=officer.pk)
        progress = progress_by_officer(order, [officer.pk], at=at)[officer.pk]
        _spare(order, officer, progress, at=at)
        finish_paths(order=order, officers=[officer.pk], at=at)


def _spare(order: PathOrder, officer: Officer, progress: PathProgress, *, at: datetime) -> None:
    """Let the order no longer ask for what is not needed any more."""
    spared = [standing.step.course_id for standing in progress.steps if standing.state == "spared"]
    if spared:
        reasons = DutyReason.objects.filter(
            assignment__path_order=order, duty__officer=officer, duty__course__in=spared
        )
        end_reasons(reasons, ended_as=DutyEnd.SPARED, at=at)


@transaction.atomic
def reopen_paths(*, officer: Officer, course: Course, actor: User, at: datetime) -> None:
    """After a completion was taken back: a path that stood on it is not done any more; the old row stays.

    Optional courses that were spared because of it are asked again, for two weeks at least; where enough others are
    done, it is not asked again itself.
    """
    for order in orders_concerned(officer, course):
        progress = progress_by_officer(order, [officer.pk], at=at)[officer.pk]
        _spare(order, officer, progress, at=at)
        _ask_again(order, officer, progress, actor=actor, at=at)
    stood = PathCompletion.objects.standing().filter(officer=officer, path_order__version__path_steps__course=course)
    for row in list(stood.select_related("path_order__version", "completion")):
        progress = progress_by_officer(row.path_order, [officer.pk], at=at)[officer.pk]
        if not progress.is_complete:
            _take_back(row, at=at)


def _ask_again(order: PathOrder, officer: Officer, progress: PathProgress, *, actor: User, at: datetime) -> None:
    wanted = [standing.step.course_id for standing in progress.missing if not standing.step.required]
    asking = DutyReason.objects.filter(assignment__path_order=order, duty__officer=officer, ended_at=None)
    # What was archived meanwhile nobody can open.
    open_ones = order.assignments.filter(course__in=wanted, course__archived_at=None, withdrawn_at=None)
    parts = open_ones.exclude(pk__in=asking.values("assignment"))
    for part in parts.select_related("course", "unit"):
        here = AssignmentRule.of(part).postings(at=at).filter(officer=officer).for_officer_list()
        effect = sorted_by_effect(here, part.course, Due.of(part), ordered_at=part.recorded_at, at=at)
        for duty in ask_for_duties(part, effect, at=at):
            time = grant_time(duty, until=at + TIME_AT_LEAST, code=ReliefReason.CORRECTED, actor=actor, at=at)
            settle([duty], at=at, because=time)


def _take_back(row: PathCompletion, *, at: datetime) -> None:
    PathCompletion.objects.create(
        officer_id=row.officer_id,
        path_order=row.path_order,
        completion=row.completion,
        evidence=row.evidence,
        completed_at=row.completed_at,
        recorded_at=at,
        withdrawn=True,
        corrects=row,
    )
    audit.record(
        verb="path.completion_withdrawn",
        actor=None,
        at=at,
        obj=row.path_order,
        subject_id=row.officer_id,
        unit_path=row.completion.unit_path,
        detail={"name": row.path_order.version.title},
    )


@transaction.atomic
def withdraw_path(*, order: PathOrder, reason: str, actor: User, at: datetime) -> int | None:
    """Take all parts of a path order back; return how many duties ended, None where a worker ends some of them.

    Raises AssignmentRefused.
    """
    return _together(
        withdraw_assignment(assignment=part, reason=reason, actor=actor, at=at, of_path=True) for part in _parts(order)
    )


@transaction.atomic
def undo_path(*, order: PathOrder, reason: str, actor: User, at: datetime) -> int | None:
    """Take a wrong path order back as if it had never been; return how many duties it leaves nobody owing, None where
    a worker puts some of them back.

    What was learned stays; that the path was done by this order does not. Raises AssignmentRefused.
    """
    ended = _together(
        undo_assignment(assignment=part, reason=reason, actor=actor, at=at, of_path=True) for part in _parts(order)
    )
    stood = PathCompletion.objects.standing().filter(path_order=order).select_related("path_order__version")
    for row in list(stood.select_related("completion")):
        _take_back(row, at=at)
    return ended


def _together(counts: Iterable[int | None]) -> int | None:
    ended = list(counts)
    return None if None in ended else sum(filter(None, ended))


def _parts(order: PathOrder) -> list[Assignment]:
    """All turns at once: whoever finishes one course spares others, and must not wait for what waits for them."""
    parts = list(order.assignments.order_by("course"))
    turn_to_order(*(part.course_id for part in parts))
    return parts
