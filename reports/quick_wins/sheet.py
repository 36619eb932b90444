"""One sheet about a unit and a period, read live or from what a submission locked: page, PDF and XLSX show the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from enrolments.models import DutyFigures
from foundation.formats import date_medium, datetime_zone, day_of, number
from foundation.paging import pieces
from organisation.models import Posting
from organisation.permissions import READS_LEARNING
from programmes.models import Activity, Measure, Period
from reports.core import CHUNK, State, Wanted, asked_by
from reports.models import ReportCounter, ReportFigure, ReportName, ReportSubmission
from reports.past import scope_on
from reports.permissions import Moment
from reports.scope import Scope, scope_of

from .behind import Person, UnitTable, people, unit_lines
from .figures import NOT_ASKED, Board, Figures, Line, Reach, Target

STATE_LABELS = {
    State.DONE.value: "Selesai",
    State.OVERDUE.value: "Lewat batas waktu",
    State.OPEN.value: "Belum selesai",
    NOT_ASKED: "Tidak ditugaskan",
}
# How a state looks in a list: the keys of {% tag %}.
STATE_TAGS = {State.DONE.value: "done", State.OVERDUE.value: "overdue", State.OPEN.value: "due", NOT_ASKED: "optional"}


@dataclass(frozen=True)
class Sheet:
    """``lines`` begin with the whole period; ``units`` add up to it; ``names(activity id or None)`` are the officers.

    Counters and names are the rows that a submission keeps; of a live sheet they are not saved.
    """

    programme: str
    period: str
    starts_on: date
    ends_on: date
    unit: str
    data_at: datetime
    zone: str
    lines: list[Line]
    units: list[tuple[str, DutyFigures]]
    counters: list[ReportCounter]
    basis: list[list[str]]
    names: Callable[[int | None], Iterator[ReportName]]

    @property
    def whole(self) -> Line:
        return self.lines[0]

    @property
    def activities(self) -> list[Line]:
        return self.lines[1:]

    @property
    def data_words(self) -> str:
        return datetime_zone(self.data_at, self.zone)

    def counters_of(self, activity: int | None) -> list[ReportCounter]:
        return [counter for counter in self.counters if counter.activity_id == activity]


# --- live -------------------------------------------------------------------


def scope_of_period(actor, period: Period, *, at: datetime) -> Scope:
    """What a report of ``period`` describes: now while it runs, its last day once that is over."""
    today = scope_of(actor, at=at, roles=READS_LEARNING)
    if day_of(at, today.zone(None)) > period.ends_on:
        return scope_on(actor, day=period.ends_on, now=at, roles=READS_LEARNING)
    return replace(today, moment=Moment(at, past=True))


def live_sheet(scope: Scope, wanted: Wanted, period: Period) -> Sheet:
    """The figures of the unit of ``wanted`` at the scope's moment."""
    board = Board(scope, wanted, period, period.activities.all())
    zone = scope.zone(wanted.unit)
    return Sheet(
        programme=period.programme.name,
        period=period.name,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        unit=wanted.unit.name if wanted.unit else ", ".join(root.name for root in scope.roots),
        data_at=scope.at,
        zone=zone,
        lines=board.lines(),
        units=[(line.label, line.figures) for line in unit_lines(board)],
        counters=[counter for place in board.places for counter in _counters(board, place)],
        basis=basis_of(board.reaches[0], zone),
        names=lambda activity: _names(board, next(one for one in board.reaches if _key(one.activity) == activity)),
    )


def _key(activity: Activity | None) -> int | None:
    return activity.pk if activity else None


def _counters(board: Board, place: int) -> Iterator[ReportCounter]:
    for line in board.counters[place]:
        yield ReportCounter(
            activity=board.reaches[place].activity,
            unit_name=line.unit_name,
            function_name=line.function_name,
            people=line.people,
            asked=line.asked,
            done=line.done,
        )


def basis_of(reach: Reach, zone: str) -> list[list[str]]:
    """The orders that asked for the duties counted: number, issuer, day; the oldest first."""
    reasons = asked_by(reach.scope, Wanted(period=reach.period)).filter(duty__in=reach.duties().values("pk"))
    orders = reasons.values_list("assignment__order_number", "assignment__issuer", "assignment__recorded_at")
    found = orders.distinct().order_by("assignment__recorded_at", "assignment__order_number")
    return [[order, issuer, date_medium(at, zone)] for order, issuer, at in found]


def _names(board: Board, reach: Reach) -> Iterator[ReportName]:
    """Everybody asked; of the whole period also those who serve a counter that it reached, without being asked."""
    table = UnitTable(reach.scope, reach.wanted.unit)
    yield from _read(reach, reach.postings(), table)
    if reach.activity is None:
        reached = {(line.unit_id, line.function_name) for line in board.counters[0]}
        beside = reach.postings(NOT_ASKED).filter(functions__isnull=False).distinct()
        yield from _read(reach, beside, table, only=reached)


def names_of(reach: Reach, postings: QuerySet[Posting]) -> Iterator[ReportName]:
    """What ``reach`` knows of those who stand in ``postings``, in their order and read in pieces."""
    yield from _read(reach, postings, UnitTable(reach.scope, reach.wanted.unit))


def _read(reach: Reach, postings, table: UnitTable, only: set[tuple[int, str]] | None = None) -> Iterator[ReportName]:
    related = postings.select_related("officer", "rank", "unit").prefetch_related("functions")
    for piece in pieces(related):
        if only is not None:
            piece = [one for one in piece if only & {(one.unit_id, served.name) for served in one.functions.all()}]
        for person in people(reach, piece):
            yield named(person, reach.activity, table)


def named(person: Person, activity: Activity | None, table: UnitTable) -> ReportName:
    """The row that a submission keeps of ``person``."""
    posting: Posting = person.posting
    return ReportName(
        activity=activity,
        officer=posting.officer,
        number=posting.officer.number,
        full_name=posting.officer.full_name,
        rank=posting.rank.short,
        post=posting.post,
        unit_name=posting.unit.name,
        line=table.line_of(posting.unit.path)[2],
        functions=[function.name for function in posting.functions.all()],
        asked=person.asked,
        finished=person.finished,
        state=person.state,
        before=person.before,
        after=person.after,
        both=person.both,
    )


# --- kept -------------------------------------------------------------------


def kept_sheet(submission: ReportSubmission) -> Sheet:
    """What ``submission`` locked."""
    names = submission.names.order_by("pk")
    units = names.filter(activity=None, asked__gt=0).order_by().values_list("line")
    counted = units.annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=State.DONE)),
        overdue=Count("pk", filter=Q(state=State.OVERDUE)),
    )
    lines = [(line, DutyFigures(total=total, done=done, overdue=overdue)) for line, total, done, overdue in counted]
    return Sheet(
        programme=submission.programme_name,
        period=submission.period_name,
        starts_on=submission.starts_on,
        ends_on=submission.ends_on,
        unit=submission.unit_name,
        data_at=submission.data_at,
        zone=submission.zone,
        lines=[kept_line(figure) for figure in submission.figures.order_by("pk")],
        units=sorted(lines, key=lambda entry: (entry[1].percent, -entry[1].overdue, entry[0])),
        counters=list(submission.counters.order_by("pk")),
        basis=submission.basis,
        names=lambda activity: names.filter(activity=activity).iterator(chunk_size=CHUNK),
    )


def kept_line(figure: ReportFigure) -> Line:
    found = Figures(
        total=figure.total,
        done=figure.done,
        overdue=figure.overdue,
        before=figure.before,
        after=figure.after,
        both=figure.both,
        counters=figure.counters,
        certified=figure.certified,
    )
    targets = [
        Target(Measure(measure), Decimal(target), found.value_of(Measure(measure)))
        for measure, target in figure.targets
    ]
    return Line(figure.activity_id, figure.code, figure.name, figure.field, found, targets)


# --- words ------------------------------------------------------------------


def difference(kept: Figures, live: Figures) -> str:
    """``+3 selesai, −1 lewat batas waktu``: what changed between two looks; empty when nothing did."""
    parts = (
        (live.total - kept.total, "ditugaskan"),
        (live.done - kept.done, "selesai"),
        (live.overdue - kept.overdue, "lewat batas waktu"),
        (live.certified - kept.certified, "loket lengkap"),
    )
    return ", ".join(f"{'+' if change > 0 else '−'}{number(abs(change))} {word}" for change, word in parts if change)


def target_words(target: Target) -> str:
    """``paling sedikit 80%``"""
    return f"paling {'banyak' if target.measure.is_limit else 'sedikit'} {amount_words(target.measure, target.target)}"


def amount_words(measure: Measure, value: Decimal | None) -> str:
    """``87,5%``, ``412 personel``, ``12,4 poin``; a dash for nothing. Rounded so that a target is not met too early."""
    if value is None:
        return "–"
    tenths = value.quantize(Decimal("0.1"), rounding="ROUND_CEILING" if measure.is_limit else "ROUND_FLOOR")
    text = number(tenths)
    return f"{text}%" if measure.words == "%" else f"{text} {measure.words}"
