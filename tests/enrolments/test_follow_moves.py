"""Orders that follow their rule: who comes, goes, moves with the unit, or expires. A tick brings it about."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from enrolments.assignment import AssignmentRule
from enrolments.models import CourseCompletion, Duty, DutyReason
from enrolments.services import follow_moves, renew_duties, start_course, withdraw_assignment
from enrolments.services.returning import keep_clock
from foundation.models import AuditEvent
from organisation.exceptions import OfficerRefused, UnitRefused
from organisation.models import Officer, Role, Unit
from organisation.services.officers import change_posting, end_posting
from organisation.services.units import move_unit
from tests.clock import NOON
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import (
    OfficerFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.reliefs import exempted
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def elsewhere():
    return UnitFactory()


def owing(course) -> set[Officer]:
    return {duty.officer for duty in Duty.objects.open().filter(course=course)}


def move(officer, unit, *, at, **changes):
    posting = officer.postings.get(valid_to=None)
    place = {"rank": posting.rank, "post": posting.post, "functions": posting.functions.all()} | changes
    return change_posting(officer=officer, actor=UserFactory(), at=at, unit=unit, **place)


def test_who_comes_gets_the_duty_and_who_goes_owes_it_no_more(polres, elsewhere):
    stays, goes = OfficerFactory(posting__unit=polres), OfficerFactory(posting__unit=polres)
    comes = OfficerFactory(posting__unit=elsewhere)
    course = published_course()
    assigned(course, polres, follows=True)
    move(goes, elsewhere, at=NOON + HOUR)
    move(comes, polres, at=NOON + HOUR)

    changed = follow_moves(at=NOON + 2 * HOUR)

    assert changed == 2
    assert owing(course) == {stays, comes}
    assert Duty.objects.get(officer=goes).ended_as == "moved"


def test_a_second_tick_changes_nothing(polres, elsewhere):
    comes = OfficerFactory(posting__unit=elsewhere)
    course = published_course()
    assigned(course, polres, follows=True)
    move(comes, polres, at=NOON + HOUR)
    follow_moves(at=NOON + 2 * HOUR)
    before = list(DutyReason.objects.values())

    assert follow_moves(at=NOON + 3 * HOUR) == 0
    assert list(DutyReason.objects.values()) == before


def test_an_order_for_the_people_of_one_day_does_not_follow(polres, elsewhere):
    there, comes = OfficerFactory(posting__unit=polres), OfficerFactory(posting__unit=elsewhere)
    course = published_course()
    assigned(course, polres)
    move(comes, polres, at=NOON + HOUR)
    move(there, elsewhere, at=NOON + HOUR)

    assert follow_moves(at=NOON + 2 * HOUR) == 0
    assert owing(course) == {there}


def test_a_promotion_or_a_new_counter_counts_as_a_move(polres):
    skck = ServiceFunctionFactory(code="skck")
    promoted = OfficerFactory(posting__unit=polres, posting__rank=RankFactory(code="bripka"))
    transferred = OfficerFactory(posting__unit=polres)
    ranks, counters = published_course(), published_course()
    assigned(ranks, polres, rule=AssignmentRule(polres, ranks=[RankFactory(code="aipda")]), follows=True)
    assigned(counters, polres, rule=AssignmentRule(polres, functions=[skck]), follows=True)

    move(promoted, polres, rank=RankFactory(code="aipda"), at=NOON + HOUR)
    move(transferred, polres, functions=[skck], at=NOON + HOUR)
    follow_moves(at=NOON + 2 * HOUR)

    assert (owing(ranks), owing(counters)) == ({promoted}, {transferred})


def test_a_move_recorded_for_tomorrow_counts_tomorrow(polres, elsewhere):
    comes = OfficerFactory(posting__unit=elsewhere)
    course = published_course()
    assigned(course, polres, follows=True)
    move(comes, polres, at=NOON + HOUR, valid_from=NOON + DAY)

    follow_moves(at=NOON + 2 * HOUR)
    assert owing(course) == set()

    follow_moves(at=NOON + DAY + HOUR)
    assert owing(course) == {comes}


def test_a_leaver_owes_nothing(polres):
    leaver = OfficerFactory(posting__unit=polres)
    course = published_course()
    assigned(course, polres, follows=True)
    end_posting(officer=leaver, reason="Pensiun", actor=UserFactory(), at=NOON + HOUR)

    follow_moves(at=NOON + 2 * HOUR)

    assert owing(course) == set()


def test_a_whole_unit_moves_with_its_people(polres, elsewhere):
    polsek = UnitFactory(parent=elsewhere)
    officer = OfficerFactory(posting__unit=polsek)
    course = published_course()
    assigned(course, polres, follows=True)
    move_unit(unit=polsek, parent=polres, actor=UserFactory(), at=NOON + HOUR)

    follow_moves(at=NOON + 2 * HOUR)

    assert owing(course) == {officer}


def test_what_another_order_asks_for_stays_with_its_own_date(polres, elsewhere):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course()
    assigned(course, polres, follows=True, due_at=NOON + 3 * DAY)
    assigned(course, polres, rule=AssignmentRule(polres, people=[officer]), due_at=NOON + 9 * DAY)
    move(officer, elsewhere, at=NOON + HOUR)

    follow_moves(at=NOON + 2 * HOUR)

    assert Duty.objects.open().get().due_at == NOON + 9 * DAY


def test_who_finished_keeps_it_and_is_done_when_coming_back(polres, elsewhere):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course()
    order = assigned(course, polres, follows=True)
    completed(officer, course, at=NOON)
    for place, hours in ((elsewhere, 1), (polres, 3)):
        move(officer, place, at=NOON + hours * HOUR)
        follow_moves(at=NOON + (hours + 1) * HOUR)

    assert Duty.objects.get().is_done
    assert (order.figures(at=NOON + DAY).total, order.figures(at=NOON + DAY).done) == (1, 1)


def test_an_exemption_that_ends_brings_nothing_back_for_who_went_elsewhere(polres, elsewhere):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course()
    assigned(course, polres, follows=True)
    exempted(officer, course, date(2026, 12, 1), at=NOON + HOUR)
    move(officer, elsewhere, at=NOON + DAY)
    follow_moves(at=NOON + 2 * DAY)

    keep_clock(at=NOON + 30 * DAY)

    assert owing(course) == set()


def test_the_trail_says_who_moved_and_by_which_order(client, polres, elsewhere, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    comes = OfficerFactory(name="Dewi Lestari", posting__unit=elsewhere)
    order = assigned(published_course(), polres, follows=True)
    move(comes, polres, at=NOON + HOUR)
    follow_moves(at=NOON + 2 * HOUR)
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)

    page = client.get(f"/sdm/penugasan/{order.uuid}/perubahan/").content.decode()

    assert AuditEvent.objects.get(verb="duty.opened_by_move").subject_id == comes.pk
    assert "Dewi Lestari" in page
    assert "Kewajiban baru" in page


def test_a_tick_without_moves_asks_little_however_many_there_are(polres, django_assert_max_num_queries):
    OfficerFactory.create_batch(12, posting__unit=polres)
    for _ in range(3):
        assigned(published_course(), polres, follows=True)

    with django_assert_max_num_queries(7):
        follow_moves(at=NOON + HOUR)


# --- renewal ----------------------------------------------------------------


def expiring(polres, *, follows=True):
    """An officer whose completion under an order expires in a month (a year after NOON less eleven months)."""
    officer = OfficerFactory(posting__unit=polres)
    course = published_course(validity_months=12)
    order = assigned(course, polres, follows=follows)
    return officer, course, order, completed(officer, course, at=NOON)


def test_who_expires_soon_owes_the_next_round_until_the_day_it_expires(polres):
    officer, course, _order, first = expiring(polres)

    renew_duties(at=first.expires_at - 61 * DAY)
    assert owing(course) == set()
    renewed = renew_duties(at=first.expires_at - 60 * DAY)

    duty = Duty.objects.open().get()
    assert (renewed, duty.officer, duty.cycle, duty.due_at) == (1, officer, 2, first.expires_at)
    assert renew_duties(at=first.expires_at - 59 * DAY) == 0


def test_the_new_round_has_its_own_completion_and_the_old_one_stays(polres):
    officer, course, _order, first = expiring(polres)
    soon = first.expires_at - 30 * DAY
    renew_duties(at=soon)
    start_course(officer=officer, course=course, actor=officer.user, at=soon)

    second = completed_again(officer, course, at=soon + DAY)

    assert (second.cycle, first.cycle) == (2, 1)
    assert CourseCompletion.objects.standing().count() == 2
    assert owing(course) == set()


def completed_again(officer, course, *, at) -> CourseCompletion:
    completed(officer, course, at=at)
    return CourseCompletion.objects.get(officer=officer, course=course, cycle=2)


def test_nobody_renews_for_an_order_that_does_not_say_so_was_withdrawn_or_was_left(polres, elsewhere):
    _one, _course, _fixed, first = expiring(polres, follows=False)
    _two, _course, withdrawn, _completion = expiring(polres)
    withdraw_assignment(assignment=withdrawn, reason="Selesai", actor=withdrawn.assigned_by, at=NOON)
    moved, *_rest = expiring(polres)
    move(moved, elsewhere, at=NOON + HOUR)

    assert renew_duties(at=first.expires_at - DAY) == 0


def test_whoever_is_found_late_gets_two_weeks(polres):
    _officer, _course, _order, first = expiring(polres)
    late = first.expires_at + 5 * DAY

    renew_duties(at=late)

    assert Duty.objects.open().get().due_at == late + 14 * DAY


# --- any sequence -----------------------------------------------------------


class Moves(TestCase):
    """Whatever happens, whoever fits the rule owes or has done the course, and nobody else owes it."""

    @settings(max_examples=examples(20))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["move", "back", "late", "post", "unit", "leave", "finish", "tick"]), st.integers(0, 3)
            ),
            max_size=12,
        )
    )
    def test_after_a_tick_exactly_those_owe_it_whom_the_rule_reaches(self, acts):
        polres, elsewhere = UnitFactory(), UnitFactory()
        polsek = UnitFactory(parent=polres)
        places = [polres, elsewhere, polsek]
        officers = [OfficerFactory(posting__unit=places[n % 3]) for n in range(4)]
        course, for_one_post = published_course(), published_course()
        rules = {course: AssignmentRule(polres), for_one_post: AssignmentRule(polres, posts=["Kanit"])}
        for asked, rule in rules.items():
            assigned(asked, polres, rule=rule, follows=True)
        now = NOON
        for act, who in acts:
            now += HOUR
            officer = officers[who]
            here = officer.postings.filter(valid_to=None).exists()
            if act in ("move", "back") and here:
                move(officer, elsewhere if act == "move" else polres, at=now)
            elif act == "late" and here:
                # Into the unit that moves, as of an hour and a half ago, when ticks may have gone by.
                with suppress(OfficerRefused):
                    move(officer, polsek, at=now, valid_from=now - 1.5 * HOUR)
            elif act == "post" and here:
                place = officer.postings.get(valid_to=None)
                move(officer, place.unit, at=now, post="Kanit" if place.post != "Kanit" else "Banit")
            elif act == "unit":
                polsek.refresh_from_db()
                with suppress(UnitRefused):
                    move_unit(unit=polsek, parent=elsewhere if who % 2 else polres, actor=UserFactory(), at=now)
            elif act == "leave" and here:
                end_posting(officer=officer, reason="Pindah", actor=UserFactory(), at=now)
            elif act == "finish" and Duty.objects.open().filter(officer=officer, course=course).exists():
                completed(officer, course, at=now)
            elif act == "tick":
                follow_moves(at=now)
        now += HOUR
        follow_moves(at=now)

        done = {row.officer for row in CourseCompletion.objects.standing()}
        for asked, rule in rules.items():
            unit = Unit.objects.get(pk=polres.pk)
            reached = replace(rule, unit=unit).postings(at=now).select_related("officer")
            assert owing(asked) == {posting.officer for posting in reached} - (done if asked == course else set())
        assert follow_moves(at=now + HOUR) == 0
