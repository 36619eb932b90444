"""The one count behind every figure.

A row is a duty that is owed or done (not withdrawn, not exempt) of an officer posted below the unit
looked at; of several cycles of one course only the newest. All of it as it stands at the scope's
moment: now, or the end of a past day on one of two axes (permissions.py). A figure on any screen is a count
over ``duty_rows`` with the same ``Wanted`` as the list it links to, so the two cannot differ.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, TextChoices

from courses.models import Course
from enrolments.models import Assignment, Duty, DutyFigures, DutyReason
from organisation.models import Officer, Posting, Rank, Unit
from programmes.models import Activity, Period

from .permissions import Axis, counted_duties, duties_again, newest_cycles, postings_that, with_standing
from .scope import Scope

NO_COUNTER = "-"
BY_RANK = "officer__posting__rank__order"
CHUNK = 1000


class State(TextChoices):
    """The three parts of a total; every row is in exactly one."""

    DONE = "selesai", "Selesai"
    OVERDUE = "lewat", "Lewat batas waktu"
    OPEN = "belum", "Belum selesai"


@dataclass(frozen=True)
class Wanted:
    """Which rows: what a filter asks for and what a link carries on.

    ``direct`` leaves out who stands in a unit below ``unit``; ``function`` is the code of a service
    function, or ``NO_COUNTER`` for those who serve none; ``search`` is part of a name or the
    beginning of a number. ``day`` and ``axis`` are those of the scope. Under an ``order`` the duties
    that it asks for are meant, whichever cycle came after.
    """

    unit: Unit | None = None
    direct: bool = False
    course: Course | None = None
    function: str = ""
    rank: Rank | None = None
    period: Period | None = None
    activity: Activity | None = None
    state: str = ""
    search: str = ""
    order: Assignment | None = None
    day: date | None = None
    axis: Axis = Axis.AS_IT_WAS

    def but(self, **changes: Any) -> "Wanted":
        return replace(self, **changes)

    def parameters(self) -> dict[str, str]:
        programme = (
            f"kegiatan-{self.activity.pk}" if self.activity else f"periode-{self.period.pk}" if self.period else ""
        )
        pairs = {
            "satuan": self.unit.code if self.unit else "",
            "langsung": "1" if self.direct else "",
            "pelatihan": self.course.code if self.course else "",
            "loket": self.function,
            "pangkat": self.rank.code if self.rank else "",
            "program": programme,
            "keadaan": self.state,
            "q": self.search,
            "perintah": str(self.order.uuid) if self.order else "",
            "per": self.day.isoformat() if self.day else "",
            "menurut": self.axis if self.day and self.axis != Axis.AS_IT_WAS else "",
        }
        return {name: value for name, value in pairs.items() if value}

    def link(self, path: str, **changes: Any) -> str:
        """The address of the list at ``path`` that holds these rows, with ``changes`` to the filter."""
        query = urlencode(self.but(**changes).parameters())
        return f"{path}?{query}" if query else path


def state_condition(state: str, scope: Scope) -> Q:
    """Late is derived from the clock, never stored (ARCHITECTURE §4)."""
    moment = scope.moment
    if state == State.DONE:
        return moment.is_done()
    if state == State.OVERDUE:
        return moment.is_open() & moment.is_due()
    return moment.is_open() & ~moment.is_due()


def stand_wanted(scope: Scope, wanted: Wanted) -> Q:
    """The condition for where the officers of the rows stand: one posting each."""
    stand = scope.stand
    if wanted.unit:
        stand &= Q(unit=wanted.unit) if wanted.direct else scope.inside(wanted.unit)
    if wanted.rank:
        stand &= Q(rank=wanted.rank)
    if wanted.function == NO_COUNTER:
        stand &= Q(functions=None)
    elif wanted.function:
        # Not of a join that figures by counter read: they name the other counters of the same people too.
        serving = Posting.functions.through.objects.filter(servicefunction__code=wanted.function)
        stand &= Q(pk__in=serving.values("posting"))
    if wanted.search:
        stand &= Q(officer__name__icontains=wanted.search) | Q(
            officer__number__startswith=wanted.search.replace(" ", "")
        )
    return stand


def postings_wanted(scope: Scope, wanted: Wanted) -> QuerySet[Posting]:
    return postings_that(stand_wanted(scope, wanted))


def asked_by(scope: Scope, wanted: Wanted) -> QuerySet[DutyReason]:
    """The reasons by which an order, or a Quick Wins period or activity, asks for duties."""
    reasons = scope.moment.reasons()
    if wanted.order:
        reasons = reasons.filter(assignment=wanted.order)
    if wanted.activity:
        return reasons.filter(assignment__activity=wanted.activity)
    return reasons.filter(assignment__activity__period=wanted.period) if wanted.period else reasons


def duty_rows(scope: Scope, wanted: Wanted, *, every_cycle: bool = False) -> QuerySet[Any]:
    """The rows, each with ``posting_pk`` and ``unit_path`` of where the officer stands at the scope's moment."""
    rows = counted_duties(stand_wanted(scope, wanted), scope.moment)
    if not (wanted.order or every_cycle):
        rows = newest_cycles(rows, scope.moment)
    if wanted.course:
        rows = rows.filter(course=wanted.course)
    if wanted.order or wanted.activity or wanted.period:
        rows = rows.filter(pk__in=asked_by(scope, wanted).values("duty"))
    if wanted.state:
        rows = rows.filter(state_condition(wanted.state, scope))
    return rows


def counts(scope: Scope) -> dict[str, Count]:
    return {
        "total": Count("pk"),
        "done": Count("pk", filter=state_condition(State.DONE, scope)),
        "overdue": Count("pk", filter=state_condition(State.OVERDUE, scope)),
    }


def figures(rows: QuerySet[Duty], scope: Scope) -> DutyFigures:
    return DutyFigures(**rows.aggregate(**counts(scope)))


def added(parts: Iterable[DutyFigures]) -> DutyFigures:
    """The figures of several groups that share no row."""
    total = done = overdue = 0
    for part in parts:
        total, done, overdue = total + part.total, done + part.done, overdue + part.overdue
    return DutyFigures(total=total, done=done, overdue=overdue)


def by_counter(rows: QuerySet[Duty], scope: Scope) -> list[tuple[str, str, DutyFigures]]:
    """(code, name, figures) per service function, then those who serve none. Who serves two counts at both."""
    name, code, order = (f"officer__posting__functions__{field}" for field in ("name", "code", "order"))
    groups = rows.values_list(code, name).annotate(**counts(scope)).order_by(order, name)
    found = [
        (function or NO_COUNTER, label or "Tanpa loket layanan", DutyFigures(total=total, done=done, overdue=overdue))
        for function, label, total, done, overdue in groups
    ]
    return sorted(found, key=lambda group: group[0] == NO_COUNTER)


def for_list(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Rows as a list shows them: officer, whether begun, and the grade of the ledger.

    No table more than it takes: to plan a join of nine takes PostgreSQL longer than to carry it out.
    """
    return with_standing(rows.select_related("officer"), scope.moment)


@dataclass
class Row:
    """One duty as a list shows it: ``posting`` is where the officer stands, ``state`` a key of STATE_WORDS.

    ``is_mine`` says whether the officer stands below the reader's units today, so that the record may be opened.
    """

    duty: Duty
    posting: Posting
    state: str
    grade: Decimal | None
    done_at: datetime | None
    is_mine: bool

    @property
    def officer(self) -> Officer:
        return self.duty.officer

    @property
    def course(self) -> Course:
        return self.duty.course

    @property
    def due_at(self) -> datetime:
        """The date in force at the scope's moment."""
        return self.duty.due_on  # type: ignore[attr-defined]  # annotated by for_list

    @property
    def zone(self) -> str:
        """The clock of the officer's unit."""
        return self.posting.unit.zone


def read(duties: Iterable[Any], scope: Scope, *, counters: bool = True) -> list[Row]:
    """Read the duties of ``for_list`` with rank, unit and (``counters``) functions: a query each, however many rows."""
    found = list(duties)
    postings = scope.postings.filter(pk__in={duty.posting_pk for duty in found})
    shown = scope.with_mine(postings.select_related("rank", "unit"))
    where = {posting.pk: posting for posting in (shown.prefetch_related("functions") if counters else shown)}
    moment = scope.moment
    scope.give_courses(found)
    return [
        Row(
            duty,
            where[duty.posting_pk],
            moment.state_of(duty, started=duty.started),
            duty.grade,
            moment.done_at(duty),
            where[duty.posting_pk].is_mine,
        )
        for duty in found
    ]


def read_all(duties: QuerySet[Duty], scope: Scope) -> Iterator[Row]:
    """All rows of a list for an export, read in pieces."""
    again = with_standing(duties_again().select_related("officer"), scope.moment)
    for piece in pieces_again(duties, again):
        yield from read(piece, scope)


def pieces_again(rows: QuerySet[Any], again: QuerySet[Any]) -> Iterator[list[Any]]:
    """As ``foundation.paging.pieces``, where ``again`` reads rows of duties or completions by id alone, without asking
    anew who stands where: each gets the ``posting_pk`` found first.
    """
    ids, posts = array("q"), array("q")
    for pk, posting in rows.values_list("pk", "posting_pk").iterator(chunk_size=CHUNK):
        ids.append(pk)
        posts.append(posting)
    for start in range(0, len(ids), CHUNK):
        found = again.in_bulk(ids[start : start + CHUNK])
        piece = []
        for pk, posting in zip(ids[start : start + CHUNK], posts[start : start + CHUNK], strict=True):
            if (row := found.get(pk)) is not None:
                row.posting_pk = posting
                piece.append(row)
        yield piece
