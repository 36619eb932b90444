"""A learning path: assigned as one, learned in its order, finished once, and taken back as one."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.models import Course
from courses.models.paths import compile_path
from enrolments.assignment import AssignmentRule, Due
from enrolments.corrections import correct_completion
from enrolments.exceptions import AssignmentRefused, CourseNotOpen
from enrolments.models import Assignment, CourseCompletion, Duty, Enrolment, PathCompletion, PathOrder, Relief
from enrolments.order_figures import with_figures
from enrolments.overview import home
from enrolments.path_orders import count_officers_of_paths, officers_under, path_figures
from enrolments.paths import path_progress, paths_of, progress_by_officer
from enrolments.services import complete_item, start_course, undo_assignment, undo_path, withdraw_path
from enrolments.services.paths import preview_path
from enrolments.services.reconciling import follow_moves
from foundation.models import AppendOnlyViolation, AuditEvent
from organisation.services import change_posting
from reports.core import Wanted, duty_rows, figures
from reports.scope import scope_of
from tests.clock import NOON
from tests.examples import examples
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.paths import path_assigned, path_draft, published_path, step
from tests.factories.reliefs import exempted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def officer(unit):
    return OfficerFactory(posting__unit=unit)


@pytest.fixture
def courses():
    return [published_course(posttest=False, lessons=1) for _ in range(5)]


@pytest.fixture
def version(courses):
    """C1, then C2 after C1; of C3, C4, C5 two, C5 after C4."""
    one, two, three, four, five = courses
    return published_path(
        step(one),
        step(two, after=(one,)),
        step(three, required=False),
        step(four, required=False),
        step(five, required=False, after=(four,)),
        options_needed=2,
    )


def owed(officer) -> set:
    return {duty.course for duty in Duty.objects.open().filter(officer=officer)}


def path_of(officer, *, at=NOON):
    (path,) = paths_of(officer, at=at)
    return path


def through(officer) -> bool:
    return PathCompletion.objects.standing().filter(officer=officer).exists()


def learn(officer, *courses, at=NOON):
    for course in courses:
        completed(officer, course, at=at)


# --- what is asked ----------------------------------------------------------


def test_an_order_for_a_path_asks_for_each_of_its_courses_until_one_date(officer, unit, version, courses):
    order = path_assigned(version, unit)

    assert owed(officer) == set(courses)
    assert {duty.due_at for duty in Duty.objects.open()} == {NOON.replace(day=28)}
    assert [part.course for part in order.assignments.order_by("pk")] == courses


def test_the_dry_run_names_everybody_once_and_says_what_each_course_would_bring(officer, unit, version, courses):
    done, owing = OfficerFactory.create_batch(2, posting__unit=unit)
    learn(done, *courses[:4])
    assigned(courses[0], unit, rule=_only(unit, owing))

    plan = preview_path(_only(unit), version, _due(), at=NOON)

    total = plan.by_officer
    assert [posting.officer for posting in total.already_complete] == [done]
    assert {posting.officer for posting in total.gains} == {officer, owing}
    assert total.total == 3
    by_course = {step.course: effect for step, effect in plan.steps}
    assert {posting.officer for posting in by_course[courses[0]].gains} == {officer}
    # Who has chosen enough is not asked for the last one.
    assert {posting.officer for posting in by_course[courses[4]].gains} == {officer, owing}


def test_the_dry_run_and_the_order_agree(officer, unit, version, courses):
    done = OfficerFactory(posting__unit=unit)
    learn(done, *courses[:4])
    plan = preview_path(_only(unit), version, _due(), at=NOON)

    path_assigned(version, unit)

    for entry, effect in plan.steps:
        gained = set(Duty.objects.open().filter(course=entry.course).values_list("officer", flat=True))
        assert gained == {posting.officer_id for posting in effect.gains}


def _only(unit, *people):
    return AssignmentRule(unit=unit, people=people)


def _due():
    return Due(at=NOON.replace(day=28))


# --- locked -----------------------------------------------------------------


def test_a_course_whose_prerequisite_is_open_is_locked_and_says_what_comes_first(officer, unit, version, courses):
    path_assigned(version, unit)

    with pytest.raises(CourseNotOpen, match=f"Selesaikan dahulu “{courses[0].title}”"):
        start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)
    assert not Enrolment.objects.exists()


def test_it_opens_when_what_comes_first_is_done(officer, unit, version, courses):
    path_assigned(version, unit)

    learn(officer, courses[0])

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


def test_what_another_order_asks_for_directly_is_not_locked(officer, unit, version, courses):
    path_assigned(version, unit)
    assigned(courses[1], unit)

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


def test_an_exempt_course_holds_nothing_up(officer, unit, version, courses):
    path_assigned(version, unit)

    exempted(officer, courses[0])

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


# --- enough is chosen -------------------------------------------------------


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


# --- through ----------------------------------------------------------------


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


def taken_back(officer, course, *, at):
    fact = Enrolment.objects.get(officer=officer, course=course).item_completions.filter(reopening=None).get()
    correct_completion(
        enrolment=fact.enrolment,
        item=fact.item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=UserFactory(),
        reason="kunci keliru",
        at=at,
    )


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


# --- moves, undo, withdrawal ------------------------------------------------


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
    assert list(officers_under(order)) == [comes]


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


# --- what an officer sees ---------------------------------------------------


def test_the_start_page_shows_a_path_as_one_thing_with_its_next_step(officer, unit, version, courses):
    path_assigned(version, unit)
    alone = published_course()
    assigned(alone, unit)
    learn(officer, courses[0])

    shown = home(officer, at=NOON, year=2026)

    assert [path.words for path in shown.paths] == [f"1 dari 4 selesai, berikutnya: {courses[1].title}"]
    assert [standing.course for standing in shown.alone] == [alone]


def test_the_pages_of_a_path_show_what_is_locked_and_why(client, officer, unit, version, courses):
    order = path_assigned(version, unit)
    client.force_login(officer.user)

    page = client.get(order.url).content.decode()

    assert f"Selesaikan dahulu “{courses[0].title}”" in page
    assert "Sprin/119/XI/2026" in page
    assert "Belum selesai: 0 dari 4. Kurang:" in page
    site_catalog()
    start = client.get("/").content.decode()
    assert f"0 dari 4 selesai, berikutnya: {courses[0].title}" in start
    assert start.count(order.url) == 1


def test_the_figures_of_an_order_are_the_lengths_of_its_lists(officer, unit, version, courses):
    others = OfficerFactory.create_batch(2, posting__unit=unit)
    order = path_assigned(version, unit)
    learn(officer, *courses[:4])

    moment = NOON + timedelta(days=30)
    late = path_figures(order, at=moment)
    (listed,) = with_figures(Assignment.objects.one_per_path().for_list(), at=moment)
    count_officers_of_paths([listed], at=moment)

    assert (late.total, late.done, late.overdue) == (3, 1, 2)
    assert (listed.total, listed.done, listed.overdue) == (3, 1, 2)
    assert set(officers_under(order)) == {officer, *others}


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


# --- the author -------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "needed", "sentence"),
    [
        (lambda one, two: [step(one)], 0, "memuat 2 sampai"),
        (lambda one, two: [step(one), step(one)], 0, "muncul dua kali"),
        (lambda one, two: [step(one, after=(two,)), step(two)], 0, "harus berada di atasnya"),
        (lambda one, two: [step(one, required=False), step(two, after=(one,))], 1, "hanya pilihan"),
        (lambda one, two: [step(one), step(two, required=False)], 0, "isi berapa yang harus selesai"),
        (lambda one, two: [step(one), step(two)], 1, "kosongkan jumlah pilihan"),
    ],
)
def test_an_author_is_told_what_is_no_path(steps, needed, sentence):
    draft = path_draft(*steps(published_course(), published_course()), options_needed=needed)

    with pytest.raises(ValidationError, match=sentence):
        draft.clean()


# --- arithmetic -------------------------------------------------------------


class Step:
    def __init__(self, order, *, required, after):
        self.order, self.required, self.after = order, required, after
        self.course_id, self.course = order, f"C{order}"


@st.composite
def scenes(draw):
    size = draw(st.integers(2, 8))
    steps = []
    for order in range(1, size + 1):
        required = draw(st.booleans())
        allowed = [one.order for one in steps if one.required or not required]
        after = draw(st.lists(st.sampled_from(allowed), unique=True)) if allowed else []
        steps.append(Step(order, required=required, after=after))
    options = sum(not one.required for one in steps)
    needed = draw(st.integers(1, options)) if options else 0
    exempt = draw(st.sets(st.integers(1, size), max_size=size - 1))
    return steps, needed, exempt


@given(scenes())
def test_whoever_always_takes_the_next_step_gets_through_and_never_meets_a_locked_one(scene):
    steps, needed, exempt = scene
    done: dict = {}
    seen = [path_progress(steps, needed, done=done, exempt=exempt)]
    while seen[-1].next_step:
        course = seen[-1].next_step.step.course_id
        assert (
            all(first in done or first in exempt for first in steps[course - 1].after) or not steps[course - 1].required
        )
        done[course] = object()
        seen.append(path_progress(steps, needed, done=done, exempt=exempt))

    assert seen[-1].done == seen[-1].total
    assert all(later.done == earlier.done + 1 for earlier, later in pairwise(seen))
    assert all(standing.state in ("done", "exempt", "spared") for standing in seen[-1].steps)
