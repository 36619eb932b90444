"""An order by one date means the end of that day where each officer serves, whichever zone it was given in."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from enrolments.assignment import AssignmentRule, Due
from enrolments.calendar import day_end
from enrolments.dry_run import count_effect
from enrolments.models import DueChange, Duty, Message
from enrolments.redoing import ask_to_redo, open_redo_order
from enrolments.services import follow_moves, planning, remind_officers
from foundation.models import AuditEvent
from organisation.models import Role, Zone
from tests.clock import NOON
from tests.enrolments.test_big_orders import finish
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LAST_DAY = date(2026, 12, 31)
ENDS = {zone: day_end(LAST_DAY, zone) for zone in Zone.values}
ANSWERS = {"order_number": "Sprin/1/2026", "issuer": "Kapolri", "reason": "Pelayanan loket"}


@pytest.fixture
def officers(db):
    """One in a unit of each zone, all below the one that gives the order."""
    top = UnitFactory(zone=Zone.WIB)
    return {
        zone: OfficerFactory(posting__unit=UnitFactory(parent=top, zone=zone, name=f"Polda {Zone(zone).label}"))
        for zone in Zone.values
    }


def unit_of(officer):
    return officer.postings.get(valid_to=None).unit


def ordered(officers, *, zone=Zone.WIB, course=None, **answers):
    """An order by the last day of the year, given by the unit above them, whose clock is that of ``zone``."""
    top = unit_of(officers[Zone.WIB]).parent
    top.zone = zone
    top.save()
    answers = {"due": Due(at=ENDS[zone], zone=zone)} | answers
    return assigned(course or published_course(), top, **answers)


def dates(officers, course):
    return {zone: Duty.objects.get(officer=officer, course=course).due_at for zone, officer in officers.items()}


@pytest.fixture
def without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.mark.parametrize("by_worker", [False, True])
@pytest.mark.parametrize("zone", Zone.values)
def test_the_last_day_of_the_year_ends_with_the_day_where_each_officer_serves(officers, zone, by_worker, monkeypatch):
    monkeypatch.setattr(planning, "BIG_ORDER", 2 if by_worker else 3)

    order = ordered(officers, zone=zone)
    finish()

    assert dates(officers, order.course) == ENDS
    for here, officer in officers.items():
        duty = Duty.objects.filter(officer=officer)
        assert not duty.overdue(at=ENDS[here]).exists()
        assert duty.overdue(at=ENDS[here] + SECOND).exists()


@pytest.mark.parametrize("by_worker", [False, True])
def test_the_dry_run_says_whose_date_then_comes_sooner(officers, by_worker, monkeypatch):
    monkeypatch.setattr(planning, "BIG_ORDER", 2 if by_worker else 3)
    course = published_course()
    # By another order they all owe it until one moment, the end of the year in the middle.
    for officer in officers.values():
        here = unit_of(officer)
        at = ENDS[Zone.WITA].astimezone(NOON.tzinfo)
        assigned(course, here, due=Due(at=at, zone=here.zone), at=NOON - DAY)
    before = dates(officers, course)
    top = unit_of(officers[Zone.WIB]).parent
    effect = count_effect(AssignmentRule(top), course, Due(at=ENDS[Zone.WIB], zone=Zone.WIB), at=NOON)

    ordered(officers, course=course)
    finish()

    sooner = {zone for zone, date_now in dates(officers, course).items() if date_now < before[zone]}
    assert sooner == {Zone.WIT}
    assert (effect.parts["sooner"], effect.parts["owed"], effect.parts["gains"]) == (1, 2, 0)
    assert [row.unit.zone for row in effect.units if row.parts["sooner"]] == [Zone.WIT]


def test_an_order_of_the_last_evening_is_late_for_nobody(officers):
    """At half past ten in Jakarta the year is over in Jayapura."""
    at = ENDS[Zone.WIB] - 90 * 60 * SECOND

    order = ordered(officers, at=at)

    assert dates(officers, order.course) == ENDS | {Zone.WIT: ENDS[Zone.WIB]}


def test_whoever_is_asked_to_take_it_again_has_the_end_of_the_day_too(officers):
    course, top = published_course(), unit_of(officers[Zone.WIB]).parent
    sdm = RoleGrantFactory(role=Role.SDM, unit=top).user
    order = open_redo_order(actor=sdm, course=course, unit=top, due_at=ENDS[Zone.WIB], at=NOON, **ANSWERS)

    ask_to_redo(assignment=order, officers=list(officers.values()), at=NOON)

    assert dates(officers, course) == ENDS


@pytest.mark.parametrize("zone", Zone.values)
def test_every_screen_and_file_names_the_day_of_the_order(officers, zone, without_second_factor):
    site_catalog()
    course = published_course()
    top = unit_of(officers[Zone.WIB]).parent
    sdm = RoleGrantFactory(role=Role.SDM, unit=top).user
    top.zone = zone
    top.save()
    answers = ANSWERS | {"course": course.pk, "due_rule": "fixed", "due_on": "2026-12-31"}
    with time_machine.travel(NOON, tick=False):
        client = sign_in(Client(), sdm)
        whom = client.post("/sdm/penugasan/baru/", {"unit": top.pk})["Location"]
        check = client.post(whom, answers)["Location"]
        shown = client.get(check).content.decode()
        given = client.post(check, follow=True)
        order = f"/sdm/penugasan/{given.context['assignment'].uuid}/"
        file = b"".join(client.get(f"{order}unduh.csv").streaming_content).decode()
        names = client.get("/sdm/penyelesaian/nama/").content.decode()
        own = [sign_in(Client(), officer.user).get("/").content.decode() for officer in officers.values()]

    said = "<dd>Kamis, 31 Desember 2026 pukul 23.59 waktu setempat</dd>"
    assert said in shown
    assert said in given.content.decode()
    assert given.content.decode().count(">31 Desember 2026</td>") == 3
    assert names.count("batas 31 Desember 2026") == 3
    assert file.count("2026-12-31") + file.count("31/12/2026") == 3
    for page, here in zip(own, Zone, strict=True):
        assert f"Sampai Kamis, 31 Desember 2026 · 23.59 {here.label}" in page


# --- who is moved -----------------------------------------------------------


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize(("left", "came"), [(Zone.WIB, Zone.WIT), (Zone.WIT, Zone.WITA)])
def test_who_is_moved_to_another_zone_takes_the_day_along(officers, left, came, follows, without_second_factor):
    officer, there = officers[left], unit_of(officers[came])
    order = ordered(officers, follows=follows)
    follow_moves(at=NOON)
    move(officer, there, at=NOON + HOUR)

    for hours in (2, 3):
        follow_moves(at=NOON + hours * HOUR)

    duty = Duty.objects.get(officer=officer)
    assert (duty.due_at, duty.reasons.get().due_at) == (ENDS[came], ENDS[came])
    assert DueChange.objects.get().before == ENDS[left]
    assert Duty.objects.exclude(officer=officer).filter(due_at__in=ENDS.values()).count() == 2
    assert AuditEvent.objects.get(verb="duty.dated_by_zone").subject_id == officer.pk
    with time_machine.travel(NOON + 4 * HOUR, tick=False):
        page = sign_in(Client(), order.assigned_by).get("/sdm/penugasan/perubahan/").content.decode()
    assert f"Batas waktu 31 Desember 2026, kini pukul 23.59 {Zone(came).label}" in page
    assert "sehingga batas waktu perintah Sprin/118/XI/2026 mengikuti zona waktu tempatnya." in page


def test_nobody_is_late_by_a_move_or_in_time_again(officers):
    """On the last evening: the year is over in Jayapura, and not yet in Jakarta."""
    order = ordered(officers)
    evening = ENDS[Zone.WIT] + HOUR
    follow_moves(at=evening - 2 * HOUR)
    move(officers[Zone.WIB], unit_of(officers[Zone.WIT]), at=evening)
    move(officers[Zone.WIT], unit_of(officers[Zone.WITA]).parent, at=evening)

    follow_moves(at=evening + SECOND)

    assert dates(officers, order.course) == ENDS


def test_who_takes_the_day_along_is_reminded_of_it_once(officers):
    officer = officers[Zone.WIB]
    ordered(officers)
    follow_moves(at=NOON)
    # Three days before the end, and the day after the move.
    told = day_end(LAST_DAY - 4 * DAY, Zone.WIB) + 12 * HOUR
    remind_officers(at=told)
    move(officer, unit_of(officers[Zone.WIT]), at=told + HOUR)
    follow_moves(at=told + 2 * HOUR)

    remind_officers(at=told + DAY)

    (message,) = Message.objects.filter(recipient=officer.user)
    assert Duty.objects.get(officer=officer).due_at == ENDS[Zone.WIT]
    assert "31 Desember 2026" in message.text


# --- for any moment ---------------------------------------------------------


MOMENTS = st.datetimes(timezones=st.just(NOON.tzinfo))


@given(MOMENTS, st.sampled_from(Zone.values), st.integers(-400, 400))
def test_where_the_order_was_given_it_is_the_moment_that_was_said_whenever_it_is_asked(at, zone, days):
    due, other = Due(at=at, zone=zone), at + days * DAY + 7 * HOUR

    assert due.counted_from(other, zone) == at
    assert due.taken_along(at, zone, at=other) == at
    for there in Zone.values:
        # A date of another rule, or of a later round, is nobody's to move.
        assert due.taken_along(other, there, at=min(at, other) - DAY) == other


def test_from_zone_to_zone_and_back_it_is_the_same_date():
    for given_in, first, second in product(Zone.values, repeat=3):
        due = Due(at=ENDS[given_in], zone=given_in)
        dates_on_the_way = [due.counted_from(NOON, first)]
        for zone in (second, first):
            dates_on_the_way.append(due.taken_along(dates_on_the_way[-1], zone, at=NOON))
        assert dates_on_the_way == [ENDS[first], ENDS[second], ENDS[first]]
