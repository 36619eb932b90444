"""JP of a year, officer by officer, in the units of the reader; and of one officer, row by row.

A year is added up as known today, of everybody where they stand now or stood at its end. With a past day asked for
(``Wanted.day``) it is that day's year up to it, on the axis of the scope."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from enrolments.jp import counted, in_year, short_of, targets_of, with_jp
from enrolments.models import CourseCompletion
from foundation.formats import day_of
from foundation.paging import pieces
from foundation.planning import asked_through
from foundation.spreadsheets import Cell
from organisation.models import Officer, Posting

from .core import Wanted, postings_wanted, stand_wanted
from .counting import Counted
from .exports import Table
from .models import CountState
from .past import scope_on
from .permissions import POSTING, postings_that
from .scope import Scope

YEARS_OFFERED = 6
SHORT, REACHED = "kurang", "cukup"
STATES = {
    "": (CountState.DONE, CountState.OPEN, CountState.FREE),
    SHORT: (CountState.OPEN,),
    REACHED: (CountState.DONE,),
}
HEADER = ("NRP/NIP", "Pangkat", "Golongan", "Nama", "Jabatan", "Satuan", "Tahun", "JP", "Target JP", "Kurang JP")


def years_offered(this_year: int) -> list[int]:
    return [this_year - back for back in range(YEARS_OFFERED)]


def scope_of_year(actor, year: int, *, now: datetime) -> Scope:
    """Of a year that is over: who stood where on its last day. Completions are counted as they stand today."""
    return scope_on(actor, day=date(year, 12, 31), now=now)


def jp_rows(scope: Scope, wanted: Wanted, year: int, *, reached: str = "") -> QuerySet[Any]:
    """One posting per officer with ``jp`` and ``target``."""
    rows = with_jp(postings_wanted(scope, wanted), scope.moment.learned(year), scope.moment.targets(year))
    return rows.filter(short_of(reached=reached == REACHED), target__gt=0) if reached else rows


def in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("unit__path", "rank__order", "officer__name", "officer__number", "pk")


@dataclass(frozen=True)
class JpTotals:
    """``asked`` are the officers for whom there is a target, ``reached`` those of them who reached it."""

    officers: int
    jp: Decimal
    asked: int
    reached: int

    @property
    def short(self) -> int:
        return self.asked - self.reached


def jp_totals(scope: Scope, wanted: Wanted, year: int, counts: Counted | None = None) -> JpTotals:
    """The sums over ``jp_rows``, from ``counts`` where they know the year.

    Else the ledger is added up once and not for each officer: of a nation that takes long.
    """
    known = counts.jp(year) if counts else None
    if known is not None:
        number = {state: people for state, (people, _jp) in known.items()}
        jp = sum((jp for _people, jp in known.values()), Decimal(0))
        done = number.get(CountState.DONE, 0)
        return JpTotals(sum(number.values()), jp, done + number.get(CountState.OPEN, 0), done)
    stand, targets = stand_wanted(scope, wanted), scope.moment.targets(year)
    asked = Count("pk", filter=Q(target__gt=0))
    people = (
        postings_that(stand)
        .annotate(target=targets.expression("rank__group"))
        .aggregate(officers=Count("pk"), asked=asked)
    )
    learned = scope.moment.learned(year).filter(asked_through(POSTING, stand)).order_by()
    each = learned.values("officer", target=targets.expression("officer__posting__rank__group")).annotate(sum=Sum("jp"))
    reached = Count("officer", filter=Q(target__gt=0, sum__gte=F("target")))
    found = each.aggregate(jp=Sum("sum"), reached=reached)
    return JpTotals(people["officers"], found["jp"] or Decimal(0), people["asked"], found["reached"])


@dataclass
class JpRow:
    posting: Posting
    jp: Decimal
    target: Decimal | None
    is_mine: bool

    @property
    def officer(self) -> Officer:
        return self.posting.officer

    @property
    def short(self) -> Decimal:
        return shortfall(self.jp, self.target)


def shortfall(jp: Decimal, target: Decimal | None) -> Decimal:
    return max(Decimal(0), target - jp) if target else Decimal(0)


def read(postings: Iterable[Any]) -> list[JpRow]:
    return [JpRow(posting, posting.jp, posting.target or None, posting.is_mine) for posting in postings]


def for_list(rows: QuerySet[Any]) -> QuerySet[Any]:
    return in_order(rows.select_related("officer", "rank", "unit"))


def jp_table(rows: QuerySet[Any], year: int) -> Table:
    def cells() -> Iterator[list[Cell]]:
        for piece in pieces(for_list(rows)):
            for posting in piece:
                yield [
                    posting.officer.number,
                    posting.rank.short,
                    posting.rank.group,
                    posting.officer.full_name,
                    posting.post,
                    posting.unit.name,
                    str(year),
                    posting.jp,
                    posting.target or None,
                    shortfall(posting.jp, posting.target) if posting.target else None,
                ]

    return HEADER, cells()


# --- one officer ------------------------------------------------------------


@dataclass(frozen=True)
class OfficerYear:
    """The JP of one officer in one year: every ledger row of it, and the sum of those that stand."""

    year: int
    rows: list["LedgerRow"]
    jp: Decimal
    target: Decimal | None

    @property
    def short(self) -> Decimal:
        return shortfall(self.jp, self.target)


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger; ``state`` is done, superseded (a later row corrects it), revoked or expired."""

    completion: CourseCompletion
    state: str
    words: str
    counts: bool
    zone: str


def ledger(officer: Officer, *, at: datetime) -> list[LedgerRow]:
    """Every row ever written about ``officer``, the newest completion first, corrections beside what they correct."""
    rows = officer.completions.select_related(
        "course", "course_version", "unit", "rank", "corrected_by", "corrects", "recognition"
    )
    return [_ledger_row(row, at=at) for row in rows.order_by("-completed_at", "course", "-pk")]


def _ledger_row(row: CourseCompletion, *, at: datetime) -> LedgerRow:
    zone = row.unit.zone
    later = getattr(row, "corrected_by", None)
    if later is not None:
        state, words = "superseded", "Dikoreksi"
    elif row.withdrawn:
        state, words = "revoked", "Dicabut"
    elif row.expires_at and row.expires_at <= at:
        state, words = "expired", "Kedaluwarsa"
    else:
        state, words = "done", "Berlaku"
    return LedgerRow(row, state, words, counts=later is None and not row.withdrawn, zone=zone)


def officer_year(officer: Officer, posting: Posting | None, year: int, *, at: datetime) -> OfficerYear:
    keys = set(officer.completions.filter(in_year(year)).values_list("pk", flat=True))
    total = counted(year).filter(officer=officer).aggregate(sum=Sum("jp"))["sum"] or Decimal(0)
    target = targets_of(year).of(posting.rank.group) if posting else None
    return OfficerYear(year, [row for row in ledger(officer, at=at) if row.completion.pk in keys], total, target)


def years_of(officer: Officer, *, this_year: int) -> list[int]:
    """The years with rows, and this one; the newest first."""
    rows = officer.completions.values_list("completed_at", "unit__zone")
    return sorted({this_year, *(day_of(moment, zone).year for moment, zone in rows)}, reverse=True)
