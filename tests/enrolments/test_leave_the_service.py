"""Who left the service owes nothing, whatever the order; a round that came to nothing does not stand in the way."""

from datetime import timedelta

import pytest

from enrolments.assignment import AssignmentRule
from enrolments.models import Duty, DutyReason
from enrolments.services import assigning, follow_moves, renew_duties, withdraw_assignment
from organisation.services.officers import change_posting, end_posting
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RankFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What was done at NOON and holds for a year is about to end.
SOON = NOON.replace(year=NOON.year + 1) - 30 * DAY


@pytest.fixture
def yearly():
    return published_course(validity_months=12)


def retires(officer, *, at):
    end_posting(officer=officer, reason="Pensiun", actor=UserFactory(), at=at)


def serves(officer, unit, *, at):
    change_posting(officer=officer, unit=unit, rank=RankFactory(), actor=UserFactory(), at=at)


def figures(order, *, at):
    return DutyReason.objects.figures_by_order(at=at)[order.pk]


def test_who_retires_is_late_under_no_order_for_ever(unit):
    stays, goes = OfficerFactory.create_batch(2, posting__unit=unit)
    course = published_course()
    order = assigned(course, unit)
    retires(goes, at=NOON + HOUR)

    assert follow_moves(at=NOON + 2 * HOUR) == 1

    assert Duty.objects.open().get(course=course).officer == stays
    assert figures(order, at=NOON + 30 * DAY).total == 1
    assert follow_moves(at=NOON + 3 * HOUR) == 0


def test_what_was_done_before_stays_in_the_figures_of_the_order(unit):
    goes = OfficerFactory(posting__unit=unit)
    course = published_course()
    order = assigned(course, unit)
    completed(goes, course)
    retires(goes, at=NOON + HOUR)

    assert follow_moves(at=NOON + 2 * HOUR) == 0
    assert (figures(order, at=NOON + DAY).total, figures(order, at=NOON + DAY).done) == (1, 1)


def test_whose_place_was_ended_by_mistake_is_asked_again_with_two_weeks(unit):
    officer = OfficerFactory(posting__unit=unit)
    course = published_course()
    order = assigned(course, unit)
    retires(officer, at=NOON + HOUR)
    follow_moves(at=NOON + 2 * HOUR)
    back = NOON + 60 * DAY
    serves(officer, unit, at=back)

    assert follow_moves(at=back + HOUR) == 1

    duty = Duty.objects.open().get(course=course)
    assert duty.officer == officer
    assert duty.reasons.get(ended_at=None).assignment == order
    assert timedelta(days=14) <= duty.due_at - back < timedelta(days=15)


def test_a_tick_looks_at_who_left_since_the_last_one_alone(unit, django_assert_max_num_queries):
    OfficerFactory.create_batch(3, posting__unit=unit)
    assigned(published_course(), unit)
    follow_moves(at=NOON + HOUR)

    with django_assert_max_num_queries(10):
        assert follow_moves(at=NOON + 2 * DAY) == 0


def test_who_leaves_within_the_window_and_comes_back_is_asked_again(unit, yearly):
    officer, elsewhere = OfficerFactory(posting__unit=unit), UnitFactory()
    assigned(yearly, unit, follows=True, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)
    serves(officer, elsewhere, at=SOON + DAY)
    follow_moves(at=SOON + 2 * DAY)
    assert not Duty.objects.open().filter(officer=officer).exists()
    serves(officer, unit, at=SOON + 3 * DAY)

    follow_moves(at=SOON + 4 * DAY)
    renew_duties(at=SOON + 4 * DAY)

    assert Duty.objects.open().get(officer=officer, course=yearly).cycle == 2


def test_a_withdrawn_order_does_not_keep_its_successor_from_asking_again(unit, yearly):
    officer = OfficerFactory(posting__unit=unit)
    wrong = assigned(yearly, unit, follows=True, renews=True)
    completed(officer, yearly)
    renew_duties(at=SOON)
    withdraw_assignment(assignment=wrong, reason="Nomor keliru", actor=wrong.assigned_by, at=SOON + DAY)
    right = assigned(yearly, unit, follows=True, renews=True, at=SOON + 2 * DAY)

    renew_duties(at=SOON + 3 * DAY)

    duty = Duty.objects.open().get(officer=officer, course=yearly)
    assert duty.cycle == 2
    assert duty.reasons.get(ended_at=None).assignment == right


def test_who_finishes_while_an_order_is_given_is_counted_under_it_as_done(unit, monkeypatch):
    officer = OfficerFactory(posting__unit=unit)
    course = published_course()
    assigned(course, unit)
    look = assigning.preview

    def finished_after_the_look(*args, **kwargs):
        found = look(*args, **kwargs)
        completed(officer, course, at=NOON + HOUR)
        return found

    monkeypatch.setattr(assigning, "preview", finished_after_the_look)
    second = assigned(course, unit, rule=AssignmentRule(unit=unit), at=NOON + HOUR)

    found = figures(second, at=NOON + DAY)
    assert (found.total, found.done) == (1, 1)
