"""Who may open an attempt, and who may give another one."""

from datetime import datetime

from django.db.models import QuerySet

from courses.models import CourseItem
from enrolments.permissions import enrolments_for_actor
from foundation.models import ApprovalRequest
from organisation.models import Role
from organisation.permissions import has_role, officers_for_actor

from .models import Attempt

GRANTS_ATTEMPTS = (Role.SDM,)
# Content is for everybody below: whoever writes or reviews it anywhere sees how its questions do everywhere.
ANALYSES = (Role.TRAINER, Role.REVIEWER)
APPROVES_CORRECTIONS = (Role.REVIEWER,)


def attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts that ``actor`` may open: only the own ones, whatever the role."""
    if not actor.is_authenticated:
        return Attempt.objects.none()
    return Attempt.objects.filter(enrolment__officer__user=actor)


def used_up_attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """The last attempts of officers in the scope of ``actor`` who have none left and did not pass; never the own."""
    officers = officers_for_actor(actor, at=at, roles=GRANTS_ATTEMPTS).exclude(user=actor)
    return Attempt.objects.used_up().filter(enrolment__officer__in=officers, enrolment__completed_at=None)


def quizzes_for_analysis(actor, *, at: datetime) -> QuerySet[CourseItem]:
    """Quiz items whose questions ``actor`` may look at: every one that was published, for who writes or reviews."""
    if not has_role(actor, ANALYSES, at=at):
        return CourseItem.objects.none()
    return CourseItem.objects.filter(quiz_versions__isnull=False).distinct()


def attempts_named_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts whose officer ``actor`` may know by name: as with everything learnt, own ones and those below."""
    return Attempt.objects.filter(enrolment__in=enrolments_for_actor(actor, at=at))


def corrections_for_actor(actor, *, at: datetime) -> QuerySet[ApprovalRequest]:
    """What was asked about keys, decided or not, for who writes or reviews."""
    from .services.correcting import CORRECT

    if not has_role(actor, ANALYSES, at=at):
        return ApprovalRequest.objects.none()
    return ApprovalRequest.objects.filter(kind=CORRECT)


def may_decide_correction(actor, asked: ApprovalRequest, *, at: datetime) -> bool:
    """A reviewer other than who asked, while nobody decided."""
    if asked.requested_by_id == actor.pk or hasattr(asked, "approval"):
        return False
    return has_role(actor, APPROVES_CORRECTIONS, at=at)
