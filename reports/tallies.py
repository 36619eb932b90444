"""What is counted beforehand: duties with all that hangs on them, and answers; each with marks and rows of its own.

Both are kept true by the same rules (recounting.py, day_counts.py). They are apart because answers change many times as
often, and because pages of the one ask nothing of the other.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from .answer_rows import answer_rows, answer_rows_of_day
from .count_rows import count_rows, count_rows_of_day
from .models import (
    AnswerCount,
    AnswerMark,
    AnswerRow,
    CountMark,
    CountRow,
    DayAnswers,
    DayRow,
    LastCount,
    Mark,
    TallyKind,
    UnitCount,
)
from .permissions import Moment


@dataclass(frozen=True)
class Tally:
    """``count`` gives the ``rows`` of units (ids) as of now, ``count_day`` the same for ``day_rows`` of a past day."""

    kind: TallyKind
    marks: type[Mark]
    last: type[LastCount]
    rows: type[Any]
    day_rows: type[Any]
    count: Callable[..., Iterable[CountRow | AnswerRow]]
    count_day: Callable[[Collection[int], Moment], Iterable[CountRow | AnswerRow]]

    @property
    def on_unit(self) -> str:
        """The way from a unit to its ``last``."""
        return self.last.__name__.lower()

    def as_day_row(self, row: CountRow | AnswerRow, count: int) -> DayRow | DayAnswers:
        columns = [field.attname for field in row._meta.fields if not field.primary_key]
        return self.day_rows(count_id=count, **{name: getattr(row, name) for name in columns})


FIGURES = Tally(TallyKind.FIGURES, CountMark, UnitCount, CountRow, DayRow, count_rows, count_rows_of_day)
ANSWERS = Tally(TallyKind.ANSWERS, AnswerMark, AnswerCount, AnswerRow, DayAnswers, answer_rows, answer_rows_of_day)
TALLIES = {tally.kind: tally for tally in (FIGURES, ANSWERS)}
