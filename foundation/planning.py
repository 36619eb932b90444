"""How PostgreSQL plans the statements of a report."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull


@contextmanager
def planned_for_values() -> Iterator[None]:
    """Have each statement planned for the values that it is asked with.

    A prepared statement (elearning/settings/base.py) gets one plan for whatever values after some requests. For the
    page of an officer that saves time; the way through the tables that suits a Polres takes three times as long for a
    Polda.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = before


def asked_through(path: str, condition: Q) -> Q:
    """``condition`` about rows to which ``path`` leads, such as ``officer__posting__``, for one ``filter``.

    A list that joins those rows asks it of its own join. As ``…__in=rows`` it would read each of them twice, and
    planning a join of two tables more takes PostgreSQL longer than carrying it out. Raises ValueError for a negation:
    of several rows behind a path Django would ask that none of them fits.
    """
    if condition.negated:
        raise ValueError(f"not to be asked through {path}: {condition}")
    moved = Q(_connector=condition.connector)
    for part in condition.children:
        if isinstance(part, Q):
            moved.add(asked_through(path, part), condition.connector)
        else:
            lookup, value = cast("tuple[str, Any]", part)
            moved.add(Q((f"{path}{lookup}", value)), condition.connector)
    return moved


def is_there(rows: QuerySet[Any]) -> IsNull:
    """Whether any of ``rows`` is there, as a column of a list; in a condition ``Exists`` says it.

    Asked for a column by EXISTS, PostgreSQL may look through the whole table first, for the sake of all rows of the
    list: a page of fifty then waits for 650,000 enrolments. What one row looks up cannot be gathered beforehand.
    """
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)
