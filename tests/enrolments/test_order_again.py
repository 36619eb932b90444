"""SDM says of each order whether what is about to end is asked for again, also where the order does not follow."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from enrolments.assignment import AssignmentRule
from enrolments.models import Assignment, CourseCompletion, Duty, DutyReason
from enrolments.services import follow_moves, renew_duties, start_course, undo_assignment, withdraw_assignment
from organisation.models import Officer, Role
from organisation.services.officers import change_posting, end_posting
from tests.clock import NOON
from tests.courses.helpers import published_course_page
from tests.examples import examples
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, PostingFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.reliefs import exempted
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What was done at NOON and holds for a year is about to end.
SOON = NOON.replace(year=NOON.year + 1) - 30 * DAY


@pytest.fixture
def yearly():
    return published_course(validity_months=12)


@pytest.fixture
def sdm(unit, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return RoleGrantFactory(role=Role.SDM, unit=unit).user


def owing_again(course) -> set[Officer]:
    return {duty.officer for duty in Duty.objects.open().filter(course=course, cycle=2)}


def moved(officer, unit, *, at):
    rank = officer.postings.get(valid_to=None).rank
    change_posting(officer=officer, unit=unit, rank=rank, actor=UserFactory(), at=at)


# --- who is asked again -------------------------------------------------------


def test_a_fixed_order_that_says_so_asks_its_people_again_until_the_day_their_completion_ends(officer, unit, yearly):
    order = assigned(yearly, unit, renews=True)
    first = completed(officer, yearly)
    newcomer = OfficerFactory(posting__unit=unit)

    assert renew_duties(at=SOON) == 1

    duty = Duty.objects.open().get(course=yearly)
    assert (duty.officer, duty.cycle, duty.due_at) == (officer, 2, first.expires_at)
    assert duty.reasons.get().assignment == order
    assert not Duty.objects.filter(officer=newcomer).exists()


def test_a_tick_more_asks_nobody_twice(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)
    before = list(DutyReason.objects.values())

    assert renew_duties(at=SOON + DAY) == 0
    assert list(DutyReason.objects.values()) == before


def test_it_goes_on_round_after_round(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)
    start_course(officer=officer, course=yearly, actor=officer.user, at=SOON)
    completed(officer, yearly, at=SOON)

    renew_duties(at=CourseCompletion.objects.get(cycle=2).expires_at - DAY)

    assert Duty.objects.open().get(officer=officer).cycle == 3


def test_a_fixed_order_goes_with_who_was_moved(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    moved(officer, UnitFactory(), at=NOON + DAY)

    renew_duties(at=SOON)

    assert owing_again(yearly) == {officer}


def test_who_left_the_service_is_asked_again_only_after_coming_back(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    end_posting(officer=officer, reason="Pensiun", actor=UserFactory(), at=NOON + DAY)
    assert renew_duties(at=SOON) == 0

    PostingFactory(officer=officer, unit=unit, valid_from=SOON + DAY, recorded_at=SOON + DAY)
    renew_duties(at=SOON + 2 * DAY)

    assert owing_again(yearly) == {officer}


def test_an_order_that_follows_may_say_that_nothing_is_asked_again(officer, unit, yearly):
    assigned(yearly, unit, follows=True, renews=False)
    completed(officer, yearly)

    assert renew_duties(at=SOON) == 0


def test_of_an_order_of_which_nobody_was_asked_one_that_follows_asks_again(officer, unit, yearly):
    follows, fixed = assigned(yearly, unit, follows=True), assigned(yearly, unit)

    assert (follows.renews, fixed.renews) == (True, False)


@pytest.mark.parametrize("take_back", [withdraw_assignment, undo_assignment])
def test_an_order_that_was_taken_back_asks_nobody_again(officer, unit, yearly, take_back):
    order = assigned(yearly, unit, renews=True)
    completed(officer, yearly)

    take_back(assignment=order, reason="keliru", actor=order.assigned_by, at=NOON + DAY)

    assert renew_duties(at=SOON) == 0


def test_withdrawing_ends_the_round_it_asked_for_again_and_leaves_the_one_that_is_done(officer, unit, yearly):
    order = assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)

    withdraw_assignment(assignment=order, reason="usai", actor=order.assigned_by, at=SOON + DAY)

    assert list(Duty.objects.order_by("cycle").values_list("ended_as", flat=True)) == ["completed", "withdrawn"]
    assert renew_duties(at=SOON + 2 * DAY) == 0


def test_undoing_an_order_that_found_somebody_about_to_end_takes_the_new_round_back_too(officer, unit, yearly):
    completed(officer, yearly)
    order = assigned(yearly, unit, renews=True, at=SOON)
    renew_duties(at=SOON + HOUR)
    assert owing_again(yearly) == {officer}

    undo_assignment(assignment=order, reason="keliru", actor=order.assigned_by, at=SOON + DAY)

    assert not Duty.objects.exclude(ended_as="undone").exists()
    assert CourseCompletion.objects.standing().filter(officer=officer).exists()
    assert renew_duties(at=SOON + 2 * DAY) == 0


def test_two_orders_of_which_one_asks_again_open_one_round_with_the_reason_of_that_one(officer, unit, yearly):
    assigned(yearly, unit)
    again = assigned(yearly, unit, renews=True)
    completed(officer, yearly)

    renew_duties(at=SOON)

    assert [reason.assignment for reason in Duty.objects.open().get().reasons.all()] == [again]


def test_who_is_exempt_owes_no_new_round(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    exempted(officer, yearly, at=NOON + DAY)

    renew_duties(at=SOON)

    assert not Duty.objects.open().exists()


def test_of_a_path_that_asks_again_only_what_ends_is_asked_again(officer, unit, yearly):
    for_good = published_course(validity_months=0)
    path_assigned(published_path(step(yearly), step(for_good)), unit, renews=True)
    completed(officer, yearly)
    completed(officer, for_good)

    assert renew_duties(at=SOON) == 1

    assert owing_again(yearly) == {officer}


def test_the_figures_and_the_names_of_an_order_are_those_of_its_people_in_the_newest_round(officer, unit, yearly):
    OfficerFactory(posting__unit=unit)
    order = assigned(yearly, unit, renews=True)
    completed(officer, yearly)
    before = order.figures(at=NOON)

    renew_duties(at=SOON)

    after = order.figures(at=SOON)
    assert [(one.total, one.done, one.overdue) for one in (before, after)] == [(2, 1, 0), (2, 0, 1)]
    listed = DutyReason.objects.for_assignment(order, seen_from=unit, at=SOON)
    assert sorted((reason.duty.cycle, reason.state(at=SOON)) for reason in listed) == [
        (1, "overdue"),
        (2, "not_started"),
    ]


class AnyStory(TestCase):
    """Whatever happened, a tick asks exactly those again for whom an order that says so still stands."""

    # Done for a fixed order elsewhere, and then back under one that follows.
    @example([(False, False), (True, True)], [("move", 1), ("finish", 1), ("back", 1), ("finish", 0)])
    @settings(max_examples=examples(15))
    @given(
        st.lists(st.tuples(st.booleans(), st.booleans()), max_size=3),
        st.lists(
            st.tuples(st.sampled_from(["finish", "move", "back", "leave", "withdraw", "tick"]), st.integers(0, 2)),
            max_size=10,
        ),
    )
    def test_who_is_asked_again(self, kinds, acts):
        unit, elsewhere = UnitFactory(), UnitFactory()
        officers = OfficerFactory.create_batch(3, posting__unit=unit)
        course = published_course(posttest=False, lessons=1, validity_months=12)
        orders = [assigned(course, unit, follows=follows, renews=renews) for follows, renews in kinds]
        now = NOON
        # Of each order, who finished while it asked them, or came under it with the course done.
        stands: dict[Assignment, set[Officer]] = {order: set() for order in orders}
        done: set[Officer] = set()
        for act, which in acts:
            now += HOUR
            officer = officers[which]
            place = officer.postings.filter(valid_to=None).first()
            follow_moves(at=now)
            come = done & set(Officer.objects.filter(posting__valid_to=None, posting__unit=unit))
            for order in stands:
                if order.follows and order.withdrawn_at is None:
                    stands[order] |= come
            if act == "finish" and Duty.objects.open().filter(officer=officer).exists():
                for reason in DutyReason.objects.filter(duty__officer=officer, duty__valid_to=None, ended_at=None):
                    stands[reason.assignment].add(officer)
                completed(officer, course, at=now)
                done.add(officer)
            elif act in ("move", "back") and place:
                moved(officer, elsewhere if act == "move" else unit, at=now)
            elif act == "leave" and place:
                end_posting(officer=officer, reason="Pensiun", actor=UserFactory(), at=now)
            elif act == "withdraw" and which < len(orders):
                order = orders[which]
                order.refresh_from_db()
                if order.withdrawn_at is None:
                    withdraw_assignment(assignment=order, reason="usai", actor=order.assigned_by, at=now)
                    stands[order] = set()
            elif act == "tick":
                renew_duties(at=now)
        serving = set(Officer.objects.filter(posting__valid_to=None))
        here = set(Officer.objects.filter(posting__valid_to=None, posting__unit=unit))
        asked = [stands[order] & (here if order.follows else serving) for order in orders if order.renews]

        renew_duties(at=SOON)

        assert owing_again(course) == set().union(*asked)
        assert renew_duties(at=SOON + HOUR) == 0


# --- what SDM says and reads ----------------------------------------------------


ANSWERS = {
    "due_rule": "fixed",
    "due_on": "2026-11-30",
    "order_number": "Sprin/1/2026",
    "issuer": "Kapolres",
    "reason": "Pelayanan loket",
}


def ordering(sdm, unit, learning, **answers) -> tuple[Client, str]:
    """SDM has answered the questions; the address of the last step."""
    client = sign_in(Client(), sdm)
    whom = client.post("/sdm/penugasan/baru/", {"unit": unit.pk})["Location"]
    return client, client.post(whom, ANSWERS | {"course": learning} | answers)["Location"]


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_form_asks_only_of_what_ends_and_the_answer_is_yes_unless_said_otherwise(sdm, unit, yearly):
    for_good = published_course(validity_months=0)
    client = sign_in(Client(), sdm)
    what = client.post("/sdm/penugasan/baru/", {"unit": unit.pk})["Location"]

    page = client.get(what).content.decode()

    assert f'<option value="{yearly.pk}" data-ends>' in page
    assert f'<option value="{for_good.pk}">' in page
    assert 'name="renews" aria-describedby="id_renews_helptext" id="id_renews" checked' in page


@pytest.mark.parametrize(
    ("answer", "renews", "words"),
    [({"renews": "on"}, True, "Diwajibkan lagi sebelum masa berlakunya habis"), ({}, False, "Tidak diwajibkan lagi")],
)
def test_the_check_and_the_page_of_the_order_say_what_was_chosen(sdm, unit, officer, yearly, answer, renews, words):
    client, check = ordering(sdm, unit, yearly.pk, **answer)

    shown = client.get(check).content.decode()
    given = client.post(check, follow=True).content.decode()

    assert f"<dt>Masa berlaku</dt><dd>{words}</dd>" in shown
    assert f"<dt>Masa berlaku</dt><dd>{words}" in given
    assert Assignment.objects.get().renews is renews
    assert ("dan diwajibkan lagi sebelum masa berlakunya habis" in shown) is renews


def test_of_a_course_that_holds_for_good_nothing_is_said(sdm, unit, officer):
    client, check = ordering(sdm, unit, published_course(validity_months=0).pk, renews="on")

    shown = client.get(check).content.decode()
    given = client.post(check, follow=True).content.decode()

    assert "Masa berlaku" not in shown + given
    assert not Assignment.objects.get().renews


def test_a_path_is_asked_of_when_any_of_its_courses_ends(sdm, unit, officer, yearly):
    path = published_path(step(yearly), step(published_course(validity_months=0)))
    client, check = ordering(sdm, unit, f"jalur-{path.pk}", renews="on")

    given = client.post(check, follow=True).content.decode()

    assert "<dt>Masa berlaku</dt><dd>Diwajibkan lagi sebelum masa berlakunya habis</dd>" in given
    assert set(Assignment.objects.values_list("renews", flat=True)) == {True}


def test_a_withdrawn_order_says_that_it_asks_nobody_again(sdm, unit, officer, yearly):
    order = assigned(yearly, unit, renews=True, actor=sdm)
    withdraw_assignment(assignment=order, reason="usai", actor=sdm, at=NOON)

    page = sign_in(Client(), sdm).get(order.get_absolute_url()).content.decode()

    assert "<dt>Masa berlaku</dt><dd>Tidak diwajibkan lagi" in page


def test_the_page_of_a_fixed_order_leads_to_who_was_asked_again(sdm, unit, officer, yearly):
    order = assigned(yearly, unit, renews=True, actor=sdm)
    completed(officer, yearly)
    renew_duties(at=SOON)
    client = sign_in(Client(), sdm)
    changes = f"/sdm/penugasan/{order.uuid}/perubahan/"

    assert changes in client.get(order.get_absolute_url()).content.decode()
    page = client.get(changes).content.decode()
    assert officer.name in page
    assert "Ditugaskan lagi" in page


def test_the_officer_reads_whether_an_order_asks_again(officer, unit):
    site_catalog()
    course = published_course_page(lessons=1, validity_months=12).course
    assigned(course, unit, renews=True)
    assigned(course, unit, rule=AssignmentRule(unit, people=[officer]))

    page = sign_in(Client(), officer.user).get(course.url).content.decode()

    assert page.count("<dt>Masa berlaku</dt><dd>Diwajibkan lagi sebelum masa berlakunya habis</dd>") == 1
    assert page.count("<dt>Masa berlaku</dt><dd>Tidak diwajibkan lagi</dd>") == 1


def test_so_does_who_is_on_a_path(officer, unit, yearly):
    order = path_assigned(published_path(step(yearly), step(published_course())), unit, renews=True)

    page = sign_in(Client(), officer.user).get(order.url).content.decode()

    assert "<dt>Masa berlaku</dt><dd>Diwajibkan lagi sebelum masa berlakunya habis</dd>" in page
