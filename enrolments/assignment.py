"""Whom an assignment reaches and until when: the rule, and what it would do, before it is done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from courses.models import Course
from foundation.formats import date_long, in_zone
from organisation.models import Officer, Posting, PostingQuerySet, Rank, ServiceFunction, Unit, Zone

from .calendar import day_end
from .clock import TIME_AT_LEAST
from .models import Assignment, CourseCompletion, DueRule, Duty, Relief
from .whom import Whom


@dataclass(frozen=True)
class AssignmentRule:
    """Everybody posted below ``unit`` who has one of ``ranks``, serves one of ``functions`` and holds one of ``posts``.

    Each of the three only where any are named. With ``people`` only those of them who stand below ``unit`` are
    reached. ``excluded_units`` (with all below them) and ``excluded_people`` stay out in any case.
    """

    unit: Unit
    ranks: Sequence[Rank] = ()
    functions: Sequence[ServiceFunction] = ()
    posts: Sequence[str] = ()
    people: Sequence[Officer] = ()
    excluded_units: Sequence[Unit] = ()
    excluded_people: Sequence[Officer] = ()

    @classmethod
    def of(cls, assignment: Assignment) -> "AssignmentRule":
        """The rule that an order was given with."""
        return cls(
            unit=assignment.unit,
            ranks=list(assignment.ranks.all()),
            functions=list(assignment.functions.all()),
            posts=assignment.posts,
            people=list(assignment.people.all()),
            excluded_units=list(assignment.excluded_units.all()),
            excluded_people=list(assignment.excluded_people.all()),
        )

    @property
    def whom(self) -> Whom:
        return Whom(
            unit=self.unit,
            functions=self.functions,
            ranks=self.ranks,
            posts=self.posts,
            excluded_units=self.excluded_units,
            people=len(self.people),
            excluded_people=len(self.excluded_people),
        )

    def postings(self, *, at: datetime) -> PostingQuerySet:
        """One posting per officer reached at ``at``."""
        reached = Posting.objects.in_force(at=at).below(self.unit)
        if self.ranks:
            reached = reached.filter(rank__in=self.ranks)
        if self.functions:
            serving = Posting.functions.through.objects.filter(servicefunction__in=self.functions)
            reached = reached.filter(pk__in=serving.values("posting"))
        if self.posts:
            named = Q()
            for post in self.posts:
                named |= Q(post__iexact=post)
            reached = reached.filter(named)
        if self.people:
            reached = reached.filter(officer__in=self.people)
        for unit in self.excluded_units:
            reached = reached.exclude(unit.subtree_of("unit__"))
        if self.excluded_people:
            reached = reached.exclude(officer__in=self.excluded_people)
        return reached


@dataclass(frozen=True)
class Due:
    """Until when: one date (FIXED), or ``days`` after something that differs from officer to officer.

    ``at`` is that date as the clock of ``zone``, that of the order's unit, has it. What is meant is what clocks show
    then, each where its officer serves: 23.59 of the same day.
    """

    rule: str = DueRule.FIXED
    at: datetime | None = None
    days: int | None = None
    zone: str = Zone.WIB

    @classmethod
    def of(cls, assignment: Assignment) -> "Due":
        """That of an order read with its unit."""
        return cls(assignment.due_rule, assignment.due_at, assignment.due_days, assignment.unit.zone)

    def for_posting(self, posting: Posting, *, ordered_at: datetime, asked_at: datetime) -> datetime:
        """The last second of the officer's last day, in the zone of the unit where they stand.

        The days never count from before the order: nobody is late by an order of today. Nor is whoever comes under it
        later, at ``asked_at``: two weeks are left at least, or the days of the order where those are fewer.
        """
        begins = {
            DueRule.ASSIGNED: asked_at,
            DueRule.POSTED: posting.valid_from,
            DueRule.JOINED: posting.officer.created_at,
        }
        start = max(begins.get(DueRule(self.rule), ordered_at), ordered_at)
        date = self.counted_from(start, posting.unit.zone)
        if asked_at <= ordered_at:
            return date
        least = TIME_AT_LEAST.days if self.days is None else min(self.days, TIME_AT_LEAST.days)
        return max(date, _days_after(asked_at, least, posting.unit.zone))

    def counted_from(self, start: datetime, zone: str) -> datetime:
        """The date of whoever serves in ``zone``, where the days count from ``start``.

        A fixed date that is over there already at ``start`` stays the moment that the order named.
        """
        if self.at is None:
            return _days_after(start, self.days or 0, zone)
        there = self._on_the_wall(self.at, zone)
        return there if there > start else self.at

    def taken_along(self, date: datetime, zone: str, *, at: datetime) -> datetime:
        """``date``, which this gave somebody, for the same officer who serves in ``zone`` at ``at``.

        Only a fixed date is one of the wall, and only while it is to come by both clocks: nobody is late, or in time
        again, by a move. Any other date (counted in days, of a later round) stays the moment it is.
        """
        if self.at is None:
            return date
        there = self._on_the_wall(self.at, zone)
        if date == there or min(date, there) <= at:
            return date
        return there if date in {self._on_the_wall(self.at, one) for one in Zone.values} else date

    def _on_the_wall(self, at: datetime, zone: str) -> datetime:
        """When clocks in ``zone`` show what that of the order shows ``at``."""
        return in_zone(at, self.zone).replace(tzinfo=ZoneInfo(zone))

    def words(self) -> str:
        """``14 hari sesudah ditugaskan``, ``Kamis, 31 Desember 2026 pukul 23.59 waktu setempat``"""
        if self.at:
            return f"{date_long(self.at, self.zone)} pukul {in_zone(self.at, self.zone):%H.%M} waktu setempat"
        return DueRule(self.rule).label.replace("Sekian", str(self.days))


def _days_after(start: datetime, days: int, zone: str) -> datetime:
    return day_end(start.astimezone(ZoneInfo(zone)).date() + timedelta(days=days), zone)


@dataclass(frozen=True)
class AssignmentPreview:
    """What an assignment would do, officer by officer; every total is the length of a list.

    ``exempt`` get a duty that counts nowhere while the exemption lasts; ``sooner`` are those of ``already_owes``
    whose date would come earlier.
    """

    gains: list[Posting] = field(default_factory=list)
    already_owes: list[Posting] = field(default_factory=list)
    already_complete: list[Posting] = field(default_factory=list)
    exempt: list[Posting] = field(default_factory=list)
    sooner: list[Posting] = field(default_factory=list)

    @property
    def everybody(self) -> list[Posting]:
        return [*self.gains, *self.already_owes, *self.already_complete, *self.exempt]

    @property
    def total(self) -> int:
        return len(self.everybody)

    def without(self, officers: Collection[int]) -> "AssignmentPreview":
        """The same where ``officers`` (ids) are not asked; what they have done stays told."""
        return AssignmentPreview(
            already_complete=self.already_complete,
            **{
                name: [posting for posting in getattr(self, name) if posting.officer_id not in officers]
                for name in ("gains", "already_owes", "exempt", "sooner")
            },
        )


def preview(rule: AssignmentRule, course: Course, due: Due, *, at: datetime) -> AssignmentPreview:
    """Sort everybody the rule reaches by what the assignment would change for them."""
    return sorted_by_effect(rule.postings(at=at).for_officer_list(), course, due, ordered_at=at, at=at)


def sorted_by_effect(
    postings: Iterable[Posting], course: Course, due: Due, *, ordered_at: datetime, at: datetime
) -> AssignmentPreview:
    """As ``preview``, of ``postings`` alone."""
    postings = list(postings)
    officer_ids = [posting.officer_id for posting in postings]
    owing = dict(Duty.objects.open().filter(course=course, officer__in=officer_ids).values_list("officer_id", "due_at"))
    complete = set(
        CourseCompletion.objects.in_force(at=at)
        .filter(course=course, officer__in=officer_ids)
        .values_list("officer_id", flat=True)
    )
    exempt = set(
        Relief.objects.exempting(course, at=at).filter(officer__in=officer_ids).values_list("officer_id", flat=True)
    )
    result = AssignmentPreview()
    for posting in postings:
        if posting.officer_id in owing:
            result.already_owes.append(posting)
            if due.for_posting(posting, ordered_at=ordered_at, asked_at=at) < owing[posting.officer_id]:
                result.sooner.append(posting)
        elif posting.officer_id in complete:
            result.already_complete.append(posting)
        elif posting.officer_id in exempt:
            result.exempt.append(posting)
        else:
            result.gains.append(posting)
    return result
