"""SQLite's planner is told once a day what the tables hold."""

import pytest
from django.db import connection

from foundation.planner import renew_statistics
from tests.factories.organisation import OfficerFactory

pytestmark = pytest.mark.django_db


def known_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'organisation_posting'")
        return cursor.fetchone()[0]


@pytest.mark.only_on("sqlite")
def test_the_planner_learns_what_the_tables_hold_once_a_day(noon):
    OfficerFactory.create_batch(3)

    assert renew_statistics(at=noon) == 1
    assert known_rows()
    assert renew_statistics(at=noon) == 0


@pytest.mark.only_on("postgresql")
def test_postgresql_looks_after_itself(noon):
    assert renew_statistics(at=noon) == 0
