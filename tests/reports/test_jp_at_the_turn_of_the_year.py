"""The night between two years comes to Jayapura, Makassar and Jakarta one after the other; JP keep to each clock."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from courses.models import Course
from enrolments.jp import set_jp_target
from organisation.models import Officer, Role, Unit, User, Zone
from organisation.services import change_posting
from reports.core import Wanted
from reports.counting import counted
from reports.jp import jp_totals, officer_year
from reports.models import CountState
from reports.past import scope_on
from reports.permissions import Axis
from reports.recounting import recount_marked
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.factories.organisation import OfficerFactory, RankFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
ZONES = [Zone.WIB, Zone.WITA, Zone.WIT]
DAY = timedelta(days=1)


def on_the_clock(zone: Zone, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone))


def late_on_new_years_eve(zone: Zone) -> datetime:
    return on_the_clock(zone, 2026, 12, 31, 23, 30)


# In Jakarta still 2026, in Makassar and Jayapura 2027.
ONE_MOMENT = late_on_new_years_eve(Zone.WIB)


@dataclass
class Nation:
    """A unit of each zone below a headquarters in Jakarta, each with one officer and an SDM; a course of some JP."""

    top: Unit
    sdm: User
    course: Course
    units: dict[Zone, Unit] = field(default_factory=dict)
    officers: dict[Zone, Officer] = field(default_factory=dict)
    sdm_of: dict[Zone, User] = field(default_factory=dict)

    @property
    def jp(self) -> Decimal:
        return self.course.version.jp


@pytest.fixture
def nation(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    top = UnitFactory(zone=Zone.WIB)
    nation = Nation(top, RoleGrantFactory(role=Role.SDM, unit=top).user, published_course(posttest=False, lessons=1))
    for zone in ZONES:
        nation.units[zone] = UnitFactory(parent=top, zone=zone)
        nation.officers[zone] = OfficerFactory(name=zone.label, posting__unit=nation.units[zone])
        nation.sdm_of[zone] = RoleGrantFactory(role=Role.SDM, unit=nation.units[zone]).user
    return nation


def visit(client, user, url, *, at):
    with time_machine.travel(at, tick=False):
        return sign_in(client, user).get(url)


def listed(page) -> dict[str, Decimal]:
    return {row.officer.name: row.jp for row in page.context["page"].object_list if row.jp}


# --- one officer --------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("moment", "year"), [((2026, 12, 31, 23, 30), 2026), ((2027, 1, 1, 0, 0), 2027), ((2027, 1, 1, 0, 30), 2027)]
)
def test_half_past_eleven_on_new_years_eve_is_of_the_old_year_wherever_it_is(client, nation, zone, moment, year):
    officer, at = nation.officers[zone], on_the_clock(zone, *moment)
    completed(officer, nation.course, at=at)

    jp = {one: officer_year(officer, None, one, at=at).jp for one in (2026, 2027)}
    pages = {one: visit(client, officer.user, f"/jp/?tahun={one}", at=at + DAY) for one in (2026, 2027)}

    assert jp == {year: nation.jp, 4053 - year: 0}
    # A year without rows is offered only while it is this one.
    shown = {one: page.context["shown"].jp for one, page in pages.items() if page.status_code == 200}
    assert shown[year] == nation.jp
    assert shown.get(4053 - year, 0) == 0


@pytest.mark.parametrize(
    ("zone", "day"), [(Zone.WIB, "31 Desember 2026"), (Zone.WITA, "1 Januari 2027"), (Zone.WIT, "1 Januari 2027")]
)
def test_the_transcript_names_the_day_of_the_clock_where_it_was_completed(client, nation, zone, day):
    officer = nation.officers[zone]
    completed(officer, nation.course, at=ONE_MOMENT)

    own = visit(client, officer.user, "/transkrip/", at=ONE_MOMENT + DAY)
    of_sdm = visit(client, nation.sdm, f"/sdm/personel/{officer.uuid}/transkrip/", at=ONE_MOMENT + DAY)

    for page in (own, of_sdm):
        assert day in page.content.decode()
        assert page.context["total"] == nation.jp


@pytest.mark.parametrize("zone", ZONES)
def test_on_the_first_day_of_the_year_an_officer_reads_the_new_year(client, nation, zone):
    user = nation.officers[zone].user

    before, after = (
        visit(client, user, "/jp/", at=late_on_new_years_eve(zone) + passed).context["shown"].year
        for passed in (timedelta(), timedelta(hours=1))
    )

    assert (before, after) == (2026, 2027)


def test_the_target_of_a_year_is_that_of_the_rank_held_when_it_ended(client, nation):
    officer, evening = nation.officers[Zone.WIT], on_the_clock(Zone.WIT, 2026, 12, 31, 20)
    promoted = RankFactory(code="akp")
    set_jp_target(first_year=2026, rank_group="", jp=Decimal(20), basis="Perkap", actor=nation.sdm, at=NOON)
    set_jp_target(first_year=2026, rank_group=promoted.group, jp=Decimal(30), basis="Perkap", actor=nation.sdm, at=NOON)
    completed(officer, nation.course, at=NOON)
    change_posting(officer=officer, unit=nation.units[Zone.WIT], rank=promoted, actor=nation.sdm, at=evening)

    in_the_morning = visit(client, officer.user, "/jp/?tahun=2026", at=on_the_clock(Zone.WIT, 2027, 3, 1, 9))

    assert in_the_morning.context["shown"].target == 30


# --- all of them ----------------------------------------------------------------


def test_one_moment_is_of_two_years(client, nation):
    for officer in nation.officers.values():
        completed(officer, nation.course, at=ONE_MOMENT)

    old, new = (visit(client, nation.sdm, f"/sdm/jp/?tahun={year}", at=ONE_MOMENT + DAY) for year in (2026, 2027))

    assert listed(old) == {"WIB": nation.jp}
    assert listed(new) == {"WITA": nation.jp, "WIT": nation.jp}
    assert (old.context["totals"].jp, new.context["totals"].jp) == (nation.jp, 2 * nation.jp)


@pytest.mark.parametrize("zone", ZONES)
def test_the_list_opens_with_the_year_of_the_readers_clock(client, nation, zone):
    eve = late_on_new_years_eve(zone)
    completed(nation.officers[zone], nation.course, at=eve)

    before = visit(client, nation.sdm_of[zone], "/sdm/jp/", at=eve)
    after = visit(client, nation.sdm_of[zone], "/sdm/jp/", at=eve + timedelta(hours=1))
    back = visit(client, nation.sdm_of[zone], "/sdm/jp/?tahun=2026", at=eve + timedelta(hours=1))

    assert (before.context["year"], listed(before)) == (2026, {zone.label: nation.jp})
    assert (after.context["year"], listed(after)) == (2027, {})
    assert (back.context["year"], listed(back)) == (2026, {zone.label: nation.jp})


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("axis", Axis)
def test_new_years_eve_as_a_past_day_holds_its_last_hour(nation, zone, axis):
    completed(nation.officers[zone], nation.course, at=late_on_new_years_eve(zone))
    later = on_the_clock(zone, 2027, 2, 1, 9)

    found = {}
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        scope = scope_on(nation.sdm_of[zone], day=day, axis=axis, now=later)
        found[day.year] = jp_totals(scope, Wanted(day=day), day.year).jp

    assert found == {2026: nation.jp, 2027: 0}


# --- counted beforehand -----------------------------------------------------------


def kept(user, *, at) -> dict[int, Decimal | None]:
    """JP of both years as the counts of now know them; None where they do not."""
    counts = counted(scope_of(user, at=at), Wanted())
    found = {year: counts.jp(year) for year in (2026, 2027)}
    return {year: sum((jp for _people, jp in one.values()), Decimal(0)) if one else None for year, one in found.items()}


@pytest.mark.parametrize("zone", ZONES)
def test_the_counts_of_a_unit_turn_at_its_own_midnight(nation, zone):
    set_jp_target(first_year=2026, rank_group="", jp=nation.jp, basis="Perkap", actor=nation.sdm, at=NOON)
    eve = late_on_new_years_eve(zone)
    completed(nation.officers[zone], nation.course, at=eve)
    recount_marked(at=eve)
    assert kept(nation.sdm_of[zone], at=eve) == {2026: nation.jp, 2027: None}

    recount_marked(at=eve + timedelta(hours=1))

    assert kept(nation.sdm_of[zone], at=eve + timedelta(hours=1)) == {2026: None, 2027: 0}


@pytest.mark.parametrize("hours", [-3, -1, 0, 1, 9])
def test_in_the_night_when_the_units_stand_in_two_years_the_screen_is_right_all_the_same(client, nation, hours):
    for officer in nation.officers.values():
        completed(officer, nation.course, at=ONE_MOMENT)
    at = ONE_MOMENT + timedelta(hours=hours)
    recount_marked(at=at)

    for year in (2026, 2027) if hours > 0 else (2026,):
        page = visit(client, nation.sdm, f"/sdm/jp/?tahun={year}", at=at)
        expected = {2026: ["WIB"], 2027: ["WITA", "WIT"]}[year]
        assert sorted(listed(page)) == sorted(expected)
        assert page.context["totals"].jp == len(expected) * nation.jp
        assert sum(state["count"] for state in page.context["states"][1:]) <= page.context["totals"].officers


@pytest.mark.parametrize("zone", ZONES)
def test_the_kept_count_of_new_years_eve_is_that_of_the_old_year(nation, zone):
    set_jp_target(first_year=2026, rank_group="", jp=nation.jp, basis="Perkap", actor=nation.sdm, at=NOON)
    completed(nation.officers[zone], nation.course, at=late_on_new_years_eve(zone))
    later = on_the_clock(zone, 2027, 2, 1, 9)
    scope = scope_on(nation.sdm_of[zone], day=date(2026, 12, 31), now=later)

    counts = counted(scope, Wanted())

    assert counts.jp(2026)[CountState.DONE] == (1, nation.jp)
    assert counts.jp(2027) is None
    assert jp_totals(scope, Wanted(), 2026, counts) == jp_totals(scope, Wanted(), 2026)
