"""Who may see duties, enrolments and completions: the officer, and who reads learning above the unit."""

from datetime import datetime

from django.db.models import Q, QuerySet

from courses.models import Course
from organisation.permissions import ASSIGNS, READS_LEARNING, postings_for_actor, subtree_scope

from .models import Assignment, CourseCompletion, Duty, Enrolment


def _own_or_below(actor, *, at: datetime) -> Q:
    if not actor.is_authenticated:
        return Q(pk__in=[])
    return Q(officer__user=actor) | Q(officer__posting__in=postings_for_actor(actor, at=at, roles=READS_LEARNING))


def enrolments_for_actor(actor, *, at: datetime) -> QuerySet[Enrolment]:
    """Own enrolments and those of officers posted at ``at`` below the units granted to ``actor``."""
    return Enrolment.objects.filter(_own_or_below(actor, at=at)).distinct()


def duties_for_actor(actor, *, at: datetime) -> QuerySet[Duty]:
    """Own duties and those of officers posted at ``at`` below the units granted to ``actor``."""
    return Duty.objects.filter(_own_or_below(actor, at=at)).distinct()


def completions_for_actor(actor, *, at: datetime) -> QuerySet[CourseCompletion]:
    """Standing ledger rows: own ones and those of officers posted at ``at`` below the granted units."""
    return CourseCompletion.objects.standing().filter(_own_or_below(actor, at=at)).distinct()


def assignments_for_actor(actor, *, at: datetime) -> QuerySet[Assignment]:
    """Assignments over units in the subtrees that ``actor`` may assign in."""
    return Assignment.objects.filter(subtree_scope(actor, ASSIGNS, at=at))


def own_enrolment(actor, course: Course) -> Enrolment | None:
    """The newest cycle's enrolment of the actor in ``course``."""
    if not actor.is_authenticated:
        return None
    return Enrolment.objects.filter(officer__user=actor, course=course).order_by("-cycle").first()


def own_duties(actor) -> QuerySet[Duty]:
    return Duty.objects.filter(officer__user=actor)
