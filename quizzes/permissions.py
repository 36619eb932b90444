"""Who may open an attempt, who may give another one, and who works with the question bank."""

from datetime import datetime

from django.db.models import QuerySet

from organisation.models import Role
from organisation.permissions import officers_for_actor

from .models import Attempt

GRANTS_ATTEMPTS = (Role.SDM,)


def attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts that ``actor`` may open: only the own ones, whatever the role."""
    if not actor.is_authenticated:
        return Attempt.objects.none()
    return Attempt.objects.filter(enrolment__officer__user=actor)


def used_up_attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """The last attempts of officers in the scope of ``actor`` who have none left and did not pass; never the own."""
    officers = officers_for_actor(actor, at=at, roles=GRANTS_ATTEMPTS).exclude(user=actor)
    return Attempt.objects.used_up().filter(enrolment__officer__in=officers, enrolment__completed_at=None)


def may_use_bank(actor) -> bool:
    """Trainers and reviewers; the groups of the CMS hold it (``editorial``)."""
    return actor.has_perm("quizzes.change_bankquestion")
