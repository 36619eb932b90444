"""How PostgreSQL plans the statements of a report."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


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
