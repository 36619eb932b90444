"""Completion against target over time: every point is what the page of that day shows."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enrolments.models import DueChange
from enrolments.services import complete_item
from foundation.formats import day_of
from organisation.models import ServiceFunction, Zone
from reports.core import Wanted, duty_rows, figures
from reports.day_counts import count_next
from reports.past import scope_on
from reports.permissions import Axis
from reports.scope import scope_of
from reports.spans import days_of
from reports.trend import trend
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory, completed
from tests.factories.organisation import UnitFactory
from tests.reports.scenes import owes
from tests.signing_in import sign_in

from .test_as_at_a_past_day import LATER, TOLD, World, _lived, stories, trees


@pytest.mark.parametrize(
    ("span", "first", "last_but_one"),
    [
        ("minggu", date(2026, 9, 6), date(2026, 11, 15)),
        ("bulan", date(2025, 12, 31), date(2026, 10, 31)),
        ("kuartal", date(2025, 3, 31), date(2026, 9, 30)),
    ],
)
def test_the_days_are_the_ends_of_weeks_months_and_quarters_and_today(span, first, last_but_one):
    days = days_of(span, today=date(2026, 11, 21))

    assert (days[0], days[-2], days[-1]) == (first, last_but_one, date(2026, 11, 21))
    assert days == sorted(set(days))


def test_a_week_that_ends_today_is_not_shown_twice():
    days = days_of("minggu", today=date(2026, 11, 22))

    assert days[-2:] == [date(2026, 11, 15), date(2026, 11, 22)]


@pytest.mark.django_db
@TOLD
@given(tree=trees, story=stories, place=st.integers(0, 5), only_one=st.booleans(), axis=st.sampled_from(Axis))
def test_each_point_is_the_page_of_its_day(tree, story, place, only_one, axis):
    with transaction.atomic():
        world, _shown = _lived(tree, story)
        _dates_move(world)
        wanted = Wanted(
            unit=world.unit_now(place % len(world.units)), course=world.courses[0] if only_one else None, axis=axis
        )

        points = trend(scope_of(world.sdm, at=LATER), wanted, span="minggu").points
        with patch("reports.trend.MANY_OFFICERS", -1):
            assert trend(scope_of(world.sdm, at=LATER), wanted, span="minggu").points == points

        for point in points:
            scope = scope_on(world.sdm, day=point.day, axis=axis, now=LATER)
            rows = duty_rows(scope, wanted)
            assert point.figures == figures(rows, scope)
            assert point.due == rows.filter(scope.moment.is_due()).count()
            # What is late had to be done, and nobody is late with what had not.
            assert point.figures.overdue <= point.due <= point.figures.total
        transaction.set_rollback(True)


def _dates_move(world: World) -> None:
    """A few dates got later afterwards."""
    for officer in world.officers:
        for duty in officer.duties.order_by("pk")[:1]:
            later = duty.due_at + timedelta(days=9)
            recorded = NOON + timedelta(days=6)
            DueChange.objects.create(duty=duty, before=duty.due_at, after=later, recorded_at=recorded)
            officer.duties.filter(pk=duty.pk).update(due_at=later)


def test_the_target_is_what_the_orders_asked_for_by_then(as_sdm, here):
    page = as_sdm.get(f"/sdm/penyelesaian/target/?satuan={here.polsek.code}&rentang=minggu")

    last = page.context["last"]
    assert (last.figures.total, last.figures.done, last.due, last.target) == (2, 0, 1, 50)
    assert "0% selesai, 50 poin di bawah target" in page.content.decode()


def test_the_table_beneath_has_the_same_numbers_and_leads_to_the_page_of_the_day(as_sdm, here):
    page = as_sdm.get("/sdm/penyelesaian/target/?rentang=minggu")
    content = page.content.decode()

    assert page.context["line"][-1][1] == page.context["last"].figures.percent == 50
    assert "per=2026-11-15" in content
    assert 'class="t" points=' in content
    row = page.context["rows"][1]
    shown = as_sdm.get(row["url"]).context["figures"]
    assert shown == row["point"].figures


def test_the_line_can_be_read_as_it_was_known_on_each_day(client, here):
    """Fitri's completion of 14 November was recorded on the 18th: the week that ended on the 15th did not know it."""
    begun = EnrolmentFactory(officer=here.officers["Fitri"], course=here.etika, started_at=NOON - timedelta(days=20))
    for entry in here.etika.current_version.version_items.select_related("item"):
        complete_item(
            enrolment=begun,
            item=entry.item,
            evidence=None,
            grade=None,
            at=NOON - timedelta(days=7),
            recorded_at=NOON - timedelta(days=3),
        )
    url = f"/sdm/penyelesaian/target/?satuan={here.polsek.code}&rentang=minggu"
    with time_machine.travel(NOON, tick=False):
        sdm = sign_in(client, here.sdm)
        was, known = sdm.get(url), sdm.get(f"{url}&menurut=catatan")

        assert [page.context["rows"][1]["point"].figures.done for page in (was, known)] == [1, 0]
        assert [page.context["last"].figures.done for page in (was, known)] == [1, 1]
        assert "hari-hari sebelumnya menurut catatan" in known.content.decode()
        row = known.context["rows"][1]
        assert "menurut=catatan" in row["url"]
        assert sdm.get(row["url"]).context["figures"] == row["point"].figures
        assert all("menurut=catatan" in span["url"] for span in known.context["spans"])
        file = sdm.get(dict(known.context["downloads"])["CSV"])
    assert "penyelesaian-target-menurut-catatan.csv" in file.headers["Content-Disposition"]


@pytest.mark.parametrize("asked", ["", "loket=sim", "loket=-", "pelatihan=C1", "pelatihan=C1&loket=sim", "langsung=1"])
def test_the_points_of_many_people_are_counted_beforehand_and_the_same(as_sdm, here, monkeypatch, asked):
    here.officers["Eko"].postings.get().functions.set([ServiceFunction.objects.get(code="sim")])
    completed(here.officers["Eko"], here.etika, at=NOON - timedelta(days=9))
    url = f"/sdm/penyelesaian/target/?satuan={here.polsek.code}&{asked}"

    def points():
        return [row["point"] for row in as_sdm.get(url).context["rows"]]

    from_rows = points()
    monkeypatch.setattr("reports.trend.MANY_OFFICERS", -1)

    assert points() == from_rows


def test_while_the_past_days_of_many_people_are_counted_the_page_says_how_far_it_is(as_sdm, here, monkeypatch):
    monkeypatch.setattr("reports.trend.MANY_OFFICERS", -1)
    monkeypatch.setattr("reports.day_counts.AT_ONCE", 0)

    # Of a Polres the rows are read until then.
    meanwhile = as_sdm.get("/sdm/penyelesaian/target/")
    monkeypatch.setattr("reports.trend.READ_MEANWHILE", -1)
    waiting = as_sdm.get("/sdm/penyelesaian/target/")
    while count_next(at=timezone.now()):
        pass
    opened = as_sdm.get("/sdm/penyelesaian/target/")

    assert (meanwhile.status_code, waiting.status_code, opened.status_code) == (200, 202, 200)
    assert meanwhile.context["rows"] == opened.context["rows"]
    assert f"0 dari {11 * 3} satuan" in waiting.content.decode()
    assert len(opened.context["rows"]) == 12


def test_of_very_many_people_only_the_last_points_are_counted(as_sdm, here, monkeypatch):
    """Where a rank is asked for, which is not counted beforehand."""
    monkeypatch.setattr("reports.trend.TOO_MANY_OFFICERS", 5)
    rank = here.officers["Eko"].postings.get().rank

    page = as_sdm.get(f"/sdm/penyelesaian/target/?pangkat={rank.code}")
    below = as_sdm.get(f"/sdm/penyelesaian/target/?pangkat={rank.code}&satuan={here.polsek.code}")

    assert "hanya 4 titik terakhir" in page.content.decode()
    assert len(page.context["rows"]) == 4
    assert len(below.context["rows"]) == 12


@pytest.mark.parametrize("axis", Axis.values)
def test_all_points_are_asked_for_at_once(as_sdm, here, axis, django_assert_max_num_queries):
    for place in range(12):
        unit = UnitFactory(parent=here.unit, short_name=f"Polsek {place:02}")
        owes(here.officer(f"Personel {place:02}", unit), here.etika, "late")

    # Session and roles, the scope, units and their places, the filter's choices, and one for the figures.
    with django_assert_max_num_queries(15):
        assert as_sdm.get(f"/sdm/penyelesaian/target/?menurut={axis}").status_code == 200


def test_a_moved_date_counts_as_it_was_before_it_moved(as_sdm, here):
    duty = here.officers["Eko"].duties.get()
    DueChange.objects.create(
        duty=duty, before=duty.due_at, after=NOON + timedelta(days=9), recorded_at=NOON - timedelta(hours=1)
    )
    here.officers["Eko"].duties.update(due_at=NOON + timedelta(days=9), valid_from=NOON - timedelta(days=9))
    yesterday = day_of(NOON, Zone.WIB) - timedelta(days=1)

    then = as_sdm.get(f"/sdm/penagihan/?per={yesterday}&q=Eko")
    now = as_sdm.get("/sdm/penagihan/?q=Eko")

    assert [(row.officer.name, row.state) for row in then.context["page"].object_list] == [("Eko", "overdue")]
    assert then.context["page"].object_list[0].due_at == duty.due_at
    assert now.context["total"] == 0
