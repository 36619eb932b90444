"""What a course brought: grades before and after of the same officers, per course and per order.

Only who has both counts: the first pre-test of the round, and the grade of the ledger. Below FEWEST_SHOWN people a
mean would say something about single persons: none is given. A line is counted over the rows of the list under it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum

from courses.models import Course
from enrolments.models import Assignment, Duty
from foundation.spreadsheets import Cell
from quizzes.statistics import FEWEST_SHOWN

from .core import Row, State, Wanted, asked_by, duty_rows, pieces_again, read
from .counting import Counted
from .exports import Table
from .permissions import duties_again, orders_behind, with_first_grade, with_standing
from .scope import Scope

BY_COURSE, BY_ORDER = "pelatihan", "perintah"
HEADER = (
    "Kode",
    "Pelatihan",
    "Perintah",
    "Personel dengan kedua nilai",
    "Rata-rata pre-tes",
    "Rata-rata pos-tes",
    "Kenaikan",
    "Naik (personel)",
)
NAMES_HEADER = ("NRP/NIP", "Pangkat", "Nama", "Satuan", "Kode", "Pelatihan", "Pre-tes", "Pos-tes", "Kenaikan")
TOO_FEW = "terlalu sedikit"
RISEN = Q(grade__gt=F("before"))


@dataclass(frozen=True)
class Gain:
    """Of ``n`` rounds with both grades: sums of the final ones and of the rises, and how many ended higher."""

    n: int = 0
    finals: Decimal = Decimal(0)
    rises: Decimal = Decimal(0)
    risen: int = 0

    @classmethod
    def of(cls, n: int, finals: Any, rises: Any, risen: int) -> "Gain":
        """From what a database added up: nothing of no rows, and SQLite adds decimals up as floats."""
        return cls(n, Decimal(str(finals or 0)), Decimal(str(rises or 0)), risen)

    @property
    def too_few(self) -> bool:
        return self.n < FEWEST_SHOWN

    @property
    def before(self) -> Decimal | None:
        """Mean of the pre-tests, 0..100."""
        return (self.finals - self.rises) / self.n if self.n else None

    @property
    def after(self) -> Decimal | None:
        return self.finals / self.n if self.n else None

    @property
    def rise(self) -> Decimal:
        return self.rises / self.n if self.n else Decimal(0)


@dataclass(frozen=True)
class GainLine:
    course: Course
    gain: Gain
    order: Assignment | None = None


def measured(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    """Finished duties with ``before`` and ``grade``, both known."""
    return _with_both(duty_rows(scope, wanted.but(state=State.DONE)), scope)


def _with_both(done: QuerySet[Duty], scope: Scope) -> QuerySet[Any]:
    rows: QuerySet[Any] = with_first_grade(with_standing(done, scope.moment), scope.moment)
    return rows.filter(before__isnull=False, grade__isnull=False)


def _sums() -> dict[str, Any]:
    rises = Sum(F("grade") - F("before"), output_field=DecimalField())
    return {"n": Count("pk"), "finals": Sum("grade"), "rises": rises, "risen": Count("pk", filter=RISEN)}


def gain(rows: QuerySet[Any]) -> Gain:
    return Gain.of(**rows.aggregate(**_sums()))


def whole(scope: Scope, wanted: Wanted, counts: Counted | None) -> Gain:
    """Of all courses together."""
    if not counts:
        return gain(measured(scope, wanted))
    parts = list(_of_courses(counts).values())
    return Gain(*(sum(getattr(part, each.name) for part in parts) for each in fields(Gain))) if parts else Gain()


def by_course(scope: Scope, wanted: Wanted, counts: Counted | None) -> list[GainLine]:
    """One line per course, the smallest rise first; what too few have done comes last."""
    if counts:
        found = _of_courses(counts)
    else:
        groups = measured(scope, wanted).values_list("course").annotate(**_sums())
        found = {course: Gain.of(*figures) for course, *figures in groups}
    return _weakest_first(GainLine(scope.courses[course], part) for course, part in found.items())


def _of_courses(counts: Counted) -> dict[int, Gain]:
    found = counts.gains()
    return {course: Gain.of(n, finals, rises, risen) for course, n, finals, rises, risen in found if n}


def by_order(scope: Scope, wanted: Wanted) -> list[GainLine]:
    """One line per order, every cycle that it asked for; an officer whom two orders asked counts under both."""
    reasons = asked_by(scope, wanted)
    done = duty_rows(scope, wanted.but(state=State.DONE), every_cycle=True).filter(reason__in=reasons)
    groups = _with_both(done, scope).values_list("reason__assignment").annotate(**_sums())
    found = {order: Gain.of(*figures) for order, *figures in groups}
    orders = orders_behind(reasons).select_related("course", "unit").in_bulk(found)
    return _weakest_first(GainLine(orders[order].course, part, orders[order]) for order, part in found.items())


def _weakest_first(lines: Iterable[GainLine]) -> list[GainLine]:
    return sorted(
        lines,
        key=lambda line: (
            line.gain.too_few,
            line.gain.rise if not line.gain.too_few else 0,
            line.course.code,
            line.order.order_number if line.order else "",
        ),
    )


def order_in_scope(scope: Scope, uuid: str) -> Assignment | None:
    """An order that asks something of the reader's officers, from above too; None for any other."""
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    asked = asked_by(scope, Wanted()).filter(assignment__uuid=wanted)
    asked = asked.filter(duty__in=duty_rows(scope, Wanted(), every_cycle=True))
    return orders_behind(asked).select_related("course", "unit").first()


# --- the names --------------------------------------------------------------


@dataclass(frozen=True)
class GainRow:
    """One officer's grades before and after."""

    row: Row
    before: Decimal
    after: Decimal

    @property
    def rise(self) -> Decimal:
        return self.after - self.before


def for_list(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The names behind a line, the smallest rise first."""
    related = rows.select_related("officer").annotate(rise=F("grade") - F("before"))
    return related.order_by("rise", "unit_path", "officer__name", "officer__number", "pk")


def read_gains(duties: Iterable[Any], scope: Scope) -> list[GainRow]:
    found = list(duties)
    return [GainRow(row, duty.before, duty.grade) for row, duty in zip(read(found, scope), found, strict=True)]


# --- files ------------------------------------------------------------------


def gains_table(lines: Sequence[GainLine]) -> Table:
    return HEADER, [
        [
            line.course.code,
            line.course.title,
            line.order.order_number if line.order else "",
            line.gain.n,
            *(
                [TOO_FEW, TOO_FEW, TOO_FEW, None]
                if line.gain.too_few
                else [_mean(line.gain.before), _mean(line.gain.after), _mean(line.gain.rise), line.gain.risen]
            ),
        ]
        for line in lines
    ]


def _mean(value: Decimal | None) -> Decimal:
    return Decimal(str(value or 0)).quantize(Decimal("0.1"))


def names_table(rows: QuerySet[Any], scope: Scope) -> Table:
    def cells() -> Iterator[list[Cell]]:
        again = with_first_grade(with_standing(duties_again(), scope.moment), scope.moment)
        for piece in pieces_again(for_list(rows), again.select_related("officer")):
            for entry in read_gains(piece, scope):
                posting = entry.row.posting
                yield [
                    entry.row.officer.number,
                    posting.rank.short,
                    entry.row.officer.full_name,
                    posting.unit.name,
                    entry.row.course.code,
                    entry.row.course.title,
                    entry.before,
                    entry.after,
                    entry.rise,
                ]

    return NAMES_HEADER, cells()
