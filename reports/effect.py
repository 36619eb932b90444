"""What a course brought: grades before and after of the same officers, per course and per order.

Only who has both counts: the first pre-test of the round, and the grade of the ledger. Below FEWEST_SHOWN people a
mean would say something about single persons: none is given. A line is counted over the rows of the list under it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet

from courses.models import Course
from enrolments.models import Assignment, Duty
from foundation.spreadsheets import Cell
from quizzes.statistics import FEWEST_SHOWN

from .core import Row, State, Wanted, asked_by, duty_rows, pieces, read
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


@dataclass(frozen=True)
class Gain:
    """Of ``n`` rounds with both grades: their means (0..100), and how many ended higher than they began."""

    n: int
    before: Decimal | None
    after: Decimal | None
    risen: int

    @property
    def too_few(self) -> bool:
        return self.n < FEWEST_SHOWN

    @property
    def rise(self) -> Decimal:
        """Mean of the rises; they are of the same people, so it is the difference of the means."""
        return Decimal(str(self.after or 0)) - Decimal(str(self.before or 0))


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


def _means() -> dict[str, Any]:
    risen = Count("pk", filter=Q(grade__gt=F("before")))
    return {"n": Count("pk"), "mean_before": Avg("before"), "mean_after": Avg("grade"), "risen": risen}


def gain(rows: QuerySet[Any]) -> Gain:
    return Gain(*rows.aggregate(**_means()).values())


def by_course(scope: Scope, wanted: Wanted) -> list[GainLine]:
    """One line per course, the smallest rise first; what too few have done comes last."""
    groups = measured(scope, wanted).values_list("course").annotate(**_means())
    found = {course: Gain(*figures) for course, *figures in groups}
    courses = Course.objects.in_bulk(found)
    return _weakest_first(GainLine(courses[course], part) for course, part in found.items())


def by_order(scope: Scope, wanted: Wanted) -> list[GainLine]:
    """One line per order, every cycle that it asked for; an officer whom two orders asked counts under both."""
    reasons = asked_by(scope, wanted)
    done = duty_rows(scope, wanted.but(state=State.DONE), every_cycle=True).filter(reason__in=reasons)
    groups = _with_both(done, scope).values_list("reason__assignment").annotate(**_means())
    found = {order: Gain(*figures) for order, *figures in groups}
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
        for piece in pieces(for_list(rows), again=again.select_related("officer")):
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
