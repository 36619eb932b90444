"""Who may open, see, mark and decide about attempts, bend the rules of a quiz, and move questions in and out."""

from datetime import datetime
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, UUIDField
from wagtail.permissions import page_permission_policy

from courses.models import CourseItem
from enrolments.models import Duty, Enrolment
from enrolments.permissions import enrolments_for_actor
from foundation.models import ApprovalRequest
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer, Role
from organisation.permissions import ASSIGNS, READS_LEARNING, has_role, officers_for_actor, subtree_scope

from .models import (
    Accommodation,
    Attempt,
    ImportedSitting,
    LateAnswer,
    MarkingTask,
    Outage,
    QuestionImport,
    QuizPage,
    RedoOrder,
    Response,
)
from .models.marking import MarkingTaskQuerySet
from .models.rows import AttemptQuerySet

GRANTS_ATTEMPTS = (Role.SDM,)
# Sittings with the officer's name, and without it.
SEES_SITTINGS = READS_LEARNING
SEES_BLIND = (Role.TRAINER, Role.REVIEWER)
MARKS = (Role.TRAINER, Role.REVIEWER)
# Who takes the third seat when two markers disagree.
DECIDES_MARKS = (Role.REVIEWER,)
# Late answers: SDM with names, trainers and reviewers without.
DECIDES_LATE = (Role.SDM,)
DECIDES_LATE_BLIND = MARKS
ACCOMMODATES = (Role.SDM,)
RECORDS_OUTAGES = (Role.SDM,)
ORDERS_REDO = ASSIGNS
# Content knows no units: who writes it asks, and SDM decides for the own people.
ASKS_REDO = (Role.TRAINER, Role.REVIEWER)
WRITES_QUESTIONS = (Role.TRAINER, Role.REVIEWER)
KEEPS_HISTORY = (Role.ADMINISTRATOR,)
# Content is for everybody below: whoever writes or reviews it anywhere sees how its questions do everywhere.
ANALYSES = (Role.TRAINER, Role.REVIEWER)
APPROVES_CORRECTIONS = (Role.REVIEWER,)


def attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """Attempts that ``actor`` may open: only the own ones, whatever the role."""
    if not actor.is_authenticated:
        return Attempt.objects.none()
    return Attempt.objects.filter(enrolment__officer=actor.officer_pk)


OWN_ATTEMPT = PreparedRows(
    lambda: Attempt.objects.select_related(
        "version", "item__course__current_version", "enrolment", "set_aside_by__request"
    ).filter(enrolment__officer=Slot("officer", IntegerField()), uuid=Slot("uuid", UUIDField()))
)


def own_attempt_for_actor(actor, uuid: UUID) -> Attempt | None:
    """The one of ``attempts_for_actor``, with version, item, course and enrolment, as every page of it needs them."""
    if not actor.is_authenticated:
        return None
    return OWN_ATTEMPT.first(officer=actor.officer_pk, uuid=uuid)


ANSWER_TO_SAVE = PreparedRows(
    lambda: Response.objects.for_saving().filter(
        attempt__enrolment__officer=Slot("officer", IntegerField()),
        attempt__uuid=Slot("attempt", UUIDField()),
        position=Slot("position", IntegerField()),
    )
)


def answer_to_save_for_actor(actor, *, attempt: UUID, position: int, at: datetime) -> Response | None:
    """The answer that ``actor`` may give in one of the own attempts, locked: call it within a transaction."""
    if not actor.is_authenticated:
        return None
    return ANSWER_TO_SAVE.first(officer=actor.officer_pk, attempt=attempt, position=position)


def used_up_attempts_for_actor(actor, *, at: datetime) -> QuerySet[Attempt]:
    """The last attempts of officers in the scope of ``actor`` who have none left and did not pass; never the own."""
    officers = officers_for_actor(actor, at=at, roles=GRANTS_ATTEMPTS).exclude(user=actor)
    return Attempt.objects.used_up().filter(enrolment__officer__in=officers, enrolment__completed_at=None)


def sittings_for_actor(actor, *, at: datetime, blind: bool) -> AttemptQuerySet:
    """Attempts of officers in the scope of ``actor``, never the own: with names for SDM and heads, else blind."""
    officers = _others(actor, SEES_BLIND if blind else SEES_SITTINGS, at=at)
    return Attempt.objects.filter(enrolment__officer__in=officers)


def may_read_key(actor, attempt: Attempt, *, at: datetime) -> bool:
    """Whether the reviewed answers of somebody else's attempt may be shown to ``actor``.

    Not to somebody who still has that quiz ahead: the key would be in it. Trainers and reviewers write it.
    """
    if has_role(actor, SEES_BLIND, at=at):
        return True
    own = Enrolment.objects.filter(officer__user=actor, course=attempt.enrolment.course_id)
    owed = Duty.objects.open().filter(officer__user=actor, course=attempt.enrolment.course_id)
    if not (own.exists() or owed.exists()):
        return True
    return Attempt.objects.filter(enrolment__officer__user=actor, item=attempt.item_id, passed=True).exists()


def marking_tasks_for_actor(actor, *, at: datetime) -> MarkingTaskQuerySet:
    """Answers and disputes of officers in the scope of ``actor``; nobody marks the own."""
    return MarkingTask.objects.filter(attempt__enrolment__officer__in=_others(actor, MARKS, at=at))


def takeable_tasks_for_actor(actor, *, at: datetime) -> MarkingTaskQuerySet:
    """Of those the ones that ``actor`` may take now."""
    mine = marking_tasks_for_actor(actor, at=at)
    takeable = mine.takeable_by(actor, at=at, may_decide=may_decide_marks(actor, at=at))
    # Apart from how they were found, so that they can be counted by question.
    return MarkingTask.objects.filter(pk__in=takeable.values("pk"))


def may_decide_marks(actor, *, at: datetime) -> bool:
    """Whether ``actor`` may take the third seat."""
    return has_role(actor, DECIDES_MARKS, at=at)


def late_answers_for_actor(actor, *, at: datetime, blind: bool) -> QuerySet[LateAnswer]:
    """Late answers of officers in the scope of ``actor``, never the own."""
    officers = _others(actor, DECIDES_LATE_BLIND if blind else DECIDES_LATE, at=at)
    return LateAnswer.objects.filter(response__attempt__enrolment__officer__in=officers)


def _others(actor, roles, *, at: datetime):
    return officers_for_actor(actor, at=at, roles=roles).exclude(user=actor)


def officers_to_accommodate(actor, *, at: datetime) -> QuerySet[Officer]:
    """Officers below for whom ``actor`` may ask for an accommodation; nobody asks for themselves."""
    return officers_for_actor(actor, at=at, roles=ACCOMMODATES).exclude(user=actor)


def accommodations_for_actor(actor, *, at: datetime) -> QuerySet[Accommodation]:
    """Accommodations of officers in the scope of ``actor``."""
    return Accommodation.objects.filter(officer__in=officers_for_actor(actor, at=at, roles=ACCOMMODATES))


def outages_for_actor(actor, *, at: datetime) -> QuerySet[Outage]:
    """Outages of units in the subtrees granted to ``actor``."""
    return Outage.objects.filter(subtree_scope(actor, RECORDS_OUTAGES, at=at))


def redo_orders_for_actor(actor, *, at: datetime) -> QuerySet[RedoOrder]:
    """Orders over units in the subtrees that ``actor`` assigns in."""
    return RedoOrder.objects.filter(subtree_scope(actor, ORDERS_REDO, at=at))


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
    into = Q(page__in=pages) | Q(to_bank=True) if may_use_bank(actor) else Q(page__in=pages)
    return QuestionImport.objects.filter(into, uploaded_by=actor.pk).select_related("page")


def imported_sittings_for_actor(actor, *, at: datetime) -> QuerySet[ImportedSitting]:
    """Old results that ``actor`` may read: the own ones; an administrator also those that found no officer."""
    if not actor.is_authenticated:
        return ImportedSitting.objects.none()
    own = ImportedSitting.objects.filter(officer__user=actor)
    return own | ImportedSitting.objects.unmatched() if has_role(actor, KEEPS_HISTORY, at=at) else own


def may_use_bank(actor) -> bool:
    """Trainers and reviewers; the groups of the CMS hold it (``editorial``)."""
    return actor.has_perm("quizzes.change_bankquestion")


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
