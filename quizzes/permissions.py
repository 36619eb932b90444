"""Who may open an attempt, who may give another one, and who moves questions in and out."""

from datetime import datetime

from django.db.models import QuerySet
from wagtail.permissions import page_permission_policy

from organisation.models import Role
from organisation.permissions import has_role, officers_for_actor

from .models import Attempt, ImportedSitting, QuestionImport, QuizPage

GRANTS_ATTEMPTS = (Role.SDM,)
WRITES_QUESTIONS = (Role.TRAINER, Role.REVIEWER)
KEEPS_HISTORY = (Role.ADMINISTRATOR,)


def attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts that ``actor`` may open: only the own ones, whatever the role."""
    if not actor.is_authenticated:
        return Attempt.objects.none()
    return Attempt.objects.filter(enrolment__officer__user=actor)


def used_up_attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """The last attempts of officers in the scope of ``actor`` who have none left and did not pass; never the own."""
    officers = officers_for_actor(actor, at=at, roles=GRANTS_ATTEMPTS).exclude(user=actor)
    return Attempt.objects.used_up().filter(enrolment__officer__in=officers, enrolment__completed_at=None)


def quiz_pages_for_actor(actor, *, at: datetime) -> QuerySet[QuizPage]:
    """Quiz pages that ``actor`` may edit, and so read with their keys."""
    if not has_role(actor, WRITES_QUESTIONS, at=at):
        return QuizPage.objects.none()
    return QuizPage.objects.filter(
        pk__in=page_permission_policy.instances_user_has_permission_for(actor, "change").values("pk")
    ).order_by("path")


def question_imports_for_actor(actor, *, at: datetime) -> QuerySet[QuestionImport]:
    """Uploads of the actor's own into pages the actor may edit; nobody confirms somebody else's file."""
    pages = quiz_pages_for_actor(actor, at=at)
    return QuestionImport.objects.filter(uploaded_by=actor.pk, page__in=pages).select_related("page")


def imported_sittings_for_actor(actor, *, at: datetime) -> QuerySet[ImportedSitting]:
    """Old results that ``actor`` may read: the own ones; an administrator also those that found no officer."""
    if not actor.is_authenticated:
        return ImportedSitting.objects.none()
    own = ImportedSitting.objects.filter(officer__user=actor)
    return own | ImportedSitting.objects.unmatched() if has_role(actor, KEEPS_HISTORY, at=at) else own
