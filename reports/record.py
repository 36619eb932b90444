"""One officer's learning record: every duty with its reasons, item by item, attempts and certificates."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects

from courses.models import Course
from enrolments.models import Duty, DutyReason, Enrolment
from enrolments.overview import CourseStanding, standings
from enrolments.permissions import duties_for_actor, enrolments_for_actor
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


@dataclass(frozen=True)
class RecordCourse:
    """One course of an officer: where they stand now, and every duty there ever was with its state, newest first."""

    standing: CourseStanding
    state: str
    items: list[RecordItem]
    duties: list[tuple[Duty, str]]

    @property
    def why(self) -> str:
        """One sentence: why this counts as done, or what is missing."""
        progress = self.standing.progress
        completion = self.standing.completion
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


def learning_record(officer: Officer, scope: Scope) -> list[RecordCourse]:
    """Read everything in a fixed number of queries; courses with an open duty first, by due date."""
    reasons = DutyReason.objects.select_related("assignment__activity__period__programme").order_by("added_at")
    duties: dict[int, list[tuple[Duty, str]]] = defaultdict(list)
    owed = (
        duties_for_actor(scope.actor, at=scope.at)
        .filter(officer=officer)
        .prefetch_related(Prefetch("reasons", reasons))
    )
    for duty in owed.order_by("-cycle", "-pk"):
        duties[duty.course_id].append((duty, duty.state(at=scope.at, started=False)))
    begun = enrolments_for_actor(scope.actor, at=scope.at).filter(officer=officer).values_list("course", flat=True)
    taken = Course.objects.filter(pk__in={*duties, *begun}).exclude(current_version=None)
    where = standings(officer, list(taken.select_related("current_version").order_by("code")), at=scope.at)
    attempts = _attempts([standing.enrolment for standing in where if standing.enrolment])
    record = [
        RecordCourse(
            standing=standing,
            state=standing.state(at=scope.at),
            items=_items(standing, attempts),
            duties=duties[standing.course.pk],
        )
        for standing in where
    ]
    return sorted(record, key=_urgency)


def _urgency(course: RecordCourse) -> tuple[bool, datetime | None, str]:
    duty = course.standing.duty
    return (duty is None, duty.due_at if duty else None, course.standing.course.code)


def _items(standing: CourseStanding, attempts: dict[tuple[int, int], list[Attempt]]) -> list[RecordItem]:
    begun = standing.enrolment.pk if standing.enrolment else 0
    return [RecordItem(item, attempts.get((begun, item.version_item.item_id), [])) for item in standing.progress.items]


def _attempts(enrolments: list[Enrolment]) -> dict[tuple[int, int], list[Attempt]]:
    """(enrolment, item) → the attempts at it, in order."""
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    prefetch_related_objects(enrolments, "attempts")
    for enrolment in enrolments:
        for attempt in enrolment.attempts.all():
            found[enrolment.pk, attempt.item_id].append(attempt)
    return found
