"""What moves of people changed under orders that follow them, in the units of the reader: who, what, when and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from enrolments.calendar import day_start
from enrolments.moves import of_officers_like, read_changes
from enrolments.permissions import move_changes_below
from foundation.formats import date_range, day_of
from foundation.models import AuditEvent
from foundation.spreadsheets import Cell

from .core import Wanted
from .exports import Table
from .scope import Scope

SHOWN_DAYS = timedelta(days=30)
DAY = timedelta(days=1)
CHUNK = 500
HEADER = ("Hari", "NRP/NIP", "Nama", "Dari", "Ke", "Sejak", "Pelatihan", "Perubahan", "Perintah", "Sebab")


@dataclass(frozen=True)
class Days:
    """From ``first`` to ``last``, both included, on the clock of ``zone``."""

    first: date
    last: date
    zone: str

    @classmethod
    def asked(cls, answers: Mapping[str, Any], *, zone: str, now: datetime) -> "Days":
        """What a filter says; without a first day, the last thirty days before the last one."""
        last = answers.get("sampai") or day_of(now, zone)
        return cls(answers.get("dari") or last - SHOWN_DAYS, last, zone)

    @property
    def words(self) -> str:
        return date_range(self.first, max(self.first, self.last))


def changes(scope: Scope, wanted: Wanted, days: Days) -> QuerySet[AuditEvent]:
    """The events that ``wanted`` and ``days`` ask for."""
    events = move_changes_below([wanted.unit] if wanted.unit else scope.roots).filter(
        at__gte=day_start(days.first, days.zone), at__lt=day_start(days.last + DAY, days.zone)
    )
    return of_officers_like(events, wanted.search) if wanted.search else events


def newest_first(events: QuerySet[AuditEvent], *, wide: bool) -> QuerySet[AuditEvent]:
    """A ``wide`` list is read along the index of days. For one of a small unit, PostgreSQL would walk through all that
    a nation looks at to save sorting a few rows.
    """
    moment = F("at") if wide else Coalesce(F("at"), F("at"))
    return events.order_by(moment.desc(), "-pk")


def moves_table(events: QuerySet[AuditEvent]) -> Table:
    def cells() -> Iterator[list[Cell]]:
        rows = newest_first(events, wide=False).iterator(chunk_size=CHUNK)
        while piece := list(islice(rows, CHUNK)):
            for change in read_changes(piece):
                yield [
                    day_of(change.event.at, change.zone),
                    change.officer.number,
                    f"{change.posting.rank.short} {change.officer.full_name}",
                    change.left_words,
                    change.came_words,
                    day_of(change.since, change.zone),
                    str(change.order.course),
                    change.what,
                    change.order.order_number,
                    change.why,
                ]

    return HEADER, cells()
