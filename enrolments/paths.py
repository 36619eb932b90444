"""Learning paths: what is done, locked, still asked for and next. Arithmetic first, then what it is read from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects

from courses.models import Course, PathStep, PathVersion
from organisation.models import Officer

from .assignment import AssignmentPreview
from .models import (
    CourseCompletion,
    Duty,
    DutyEnd,
    DutyReason,
    PathCompletion,
    PathOrder,
    Relief,
    ReliefKind,
)

# Up to so many officers are named in a query; of more it is asked who in the nation.
FEW = 1000
# Officer id → course id → the completion that counts.
Done = Mapping[int, Mapping[int, CourseCompletion]]


@dataclass(frozen=True)
class StepStanding:
    """One course of a path. ``state`` is done, exempt, spared (enough others are done), locked or open."""

    step: PathStep
    state: str
    waits_for: Sequence[Course] = ()
    completion: CourseCompletion | None = None

    @property
    def course(self) -> Course:
        return self.step.course


@dataclass(frozen=True)
class PathProgress:
    """Where somebody stands; ``done`` and ``total`` count what is asked: the required ones and n of the others."""

    steps: Sequence[StepStanding]
    done: int
    total: int
    next_step: StepStanding | None

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    def standing_of(self, course_id: int) -> StepStanding | None:
        return next((standing for standing in self.steps if standing.step.course_id == course_id), None)

    @property
    def missing(self) -> list[StepStanding]:
        """What is still asked for, in order; of optional courses all that may be chosen."""
        return [standing for standing in self.steps if standing.state in ("open", "locked")]


def path_progress(
    steps: Sequence[PathStep], options_needed: int, *, done: Mapping[int, CourseCompletion], exempt: Collection[int]
) -> PathProgress:
    """Say how far somebody is.

    ``done`` maps course ids to the completion that counts, ``exempt`` are the courses that are not asked of them:
    they neither count nor hold anything up. When enough optional courses are done the others are spared.
    """
    asked = [step for step in steps if step.course_id in done or step.course_id not in exempt]
    options = [step for step in asked if not step.required]
    needed = min(options_needed, len(options))
    chosen = sum(1 for step in options if step.course_id in done)
    by_order = {step.order: step for step in steps}
    states: dict[int, str] = {}
    standings: list[StepStanding] = []
    for step in steps:
        waits_for = [by_order[order].course for order in step.after if states[order] in ("open", "locked")]
        if step.course_id in done:
            state = "done"
        elif step.course_id in exempt:
            state = "exempt"
        elif not step.required and chosen >= needed:
            state = "spared"
        else:
            state = "locked" if waits_for else "open"
        states[step.order] = state
        waiting = waits_for if state == "locked" else ()
        standings.append(StepStanding(step, state, waiting, done.get(step.course_id)))
    required = [step for step in asked if step.required]
    return PathProgress(
        steps=standings,
        done=sum(1 for step in required if step.course_id in done) + min(chosen, needed),
        total=len(required) + needed,
        next_step=next((standing for standing in standings if standing.state == "open"), None),
    )


# --- reading ----------------------------------------------------------------


def with_steps(orders: QuerySet[PathOrder]) -> QuerySet[PathOrder]:
    return orders.select_related("version").prefetch_related(_steps())


def _steps() -> Prefetch:
    return Prefetch("version__path_steps", PathStep.objects.select_related("course__current_version"))


def completions_by_officer(officers: Iterable[int], courses: Collection[int], *, at: datetime) -> Done:
    """What counts at ``at``: the newest completion in force per officer and course."""
    found: dict[int, dict[int, CourseCompletion]] = defaultdict(dict)
    rows = CourseCompletion.objects.in_force(at=at).filter(officer__in=list(officers), course__in=courses)
    for row in rows.order_by("completed_at", "pk"):
        found[row.officer_id][row.course_id] = row
    return found


def exemptions_by_officer(officers: Iterable[int], courses: Collection[int], *, at: datetime) -> Mapping[int, set[int]]:
    exempt: dict[int, set[int]] = defaultdict(set)
    rows = Relief.objects.in_force(at=at).filter(
        kind=ReliefKind.EXEMPTION, officer__in=list(officers), course__in=courses
    )
    for officer, course in rows.values_list("officer", "course"):
        exempt[officer].add(course)
    return exempt


def progress_by_officer(order: PathOrder, officers: Collection[int], *, at: datetime) -> dict[int, PathProgress]:
    """Where each of ``officers`` stands, in two queries (and one for the steps where they are not read yet)."""
    steps = list(order.version.path_steps.all())
    courses = [step.course_id for step in steps]
    done = completions_by_officer(officers, courses, at=at)
    exempt = exemptions_by_officer(officers, courses, at=at)
    needed = order.version.options_needed
    return {
        officer: path_progress(steps, needed, done=done.get(officer, {}), exempt=exempt.get(officer, ()))
        for officer in officers
    }


def chosen_enough(version: PathVersion, officers: Collection[int], *, at: datetime) -> set[int]:
    """Ids of those among ``officers`` who have done as many optional courses as the path asks for."""
    options = [step.course_id for step in version.path_steps.all() if not step.required]
    if not options:
        return set()
    done = CourseCompletion.objects.in_force(at=at).filter(course__in=options)
    if len(officers) <= FEW:
        done = done.filter(officer__in=officers)
    counted = done.order_by().values("officer").annotate(courses=Count("course", distinct=True))
    enough = counted.filter(courses__gte=version.options_needed).values_list("officer", flat=True)
    return set(enough) & set(officers)


def without_the_spared(
    order: PathOrder, course: Course, effect: AssignmentPreview, *, at: datetime
) -> AssignmentPreview:
    """``effect`` of the order's part for ``course`` without those who have done enough other optional courses."""
    if order.version.path_steps.filter(course=course, required=True).exists():
        return effect
    officers = [posting.officer_id for posting in effect.everybody]
    return effect.without(chosen_enough(order.version, officers, at=at))


@dataclass(frozen=True)
class OwnPath:
    """A path order as it stands for one officer."""

    order: PathOrder
    progress: PathProgress
    reasons: Sequence[DutyReason] = ()
    completion: PathCompletion | None = None

    @cached_property
    def due_at(self) -> datetime | None:
        """The earliest date of what is still owed."""
        return min((reason.duty.due_at for reason in self.reasons if reason.duty.valid_to is None), default=None)

    def state(self, *, at: datetime) -> str:
        if self.completion:
            return "done"
        if self.due_at and self.due_at < at:
            return "overdue"
        return "in_progress" if self.progress.done else "not_started"

    @property
    def words(self) -> str:
        """``1 dari 4 selesai, berikutnya: Komunikasi Efektif``."""
        words = f"{self.progress.done} dari {self.progress.total} selesai"
        step = self.progress.next_step
        return words if self.completion or step is None else f"{words}, berikutnya: {step.course.title}"

    @property
    def why(self) -> str:
        """One sentence: why this counts as done, or what is missing."""
        if self.completion:
            return "Selesai karena semua yang diminta jalur ini selesai."
        missing = self.progress.missing
        wanted = [standing.course.title for standing in missing if standing.step.required]
        options = [standing.course.title for standing in missing if not standing.step.required]
        if options:
            left = self.progress.total - self.progress.done - len(wanted)
            wanted.append(f"{left} pilihan dari {', '.join(options)}")
        if not wanted:
            return "Semua yang diminta selesai; penyelesaian sedang dicatat."
        return f"Belum selesai: {self.progress.done} dari {self.progress.total}. Kurang: {'; '.join(wanted)}."


def reasons_of_paths(officer: Officer) -> QuerySet[DutyReason]:
    """Why duties of ``officer`` are owed, or were done, as far as a path asks for them."""
    return DutyReason.objects.filter(
        duty__officer=officer,
        ended_at=None,
        assignment__path_order__isnull=False,
        duty__ended_as__in=["", DutyEnd.COMPLETED, DutyEnd.EXEMPT],
    )


@dataclass(frozen=True)
class Known:
    """What is on record of one officer, where a page has read all of it: then nothing of it is asked for again.

    ``duties`` with their reasons, these with their orders (unit and version of the path); ``completions`` that stand,
    the newest last; ``reliefs`` with their ends.
    """

    duties: Iterable[Duty]
    completions: Iterable[CourseCompletion]
    reliefs: Iterable[Relief]

    @cached_property
    def reasons(self) -> list[DutyReason]:
        return [reason for duty in self.duties for reason in duty.reasons.all()]

    def in_force(self, *, at: datetime) -> dict[int, CourseCompletion]:
        """Course id → the completion that counts."""
        return {completion.course_id: completion for completion in self.completions if completion.holds(at=at)}

    def asking_for_paths(self) -> list[DutyReason]:
        """As ``reasons_of_paths``, in the order of ``paths_of``."""
        ends = ("", DutyEnd.COMPLETED, DutyEnd.EXEMPT)
        asking = (one for one in self.reasons if one.ended_at is None and one.assignment.path_order_id)
        return sorted((one for one in asking if one.duty.ended_as in ends), key=lambda one: (one.due_at, one.pk))

    def orders(self, wanted: Collection[int]) -> list[PathOrder]:
        """The orders ``wanted`` (ids) among those that the reasons name, with their steps: one query."""
        found = {one.assignment.path_order_id: one.assignment.path_order for one in self.reasons}
        orders = [order for pk, order in found.items() if order and pk in wanted]
        prefetch_related_objects(orders, _steps())
        return sorted(orders, key=lambda order: (order.recorded_at, order.pk))

    def exempt(self, *, at: datetime) -> set[int]:
        """Courses, by id, that are not asked of the officer."""
        running = (relief for relief in self.reliefs if relief.state(at=at) == "running")
        return {relief.course_id for relief in running if relief.kind == ReliefKind.EXEMPTION and relief.course_id}


def paths_of(officer: Officer, *, at: datetime, only_open: bool = False, known: Known | None = None) -> list[OwnPath]:
    """The paths asked of ``officer``; ``only_open`` leaves out the finished ones. One query where there is none."""
    asking = (
        known.asking_for_paths()
        if known
        else reasons_of_paths(officer).select_related("duty", "assignment__unit").order_by("due_at", "pk")
    )
    reasons: dict[int, list[DutyReason]] = defaultdict(list)
    for reason in asking:
        reasons[reason.assignment.path_order_id or 0].append(reason)
    if not reasons:
        return []
    finished = {
        row.path_order_id: row
        for row in PathCompletion.objects.standing().filter(officer=officer, path_order__in=reasons)
    }
    # Whoever went elsewhere has what is done behind them, and owes no more of it.
    owed = {pk for pk, rows in reasons.items() if any(row.duty.valid_to is None for row in rows)}
    wanted = owed - set(finished) if only_open else owed | set(finished)
    if not wanted:
        return []
    done: Mapping[int, CourseCompletion]
    if known:
        found = known.orders(wanted)
        done, exempt = known.in_force(at=at), known.exempt(at=at)
    else:
        found = list(with_steps(PathOrder.objects.filter(pk__in=wanted)).order_by("recorded_at", "pk"))
        courses = {step.course_id for order in found for step in order.version.path_steps.all()}
        done = completions_by_officer([officer.pk], courses, at=at).get(officer.pk, {})
        exempt = exemptions_by_officer([officer.pk], courses, at=at).get(officer.pk, set())
    return [
        OwnPath(
            order=order,
            progress=path_progress(
                list(order.version.path_steps.all()), order.version.options_needed, done=done, exempt=exempt
            ),
            reasons=reasons[order.pk],
            completion=finished.get(order.pk),
        )
        for order in found
    ]


def locks(officer: Officer, paths: Sequence[OwnPath], *, known: Known | None = None) -> dict[int, Sequence[Course]]:
    """Course id → what must be done first, for courses that nothing but paths asks for, each of them not yet.

    ``paths`` are the open ones of ``officer``. One query, and none without a path.
    """
    if not paths:
        return {}
    if known is None:
        asked = DutyReason.objects.filter(duty__officer=officer, duty__valid_to=None, ended_at=None)
        free = set(asked.filter(assignment__path_order=None).values_list("duty__course", flat=True))
    else:
        open_ones = (reason for reason in known.reasons if reason.ended_at is None and reason.duty.valid_to is None)
        free = {reason.duty.course_id for reason in open_ones if reason.assignment.path_order_id is None}
    waiting: dict[int, Sequence[Course]] = {}
    for path in paths:
        for standing in path.progress.steps:
            if standing.state == "locked":
                waiting.setdefault(standing.step.course_id, standing.waits_for)
            else:
                free.add(standing.step.course_id)
    return {course: first for course, first in waiting.items() if course not in free}


def what_comes_first(courses: Sequence[Course]) -> str:
    """The sentence on a locked course."""
    return f"Selesaikan dahulu {' dan '.join(f'“{course.title}”' for course in courses)}; sesudah itu terbuka."
