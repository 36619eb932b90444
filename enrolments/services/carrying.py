"""Big orders, carried out and taken back by a worker, chunk by chunk.

A chunk is one short transaction: it claims its people by moving the work's cursor on, and does what the page does
for a small order. So a worker may be killed anywhere, two may run at once, and the order may be taken back when half
of it is done: nobody is dealt with twice, and whoever goes on begins where the last chunk was committed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from enrolments.assignment import AssignmentRule, Due, sorted_by_effect
from enrolments.models import DutyEnd, DutyReason, OrderWork, WorkKind
from enrolments.order_figures import keep_figures
from enrolments.paths import without_the_spared
from enrolments.turns import turn_of
from foundation import audit, outbox, works
from foundation.due import due as due_step

from .announcing import announce, announce_end
from .assigning import ask_for_duties, end_reasons, undo_reasons, undo_what_ended
from .paths import finish_paths
from .planning import KIND

CHUNK = 2_000


@outbox.handles(KIND)
def carry_on(payload: dict) -> None:
    works.carry_on(continue_work, OrderWork.objects.get(pk=payload["work"]))


@due_step("order-works")
def move_stalled_works(*, at: datetime) -> int:
    """Move on what no worker does any more; return with how many people."""
    return works.move_stalled(continue_work, OrderWork.objects.all(), at=at)


def continue_work(*, work: OrderWork, at: datetime) -> bool:
    """Do the next chunk of ``work``; say whether there is more to do."""
    work = OrderWork.objects.select_related(
        "assignment__course", "assignment__unit", "assignment__path_order__version"
    ).get(pk=work.pk)
    if work.finished_at:
        return False
    chunk = _people(work) if work.kind == WorkKind.CARRY_OUT else _reasons(work)
    with transaction.atomic():
        # Lock first: whoever gives or takes back an order for this course, or finishes it, waits, and so does the
        # other worker.
        turn_of(work.assignment)
        mine = OrderWork.objects.filter(pk=work.pk, cursor=work.cursor, finished_at=None)
        if not chunk and mine.update(finished_at=at, moved_at=at):
            tell = announce if work.kind == WorkKind.CARRY_OUT else announce_end
            tell(work.assignment, at=at)
            if work.kind == WorkKind.UNDO:
                undo_what_ended(work.assignment)
            _note(work, at=at)
        # The claim is guard and progress in one statement: the other worker's finds the cursor moved.
        if chunk and mine.update(cursor=chunk[-1][0], handled=F("handled") + len(chunk), moved_at=at):
            changed = _carry_out(work, chunk) if work.kind == WorkKind.CARRY_OUT else _take_back(work, chunk)
            OrderWork.objects.filter(pk=work.pk).update(changed=F("changed") + changed)
    if not chunk:
        keep_figures([work.assignment_id], at=at)
    return bool(chunk)


def _people(work: OrderWork) -> list[tuple]:
    """(officer id, posting) of the next people that the rule reached when the order was given."""
    reached = AssignmentRule.of(work.assignment).postings(at=work.assignment.recorded_at)
    postings = reached.filter(officer__gt=work.cursor).select_related("officer", "unit").order_by("officer")
    return [(posting.officer_id, posting) for posting in postings[:CHUNK]]


def _reasons(work: OrderWork) -> list[tuple]:
    """(reason id,) of the next reasons to end: when withdrawing only those of open duties, for what is done stays."""
    standing = DutyReason.objects.filter(assignment=work.assignment, ended_at=None, pk__gt=work.cursor)
    if work.kind == WorkKind.WITHDRAW:
        standing = standing.filter(duty__valid_to=None)
    return list(standing.order_by("pk").values_list("pk")[:CHUNK])


def _carry_out(work: OrderWork, chunk: list[tuple]) -> int:
    """As of the moment of the order, so that an order of thousands and one of ten mean the same."""
    assignment = work.assignment
    at = assignment.recorded_at
    postings = [posting for _officer, posting in chunk]
    effect = sorted_by_effect(postings, assignment.course, Due.of(assignment), ordered_at=at, at=at)
    order = assignment.path_order
    if order:
        effect = without_the_spared(order, assignment.course, effect, at=at)
    opened = len(ask_for_duties(assignment, effect, at=at))
    if order:
        asked = {posting.officer_id for posting in (*effect.gains, *effect.already_owes)}
        finish_paths(order=order, officers={posting.officer_id for posting in postings} - asked, at=at)
    return opened


def _take_back(work: OrderWork, chunk: list[tuple]) -> int:
    reasons = DutyReason.objects.filter(pk__in=[pk for (pk,) in chunk])
    if work.kind == WorkKind.UNDO:
        return undo_reasons(work.assignment, reasons, at=work.created_at)
    return len(end_reasons(reasons, ended_as=DutyEnd.WITHDRAWN, at=work.created_at))


def _note(work: OrderWork, *, at: datetime) -> None:
    audit.record(
        verb="assignment.work_finished",
        actor=None,
        at=at,
        obj=work.assignment,
        unit_path=work.assignment.unit.path,
        detail={
            "work": work.kind,
            "asked_by": work.asked_by.name,
            "people": work.handled,
            "duties": work.changed,
            "order_number": work.assignment.order_number,
        },
    )
