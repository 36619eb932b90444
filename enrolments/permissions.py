"""Who may see duties, enrolments and completions: the officer, and who reads learning above the unit."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from courses.models import Course
from foundation.models import ApprovalRequest, AuditEvent
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer, Posting, Role, Unit, Zone, posted, subtrees_of
from organisation.permissions import (
    APPROVES,
    ASSIGNS,
    READS_LEARNING,
    grants_of,
    held,
    officers_for_actor,
    postings_for_actor,
    subtree_scope,
)

from .models import (
    POSTING,
    Assignment,
    CourseCompletion,
    Delivery,
    DueChange,
    Duty,
    Enrolment,
    Notice,
    PathOrder,
    Recognition,
    RecognitionQuerySet,
    Relief,
    ReliefDocument,
    ReliefQuerySet,
    current_steps,
    duties_asked_again,
    duties_to_remind,
)
from .moves import ENDED, MOVES, changes_by_moves
from .paths import with_steps
from .reminders import DAY, REACH_BACK, Window, windows

RELIEVES = ASSIGNS
# The kind of request by which training done elsewhere is recognised.
RECOGNISE = "enrolment.recognise"
READS_RELIEFS = APPROVES


MOST_UNREAD = 99
# Asked for by the frame of every page.
UNREAD = PreparedRows(
    lambda: Notice.objects.filter(recipient=Slot("recipient", BigIntegerField())).unread().only("pk")[: MOST_UNREAD + 1]
)
OWN_ENROLMENT = PreparedRows(
    lambda: Enrolment.objects.filter(
        officer=Slot("officer", BigIntegerField()), course=Slot("course", BigIntegerField())
    ).order_by("-cycle")[:1]
)


def _own_or_below(actor, *, at: datetime) -> Q:
    if not actor.is_authenticated:
        return Q(pk__in=[])
    # Not as officer__in: beside the other way in, PostgreSQL would gather everybody below for one officer's rows.
    below = postings_for_actor(actor, at=at, roles=READS_LEARNING).filter(officer=OuterRef("officer"))
    return Q(officer__user=actor) | Q(Exists(below))


def enrolments_for_actor(actor, *, at: datetime) -> QuerySet[Enrolment]:
    """Own enrolments and those of officers posted at ``at`` below the units granted to ``actor``."""
    return Enrolment.objects.filter(_own_or_below(actor, at=at))


def duties_for_actor(actor, *, at: datetime) -> QuerySet[Duty]:
    """Own duties and those of officers posted at ``at`` below the units granted to ``actor``."""
    return Duty.objects.filter(_own_or_below(actor, at=at))


def completions_for_actor(actor, *, at: datetime) -> QuerySet[CourseCompletion]:
    """Standing ledger rows: own ones and those of officers posted at ``at`` below the granted units."""
    return CourseCompletion.objects.standing().filter(_own_or_below(actor, at=at))


def assignments_for_actor(actor, *, at: datetime) -> QuerySet[Assignment]:
    """Assignments over units in the subtrees that ``actor`` may assign in."""
    return Assignment.objects.filter(subtree_scope(actor, ASSIGNS, at=at))


def reads_from(actor, order: Assignment, *, at: datetime) -> Unit:
    """The highest unit granted to ``actor`` that ``order``, found in scope, is given in.

    Of the people under it they see those who serve below that unit now, wherever it was that the order met them.
    """
    above = [grant.unit for grant in held(actor, ASSIGNS, at=at) if grant.unit.contains(order.unit)]
    return min(above, key=lambda unit: unit.depth)


def move_changes_below(units: Collection[Unit]) -> QuerySet[AuditEvent]:
    """What moves changed for whoever stood below ``units`` before the move or after it, or was let go by an order for
    them.
    """
    changes = AuditEvent.objects.filter(verb__in=MOVES)
    if any(unit.parent_id is None for unit in units):
        return changes
    below = Posting.objects.filter(subtrees_of(units, "unit__"))
    # Few ever stood here: looked at first, so that the places of a nation's movers are not.
    ever = Q(subject_id__in=below.values("officer"))
    # Where whole units were hung elsewhere, nobody's place tells it any more.
    let_go = subtrees_of(units, "unit_") & Q(verb=ENDED)
    return changes.filter(ever & _moved_then(below) | let_go)


def _stood_then(below: QuerySet[Posting], *, places: int = 1) -> Exists:
    """Whether the place that was in force when an event happened, or of 2 the one before it, is among ``below``."""
    of_then = Posting.objects.filter(
        officer=OuterRef(OuterRef("subject_id")), valid_from__lte=OuterRef(OuterRef("at"))
    ).order_by("-valid_from", "-pk")
    return Exists(below.filter(pk__in=of_then.values("pk")[:places]))


def _moved_then(below: QuerySet[Posting]) -> Q:
    """Whether an event's officer came to a place among ``below`` or left one.

    Who stood nowhere any more by then left the last place, not the one before.
    """
    goes_on = Q(valid_to=None) | Q(valid_to__gt=OuterRef("at"))
    serves = Exists(Posting.objects.filter(goes_on, officer=OuterRef("subject_id"), valid_from__lte=OuterRef("at")))
    return Q(_stood_then(below)) | Q(serves) & Q(_stood_then(below, places=2))


def changes_under(assignment: Assignment, actor, *, at: datetime) -> QuerySet[AuditEvent]:
    """What changed under an order: for whoever served below the unit that ``actor`` reads it from, and who was let go.

    A fixed order goes on with whoever serves elsewhere; what becomes of it there is not theirs to read.
    """
    below = Posting.objects.below(reads_from(actor, assignment, at=at))
    let_go = Q(verb=ENDED) if assignment.follows else Q(pk__in=[])
    return changes_by_moves(assignment).filter(let_go | Q(_stood_then(below)))


def path_orders_for_actor(actor, *, at: datetime) -> QuerySet[PathOrder]:
    """Orders for a path over units in the subtrees that ``actor`` may assign in, with their steps."""
    mine = assignments_for_actor(actor, at=at).filter(path_order__isnull=False)
    return with_steps(PathOrder.objects.filter(pk__in=mine.values("path_order")))


def may_withdraw(actor, assignment: Assignment, *, at: datetime) -> bool:
    """Who gave the order may take it back, and whoever assigns for all that its giver assigns for.

    An order from above is not undone from below. When its giver assigns nowhere any more, it is
    whoever assigns in the unit it was given for.
    """
    if assignment.assigned_by_id == actor.pk:
        return True
    theirs = [grant.unit for grant in grants_of(assignment.assigned_by, ASSIGNS, at=at)]
    mine = [grant.unit for grant in held(actor, ASSIGNS, at=at)]
    reach = [unit for unit in theirs if unit.contains(assignment.unit)] or [assignment.unit]
    return all(any(unit.contains(other) for unit in mine) for other in reach)


def own_enrolment(actor, course: Course) -> Enrolment | None:
    """The newest cycle's enrolment of the actor in ``course``."""
    if not actor.is_authenticated:
        return None
    return OWN_ENROLMENT.first(officer=actor.officer_pk, course=course.pk)


def own_duties(actor) -> QuerySet[Duty]:
    return Duty.objects.filter(officer__user=actor)


def officers_to_relieve(actor, *, at: datetime) -> QuerySet[Officer]:
    """Officers below for whom ``actor`` may ask for an exemption, a deferral or a pause; nobody does for oneself."""
    return officers_for_actor(actor, at=at, roles=RELIEVES).exclude(user=actor)


def may_relieve(actor, posting: Posting, *, at: datetime) -> bool:
    """Whether the officer of ``posting``, which is in force and read with unit and officer, is one of them."""
    mine = any(grant.unit.contains(posting.unit) for grant in held(actor, RELIEVES, at=at))
    return mine and posting.officer.user_id != actor.pk


def reliefs_for_actor(actor, *, at: datetime) -> ReliefQuerySet:
    """All there ever was of officers posted at ``at`` below the units whose requests ``actor`` makes or decides."""
    return Relief.objects.filter(officer__in=officers_for_actor(actor, at=at, roles=READS_RELIEFS))


def own_reliefs(actor) -> ReliefQuerySet:
    return Relief.objects.filter(officer__user=actor)


def recognitions_for_actor(actor, *, at: datetime) -> RecognitionQuerySet:
    """All there ever was of officers posted at ``at`` below the units whose requests ``actor`` makes or decides."""
    return Recognition.objects.filter(officer__in=officers_for_actor(actor, at=at, roles=READS_RELIEFS))


def recognition_requests_for_actor(actor, *, at: datetime) -> QuerySet[ApprovalRequest]:
    """Requests that training be recognised, over units that ``actor`` asks or decides for."""
    mine = subtree_scope(actor, READS_RELIEFS, at=at, prefix="unit_")
    return ApprovalRequest.objects.filter(mine, kind=RECOGNISE)


def due_changes_of(relief: Relief) -> QuerySet[DueChange]:
    """Which dates moved because of a relief that was found in scope."""
    return relief.due_changes.select_related("duty__course")


def relief_documents_for_actor(actor, *, at: datetime) -> QuerySet[ReliefDocument]:
    """Documents about the actor, and about officers whose requests ``actor`` makes or decides."""
    if not actor.is_authenticated:
        return ReliefDocument.objects.none()
    below = officers_for_actor(actor, at=at, roles=READS_RELIEFS)
    return ReliefDocument.objects.filter(Q(officer__user=actor) | Q(officer__in=below))


def notices_for_actor(actor) -> QuerySet[Notice]:
    """The actor's own notification centre; nobody reads another person's."""
    return Notice.objects.filter(recipient=actor.pk)


def count_unread(actor) -> int:
    """How many of the actor's notices are unread, counted no further than one above MOST_UNREAD."""
    return sum(1 for _notice in UNREAD.rows(recipient=actor.pk))


def deliveries_for_actor(actor, *, at: datetime) -> QuerySet[Delivery]:
    """What was sent to people, or shared with groups, of the units below those granted to ``actor``."""
    return Delivery.objects.filter(subtree_scope(actor, READS_LEARNING, at=at, prefix="message__unit__"))


def tomorrows_windows(*, at: datetime) -> list[Window]:
    """The steps that tomorrow brings, zone by zone."""
    return sorted(_windows(at=at + DAY, reach_back=1), key=lambda window: window.days)


def _windows(*, at: datetime, reach_back: int = REACH_BACK) -> list[Window]:
    steps = current_steps()
    return [window for zone in Zone.values for window in windows(steps, zone=zone, at=at, reach_back=reach_back)]


def tomorrows_duties(actor, tomorrow: Sequence[Window], *, at: datetime) -> QuerySet[Duty]:
    """Duties below the granted units at one of ``tomorrow``'s steps, each with ``step``, ``posting_pk``, ``zone``."""
    below = subtree_scope(actor, READS_LEARNING, at=at, prefix=f"{POSTING}unit__")
    return duties_to_remind(tomorrow, posted(at=at, prefix=POSTING) & below, at=at + DAY)


def tomorrows_rounds(actor, *, at: datetime) -> QuerySet[Duty]:
    """The same of the rounds that were asked for again today, of which their officers are told tomorrow.

    ``step`` is None.
    """
    below = subtree_scope(actor, READS_LEARNING, at=at, prefix=f"{POSTING}unit__")
    found = _windows(at=at + DAY)
    return duties_asked_again(
        found, posted(at=at, prefix=POSTING) & below, zones=Zone.values, at=at + DAY, reach_back=1
    )


def tomorrows_postings(actor, duties: Iterable, *, at: datetime) -> dict[int, Posting]:
    """Where the officers of ``duties`` stand, with rank and unit, by key."""
    postings = postings_for_actor(actor, at=at, roles=READS_LEARNING).filter(pk__in={row.posting_pk for row in duties})
    return {posting.pk: posting for posting in postings.select_related("rank", "unit")}


def may_write_reminders(actor, *, at: datetime) -> bool:
    """Words, schedule and quiet hours are the same for everybody: an administrator's or SDM's of the top unit."""
    grants = grants_of(actor, (Role.ADMINISTRATOR, Role.SDM), at=at)
    return grants.filter(unit__parent=None).exists()
