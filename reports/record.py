"""One officer's learning record: every duty with its reasons, item by item, attempts and certificates."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects

from courses.models import Course, CourseVersion, CourseVersionItem, ItemKind
from enrolments.models import Duty, DutyReason, Enrolment, ItemCompletion
from enrolments.overview import CourseStanding, standings
from enrolments.permissions import duties_for_actor, enrolments_for_actor
from enrolments.progress import ItemStanding, course_progress
from foundation.formats import number
from organisation.models import Officer
from quizzes.models import Attempt

from .scope import Scope

Facts = dict[tuple[int, int], ItemCompletion]


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
    rule: CourseVersion

    @property
    def deciding_item(self) -> CourseVersionItem | None:
        """Whose grade is the grade of the course."""
        return next(
            (item.standing.version_item for item in self.items if item.standing.version_item.decides_grade), None
        )

    @property
    def why(self) -> str:
        """One sentence: why this counts as done, or what is missing."""
        progress = self.standing.progress
        completion = self.standing.completion
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


def learning_record(officer: Officer, scope: Scope) -> list[RecordCourse]:
    """Read everything in a fixed number of queries; courses with an open duty first, by due date."""
    reasons = DutyReason.objects.select_related(
        "assignment__activity__period__programme", "assignment__path_order__version"
    ).order_by("added_at")
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
    begun_here = [standing.enrolment for standing in where if standing.enrolment]
    attempts = _attempts(begun_here)
    facts = {
        (fact.enrolment_id, fact.item_id): fact
        for fact in scope.moment.item_completions().filter(enrolment__in=begun_here)
    }
    where, rules = _by_their_rules(where, facts, at=scope.at)
    record = [
        RecordCourse(
            standing=standing,
            state=standing.state(at=scope.at),
            items=_items(standing, attempts, facts),
            duties=duties[standing.course.pk],
            rule=rule,
        )
        for standing, rule in zip(where, rules, strict=True)
    ]
    return sorted(record, key=_urgency)


def _by_their_rules(
    where: list[CourseStanding], facts: Facts, *, at: datetime
) -> tuple[list[CourseStanding], list[CourseVersion]]:
    """What was completed is judged by the version of its ledger row; what is not, by the newest (decision 0005)."""
    done_by = {
        standing.course.pk: standing.completion.course_version_id
        for standing in where
        if standing.completion and standing.enrolment and standing.state(at=at) == "done"
    }
    asked = {done_by.get(standing.course.pk, standing.course.current_version_id) for standing in where}
    versions = CourseVersion.objects.prefetch_related("version_items__item").in_bulk(asked)
    judged, rules = [], []
    for standing in where:
        rule = versions[done_by.get(standing.course.pk, standing.course.current_version_id)]
        if rule.pk != standing.course.current_version_id and standing.enrolment:
            mine = {item: fact.completed_at for (begun, item), fact in facts.items() if begun == standing.enrolment.pk}
            standing = replace(standing, progress=course_progress(list(rule.version_items.all()), mine))
        judged.append(standing)
        rules.append(rule)
    return judged, rules


def _urgency(course: RecordCourse) -> tuple[bool, datetime | None, str]:
    duty = course.standing.duty
    return (duty is None, duty.due_at if duty else None, course.standing.course.code)


def _items(standing: CourseStanding, attempts: dict[tuple[int, int], list[Attempt]], facts: Facts) -> list[RecordItem]:
    begun = standing.enrolment.pk if standing.enrolment else 0
    keys = [(item, (begun, item.version_item.item_id)) for item in standing.progress.items]
    return [RecordItem(item, attempts.get(key, []), facts.get(key)) for item, key in keys]


def _attempts(enrolments: list[Enrolment]) -> dict[tuple[int, int], list[Attempt]]:
    """(enrolment, item) → the attempts at it, in order."""
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    prefetch_related_objects(enrolments, "attempts")
    for enrolment in enrolments:
        for attempt in enrolment.attempts.all():
            found[enrolment.pk, attempt.item_id].append(attempt)
    return found
