"""An order to thousands is carried out, withdrawn and undone by a worker; cut off anywhere, nothing happens twice."""

from datetime import timedelta

import pytest
import time_machine

from enrolments import services
from enrolments.assignment import AssignmentRule, Due, preview
from enrolments.dry_run import count_effect
from enrolments.models import DueRule, Duty, DutyEnd, DutyReason, OrderFigures, OrderWork, WorkKind
from enrolments.order_figures import EVERY, count_again
from enrolments.services import carrying, planning
from foundation import paging, works
from foundation.models import AuditEvent, OutboxEntry
from organisation.models import Role
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.reliefs import exempted
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Three people are many here, and two are a chunk."""
    monkeypatch.setattr(planning, "BIG_ORDER", 3)
    monkeypatch.setattr(carrying, "CHUNK", 2)


@pytest.fixture
def polres():
    return UnitFactory()


def people(unit, count=7):
    return [OfficerFactory(posting__unit=unit) for _ in range(count)]


def owing(course):
    return {duty.officer for duty in Duty.objects.open().filter(course=course)}


def step():
    """One chunk of the only open work; False when it was the last."""
    return services.continue_work(work=OrderWork.objects.get(finished_at=None), at=NOON + HOUR)


def finish():
    while OrderWork.objects.filter(finished_at=None).exists():
        step()


def test_the_page_only_asks_for_a_big_order_and_the_worker_gives_the_duties(polres):
    officers, course = people(polres), published_course()

    assignment = assigned(course, polres)
    asked_only = owing(course)
    finish()

    work = OrderWork.objects.get()
    assert not asked_only
    assert owing(course) == set(officers)
    assert (work.total, work.handled, work.changed, work.finished_at) == (7, 7, 7, NOON + HOUR)
    assert {duty.valid_from for duty in Duty.objects.all()} == {assignment.recorded_at}


def test_a_small_order_is_given_at_once(polres):
    officers, course = people(polres, 3), published_course()

    assigned(course, polres)

    assert owing(course) == set(officers)
    assert not OrderWork.objects.exists()


def test_the_queue_delivers_the_work_after_the_commit(polres, django_capture_on_commit_callbacks):
    officers, course = people(polres), published_course()

    with django_capture_on_commit_callbacks(execute=True):
        assigned(course, polres)

    assert owing(course) == set(officers)
    assert OutboxEntry.objects.get(kind=planning.KIND).done_at


def killed_now():
    raise KeyboardInterrupt


def test_a_killed_worker_loses_its_chunk_and_the_next_goes_on_without_doubling(polres, monkeypatch):
    officers, course = people(polres), published_course()
    assigned(course, polres)
    step()

    with monkeypatch.context() as killed:
        killed.setattr(carrying, "ask_for_duties", lambda *_args, **_options: killed_now())
        with pytest.raises(KeyboardInterrupt):
            step()
    after_the_kill = (len(owing(course)), OrderWork.objects.get().handled)
    finish()

    assert after_the_kill == (2, 2)
    assert owing(course) == set(officers)
    assert DutyReason.objects.count() == Duty.objects.count() == 7


def test_of_two_workers_only_one_does_a_chunk(polres, monkeypatch):
    people(polres)
    course = published_course()
    assigned(course, polres)
    real = carrying._people

    def overtaken(work):
        found = real(work)
        with monkeypatch.context() as alone:
            alone.setattr(carrying, "_people", real)
            services.continue_work(work=work, at=NOON + HOUR)
        return found

    with monkeypatch.context() as both:
        both.setattr(carrying, "_people", overtaken)
        step()

    assert OrderWork.objects.get().handled == len(owing(course)) == DutyReason.objects.count() == 2


def test_a_work_that_the_queue_gave_up_is_moved_on_by_tick(polres):
    officers, course = people(polres), published_course()
    assigned(course, polres)

    too_early = services.move_stalled_works(at=NOON + works.STALLED - HOUR / 60)
    moved = services.move_stalled_works(at=NOON + works.STALLED)

    assert (too_early, moved) == (0, 7)
    assert owing(course) == set(officers)


def test_it_means_what_a_small_order_means(polres):
    _new, owes, done, exempt, *_others = people(polres)
    course = published_course()
    assigned(course, polres, rule=AssignmentRule(polres, people=[owes]), due_at=NOON + timedelta(days=90))
    completed(done, course)
    exempted(exempt, course)

    assignment = assigned(course, polres)
    finish()

    figures = assignment.figures(at=NOON)
    assert (figures.total, figures.done) == (6, 1)
    assert Duty.objects.get(officer=exempt).ended_as == DutyEnd.EXEMPT
    assert Duty.objects.get(officer=owes).due_at == assignment.due_at


def test_who_leaves_while_it_is_carried_out_owes_it_no_more_when_it_follows(polres):
    officers, course = people(polres), published_course()
    gone = officers[-1]
    assigned(course, polres, follows=True)
    step()
    move(gone, UnitFactory(), at=NOON + HOUR / 2)

    services.follow_moves(at=NOON + HOUR)
    not_yet = owing(course)
    finish()
    services.follow_moves(at=NOON + 2 * HOUR)

    assert len(not_yet) == 2
    assert owing(course) == set(officers) - {gone}


@pytest.mark.parametrize("act", ["withdraw_assignment", "undo_assignment"])
def test_a_half_done_order_is_taken_back_with_what_was_done_of_it(polres, act):
    officers, course = people(polres, 9), published_course()
    completed(officers[0], course)
    assignment = assigned(course, polres)
    step()
    step()
    step()

    taken = getattr(services, act)(assignment=assignment, reason="Keliru", actor=assignment.assigned_by, at=NOON + HOUR)
    finish()

    assert taken is None
    assert not owing(course)
    assert Duty.objects.count() == 6
    assert not OrderWork.objects.filter(kind=WorkKind.CARRY_OUT, finished_at=None).exists()
    figures = assignment.figures(at=NOON + HOUR)
    # Withdrawn, what is done stays counted; undone, nothing was ever asked.
    assert (figures.total, figures.done) == ((1, 1) if act == "withdraw_assignment" else (0, 0))


def test_a_big_order_that_is_undone_gives_back_the_dates_of_the_others(polres):
    officers, course = people(polres), published_course()
    first = assigned(course, polres, due_at=NOON + timedelta(days=90))
    finish()
    second = assigned(course, polres)
    finish()
    brought_forward = set(Duty.objects.values_list("due_at", flat=True))

    services.undo_assignment(assignment=second, reason="Keliru", actor=second.assigned_by, at=NOON + HOUR)
    finish()

    assert brought_forward == {second.due_at}
    assert set(Duty.objects.values_list("due_at", flat=True)) == {first.due_at}
    assert owing(course) == set(officers)


def test_the_trail_says_who_asked_and_what_came_of_it(polres):
    people(polres)
    assignment = assigned(published_course(), polres)
    finish()

    asked = AuditEvent.objects.get(verb="assignment.created")
    done = AuditEvent.objects.get(verb="assignment.work_finished")
    assert asked.detail["background"]
    assert asked.detail["officers"] == 7
    assert (done.actor_id, done.detail["duties"]) == (None, 7)
    assert done.detail["asked_by"] == assignment.assigned_by.name


def test_the_orders_page_shows_how_far_it_is_and_reloads_itself(polres, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people(polres)
    sdm = RoleGrantFactory(role=Role.SDM, unit=polres).user
    assignment = assigned(published_course(), polres, actor=sdm)
    sign_in(client, sdm)
    step()

    running = client.get(f"/sdm/penugasan/{assignment.uuid}/")
    finish()
    over = client.get(f"/sdm/penugasan/{assignment.uuid}/")

    assert "2 dari 7 personel" in running.content.decode()
    assert running.headers["Refresh"] == "5"
    assert "Refresh" not in over.headers
    assert "Memberikan kewajiban" not in over.content.decode()


@pytest.mark.parametrize("due", [Due(at=NOON + timedelta(days=7)), Due(DueRule.ASSIGNED, days=7)])
def test_the_dry_run_counts_what_the_preview_names(due):
    polres = UnitFactory(zone="Asia/Makassar")
    polsek = UnitFactory(parent=polres, zone="Asia/Jayapura")
    _new, owes, later, done, exempt = people(polres, 5)
    course = published_course()
    _fresh, owing_there, later_there, exempt_there = people(polsek, 4)
    soon, late = NOON + timedelta(days=2), NOON + timedelta(days=90)
    assigned(course, polres, rule=AssignmentRule(polres, people=[owes, owing_there]), due_at=soon)
    other = assigned(course, polres, rule=AssignmentRule(polres, people=[later, later_there]), due_at=late)
    completed(done, course)
    exempted(exempt, course)
    exempted(exempt_there, course)
    rule = AssignmentRule(polres)

    effect = count_effect(rule, course, due, at=NOON)

    named = preview(rule, course, due, at=NOON)
    assert effect.parts == {
        "gains": len(named.gains),
        "owed": len(named.already_owes) - len(named.sooner),
        "sooner": len(named.sooner),
        "done": len(named.already_complete),
        "exempt": len(named.exempt),
    }
    assert effect.parts == {"gains": 2, "owed": 2, "sooner": 2, "done": 1, "exempt": 2}
    assert [(row.unit, row.total) for row in effect.units] == [(polres, 5), (polsek, 4)]
    for whole in (effect, *effect.units):
        assert sum(whole.parts.values()) == whole.total
    first = {sort.change: {name.posting.officer for name in sort.first} for sort in effect.sorts}
    assert first["sooner"] == {later, later_there}
    assert first["exempt"] == {exempt, exempt_there}
    # Whose date comes earlier stands beside the order that asks until later.
    (clash,) = (sort for sort in effect.sorts if sort.change == "sooner")
    asked = {name.posting.officer: [(one.assignment, one.due_at) for one in name.orders] for name in clash.first}
    assert asked == {later: [(other, late)], later_there: [(other, late - HOUR)]}


# --- figures of an order to very many ---------------------------------------


@pytest.fixture
def two_are_wide(monkeypatch):
    monkeypatch.setattr(paging, "WIDE", 2)


def listed(client, at):
    with time_machine.travel(at, tick=False):
        page = client.get("/sdm/penugasan/")
    (order,) = page.context["page"].object_list
    return order.total, order.done, order.overdue, "menurut hitungan" in page.content.decode()


def test_the_figures_of_an_order_to_very_many_are_kept_and_counted_again_by_tick(
    client, settings, polres, two_are_wide
):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officers, course = people(polres), published_course()
    assigned(course, polres)
    finish()
    sign_in(client, RoleGrantFactory(unit=polres, role=Role.SDM).user)
    first = listed(client, NOON + HOUR)

    completed(officers[0], course, at=NOON + HOUR)
    meanwhile = listed(client, NOON + HOUR)
    too_early = count_again(at=NOON + HOUR + EVERY / 2)
    again = count_again(at=NOON + HOUR + EVERY)

    assert first == meanwhile == (7, 0, 0, True)
    assert (too_early, again) == (0, 1)
    assert listed(client, NOON + 2 * HOUR) == (7, 1, 0, True)


def test_a_small_order_is_counted_whenever_somebody_looks(client, settings, polres):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officers, course = people(polres, 2), published_course()
    assigned(course, polres)
    sign_in(client, RoleGrantFactory(unit=polres, role=Role.SDM).user)
    before = listed(client, NOON)
    completed(officers[0], course, at=NOON)

    assert (before, listed(client, NOON)) == ((2, 0, 0, False), (2, 1, 0, False))


def test_taken_back_an_order_to_very_many_is_counted_at_once(client, settings, polres, two_are_wide):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people(polres)
    assignment = assigned(published_course(), polres)
    finish()
    actor = RoleGrantFactory(unit=polres, role=Role.SDM).user
    sign_in(client, actor)
    kept = OrderFigures.objects.get().total

    services.withdraw_assignment(assignment=assignment, reason="Keliru", actor=actor, at=NOON + HOUR)
    finish()

    assert (kept, OrderFigures.objects.get().total) == (7, 0)
    assert listed(client, NOON + HOUR) == (0, 0, 0, True)


def test_a_big_order_that_is_undone_takes_back_what_a_move_had_ended(polres):
    officers = people(polres)
    order = assigned(published_course(), polres, follows=True)
    finish()
    move(officers[0], UnitFactory(), at=NOON + HOUR)
    services.follow_moves(at=NOON + 2 * HOUR)

    services.undo_assignment(assignment=order, reason="Keliru", actor=order.assigned_by, at=NOON + 3 * HOUR)
    finish()

    assert set(Duty.objects.values_list("ended_as", flat=True)) == {DutyEnd.UNDONE}
