"""Whom an assignment reaches: the rule, and what it would do, before it is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from courses.models import Course
from organisation.models import Officer, Posting, PostingQuerySet, Rank, ServiceFunction, Unit

from .models import CourseCompletion, Duty


@dataclass(frozen=True)
class AssignmentRule:
    """Everybody posted below ``unit`` who has one of ``ranks`` and serves one of ``functions``, where any are named.

    With ``people`` only those of them who stand below ``unit`` are reached.
    """

    unit: Unit
    ranks: Sequence[Rank] = ()
    functions: Sequence[ServiceFunction] = ()
    people: Sequence[Officer] = ()

    def postings(self, *, at: datetime) -> PostingQuerySet:
        """One posting per officer reached at ``at``."""
        reached = Posting.objects.in_force(at=at).below(self.unit)
        if self.ranks:
            reached = reached.filter(rank__in=self.ranks)
        if self.functions:
            serving = Posting.functions.through.objects.filter(servicefunction__in=self.functions)
            reached = reached.filter(pk__in=serving.values("posting"))
        if self.people:
            reached = reached.filter(officer__in=self.people)
        return reached


@dataclass(frozen=True)
class AssignmentPreview:
    """What an assignment would do, officer by officer; every total is the length of a list."""

    gains: list[Posting] = field(default_factory=list)
    already_owes: list[Posting] = field(default_factory=list)
    already_complete: list[Posting] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.gains) + len(self.already_owes) + len(self.already_complete)

    @property
    def per_unit(self) -> list[tuple[Unit, int]]:
        """Units with the number of officers reached, largest first."""
        counts = Counter(posting.unit for posting in [*self.gains, *self.already_owes, *self.already_complete])
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))


def preview(rule: AssignmentRule, course: Course, *, at: datetime) -> AssignmentPreview:
    """Sort everybody the rule reaches by what the assignment would change for them."""
    postings = list(rule.postings(at=at).for_officer_list())
    officer_ids = [posting.officer_id for posting in postings]
    owing = set(Duty.objects.open().filter(course=course, officer__in=officer_ids).values_list("officer_id", flat=True))
    complete = set(
        CourseCompletion.objects.in_force(at=at)
        .filter(course=course, officer__in=officer_ids)
        .values_list("officer_id", flat=True)
    )
    result = AssignmentPreview()
    for posting in postings:
        if posting.officer_id in owing:
            result.already_owes.append(posting)
        elif posting.officer_id in complete:
            result.already_complete.append(posting)
        else:
            result.gains.append(posting)
    return result
