"""One officer's learning record: every duty with its reasons, item by item, attempts and certificates."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, prefetch_related_objects

from courses.models import Course, CourseVersion, CourseVersionItem, ItemKind
from enrolments.models import Duty, DutyReason, Enrolment, ItemCompletion, Relief
from enrolments.overview import CourseStanding, standing_completions, standings
from enrolments.paths import Known, OwnPath, locks, paths_of
from enrolments.permissions import duties_for_actor, enrolments_for_actor, own_reliefs, reliefs_for_actor
from enrolments.progress import ItemStanding
from foundation.formats import number
from organisation.models import Officer
from quizzes.models import Attempt

from .scope import Scope


@dataclass(frozen=True)
class RecordItem:
    """A step of the course as it stands, with the submitted attempts at it, the first one first."""

    standing: ItemStanding
    attempts: list[Attempt] = field(default_factory=list)
    fact: ItemCompletion | None = None

    @property
    def evidence_words(self) -> str:
        """What the completion of the item rests on."""
        if self.fact is None:
            return ""
        if self.fact.evidence is None:
            return "ditandai selesai oleh personel" if self.standing.version_item.item.kind == ItemKind.LESSON else ""
        proof = next((attempt for attempt in self.attempts if attempt.uuid == self.fact.evidence), None)
        return f"bukti: percobaan ke-{proof.number}" if proof else "bukti tersimpan"


@dataclass(frozen=True)
class RecordCourse:
    """One course of an officer: where they stand now, and every duty there ever was with its state, newest first."""

    standing: CourseStanding
    state: str
    items: list[RecordItem]
    duties: list[tuple[Duty, str]]

    @property
    def rule(self) -> CourseVersion:
        return self.standing.rule

    @property
    def deciding_item(self) -> CourseVersionItem | None:
        """Whose grade is the grade of the course."""
        return next(
            (item.standing.version_item for item in self.items if item.standing.version_item.decides_grade), None
        )

    @property
    def why(self) -> str:
        """A sentence or two: why this counts as done, or what is missing."""
        progress = self.standing.progress
        completion = self.standing.completion
        if self.standing.expired:
            return self.standing.expired_words
        if self.state == "done" and completion and completion.recognition:
            return f"Selesai karena pelatihan di luar diakui: {completion.recognition.organiser}."
        if self.state == "done" and completion:
            grade = f", nilai {number(completion.grade)}" if completion.grade is not None else ""
            return f"Selesai karena semua bagian wajib selesai{grade}."
        if not self.standing.enrolment:
            return "Belum selesai karena pelatihan belum dibuka."
        missing = [
            standing.version_item.title
            for standing in progress.items
            if standing.version_item.required and not standing.done_at
        ]
        if not missing:
            return "Semua bagian wajib selesai; penyelesaian sedang dicatat."
        return f"Belum selesai: {progress.done} dari {progress.total} bagian wajib. Kurang: {', '.join(missing)}."


@dataclass(frozen=True)
class LearningRecord:
    """``courses`` with an open duty first, by due date; ``paths`` and ``reliefs`` are all there ever were."""

    courses: list[RecordCourse]
    paths: list[OwnPath]
    reliefs: list[Relief]


def learning_record(officer: Officer, scope: Scope) -> LearningRecord:
    """Read everything in a fixed number of queries, two of them only for who is on a learning path."""
    reasons = DutyReason.objects.select_related(
        "assignment__unit", "assignment__activity__period__programme", "assignment__path_order__version"
    ).order_by("added_at")
    owed = list(
        duties_for_actor(scope.actor, at=scope.at)
        .filter(officer=officer)
        .prefetch_related(Prefetch("reasons", reasons))
        .order_by("-cycle", "-pk")
    )
    duties: dict[int, list[tuple[Duty, str]]] = defaultdict(list)
    for duty in owed:
        duties[duty.course_id].append((duty, duty.state(at=scope.at, started=False)))
    own = officer.user_id == scope.actor.pk
    granted = own_reliefs(scope.actor) if own else reliefs_for_actor(scope.actor, at=scope.at)
    reliefs = list(granted.filter(officer=officer).for_officer())
    known = Known(owed, list(standing_completions(officer)), reliefs)
    paths = paths_of(officer, at=scope.at, known=known)
    begun = enrolments_for_actor(scope.actor, at=scope.at).filter(officer=officer)
    taken = Course.objects.filter(Q(pk__in=duties) | Q(pk__in=begun.values("course"))).exclude(current_version=None)
    where = standings(
        officer,
        list(taken.select_related("current_version").order_by("code")),
        at=scope.at,
        locked=locks(officer, [path for path in paths if not path.completion], known=known),
        known=known,
        by_ledger=True,
    )
    attempts = _attempts([standing.enrolment for standing in where if standing.enrolment])
    courses = [
        RecordCourse(
            standing=standing,
            state=standing.state(at=scope.at),
            items=_items(standing, attempts),
            duties=duties[standing.course.pk],
        )
        for standing in where
    ]
    return LearningRecord(sorted(courses, key=_urgency), paths, reliefs)


def _urgency(course: RecordCourse) -> tuple[bool, datetime | None, str]:
    duty = course.standing.duty
    return (duty is None, duty.due_at if duty else None, course.standing.course.code)


def _items(standing: CourseStanding, attempts: dict[tuple[int, int], list[Attempt]]) -> list[RecordItem]:
    begun = standing.enrolment.pk if standing.enrolment else 0
    items = [(item, item.version_item.item_id) for item in standing.progress.items]
    return [RecordItem(item, attempts.get((begun, pk), []), standing.facts.get(pk)) for item, pk in items]


def _attempts(enrolments: list[Enrolment]) -> dict[tuple[int, int], list[Attempt]]:
    """(enrolment, item) → the attempts at it, in order."""
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    prefetch_related_objects(enrolments, "attempts")
    for enrolment in enrolments:
        for attempt in enrolment.attempts.all():
            found[enrolment.pk, attempt.item_id].append(attempt)
    return found
