"""A path is finished once: enough is chosen, all that is asked is done, and what is taken back is asked again."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.models import Course
from courses.models.paths import compile_path
from enrolments.corrections import correct_completion
from enrolments.models import CourseCompletion, Duty, Enrolment, PathCompletion, PathOrder, Relief
from enrolments.paths import paths_of, progress_by_officer
from enrolments.services import complete_item
from enrolments.services.reconciling import follow_moves
from foundation.models import AppendOnlyViolation, AuditEvent
from organisation.services import change_posting
from reports.core import Wanted, duty_rows, figures
from reports.scope import scope_of
from tests.clock import NOON
from tests.enrolments.path_scene import learn, owed, taken_back, through
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.reliefs import exempted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def path_of(officer, *, at=NOON):
    (path,) = paths_of(officer, at=at)
    return path


# --- enough is chosen -----------------------------------------------------------


def test_when_n_of_m_are_done_the_others_are_no_longer_owed(officer, unit, version, courses):
    path_assigned(version, unit)

    learn(officer, courses[2])
    assert courses[4] in owed(officer)
    learn(officer, courses[3])

    assert owed(officer) == {courses[0], courses[1]}
    assert Duty.objects.get(officer=officer, course=courses[4]).ended_as == "spared"


def test_an_optional_course_that_another_order_asks_for_stays_owed_with_that_orders_date(
    officer, unit, version, courses
):
    path_assigned(version, unit)
    assigned(courses[4], unit, due_at=NOON + timedelta(days=20))

    learn(officer, courses[2], courses[3])

    assert Duty.objects.open().get(officer=officer, course=courses[4]).due_at == NOON + timedelta(days=20)


def test_what_was_spared_is_not_asked_again_when_its_owner_moves_within_the_order(unit, version, courses):
    here, there = UnitFactory(parent=unit), UnitFactory(parent=unit)
    officer = OfficerFactory(posting__unit=here)
    path_assigned(version, unit, follows=True)
    learn(officer, courses[2], courses[3])

    change_posting(
        officer=officer,
        unit=there,
        rank=officer.postings.get().rank,
        actor=None,
        at=NOON + HOUR,
        valid_from=NOON + HOUR,
    )
    follow_moves(at=NOON + 2 * HOUR)

    assert owed(officer) == {courses[0], courses[1]}


def test_totals_of_reports_are_the_names_under_them_before_and_after(officer, unit, version, courses):
    head = RoleGrantFactory(role="head", unit=unit).user
    OfficerFactory(posting__unit=unit)
    path_assigned(version, unit)

    for done in courses[:4]:
        learn(officer, done)
        scope = scope_of(head, at=NOON + HOUR)
        rows = duty_rows(scope, Wanted())
        assert figures(rows, scope).total == len(list(rows))
    # Four done, none of the fifth; five owed by the other.
    assert figures(rows, scope).total == 4 + 5


# --- through --------------------------------------------------------------------


def test_whoever_did_all_that_is_asked_is_through_once_and_for_good(officer, unit, version, courses):
    order = path_assigned(version, unit)

    learn(officer, *courses[:3])
    assert not through(officer)
    learn(officer, courses[3], at=NOON + HOUR)

    row = PathCompletion.objects.get()
    assert (row.officer, row.path_order, row.completed_at) == (officer, order, NOON + HOUR)
    ledger = CourseCompletion.objects.filter(officer=officer)
    assert set(row.evidence) == {str(fact.uuid) for fact in ledger}
    assert AuditEvent.objects.filter(verb="path.completed", subject_id=officer.pk).count() == 1
    with pytest.raises(AppendOnlyViolation):
        row.save()


def test_whoever_did_it_all_before_is_through_with_the_order(officer, unit, version, courses):
    learn(officer, *courses[:4], at=NOON - timedelta(days=3))

    path_assigned(version, unit)

    assert PathCompletion.objects.get().completed_at == NOON
    assert not owed(officer)


def test_an_exemption_from_the_last_course_finishes_the_path(officer, unit, version, courses):
    path_assigned(version, unit)
    learn(officer, courses[0], courses[2], courses[3])

    exempted(officer, courses[1])

    assert through(officer)


def test_a_new_version_of_the_path_asks_nobody_for_more_and_changes_no_completion(officer, unit, version, courses):
    path_assigned(version, unit)
    learn(officer, *courses[:4])
    more = published_course(posttest=False, lessons=1)
    path = version.path
    path.steps = [*[(block.block_type, block.value) for block in path.steps], ("step", _value(more))]

    newer = compile_path(path, actor=None, at=NOON + HOUR)

    assert newer.number == 2
    assert through(officer)
    assert more not in owed(officer)
    assert path_of(officer).order.version == version


def _value(course: Course) -> dict:
    return {"course": course.code, "required": True, "after": []}


def test_a_pass_that_is_taken_back_takes_the_path_back_by_a_new_row_and_learning_it_again_gives_it_again(
    officer, unit, version, courses
):
    path_assigned(version, unit)
    learn(officer, *courses[:4])
    fact = Enrolment.objects.get(officer=officer, course=courses[1]).item_completions.get()

    correct_completion(
        enrolment=fact.enrolment,
        item=fact.item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=RoleGrantFactory(unit=unit).user,
        reason="kunci keliru",
        at=NOON + HOUR,
    )
    assert not through(officer)
    assert PathCompletion.objects.count() == 2
    complete_item(enrolment=fact.enrolment, item=fact.item, evidence=None, grade=None, at=NOON + 2 * HOUR)

    assert through(officer)
    assert PathCompletion.objects.count() == 3


def test_what_was_spared_is_asked_again_when_a_choice_is_taken_back(officer, unit, version, courses):
    path_assigned(version, unit)
    learn(officer, courses[2], courses[3])

    late = NOON + timedelta(days=20)
    taken_back(officer, courses[2], at=late)

    assert owed(officer) == {courses[0], courses[1], courses[2], courses[4]}
    again = Duty.objects.open().filter(officer=officer, course__in=[courses[2], courses[4]])
    assert all(duty.due_at > late + timedelta(days=14) for duty in again)


def test_a_choice_that_is_taken_back_is_not_owed_while_enough_others_are_done(officer, unit, version, courses):
    path_assigned(version, unit)
    learn(officer, courses[2], courses[3], courses[4])

    taken_back(officer, courses[2], at=NOON + HOUR)

    assert owed(officer) == {courses[0], courses[1]}


@settings(max_examples=examples(5))
@given(st.lists(st.tuples(st.sampled_from(["learn", "take back", "exempt", "tick"]), st.integers(0, 4)), max_size=9))
def test_whatever_happens_what_is_owed_is_what_the_path_shows(events):
    with transaction.atomic():
        unit = UnitFactory()
        officer = OfficerFactory(posting__unit=unit)
        courses = [published_course(posttest=False, lessons=1, validity_months=0) for _ in range(5)]
        one, two, three, four, five = courses
        options = [step(course, required=False) for course in (three, four, five)]
        path_assigned(
            published_path(step(one), step(two, after=(one,)), *options, options_needed=2), unit, follows=True
        )
        head = RoleGrantFactory(role="head", unit=unit).user
        # Begun where something is spared already: the stories go on from there.
        for hour, (event, place) in enumerate([("learn", 2), ("learn", 3), *events], start=1):
            at, course = NOON + hour * HOUR, courses[place]
            done = CourseCompletion.objects.standing().filter(officer=officer, course=course).exists()
            begun = Enrolment.objects.filter(officer=officer, course=course).first()
            if event == "learn" and begun and not done:
                item = course.current_version.version_items.get().item
                complete_item(enrolment=begun, item=item, evidence=None, grade=None, at=at)
            elif event == "learn" and not done:
                completed(officer, course, at=at)
            elif event == "take back" and done:
                taken_back(officer, course, at=at)
            elif event == "exempt" and not Relief.objects.filter(officer=officer, course=course).exists():
                exempted(officer, course, at=at)
            elif event == "tick":
                follow_moves(at=at)
            _agree(officer, head, at=at)
        transaction.set_rollback(True)


def _agree(officer, head, *, at):
    order = PathOrder.objects.get()
    progress = progress_by_officer(order, [officer.pk], at=at)[officer.pk]
    asked = {standing.course for standing in progress.steps if standing.state in ("open", "locked")}
    assert owed(officer) == asked
    assert through(officer) == progress.is_complete
    scope = scope_of(head, at=at)
    rows = list(duty_rows(scope, Wanted()))
    assert figures(duty_rows(scope, Wanted()), scope).total == len(rows)
    assert {row.course for row in rows if row.valid_to is None} == asked
