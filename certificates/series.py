"""The counter of a number series: it gives each running number exactly once."""

from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, CharField, IntegerField

from certificates.models import NumberSeries, SetAsideNumber
from foundation.formats import in_zone
from foundation.prepared import PreparedRows, PreparedUpdate, Slot
from organisation.models import Unit

LOCKED = PreparedRows(
    lambda: NumberSeries.objects.select_for_update(of=("self",)).filter(
        unit=Slot("unit", BigIntegerField()), kind=Slot("kind", CharField()), year=Slot("year", IntegerField())
    )
)
ASIDE = PreparedRows(
    lambda: (
        SetAsideNumber.objects.filter(
            series=Slot("series", BigIntegerField()), sequence__gte=Slot("number", IntegerField())
        )
        .only("sequence")
        .order_by("sequence")
    )
)
RAISE = PreparedUpdate(
    lambda: NumberSeries.objects.filter(pk=Slot("pk", BigIntegerField())), last_number=Slot("number", IntegerField())
)


def locked_series(*, unit: Unit, kind: str, at: datetime) -> NumberSeries:
    """The series of ``unit``, ``kind`` and the year that ``at`` has in the unit's zone, locked.

    The lock lasts until the transaction ends. Whoever gives out, sets aside, cancels or types a number holds it.
    PostgreSQL waits here for whoever came before; SQLite writes one transaction at a time anyway. Unique constraints
    back it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the certificate's own transaction")
    year = in_zone(at, unit.zone).year
    series = LOCKED.first(unit=unit.pk, kind=kind, year=year)
    if series is None:
        # Only the first certificate of the year comes here.
        NumberSeries.objects.get_or_create(unit=unit, kind=kind, year=year)
        [series] = LOCKED.rows(unit=unit.pk, kind=kind, year=year)
    return series


def take_number(*, unit: Unit, kind: str, at: datetime) -> tuple[NumberSeries, int]:
    """Return (series, running number): the next one that nobody set aside.

    Call it inside the transaction that stores the certificate: both stand or fall together, so what is rolled back
    gives its number back, the next certificate gets it, and a series has no gap.
    """
    series = locked_series(unit=unit, kind=kind, at=at)
    series.last_number = next_number(series)
    RAISE.run(pk=series.pk, number=series.last_number)
    return series, series.last_number


def next_number(series: NumberSeries) -> int:
    """The number that the series gives out next: numbers set aside are passed over."""
    number = series.last_number + 1
    for aside in ASIDE.rows(series=series.pk, number=number):
        if aside.sequence != number:
            break
        number += 1
    return number
