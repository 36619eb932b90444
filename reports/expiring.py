"""Completions that lose their validity soon, or have lost it, and nothing newer of the same course holds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enrolments.models import CourseCompletion
from foundation.formats import day_of, days_left
from foundation.paging import is_wide, joined
from foundation.spreadsheets import Cell
from organisation.models import Officer, Posting

from .core import Wanted, pieces_again, stand_wanted
from .counting import Counted
from .exports import Table
from .permissions import completions_again, ending_completions, rounds_begun
from .scope import Scope

BEHIND = "lewat"
# (key, words, days ahead)
WITHIN = (("30", "30 hari", 30), ("90", "90 hari", 90), ("180", "180 hari", 180), (BEHIND, "Sudah kedaluwarsa", 0))
DAY = timedelta(days=1)
# How many rows, and what gives them in their order.
Part = tuple[int, Callable[[], QuerySet[Any]]]
HEADER = (
    "NRP/NIP",
    "Pangkat",
    "Nama",
    "Satuan",
    "Kode",
    "Pelatihan",
    "Selesai pada",
    "Berlaku sampai",
    "Sisa (hari)",
    "Sudah ditugaskan lagi",
    "Mulai lagi pada",
)


def expiring(scope: Scope, wanted: Wanted, within: str) -> QuerySet[Any]:
    """Ledger rows with ``posting_pk`` of where the officer stands; the stretch begins at the moment of ``scope``."""
    return _ending(scope, wanted, *_stretch(scope, within))


def _stretch(scope: Scope, within: str) -> tuple[Q, Q]:
    """The conditions for its beginning and its end."""
    if within == BEHIND:
        return Q(), Q(expires_at__lte=scope.at)
    return Q(expires_at__gt=scope.at), Q(expires_at__lte=_until(scope, within))


def _until(scope: Scope, within: str) -> datetime:
    return scope.at + timedelta(days={key: ahead for key, _words, ahead in WITHIN}[within])


def _ending(scope: Scope, wanted: Wanted, *ends: Q) -> QuerySet[Any]:
    rows = ending_completions(stand_wanted(scope, wanted), scope.moment).filter(*ends)
    return rows.filter(course=wanted.course) if wanted.course else rows


def parts(scope: Scope, wanted: Wanted, within: str, counts: Counted | None) -> list[Part]:
    """The list of ``expiring`` cut between days: how many rows each part has, and what gives them in their order.

    How many end on a whole day is known from the ``counts``; the rows are asked for the days at the edges alone.
    """
    if counts is None or counts.since:
        rows = expiring(scope, wanted, within)
        length = rows.count()
        return [(length, lambda: for_list(rows, wide=is_wide(length)))]
    starts, ends = _stretch(scope, within)
    cuts = _cuts(scope, wanted, within, counts)
    bounds = [starts, *(Q(expires_at__gte=moment) for moment, _number in cuts[1:])]
    limits = [*(Q(expires_at__lt=moment) for moment, _number in cuts[1:]), ends]

    # To say what all the days of a list are takes longer than to read the one or two that a page shows.
    def part(first: Q, last: Q, length: int) -> Part:
        return length, lambda: for_list(_ending(scope, wanted, first, last), wide=is_wide(length))

    return [part(first, last, number) for first, last, (_moment, number) in zip(bounds, limits, cuts, strict=True)]


def _cuts(scope: Scope, wanted: Wanted, within: str, counts: Counted) -> list[tuple[datetime, int]]:
    """(when a part begins, how many end in it), days of UTC together until there are enough for some pages.

    The first begins where the stretch does, whatever is said of it.
    """
    today = scope.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if within == BEHIND:
        here = _ending(scope, wanted, Q(expires_at__gte=today, expires_at__lte=scope.at)).count()
        return [(scope.at, sum(number for _day, number in counts.ending(None, today.date()))), (today, here)]
    until = _until(scope, within)
    first, last = today + DAY, today + (until - scope.at)
    edges = Q(expires_at__gt=scope.at, expires_at__lt=first) | Q(expires_at__gte=last, expires_at__lte=until)
    ahead = Count("pk", filter=Q(expires_at__lt=first))
    at_edges = _ending(scope, wanted, edges).aggregate(first=ahead, both=Count("pk"))
    whole = [(datetime.combine(day, time(), UTC), number) for day, number in counts.ending(first.date(), last.date())]
    days = [(scope.at, at_edges["first"]), *whole, (last, at_edges["both"] - at_edges["first"])]
    return [(begun, number) for (begun, *_further), number in joined(days)]


def _again(completions: Iterable[Any], scope: Scope) -> dict[int, tuple[bool, datetime | None]]:
    """Of ``completions`` (ids): whether the course is owed again already, and when a newer round was begun.

    Asked of the rows that are shown: beside a long list PostgreSQL would gather the open duties of the nation.
    """
    same = {"officer": OuterRef("officer"), "course": OuterRef("course")}
    owed = Exists(scope.moment.duties().filter(scope.moment.is_open(), **same))
    # One that was finished by then would have taken the row off the list.
    newer = rounds_begun(scope.moment).filter(**same, cycle__gt=OuterRef("cycle"))
    begun = Subquery(newer.order_by("-cycle").values("started_at")[:1])
    shown = completions_again(scope.moment).filter(pk__in=[row.pk for row in completions])
    return {pk: (is_owed, began) for pk, is_owed, began in shown.values_list("pk", owed, begun)}


def for_list(rows: QuerySet[Any], *, wide: bool = False) -> QuerySet[Any]:
    """What ends first comes first; a ``wide`` list is read along the index of dates, as in chase.late_rows."""
    date = F("expires_at") if wide else Coalesce(F("expires_at"), F("completed_at"))
    return rows.select_related("officer").order_by(date, "officer__name", "pk")


@dataclass(frozen=True)
class ExpiringRow:
    completion: CourseCompletion
    posting: Posting
    owed: bool
    begun_at: datetime | None
    words: str
    days: int
    is_mine: bool

    @property
    def officer(self) -> Officer:
        return self.completion.officer

    @property
    def ends_on(self) -> date | None:
        return day_of(self.completion.expires_at, self.zone) if self.completion.expires_at else None

    @property
    def begun_on(self) -> date | None:
        return day_of(self.begun_at, self.zone) if self.begun_at else None

    @property
    def zone(self) -> str:
        return self.posting.unit.zone


def read(completions: Iterable[Any], scope: Scope) -> list[ExpiringRow]:
    found = list(completions)
    postings = scope.postings.filter(pk__in={row.posting_pk for row in found})
    postings = scope.with_mine(postings.select_related("rank", "unit"))
    where = {posting.pk: posting for posting in postings}
    scope.give_courses(found)
    again = _again(found, scope)
    # What was corrected since the list was read is not found again.
    return [_row(row, where[row.posting_pk], scope, *again.get(row.pk, (False, None))) for row in found]


def _row(completion: Any, posting: Any, scope: Scope, owed: bool, begun_at: datetime | None) -> ExpiringRow:
    zone = posting.unit.zone
    days = (day_of(completion.expires_at, zone) - day_of(scope.at, zone)).days
    words = days_left(completion.expires_at, at=scope.at, zone=zone)
    return ExpiringRow(completion, posting, owed, begun_at, words, days, posting.is_mine)


def expiring_table(rows: QuerySet[Any], scope: Scope) -> Table:
    def cells() -> Iterator[list[Cell]]:
        again = completions_again(scope.moment).select_related("officer")
        for piece in pieces_again(for_list(rows), again):
            for row in read(piece, scope):
                yield [
                    row.officer.number,
                    row.posting.rank.short,
                    row.officer.full_name,
                    row.posting.unit.name,
                    row.completion.course.code,
                    row.completion.course.title,
                    day_of(row.completion.completed_at, row.zone),
                    row.ends_on,
                    row.days,
                    row.owed,
                    row.begun_on,
                ]

    return HEADER, cells()
