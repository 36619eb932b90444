"""An officer finishes a course in the very moment in which somebody opens the duty to take it: whichever comes first
in the database, nobody who is trained is left owing it. One of the two is held in the middle of its transaction until
the other waits for it, or is through.
"""

import time
from datetime import date, timedelta
from threading import Event

import pytest
from django.db import connection

from enrolments.models import CourseCompletion, Duty, DutyEnd, OrderWork
from enrolments.services import (
    ask_recognition,
    carrying,
    complete_lesson,
    continue_work,
    learning,
    planning,
    recognising,
    returning,
    withdraw_path,
)
from enrolments.services import assigning as giving
from enrolments.services.returning import keep_clock
from foundation import approvals
from tests.clock import NOON
from tests.enrolments.path_scene import owed, through
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory, assigned
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.recognitions import past
from tests.factories.reliefs import approver_of, exempted, sdm_of

# SQLite lets one write at a time.
pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]
PATIENCE = 20
HOUR = timedelta(hours=1)


@pytest.fixture
def meeting(together, monkeypatch):
    """``meeting(first, second, at=(module, name))``: ``first`` stands still once it has called ``name`` there."""

    def run(first, second, *, at):
        arrived, over = Event(), Event()
        called = getattr(*at)

        def stand_still(*args, **kwargs):
            given = called(*args, **kwargs)
            if not arrived.is_set():
                arrived.set()
                until = time.monotonic() + PATIENCE
                while not (over.is_set() or _somebody_waits()):
                    assert time.monotonic() < until
                    time.sleep(0.01)
            return given

        def come_to_it():
            assert arrived.wait(PATIENCE)
            try:
                return second()
            finally:
                over.set()

        monkeypatch.setattr(*at, stand_still)
        raised = [given for given in together(first, come_to_it) if isinstance(given, Exception)]
        assert not raised

    return run


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


@pytest.fixture
def course():
    return published_course(posttest=False, lessons=1)


def learns(officer, course, *, at=NOON):
    """The act of reading the last lesson, begun before."""
    enrolment = EnrolmentFactory(officer=officer, course=course)
    return lambda: complete_lesson(enrolment=enrolment, item=course.items.get(), at=at)


def is_recognised(officer, course):
    """The act of approving that the course was taken elsewhere."""
    request = ask_recognition(past=past(officer, course), document=None, actor=sdm_of(officer), at=NOON)
    head = approver_of(officer)
    return lambda: approvals.decide(request=request, approved=True, note="", actor=head, at=NOON)


FINISHES = [
    pytest.param(learns, (learning, "follow_paths"), id="learned"),
    pytest.param(is_recognised, (recognising, "follow_paths"), id="recognised"),
]


def assert_trained_and_owing_nothing(officer, course):
    assert CourseCompletion.objects.standing().filter(officer=officer, course=course).exists()
    assert Duty.objects.filter(officer=officer, course=course, ended_as=DutyEnd.COMPLETED).count() == 1
    assert not Duty.objects.open().exists()


@pytest.mark.parametrize(("finish", "_held"), FINISHES)
def test_who_finishes_while_an_order_is_being_given_does_not_owe_it(meeting, unit, officer, course, finish, _held):
    finishing, sdm = finish(officer, course), sdm_of(officer)

    meeting(lambda: assigned(course, unit, actor=sdm), finishing, at=(giving, "announce"))

    assert_trained_and_owing_nothing(officer, course)


@pytest.mark.parametrize(("finish", "held"), FINISHES)
def test_an_order_given_while_somebody_finishes_finds_them_done(meeting, unit, officer, course, finish, held):
    finishing, sdm = finish(officer, course), sdm_of(officer)

    meeting(finishing, lambda: assigned(course, unit, actor=sdm), at=held)

    assert_trained_and_owing_nothing(officer, course)


def test_who_finishes_while_an_exemption_runs_out_does_not_owe_it(meeting, unit, officer, course):
    after = NOON + timedelta(days=10)
    assigned(course, unit)
    exempted(officer, course, date(2026, 11, 30))

    meeting(lambda: keep_clock(at=after), learns(officer, course, at=after), at=(returning, "grant_time"))

    assert_trained_and_owing_nothing(officer, course)


def test_who_finishes_one_choice_of_a_path_while_a_worker_asks_for_the_other_owes_neither(
    meeting, unit, officer, course, monkeypatch
):
    monkeypatch.setattr(planning, "BIG_ORDER", 0)
    # The worker of the test is this one.
    monkeypatch.setattr(carrying, "continue_work", lambda **_work: False)
    other = published_course(posttest=False, lessons=1)
    steps = (step(course, required=False), step(other, required=False))
    path_assigned(published_path(*steps, options_needed=1), unit)
    work = OrderWork.objects.get(assignment__course=course)
    finishing = learns(officer, other)

    meeting(lambda: continue_work(work=work, at=NOON), finishing, at=(carrying, "finish_paths"))
    for work in OrderWork.objects.order_by("pk"):
        while continue_work(work=work, at=NOON):
            pass

    assert owed(officer) == set()
    assert through(officer)


def test_who_finishes_one_choice_of_a_path_while_it_is_taken_back_does_not_wait_in_a_ring(
    meeting, unit, officer, course
):
    other = published_course(posttest=False, lessons=1)
    steps = (step(course, required=False), step(other, required=False))
    order = path_assigned(published_path(*steps, options_needed=1), unit)
    actor = order.assignments.first().assigned_by

    meeting(
        lambda: withdraw_path(order=order, reason="Keliru", actor=actor, at=NOON + HOUR),
        learns(officer, other, at=NOON + HOUR),
        at=(giving, "end_reasons"),
    )

    assert owed(officer) == set()
    assert CourseCompletion.objects.filter(officer=officer, course=other).exists()
