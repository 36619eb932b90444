"""A list too long to be sorted while a page waits shows the same rows, page by page; screens ask little."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import paging
from reports.chase import late_rows
from reports.core import Wanted
from reports.recounting import recount_marked
from reports.scope import scope_of
from reports.views import reading
from tests.clock import NOON

from .scenes import owes

NAMES = "/sdm/penyelesaian/nama/"


@pytest.fixture
def client(as_sdm, here):
    for name in ("Andi", "Budi", "Dewi", "Fitri"):
        owes(here.officers[name], here.komunikasi, "late" if name != "Andi" else "open")
    recount_marked(at=NOON)
    return as_sdm


def rows(client, address):
    """(officer, course) of every row, in the order of the pages."""
    found, number, pages = [], 1, 1
    while number <= pages:
        page = client.get(f"{address}{'&' if '?' in address else '?'}page={number}").context["page"]
        found += [(row.officer.name, row.course.code) for row in page.object_list]
        pages, number = page.paginator.num_pages, number + 1
    return found


@pytest.mark.parametrize(
    "address",
    [
        NAMES,
        f"{NAMES}?keadaan=lewat",
        f"{NAMES}?keadaan=belum",
        f"{NAMES}?keadaan=selesai",
        f"{NAMES}?pelatihan=C1",
    ],
)
def test_a_long_list_holds_the_rows_of_a_short_one_in_the_same_order(client, monkeypatch, address):
    short = rows(client, address)

    monkeypatch.setattr(paging, "WIDE", 0)
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    long = rows(client, address)

    assert long == short
    assert len(short) > 1


@pytest.mark.parametrize("wide", [4, 3, 0], ids=["all-small", "one-great", "all-great"])
def test_a_long_list_by_unit_keeps_the_order_of_names_but_in_great_units(client, here, monkeypatch, wide):
    owes(here.officer("Zainal", here.satlantas, "sim"), here.etika, "late")
    address = "/sdm/penagihan/?kelompok=satuan"
    short = rows(client, address)

    monkeypatch.setattr(paging, "WIDE", wide)
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    long = rows(client, address)

    assert sorted(long) == sorted(short)
    assert (long == short) is (wide == 4)
    assert len(short) > 3


def test_who_is_longest_late_stands_first_in_a_long_list_too(client, monkeypatch):
    short = rows(client, "/sdm/penagihan/")

    monkeypatch.setattr(paging, "WIDE", 0)
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)

    assert sorted(rows(client, "/sdm/penagihan/")) == sorted(short)


@pytest.mark.parametrize("filtered", ["", "&loket=sim", "&pelatihan=C1", "&menurut=catatan"])
def test_who_was_longest_late_on_a_past_day_stands_first_on_its_first_page(client, here, monkeypatch, filtered):
    for number, name in enumerate(("Eko", "Dewi", "Citra")):
        owes(
            here.officer(f"{name} {number}", here.satlantas, "sim"),
            here.etika,
            due_at=NOON - timedelta(days=9 - number),
        )
    address = f"/sdm/penagihan/?per=2026-11-20{filtered}"
    short = rows(client, address)

    monkeypatch.setattr(paging, "WIDE", 0)
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    long = rows(client, address)

    assert sorted(long) == sorted(short)
    assert long[:3] == short[:3]
    assert len(short) > 3


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/sdm/", 15),
        ("/sdm/penagihan/", 15),
        ("/sdm/penyelesaian/", 15),
        (NAMES, 15),
        ("/sdm/penugasan/", 6),
        ("/sdm/matriks/", 15),
        ("/sdm/jp/", 15),
        ("/sdm/kedaluwarsa/", 15),
    ],
)
def test_a_screen_asks_the_database_no_more_than_this(client, address, most):
    client.get(address)  # what any process asks once

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    statements = [query["sql"] for query in asked if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", query["sql"])]
    assert len(statements) <= most, "\n".join(statement[:150] for statement in statements)
    # Roles and the second factor come with the session or are read once.
    assert sum('FROM "organisation_rolegrant"' in one and "session" not in one for one in statements) <= 1


def test_in_a_wide_list_those_of_one_date_stand_in_no_order_of_people(here):
    for name in ("Fitri", "Andi"):
        owes(here.officers[name], here.komunikasi, "late")
    scope, wanted = scope_of(here.sdm, at=NOON), Wanted(unit=here.unit, course=here.komunikasi)

    def names(*, wide):
        return [duty.officer.name for duty in late_rows(scope, wanted, wide=wide)]

    assert (names(wide=False), names(wide=True)) == (["Andi", "Fitri"], ["Fitri", "Andi"])
