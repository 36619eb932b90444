"""Orders that go on: who comes gets the duty and who goes owes it no more, where they follow their rule; who expires
owes it again, where they renew. Who leaves the service owes no order anything.

Only whoever changed place since an order was last looked at, or shortly before, is looked at, so that a tick in which
nothing happened costs a few small queries, however many officers there are. Everything may be cut off anywhere and
done again: a batch is one short transaction, and what already stands changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from courses.models import Course
from enrolments.assignment import AssignmentRule, Due, sorted_by_effect
from enrolments.clock import TIME_AT_LEAST
from enrolments.models import Assignment, CourseCompletion, Duty, DutyEnd, DutyReason, Look, OrderWork
from enrolments.moves import DATED, DATED_BY_ZONE, ENDED, OPENED, RENEWED
from enrolments.paths import without_the_spared
from enrolments.turns import turn_of, turn_to_order
from foundation import audit
from foundation.due import due
from organisation.models import Officer, Posting, PostingQuerySet, Unit, UnitPlacement

from .announcing import announce
from .assigning import BATCH, add_reasons, ask_for_duties, end_reasons, next_cycles
from .paths import finish_paths
from .settling import settle, settle_opened

# How far the step has looked, and when it last looked at everything that ever expired.
RENEWALS, ALL_RENEWALS = "renewals", "renewals-all"
FIXED = "moves-under-fixed-orders"
# What a newer round is of no account for: it ended, and nobody learned anything in it.
TAKEN_BACK = (DutyEnd.WITHDRAWN, DutyEnd.MOVED, DutyEnd.UNDONE)
LOOK_AT_ALL = timedelta(hours=6)
OVERLAP = timedelta(hours=1)
# Longer than any file of moves takes to be written.
LOOK_AGAIN = timedelta(minutes=10)
# (officer id, course id, cycle)
Round = tuple[int, int, int]


class Archived(Exception):
    """The course was archived in this very moment: nobody can owe it."""


@due("assignments")
def follow_moves(*, at: datetime) -> int:
    """Bring every order up to date with who came and went; return how many duties began or ended."""
    changed = _keep_fixed(at=at)
    moved_since: dict[datetime, list[int]] = {}
    for assignment in going_on().filter(follows=True).order_by("pk"):
        since = assignment.reconciled_at or assignment.recorded_at
        if since not in moved_since:
            # Once more what was looked at a moment ago: a file of moves is written with the time at which it began.
            moved_since[since] = moved_between(since - LOOK_AGAIN, at)
        if not moved_since[since]:
            continue
        try:
            changed += sum(follow(assignment, officer_ids, at=at) for officer_ids in batches(moved_since[since]))
        except Archived:
            # Who moved is looked at once it is published again.
            continue
        Assignment.objects.filter(pk=assignment.pk).update(reconciled_at=at)
    return changed


def going_on() -> QuerySet[Assignment]:
    """The orders that stand; one that is still being carried out has its people as of its own moment first."""
    working = OrderWork.objects.filter(assignment=OuterRef("pk"), finished_at=None)
    standing = Assignment.objects.filter(~Exists(working), withdrawn_at=None, course__archived_at=None)
    return standing.select_related("unit", "course", "path_order__version")


def _keep_fixed(*, at: datetime) -> int:
    """Let fixed orders ask those of their people who serve somewhere, and no others, by the clock of that place; return
    how many duties changed.
    """
    fixed = Assignment.objects.filter(follows=False, withdrawn_at=None)
    carried_out = OrderWork.objects.filter(assignment__in=fixed, finished_at__isnull=False)
    looked = Look.objects.filter(name=FIXED).first()
    if looked:
        # As of its own moment an order may have asked somebody who had left when it was carried out.
        lately = carried_out.filter(finished_at__gt=looked.looked_at - LOOK_AGAIN)
        fixed = fixed.filter(pk__in=lately.values("assignment"))
    begun = fixed.aggregate(first=Min("recorded_at"))["first"]
    since = min(moment for moment in (begun, looked and looked.looked_at, at) if moment)
    moved = moved_between(since - LOOK_AGAIN, at)
    changed = sum(keep_people(batch, at=at) for batch in batches(moved))
    if moved:
        Look.objects.update_or_create(name=FIXED, defaults={"looked_at": at})
    return changed


def keep_people(officer_ids: Sequence[int], *, at: datetime) -> int:
    """The same for those of ``officer_ids`` who left the service, came back to it, or serve in another zone now."""
    serving = Posting.objects.in_force(at=at).filter(officer__in=officer_ids)
    zones = dict(serving.values_list("officer", "unit__zone"))
    # Until when each is asked; None who is not any more.
    asked: dict[tuple[int, int], datetime | None] = {}
    reasons = DutyReason.objects.filter(
        Q(duty__valid_to=None) | Q(duty__ended_as__in=(DutyEnd.MOVED, DutyEnd.EXEMPT)),
        duty__officer__in=officer_ids,
        assignment__follows=False,
        assignment__withdrawn_at=None,
    )
    rows = reasons.order_by("pk").values_list("assignment", "duty__officer", "due_at", "ended_at")
    for order, officer, date, ended_at in rows:
        asked[order, officer] = None if ended_at else date
    orders = going_on().in_bulk({order for order, _officer in asked})
    dues = {pk: Due.of(order) for pk, order in orders.items()}

    def stands(order: int, due_at: datetime | None, zone: str | None) -> bool:
        if due_at is None or zone is None:
            return due_at is zone
        return dues[order].taken_along(due_at, zone, at=at) == due_at

    changed: dict[int, list[int]] = {}
    for (order, officer), due_at in asked.items():
        if order in orders and not stands(order, due_at, zones.get(officer)):
            changed.setdefault(order, []).append(officer)
    return sum(_follow_unless_archived(orders[order], officers, at=at) for order, officers in sorted(changed.items()))


def _follow_unless_archived(assignment: Assignment, officer_ids: Sequence[int], *, at: datetime) -> int:
    with suppress(Archived):
        return follow(assignment, officer_ids, at=at)
    # services/reopening.py looks at them once it is published again.
    return 0


def _people(assignment: Assignment, officer_ids: Sequence[int], *, at: datetime) -> PostingQuerySet:
    """Those of ``officer_ids`` whom the order asks: who fits its rule, or of a fixed one's people who still serves."""
    reached = AssignmentRule.of(assignment).postings(at=at) if assignment.follows else Posting.objects.in_force(at=at)
    return reached.filter(officer__in=officer_ids)


def moved_between(since: datetime, at: datetime) -> list[int]:
    """Ids of the officers whose place began, ended or became known after ``since``, alone or with their whole unit."""
    conditions = Q()
    for name in ("valid_from", "valid_to", "recorded_at"):
        conditions |= Q(**{f"{name}__gt": since, f"{name}__lte": at})
    moved = set(Posting.objects.filter(conditions).values_list("officer_id", flat=True))
    placed = UnitPlacement.objects.filter(valid_from__gt=since, valid_from__lte=at)
    for unit in Unit.objects.filter(pk__in=placed.values("unit")):
        moved.update(Posting.objects.in_force(at=at).below(unit).values_list("officer_id", flat=True))
    return sorted(moved)


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


@transaction.atomic
def follow(assignment: Assignment, officer_ids: Sequence[int], *, at: datetime) -> int:
    """Bring the order up to date with ``officer_ids``; return how many duties began or ended. Raises Archived."""
    # Lock first: an order given in this moment must not open the same duty, nor may somebody finish the course or
    # archive it.
    if turn_of(assignment).archived_at:
        raise Archived
    dates = _dates(assignment, officer_ids)
    reached = _people(assignment, officer_ids, at=at)
    here = dict(reached.values_list("officer", "unit__zone"))
    # Which order asks is looked at here: of one to the whole nation a database would rather walk through all of it.
    reasons = DutyReason.objects.filter(
        ended_at=None, duty__officer__in=officer_ids, duty__course=assignment.course_id
    ).values_list("pk", "assignment", "duty", "duty__officer", "duty__ended_as", "due_at", named=True)
    asked = [reason for reason in reasons if reason.assignment == assignment.pk]
    gone = DutyReason.objects.filter(pk__in=[reason.pk for reason in asked if reason.duty__officer not in here])
    ended = end_reasons(gone, ended_as=DutyEnd.MOVED, at=at)
    # What an exemption holds back is not brought back for who went elsewhere meanwhile.
    gone.filter(duty__ended_as=DutyEnd.EXEMPT).update(ended_at=at)
    by_zone = _take_along(assignment, asked, here, at=at)
    settle([dates[duty] for duty in by_zone if duty in dates], at=at)
    new = reached.exclude(officer__in={reason.duty__officer for reason in asked}).for_officer_list()
    effect = sorted_by_effect(new, assignment.course, Due.of(assignment), ordered_at=assignment.recorded_at, at=at)
    if assignment.path_order:
        effect = without_the_spared(assignment.path_order, assignment.course, effect, at=at)
    opened = ask_for_duties(assignment, effect, at=at)
    if assignment.path_order and effect.already_complete:
        finish_paths(
            order=assignment.path_order, officers=[posting.officer_id for posting in effect.already_complete], at=at
        )
    if opened:
        announce(assignment, at=at, piece=f"-{assignment.pk}-{officer_ids[0]}")
    now = _dates(assignment, officer_ids)
    dated = [duty for pk, duty in now.items() if pk in dates and dates[pk].due_at != duty.due_at]
    _note(ENDED, assignment, ended, at=at)
    _note(OPENED, assignment, opened, at=at, dates=lambda duty: (None, now[duty.pk].due_at if duty.pk in now else None))
    for verb, duties in (
        (DATED, [duty for duty in dated if duty.pk not in by_zone]),
        (DATED_BY_ZONE, [duty for duty in dated if duty.pk in by_zone]),
    ):
        _note(verb, assignment, duties, at=at, dates=lambda duty: (dates[duty.pk].due_at, duty.due_at))
    return len(ended) + len(opened)


def _take_along(assignment: Assignment, asked: Iterable[Any], here: Mapping[int, str], *, at: datetime) -> set[int]:
    """Let a fixed date end with its day where each officer serves now; return the duties (ids) that it is asked of.

    ``asked``: rows of reasons as ``follow`` reads them; ``here``: officer id → zone.
    """
    due, moved, duties = Due.of(assignment), defaultdict(list), set()
    for reason in asked:
        # What is done keeps the date it had.
        if reason.duty__officer in here and reason.duty__ended_as in ("", DutyEnd.EXEMPT):
            date = due.taken_along(reason.due_at, here[reason.duty__officer], at=at)
            if date != reason.due_at:
                moved[date].append(reason.pk)
                duties.add(reason.duty)
    for date, pks in moved.items():
        DutyReason.objects.filter(pk__in=pks).update(due_at=date)
    return duties


def _dates(assignment: Assignment, officer_ids: Sequence[int]) -> dict[int, Duty]:
    return Duty.objects.open().filter(course=assignment.course_id, officer__in=officer_ids).in_bulk()


def _note(
    verb: str,
    assignment: Assignment,
    duties: Iterable[Duty],
    *,
    at: datetime,
    dates: Callable[[Duty], tuple[datetime | None, datetime | None]] = lambda _duty: (None, None),
) -> None:
    """One event per duty; ``dates``: until when it was owed before, and now (None where nobody owes it).

    What becomes of the people of a fixed order is for the trail of where they serve, or served last.
    """
    duties, paths = list(duties), {}
    if duties and not assignment.follows:
        served = Posting.objects.filter(officer__in=[duty.officer_id for duty in duties], valid_from__lte=at)
        paths = dict(served.order_by("valid_from", "pk").values_list("officer", "unit__path"))
    audit.record_many(
        audit.event(
            verb=verb,
            actor=None,
            at=at,
            obj=assignment,
            subject_id=duty.officer_id,
            unit_path=paths.get(duty.officer_id, assignment.unit.path),
            detail={
                "course": assignment.course.code,
                "cycle": duty.cycle,
                "order_number": assignment.order_number,
                **{name: date for name, date in zip(("due_before", "due_at"), dates(duty), strict=True) if date},
            },
        )
        for duty in duties
    )


@due("renewals")
def renew_duties(*, at: datetime) -> int:
    """Open the next round for whoever holds a completion that expires soon and that an order still asks for.

    The old completion, its certificate and its duty stay as they are. Who has begun the next round already owes that
    one; who has finished it has done what the order asks. Return how many rounds were opened. A tick
    looks at what came within reach since the last one; once in ``LOOK_AT_ALL``, also at what expired before and is
    asked for only since.
    """
    looked = dict(Look.objects.filter(name__in=(RENEWALS, ALL_RENEWALS)).values_list("name", "looked_at"))
    everything = ALL_RENEWALS not in looked or looked[ALL_RENEWALS] <= at - LOOK_AT_ALL
    renewed = 0
    for window, courses in _courses_by_window().items():
        expiring = CourseCompletion.objects.standing().filter(
            ~Exists(_same(Duty.objects.exclude(ended_as__in=TAKEN_BACK), newer=True)),
            Exists(_same(_still_asked(at=at), prefix="duty__")),
            course__in=courses,
            expires_at__lte=at + window,
        )
        new = expiring if everything else expiring.filter(expires_at__gt=looked[RENEWALS] + window - OVERLAP)
        ids = list(new.order_by("pk").values_list("pk", flat=True))
        renewed += sum(_renew(expiring.filter(pk__in=batch), at=at) for batch in batches(ids))
    for name in (RENEWALS, ALL_RENEWALS) if everything else (RENEWALS,):
        Look.objects.update_or_create(name=name, defaults={"looked_at": at})
    return renewed


def _courses_by_window() -> dict[timedelta, list[int]]:
    """How long before the end each course is asked for again, by what its version in force says."""
    courses: dict[timedelta, list[int]] = {}
    for course in Course.objects.published().select_related("current_version"):
        courses.setdefault(course.version.renewal_window, []).append(course.pk)
    return courses


def _same(rows: QuerySet, *, prefix: str = "", newer: bool = False) -> QuerySet:
    """Those of ``rows`` of the same officer, course and cycle (or a ``newer`` one) as the completion looked at."""
    cycle = f"{prefix}cycle{'__gt' if newer else ''}"
    same = {f"{prefix}officer": OuterRef("officer"), f"{prefix}course": OuterRef("course"), cycle: OuterRef("cycle")}
    return rows.filter(**same)


def _still_asked(*, at: datetime) -> QuerySet[DutyReason]:
    """Why a finished round was owed, by orders that renew; a fixed one asks again only who still serves somewhere."""
    serving = Posting.objects.in_force(at=at).filter(officer=OuterRef("duty__officer"))
    return DutyReason.objects.filter(
        Q(assignment__follows=True) | Exists(serving),
        ended_at=None,
        duty__ended_as=DutyEnd.COMPLETED,
        assignment__renews=True,
        assignment__withdrawn_at=None,
        assignment__course__archived_at=None,
    )


@transaction.atomic
def _renew(expiring: QuerySet[CourseCompletion], *, at: datetime) -> int:
    # Lock first: an order given in this moment must not open the same round, nor may somebody finish it.
    turn_to_order(*expiring.values_list("course", flat=True).order_by().distinct())
    newer = _same(CourseCompletion.objects.standing(), newer=True).order_by("-cycle").values("cycle")[:1]
    related = expiring.annotate(done_in=Subquery(newer)).select_related("officer", "course")
    rounds = {(row.officer_id, row.course_id, row.cycle): row for row in related}
    asking = _asking_still(rounds, at=at)
    asked = {key: row for key, row in rounds.items() if any(key in keys for keys in asking.values())}
    officers: dict[Course, list[Officer]] = {}
    for row in asked.values():
        officers.setdefault(row.course, []).append(row.officer)
    cycles = {course.pk: next_cycles(course, people) for course, people in officers.items()}
    duties = {
        (officer, course, cycle): Duty(
            officer=row.officer,
            course=row.course,
            cycle=row.done_in or cycles[course][officer],
            due_at=max(row.expires_at or at, at + TIME_AT_LEAST),
            valid_from=at,
            valid_to=at if row.done_in else None,
            ended_as=DutyEnd.COMPLETED if row.done_in else "",
            recorded_at=at,
        )
        for (officer, course, cycle), row in asked.items()
    }
    Duty.objects.bulk_create(duties.values(), batch_size=BATCH)
    for assignment, keys in asking.items():
        mine = [duties[key] for key in keys]
        add_reasons(assignment, mine, dates={duty.officer_id: duty.due_at for duty in mine}, at=at)
        renewed = [duty for duty in mine if not duty.is_done]
        settle_opened(renewed, at=at)
        _note(RENEWED, assignment, renewed, at=at)
    return sum(1 for duty in duties.values() if not duty.is_done)


def _asking_still(rounds: Collection[Round], *, at: datetime) -> dict[Assignment, list[Round]]:
    """The finished ``rounds`` that each order still asks for; one that follows lets go of whoever went elsewhere."""
    by_assignment: dict[Assignment, list[DutyReason]] = {}
    reasons = _still_asked(at=at).filter(duty__officer__in=[officer for officer, _course, _cycle in rounds])
    for reason in reasons.select_related("assignment__unit", "assignment__course", "duty"):
        if _round_of(reason.duty) in rounds:
            by_assignment.setdefault(reason.assignment, []).append(reason)
    asking = {}
    for assignment, asked in by_assignment.items():
        officers = [reason.duty.officer_id for reason in asked]
        reached = set(officers)
        if assignment.follows:
            postings = AssignmentRule.of(assignment).postings(at=at).filter(officer__in=officers)
            reached = set(postings.values_list("officer_id", flat=True))
        asking[assignment] = [_round_of(reason.duty) for reason in asked if reason.duty.officer_id in reached]
        gone = [reason.pk for reason in asked if reason.duty.officer_id not in reached]
        DutyReason.objects.filter(pk__in=gone).update(ended_at=at)
    return asking


def _round_of(duty: Duty) -> Round:
    return duty.officer_id, duty.course_id, duty.cycle
