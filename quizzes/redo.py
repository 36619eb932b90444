"""Whom a changed quiz or course concerns: counted before anything happens, and found again batch by batch when it does.

``postings`` narrows everything to officers who stand in some units; None is everybody.
"""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Course, CourseVersion
from enrolments.models import CourseCompletion, Duty, Enrolment, ItemCompletion
from organisation.models import Posting

from .choices import RedoScope
from .models import Attempt, AttemptQuerySet, QuizVersion


@dataclass(frozen=True)
class Again(ABC):
    """A choice of who takes ``version`` again; ``before`` and ``since`` (of their completion) only for everyone."""

    version: QuizVersion | CourseVersion
    scope: str
    before: datetime | None = None
    postings: QuerySet[Posting] | None = None
    since: datetime | None = None

    def attempts(self) -> AttemptQuerySet:
        """Attempts at older versions that no longer count, in courses that are not finished."""
        return Attempt.objects.none()

    def items(self) -> QuerySet[ItemCompletion]:
        """The quiz as a finished step of courses that are not finished yet."""
        return ItemCompletion.objects.none()

    @abstractmethod
    def completions(self, *, at: datetime) -> QuerySet[CourseCompletion]:
        """Ledger rows in force of officers who must go through the course once more; none who owe it already."""

    def _completions_of(self, course: Course, *, at: datetime) -> QuerySet[CourseCompletion]:
        if self.scope != RedoScope.EVERYONE:
            return CourseCompletion.objects.none()
        owed = Duty.objects.open().filter(officer=OuterRef("officer"), course=course)
        # A newer round that is only begun, without being owed, may never be finished.
        finished = Enrolment.objects.filter(course=course, completed_at__isnull=False)
        later = finished.filter(officer=OuterRef("officer"), cycle__gt=OuterRef("cycle"))
        rows = CourseCompletion.objects.in_force(at=at).filter(~Exists(owed), ~Exists(later), self._when, course=course)
        return self._below(rows, "officer")

    @property
    def _when(self) -> Q:
        begun = Q(completed_at__gte=self.since) if self.since else Q()
        return begun & Q(completed_at__lt=self.before)

    def _below(self, rows: Any, officer: str) -> Any:
        if self.postings is None:
            return rows
        return rows.filter(**{f"{officer}__in": self.postings.values("officer")})


@dataclass(frozen=True)
class CourseRedo(Again):
    """A course with other rules: whoever completed an older version; the unfinished follow the newest anyhow."""

    version: CourseVersion

    def completions(self, *, at: datetime) -> QuerySet[CourseCompletion]:
        rows = self._completions_of(self.version.course, at=at)
        return rows.filter(course_version__number__lt=self.version.number)


@dataclass(frozen=True)
class Redo(Again):
    """A changed quiz."""

    version: QuizVersion

    def attempts(self) -> AttemptQuerySet:
        done = ItemCompletion.objects.standing().filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
        again: Q = Q(~Exists(done))
        if self.scope == RedoScope.EVERYONE:
            again |= Q(Exists(done.filter(self._earned_before())))
        attempts = Attempt.objects.counting().filter(again, item=self.version.item_id, enrolment__completed_at=None)
        return self._below(attempts, "enrolment__officer").filter(version__number__lt=self._number)

    def items(self) -> QuerySet[ItemCompletion]:
        if self.scope != RedoScope.EVERYONE:
            return ItemCompletion.objects.none()
        standing = ItemCompletion.objects.standing().filter(self._earned_before(), item=self.version.item_id)
        return self._below(standing.filter(enrolment__completed_at=None), "enrolment__officer")

    def completions(self, *, at: datetime) -> QuerySet[CourseCompletion]:
        newer = Attempt.objects.counting().filter(
            enrolment=OuterRef("enrolment"), item=self.version.item_id, passed=True, version__number__gte=self._number
        )
        return self._completions_of(self.version.item.course, at=at).filter(~Exists(newer))

    def _earned_before(self) -> Q:
        """Done before the date, and not with the version that is asked for."""
        newer = Attempt.objects.filter(uuid=OuterRef("evidence"), version__number__gte=self._number)
        return Q(~Exists(newer)) & self._when

    @property
    def _number(self) -> int:
        return self.version.number


def redo_of(
    version: QuizVersion | CourseVersion,
    scope: str,
    *,
    since: datetime | None,
    before: datetime | None,
    postings: QuerySet[Posting] | None = None,
) -> Again:
    """The choice, for whichever kind of version it is about."""
    if isinstance(version, QuizVersion):
        return Redo(version, scope, before, postings, since)
    return CourseRedo(version, scope, before, postings, since)


@dataclass(frozen=True)
class Reach:
    """How many officers a redo concerns; the unit counts add up to ``total``."""

    unfinished: int = 0
    running: int = 0
    completed: int = 0
    per_unit: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.unfinished + self.completed


def reach_of(redo: Again, *, at: datetime) -> Reach:
    """Count whom ``redo`` concerns at ``at``, in all and by the unit where each stands."""
    if redo.scope == RedoScope.NOBODY:
        return Reach()
    attempts = redo.attempts()
    unfinished = set(attempts.values_list("enrolment__officer", flat=True))
    unfinished |= set(redo.items().values_list("enrolment__officer", flat=True))
    completed = set(redo.completions(at=at).values_list("officer", flat=True)) - unfinished
    units = dict(Posting.objects.in_force(at=at).values_list("officer", "unit__name"))
    counts = Counter(units.get(officer, "Tanpa satuan") for officer in (*unfinished, *completed))
    return Reach(
        unfinished=len(unfinished),
        running=attempts.running().count(),
        completed=len(completed),
        per_unit=sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])),
    )
