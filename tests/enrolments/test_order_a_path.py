"""SDM orders a learning path as one, sees before what it would bring, and takes it back as one."""

from datetime import timedelta

import pytest

from enrolments.exceptions import AssignmentRefused
from enrolments.models import Assignment, CourseCompletion, Duty
from enrolments.order_figures import with_figures
from enrolments.path_orders import count_officers_of_paths, officers_under, path_figures
from enrolments.paths import paths_of
from enrolments.services import undo_assignment, undo_path, withdraw_path
from enrolments.services.reconciling import follow_moves
from organisation.services import change_posting
from tests.clock import NOON
from tests.enrolments.path_scene import learn, owed, through
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.paths import path_assigned

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_order_for_a_path_asks_for_each_of_its_courses_until_one_date(officer, unit, version, courses):
    order = path_assigned(version, unit)

    assert owed(officer) == set(courses)
    assert {duty.due_at for duty in Duty.objects.open()} == {NOON.replace(day=28)}
    assert [part.course for part in order.assignments.order_by("pk")] == courses


# --- moves, undo, withdrawal ----------------------------------------------------


def test_who_comes_gets_the_path_and_who_goes_owes_it_no_more(unit, version, courses):
    order = path_assigned(version, unit, follows=True)
    elsewhere = UnitFactory()
    comes, goes = OfficerFactory(posting__unit=elsewhere), OfficerFactory(posting__unit=unit)
    follow_moves(at=NOON + HOUR)
    learn(goes, courses[0], at=NOON + HOUR)
    for officer, to in ((comes, unit), (goes, elsewhere)):
        rank = officer.postings.get().rank
        change_posting(officer=officer, unit=to, rank=rank, actor=None, at=NOON + 2 * HOUR)

    follow_moves(at=NOON + 3 * HOUR)

    assert owed(comes) == set(courses)
    assert not owed(goes)
    assert list(officers_under(order, seen_from=unit, at=NOON + 3 * HOUR)) == [comes]


def test_a_wrong_path_order_is_undone_with_everything_it_brought(officer, unit, version, courses):
    done = OfficerFactory(posting__unit=unit)
    learn(done, *courses[:4])
    before = set(Duty.objects.values_list("pk", flat=True))
    order = path_assigned(version, unit)

    undo_path(order=order, reason="keliru", actor=order.assignments.first().assigned_by, at=NOON + HOUR)

    assert not Duty.objects.open().exists()
    assert set(Duty.objects.exclude(pk__in=before).values_list("ended_as", flat=True)) == {"undone"}
    assert not through(done)
    assert CourseCompletion.objects.standing().filter(officer=done).count() == 4


def test_a_withdrawn_path_leaves_what_is_done(officer, unit, version, courses):
    order = path_assigned(version, unit)
    learn(officer, courses[0])

    withdraw_path(order=order, reason="selesai", actor=order.assignments.first().assigned_by, at=NOON + HOUR)

    assert not owed(officer)
    assert Duty.objects.get(officer=officer, course=courses[0]).is_done
    assert not paths_of(officer, at=NOON + HOUR)


def test_one_course_of_a_path_is_not_taken_back_alone(officer, unit, version):
    order = path_assigned(version, unit)
    part = order.assignments.first()

    with pytest.raises(AssignmentRefused, match="bagian dari penugasan jalur"):
        undo_assignment(assignment=part, reason="keliru", actor=part.assigned_by, at=NOON)


def test_a_path_that_is_no_longer_offered_cannot_be_ordered(unit, officer, version):
    version.path.offered = False
    version.path.save()

    with pytest.raises(AssignmentRefused):
        path_assigned(version, unit)


# --- what SDM sees --------------------------------------------------------------


def test_the_figures_of_an_order_are_the_lengths_of_its_lists(officer, unit, version, courses):
    others = OfficerFactory.create_batch(2, posting__unit=unit)
    order = path_assigned(version, unit)
    learn(officer, *courses[:4])

    moment = NOON + timedelta(days=30)
    sdm = order.assignments.first().assigned_by
    late = path_figures(order, seen_from=unit, at=moment).figures
    (listed,) = with_figures(Assignment.objects.one_per_path().for_list(), actor=sdm, at=moment)
    count_officers_of_paths([listed], actor=sdm, at=moment)

    assert (late.total, late.done, late.overdue) == (3, 1, 2)
    assert (listed.total, listed.done, listed.overdue) == (3, 1, 2)
    assert set(officers_under(order, seen_from=unit, at=moment)) == {officer, *others}


def test_sdm_assigns_a_path_where_a_course_is_chosen(client, settings, officer, unit, version, courses):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(RoleGrantFactory(unit=unit).user)
    whom = client.post("/sdm/penugasan/baru/", {"unit": unit.pk})
    answers = {
        "course": f"jalur-{version.pk}",
        "due_rule": "fixed",
        "due_on": "2099-01-31",
        "order_number": "Sprin/1",
        "issuer": "Kapolres",
        "reason": "Loket",
        "tells": "on",
    }
    check = client.post(whom["Location"], answers)

    shown = client.get(check["Location"]).content.decode()
    given = client.post(check["Location"], follow=True)
    again = client.post(check["Location"], follow=True)

    assert "Per pelatihan" in shown
    assert "Mendapat kewajiban baru: 1 personel" in shown
    assert given.redirect_chain[-1][0].startswith("/sdm/penugasan/jalur/")
    assert again.redirect_chain[-1] == given.redirect_chain[-1]
    assert Assignment.objects.count() == len(courses)
    listed = client.get("/sdm/penugasan/").content.decode()
    assert listed.count("Jalur: Pelayanan SPKT") == 1
    assert "0 dari 1" in listed


def test_the_page_of_an_order_asks_a_fixed_number_of_questions(
    client, settings, unit, version, django_assert_max_num_queries
):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    OfficerFactory.create_batch(20, posting__unit=unit)
    order = path_assigned(version, unit)
    client.force_login(order.assignments.first().assigned_by)

    with django_assert_max_num_queries(40):
        assert client.get(f"/sdm/penugasan/jalur/{order.uuid}/").status_code == 200
