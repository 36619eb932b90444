"""Every address answers every role as its app's who-may table says, and no address is without a row."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from foundation.kept import Kept
from tests.who_may import ROLES, Row
from tests.who_may.world import World, build

# Every page's queries are asked here of PostgreSQL too: what people see on a page is told on SQLite.
pytestmark = pytest.mark.once_on("postgresql")
TABLES = sorted(Path(__file__).parent.glob("*/who_may.py"))
# The CMS guards its own addresses; that only trainers and reviewers reach it stands in the elearning table.
FOREIGN_PREFIXES = ("admin/", "dokumen/", "_util/")


def _rows() -> list[Row]:
    rows: list[Row] = []
    for table in TABLES:
        rows += importlib.import_module(f"tests.{table.parent.name}.who_may").ROWS
    return rows


ROWS = _rows()


@pytest.fixture(scope="module")
def world(for_the_module) -> Iterator[World]:
    """One world for all rows: each question rolls back what it changed."""
    with override_settings(STAFF_SECOND_FACTOR_REQUIRED=False):
        yield build()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_address_answers_each_role_as_the_table_says(world, db, row):
    with transaction.atomic():
        # What the address needs is made once; each role finds it as it was made.
        url = row.url(world)
        assert {role: _status(world, row, url, role) for role in ROLES} == row.answers
        transaction.set_rollback(True)


def _status(world: World, row: Row, url: str, role: str) -> int:
    """Ask ``url`` as ``role``; what the question made or changed is gone afterwards."""
    client = Client()
    client.cookies.load(world.cookies.get(role, {}))
    with transaction.atomic():
        data = row.data(world) if callable(row.data) else row.data
        answer = getattr(client, row.method)(url, data)
        transaction.set_rollback(True)
    if role == "visitor" and answer.status_code == 302:
        assert answer.headers["Location"].startswith("/masuk/")
    return answer.status_code


def _route(world: World, row: Row) -> str:
    """The address pattern that ``row`` asks; what its address needed is gone afterwards."""
    with transaction.atomic():
        route = resolve(row.url(world).split("?")[0]).route
        transaction.set_rollback(True)
    # SQLite gives the ids of what is gone to the next.
    Kept.forget_all()
    return route


def _routes(patterns, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def test_every_address_has_a_row(world, db):
    wagtail_serve = resolve("/halaman-cms-yang-tidak-ada/").route
    own = {
        route
        for route in _routes(get_resolver().url_patterns)
        if not route.removeprefix("^").startswith(FOREIGN_PREFIXES) and route != wagtail_serve
    }

    asked = {_route(world, row) for row in ROWS}

    assert not own - asked, "Addresses without a row in tests/<app>/who_may.py: " + ", ".join(sorted(own - asked))


def test_no_two_rows_share_a_name():
    names = [row.name for row in ROWS]

    assert sorted(set(names)) == sorted(names)
