"""A head or SDM lets a deputy hold the role for a time, or hands it over; access follows the dates exactly."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from enrolments.models import AssignmentDraft
from foundation import audit
from foundation.models import AuditEvent
from organisation.deputies import capacities, signature_of
from organisation.exceptions import GrantRefused
from organisation.models import Capacity, Handover, Role, RoleGrant, Zone
from organisation.permissions import has_role, units_for_actor
from organisation.services import (
    cancel_handover,
    end_grant,
    end_posting,
    grant_role,
    hand_over,
    move_tasks,
    name_deputy,
)
from organisation.trail import acts
from tests.clock import NOON
from tests.examples import examples
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TODAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 22)


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def head(unit):
    officer = OfficerFactory(posting__unit=unit, name="Kapolres")
    return RoleGrantFactory(role=Role.HEAD, unit=unit, user=officer.user)


@pytest.fixture
def other(unit):
    return OfficerFactory(posting__unit=UnitFactory(parent=unit), name="Wakapolres").user


def deputy_of(grant, user, *, first=TOMORROW, last=TOMORROW, at=NOON, **fields) -> Handover:
    fields = {"capacity": Capacity.DAILY, "order_number": "Sprin/5/XI/2026", "with_tasks": False} | fields
    return name_deputy(grant=grant, deputy=user, first=first, last=last, actor=grant.user, at=at, **fields)


def handed_over(grant, user, *, first=TOMORROW, at=NOON, **fields) -> Handover:
    fields = {"order_number": "Skep/9/XI/2026", "with_tasks": False} | fields
    return hand_over(grant=grant, successor=user, first=first, actor=grant.user, at=at, **fields)


def holds(user, *, at, role=Role.HEAD) -> bool:
    return has_role(user, [role], at=at)


# --- dates ------------------------------------------------------------------


@pytest.mark.parametrize("zone", [Zone.WIB, Zone.WITA, Zone.WIT])
def test_a_deputy_has_access_from_midnight_of_the_first_day_to_midnight_after_the_last(zone):
    unit = UnitFactory(zone=zone)
    grant = RoleGrantFactory(role=Role.HEAD, unit=unit, user=OfficerFactory(posting__unit=unit).user)
    user = OfficerFactory(posting__unit=unit).user

    deputy_of(grant, user, first=date(2026, 12, 31), last=date(2027, 1, 1))

    begins = datetime(2026, 12, 31, tzinfo=ZoneInfo(zone))
    ends = datetime(2027, 1, 2, tzinfo=ZoneInfo(zone))
    assert [holds(user, at=moment) for moment in (begins - SECOND, begins, ends - SECOND, ends)] == [
        False,
        True,
        True,
        False,
    ]
    assert holds(grant.user, at=begins)


def test_from_today_means_now(head, other):
    deputy_of(head, other, first=TODAY, last=TODAY)

    assert holds(other, at=NOON)


def test_a_role_handed_over_passes_on_at_midnight_without_a_gap(head, other):
    handed_over(head, other)

    midnight = datetime(2026, 11, 22, tzinfo=ZoneInfo(Zone.WIB))
    assert [holds(head.user, at=midnight - SECOND), holds(other, at=midnight - SECOND)] == [True, False]
    assert [holds(head.user, at=midnight), holds(other, at=midnight)] == [False, True]


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 40), st.integers(0, 60), st.integers(-3, 110))
def test_at_no_moment_does_a_deputy_hold_more_than_who_named_them(first, length, looked_at):
    with transaction.atomic():
        unit = UnitFactory()
        giver = OfficerFactory(posting__unit=unit).user
        own_end = NOON + 50 * DAY
        grant = RoleGrantFactory(role=Role.SDM, unit=unit, user=giver, valid_to=own_end)
        user = OfficerFactory(posting__unit=UnitFactory(parent=unit)).user
        with suppress(GrantRefused):
            deputy_of(grant, user, first=TODAY + first * DAY, last=TODAY + (first + length) * DAY)
        at = NOON + looked_at * DAY
        theirs = set(units_for_actor(user, at=at, roles=[Role.SDM]))
        assert theirs <= set(units_for_actor(giver, at=at, roles=[Role.SDM]))
        transaction.set_rollback(True)


# --- who may ----------------------------------------------------------------


def test_a_deputy_hands_nothing_on(head, other, unit):
    given_to = deputy_of(head, other, first=TODAY).given
    third = OfficerFactory(posting__unit=unit).user

    with pytest.raises(GrantRefused, match="tidak dapat diserahkan lagi"):
        deputy_of(given_to, third)
    with pytest.raises(GrantRefused, match="tidak dapat diserahkan lagi"):
        handed_over(given_to, third)


def test_nobody_gives_what_somebody_else_holds(head, other):
    with pytest.raises(GrantRefused, match="tidak memegang"):
        name_deputy(
            grant=head,
            deputy=other,
            capacity=Capacity.DAILY,
            first=TODAY,
            last=TODAY,
            order_number="1",
            with_tasks=False,
            actor=other,
            at=NOON,
        )


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.TRAINER, Role.REVIEWER])
def test_other_roles_are_given_by_administrators_only(role, unit, other):
    grant = RoleGrantFactory(role=role, unit=unit, user=OfficerFactory(posting__unit=unit).user)

    with pytest.raises(GrantRefused, match="tidak memegang"):
        deputy_of(grant, other)


def test_the_receiver_is_another_officer_of_that_unit_or_below(head):
    for stranger in (OfficerFactory().user, UserFactory(), head.user):
        with pytest.raises(GrantRefused, match="Penerima harus"):
            deputy_of(head, stranger)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last": date(2027, 12, 31)}, "enam bulan"),
        ({"first": date(2026, 11, 20)}, "sudah lewat"),
        ({"first": date(2027, 6, 1), "last": date(2027, 6, 2)}, "tiga bulan"),
        ({"last": date(2026, 11, 21)}, "sebelum hari pertama"),
        ({"order_number": " "}, "nomor Sprin"),
    ],
)
def test_what_is_no_deputy_is_refused_with_a_sentence(head, other, fields, sentence):
    with pytest.raises(GrantRefused, match=sentence):
        deputy_of(head, other, **fields)


def test_the_database_knows_no_deputy_without_an_end_or_an_order(head, other):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(user=other, unit=head.unit, capacity=Capacity.ACTING)


def test_an_administrator_names_a_deputy_for_a_vacant_post(unit, other):
    grant = grant_role(
        user=other,
        role=Role.HEAD,
        unit=unit,
        reason="jabatan lowong",
        actor=None,
        at=NOON,
        valid_to=NOON + DAY,
        capacity=Capacity.ACTING,
        order_number="Sprin/6",
    )

    assert grant.title == "Plt. Pimpinan satuan"


# --- ends -------------------------------------------------------------------


def test_when_the_role_ends_so_does_the_deputys(head, other):
    deputy_of(head, other, first=TODAY, last=TODAY + 9 * DAY)

    end_posting(officer=head.user.officer, reason="mutasi", actor=None, at=NOON + DAY)

    assert not holds(other, at=NOON + DAY)


def test_handing_over_ends_the_deputies_with_it(head, other, unit):
    running = deputy_of(head, other, first=TODAY, last=TODAY + 9 * DAY).given
    later = OfficerFactory(posting__unit=unit).user
    to_come = deputy_of(head, later, first=TODAY + 5 * DAY, last=TODAY + 9 * DAY).given

    handed_over(head, OfficerFactory(posting__unit=unit).user, first=TODAY + 2 * DAY)

    midnight = datetime(2026, 11, 23, tzinfo=ZoneInfo(Zone.WIB))
    running.refresh_from_db()
    to_come.refresh_from_db()
    assert running.valid_to == midnight
    assert not RoleGrant.objects.in_force(at=midnight + 6 * DAY).filter(pk=to_come.pk).exists()


def test_a_deputy_may_be_the_one_who_follows(head, other):
    deputy_of(head, other, first=TODAY, last=TODAY + 9 * DAY)

    handed_over(head, other, first=TODAY + 2 * DAY)

    (grant,) = RoleGrant.objects.in_force(at=NOON + 5 * DAY).filter(unit=head.unit)
    assert (grant.user, grant.capacity) == (other, Capacity.DEFINITIVE)


def test_a_deputy_is_taken_back_at_once(head, other):
    row = deputy_of(head, other, first=TODAY, last=TODAY + 9 * DAY)

    cancel_handover(handover=row, actor=head.user, at=NOON + DAY)

    assert not holds(other, at=NOON + DAY)
    with pytest.raises(GrantRefused):
        cancel_handover(handover=row, actor=head.user, at=NOON + DAY)


def test_a_handover_is_taken_back_until_it_begins_and_everything_is_as_before(head, other):
    row = handed_over(head, other)

    cancel_handover(handover=row, actor=head.user, at=NOON + SECOND)

    assert holds(head.user, at=NOON + 30 * DAY)
    assert not holds(other, at=NOON + 30 * DAY)
    again = handed_over(head, other, at=NOON + 2 * SECOND)
    with pytest.raises(GrantRefused, match="sudah berlaku"):
        cancel_handover(handover=again, actor=head.user, at=NOON + 2 * DAY)


def test_nobody_hands_the_same_role_over_twice(head, other, unit):
    handed_over(head, other)

    with pytest.raises(GrantRefused, match="sudah diserahkan"):
        handed_over(head, OfficerFactory(posting__unit=unit).user)


def test_an_ended_grant_ends_once(head):
    end_grant(grant=head, actor=None, at=NOON)

    with pytest.raises(GrantRefused):
        end_grant(grant=head, actor=None, at=NOON)


def test_an_administrator_sees_what_is_to_come_and_calls_it_off(client, settings, head, other):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    day = datetime.now(tz=ZoneInfo(Zone.WIB)).date() + 2 * DAY
    given_to = handed_over(head, other, first=day, at=datetime.now(tz=ZoneInfo(Zone.WIB))).given
    client.force_login(RoleGrantFactory(role=Role.ADMINISTRATOR, unit=head.unit).user)

    page = client.get("/sdm/peran/").content.decode()
    client.post(f"/sdm/peran/{given_to.pk}/akhiri/")

    assert "Akan datang" in page
    assert other.name in page
    assert not RoleGrant.objects.in_force(at=NOON + 2000 * DAY).filter(user=other).exists()


# --- tasks ------------------------------------------------------------------


def test_drafts_go_with_the_role_on_the_day_and_once(unit, other):
    giver = OfficerFactory(posting__unit=unit).user
    grant = RoleGrantFactory(role=Role.SDM, unit=unit, user=giver)
    draft = AssignmentDraft.objects.create(actor=giver, created_at=NOON)

    handed_over(grant, other, with_tasks=True)
    move_tasks(at=NOON)
    assert AssignmentDraft.objects.get(pk=draft.pk).actor == giver

    assert move_tasks(at=NOON + DAY) == 1
    assert move_tasks(at=NOON + DAY) == 0
    assert AssignmentDraft.objects.get(pk=draft.pk).actor == other


def test_what_was_called_off_moves_nothing(unit, other):
    giver = OfficerFactory(posting__unit=unit).user
    grant = RoleGrantFactory(role=Role.SDM, unit=unit, user=giver)
    AssignmentDraft.objects.create(actor=giver, created_at=NOON)
    row = handed_over(grant, other, with_tasks=True)
    cancel_handover(handover=row, actor=giver, at=NOON)

    assert move_tasks(at=NOON + DAY) == 0


# --- names ------------------------------------------------------------------


def test_acts_of_a_deputy_are_signed_with_the_capacity_of_that_day(head, other, unit):
    deputy_of(head, other, first=TODAY, last=TODAY)
    for at in (NOON, NOON + DAY):
        audit.record(verb="assignment.viewed", actor=other, at=at, unit_path=unit.path)

    later, earlier = acts(AuditEvent.objects.filter(verb="assignment.viewed").order_by("-at"))

    assert earlier.who == f"{other.name} (Plh. Pimpinan satuan {unit.short_name})"
    assert later.who == other.name
    assert signature_of(other, at=NOON, unit_path=UnitFactory().path) == other.name
    assert capacities([])(None, NOON, "") == ""


# --- on the screen ----------------------------------------------------------


def test_a_head_names_a_deputy_on_the_page_and_takes_it_back(client, settings, head, other):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(head.user)
    answers = {
        "grant": head.pk,
        "login": other.officer.number,
        "capacity": "plh",
        "first": "2099-01-01",
        "last": "2099-01-02",
        "order_number": "Sprin/5",
    }
    refused = client.post("/sdm/serah-terima/", answers)
    assert "tiga bulan" in refused.content.decode()

    day = datetime.now(tz=ZoneInfo(Zone.WIB)).date()
    made = client.post("/sdm/serah-terima/", answers | {"first": str(day), "last": str(day)})
    assert made.status_code == 302
    client.force_login(other)
    assert f"Plh. Pimpinan satuan {head.unit.short_name}" in client.get("/satuan/").content.decode()

    client.force_login(head.user)
    row = Handover.objects.get()
    assert other.name in client.get("/sdm/serah-terima/").content.decode()
    client.post(f"/sdm/serah-terima/{row.pk}/batal/")
    client.force_login(other)
    assert client.get("/satuan/").status_code == 403
