"""The proof of what was counted beforehand: counted anew and compared (``manage.py check_counts``)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Min

from organisation.models import Unit

from .count_rows import ASKED_AHEAD, DAYS_KEPT
from .day_counts import CLOCKS_DIFFER, moment_of
from .models import Answers, CountKind, CountState, DayCount
from .models.counts import Numbers
from .recounting import marked_units
from .tallies import TALLIES


def differences(*, at: datetime) -> Iterator[tuple[Unit, str]]:
    """Each unit whose counts should be true, with what differs from counting it anew; empty where nothing does."""
    for tally in TALLIES.values():
        last = tally.on_unit
        # Held back by a mark, or by the clock: known to be old.
        true = Unit.objects.filter(**{f"{last}__counted_at__lte": at}).exclude(pk__in=marked_units(tally, at=at))
        for unit in true.exclude(**{f"{last}__valid_until__lte": at}).order_by("path"):
            stored = _figures_of(tally.rows.objects.filter(unit=unit), at=at)
            yield unit, _words(stored, _figures_of(tally.count([unit.pk], at=at), at=at))


def day_differences() -> Iterator[tuple[DayCount, str]]:
    """The same of each past day of a unit that was counted and of which nothing was written since."""
    for tally in TALLIES.values():
        days = DayCount.objects.known().filter(tally=tally.kind).exclude(counted_at=None)
        if since := tally.marks.objects.aggregate(first=Min("since"))["first"]:
            days = days.filter(at__lt=since - CLOCKS_DIFFER)
        for day in days.select_related("unit").order_by("at", "as_known", "unit__path").iterator(chunk_size=500):
            stored = _figures_of(tally.day_rows.objects.filter(count=day), at=day.at)
            yield day, _words(stored, _figures_of(tally.count_day([day.unit_id], moment_of(day)), at=day.at))


def _words(stored: Counter[tuple], anew: Counter[tuple]) -> str:
    words = [f"{key}: {stored[key]}, anew {anew[key]}" for key in {*stored, *anew} if stored[key] != anew[key]]
    return "; ".join(words[:5])


def _figures_of(rows: Iterable[Numbers | Answers], *, at: datetime) -> Counter[tuple]:
    """Numbers by what they are about; days that lie too far back today are left out."""
    found: Counter[tuple] = Counter()
    today = at.astimezone(UTC).date()
    for row in rows:
        if isinstance(row, Answers):
            for name in ("standing", "people", "answers", "earned", "available"):
                found[row.kind, row.function_id, row.course_id, row.topic, name] += getattr(row, name)
            continue
        if row.kind == CountKind.DAY and row.day and row.day < (at - DAYS_KEPT + timedelta(days=2)).date():
            continue
        if row.kind == CountKind.HELD and row.day and row.day <= today:
            # What ends in a month that has begun is looked at one by one.
            continue
        if row.kind == CountKind.ENDS and row.day:
            # An older count knows fewer days ahead.
            if row.day >= today + ASKED_AHEAD:
                continue
            row.day = max(row.day, today - timedelta(days=1))
        late = row.state == CountState.LATE or (row.state == CountState.OPEN and row.due_at and row.due_at < at)
        if row.kind in (CountKind.AHEAD, CountKind.AHEAD_AT) and row.due_at and row.due_at < at:
            # Its date has come since.
            continue
        due_at = None if late else row.due_at
        state = CountState.LATE if late else row.state
        about = (row.course_id, row.function_id, row.period_id, row.activity_id)
        for name in ("number", "grades", "graded", "rises", "risen", "finals", "risers"):
            found[row.kind, *about, str(state), due_at, row.day, name] += getattr(row, name)
    return found
