"""Which rows of learning a report may read: those of whoever stands in the postings its actor may see, no others."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from enrolments.models import CourseCompletion, Duty, DutyEnd, Enrolment, ItemCompletion
from organisation.models import Posting, RoleGrant
from organisation.permissions import READS_LEARNING
from quizzes.choices import QuizRole

SAME_ROUND = {"officer": OuterRef("officer"), "course": OuterRef("course"), "cycle": OuterRef("cycle")}


def counted_duties(postings: QuerySet[Posting]) -> QuerySet[Duty]:
    """Duties owed or done (not withdrawn, not exempt) of the officers of ``postings``, one posting each.

    Each row has ``posting_pk`` and ``unit_path`` of where the officer stands.
    """
    rows = _counted().filter(officer__posting__in=postings)
    return rows.annotate(posting_pk=F("officer__posting__pk"), unit_path=F("officer__posting__unit__path")).order_by()


def counted_duties_at(at: datetime) -> QuerySet[Duty]:
    """The same for the whole nation at ``at``: only for sums by unit of which each reader gets the own ones."""
    return counted_duties(Posting.objects.in_force(at=at))


def leading_grants(*, at: datetime) -> QuerySet[RoleGrant]:
    """Every role in force that leads people in learning, with its user and unit: who gets a digest."""
    grants = RoleGrant.objects.in_force(at=at).filter(role__in=READS_LEARNING, user__is_active=True)
    return grants.select_related("user", "unit").order_by("user", "unit__path")


def newest_cycles(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Leave out a duty that a newer one of the same officer and course follows."""
    newer = _counted().filter(officer=OuterRef("officer"), course=OuterRef("course"))
    later = Q(cycle__gt=OuterRef("cycle")) | Q(cycle=OuterRef("cycle"), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(newer.filter(later)))


def _counted() -> QuerySet[Duty]:
    return Duty.objects.exclude(ended_as__in=[DutyEnd.WITHDRAWN, DutyEnd.EXEMPT])


def with_standing(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Each duty with whether the course was ``started`` and the ``grade`` of the ledger."""
    return rows.annotate(
        started=Exists(Enrolment.objects.filter(**SAME_ROUND)),
        grade=Subquery(CourseCompletion.objects.standing().filter(**SAME_ROUND).values("grade")[:1]),
    )


def with_first_grade(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Each duty with ``before``: the grade of the pre-test, if one was taken."""
    same_round = {f"enrolment__{name}": value for name, value in SAME_ROUND.items()}
    taken = (
        ItemCompletion.objects.standing()
        .filter(**same_round, item__quiz_versions__role=QuizRole.PRETEST, grade__isnull=False)
        .order_by("completed_at")
    )
    return rows.annotate(before=Subquery(taken.values("grade")[:1]))
