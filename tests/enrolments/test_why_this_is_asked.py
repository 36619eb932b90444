"""Officers read why a course is asked of them, and SDM why an order asks no longer."""

from datetime import timedelta

import pytest

from enrolments.assignment import AssignmentRule
from enrolments.models import DutyReason
from enrolments.services import undo_assignment, withdraw_assignment
from enrolments.services.reconciling import follow_moves
from organisation.models import Role
from tests.clock import NOON
from tests.courses.helpers import published_course_page
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned
from tests.factories.organisation import (
    OfficerFactory,
    PostingFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.factories.paths import path_assigned, published_path, step
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def polres():
    site_catalog()
    return UnitFactory(name="Polres Uji")


@pytest.fixture
def narrow(polres):
    """An order that asks two counters and one rank, without one Polsek and one person."""
    rank = RankFactory(short="Bripka")
    counters = [ServiceFunctionFactory(code=code, name=code.upper()) for code in ("spkt", "skck")]
    asked = OfficerFactory(posting__unit=polres, posting__rank=rank, posting__functions=counters)
    spared = OfficerFactory(name="Orang Lain", posting__unit=polres)
    polsek = UnitFactory(parent=polres, name="Polsek Utara")
    rule = AssignmentRule(polres, [rank], counters, excluded_units=[polsek], excluded_people=[spared])
    return asked, rule


def read(client, officer, url) -> str:
    client.force_login(officer.user)
    return client.get(url).content.decode()


def test_the_officer_reads_for_which_counter_and_rank_the_order_is_and_of_nobody_else(client, narrow, polres):
    asked, rule = narrow
    course = published_course_page(lessons=1).course
    assigned(course, polres, rule=rule)

    page = read(client, asked, course.url)

    words = "Personel SPKT dan SKCK di Polres Uji dan jajarannya, pangkat Bripka, kecuali Polsek Utara</dd>"
    assert words in page
    assert "Orang Lain" not in page


def test_so_does_who_is_on_a_path(client, narrow, polres):
    asked, rule = narrow
    order = path_assigned(published_path(step(published_course()), step(published_course())), polres, rule=rule)

    page = read(client, asked, order.url)

    assert "Personel SPKT dan SKCK di Polres Uji dan jajarannya, pangkat Bripka, kecuali Polsek Utara" in page


def test_who_is_named_reads_that_and_not_who_else_is(client, polres):
    me, other = OfficerFactory(posting__unit=polres), OfficerFactory(name="Orang Lain", posting__unit=polres)
    course = published_course_page(lessons=1).course
    assigned(course, polres, rule=AssignmentRule(polres, people=[me, other]))

    page = read(client, me, course.url)

    assert "Anda ditunjuk dengan nama, di antara personel Polres Uji dan jajarannya" in page
    assert "Orang Lain" not in page


def test_sdm_reads_the_same_rule_with_how_many_are_named(client, settings, narrow, polres):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    _asked, rule = narrow
    order = assigned(published_course(), polres, rule=rule)
    client.force_login(order.assigned_by)

    page = client.get(order.get_absolute_url()).content.decode()

    words = "Personel SPKT dan SKCK di Polres Uji dan jajarannya, pangkat Bripka, kecuali Polsek Utara dan 1 personel"
    assert words in page


@pytest.mark.parametrize(("act", "word"), [(withdraw_assignment, "withdrawn"), (undo_assignment, "undone")])
def test_what_was_taken_back_says_how(polres, act, word):
    OfficerFactory(posting__unit=polres)
    order = assigned(published_course(), polres)
    assert DutyReason.objects.get().ended_as == ""

    act(assignment=order, reason="keliru", actor=order.assigned_by, at=NOON + timedelta(hours=1))

    assert DutyReason.objects.get().ended_as == word


def test_sdm_reads_that_a_move_ended_it_also_when_the_order_is_withdrawn_later(client, settings, polres):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    polda = polres.parent or polres
    polsek, elsewhere = UnitFactory(parent=polda), UnitFactory(parent=polda)
    officer = OfficerFactory(posting__unit=polsek)
    order = assigned(published_course(), polsek, follows=True, actor=RoleGrantFactory(role=Role.SDM, unit=polda).user)
    officer.postings.update(valid_to=NOON + timedelta(hours=1))
    PostingFactory(
        officer=officer,
        unit=elsewhere,
        valid_from=NOON + timedelta(hours=1),
        recorded_at=NOON + timedelta(hours=1),
    )
    follow_moves(at=NOON + timedelta(hours=2))
    withdraw_assignment(assignment=order, reason="usai", actor=order.assigned_by, at=NOON + timedelta(hours=3))
    sign_in(client, order.assigned_by)

    page = client.get(f"/sdm/personel/{officer.uuid}/pelatihan/").content.decode()

    under = page[page.index("Kewajiban dan dasarnya") :]
    assert "Pindah tugas" in under
    assert "Dicabut" not in under
