"""An essay waits for a person, is marked blind, and the grade follows in the same moment."""

from datetime import timedelta
from decimal import Decimal

import pytest

from enrolments.models import CourseCompletion, ItemCompletion
from foundation.models import AuditEvent
from organisation.models import Role
from quizzes.exceptions import MarkingPending, MarkingRefused
from quizzes.marking import LEASE
from quizzes.models import AttemptEvent, Mark, MarkingClaim, MarkingTask, Ruling
from quizzes.permissions import marking_tasks_for_actor
from quizzes.services import claim, claim_next, give_marks, keep_draft, skip, start_attempt, submit_attempt
from tests.clock import NOON
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, question
from tests.quizzes.marking_scene import essay_version, essay_waiting, mark, staff, task_of

pytestmark = pytest.mark.django_db


def test_a_submitted_essay_waits_in_the_queue_and_has_no_grade_yet():
    attempt = essay_waiting(essay_version(before=(question("single"),)))

    assert attempt.awaits_marking
    assert (attempt.grade, attempt.passed) == (None, None)
    assert task_of(attempt).response.position == 2


def test_nobody_starts_again_while_an_essay_may_still_turn_out_to_be_a_pass():
    attempt = essay_waiting()

    with pytest.raises(MarkingPending, match="masih dinilai"):
        start_attempt(version=attempt.version, enrolment=attempt.enrolment, at=NOON)

    mark(task_of(attempt), UserFactory(), 0, 0)
    assert start_attempt(version=attempt.version, enrolment=attempt.enrolment, at=NOON).number == 2


def test_an_essay_left_empty_waits_for_nobody_and_earns_nothing():
    attempt = submit_attempt(attempt=AttemptFactory(version=essay_version()), at=NOON)

    assert not MarkingTask.objects.exists()
    assert (attempt.grade, attempt.passed) == (0, False)


def test_the_last_mark_grades_the_attempt_and_completes_the_course():
    attempt = essay_waiting(essay_version(before=(question("single"),)))

    mark(task_of(attempt), UserFactory(), 4, 4)

    attempt.refresh_from_db()
    assert (attempt.grade, attempt.passed, attempt.graded_at) == (Decimal("90.00"), True, NOON)
    assert ItemCompletion.objects.get().evidence == attempt.uuid
    assert CourseCompletion.objects.count() == 1
    assert list(AttemptEvent.objects.filter(attempt=attempt).values_list("kind", flat=True))[-2:] == [
        "marked",
        "graded",
    ]


def test_the_fraction_of_an_essay_is_its_points_out_of_all_of_them_exactly():
    attempt = essay_waiting(essay_version(points=(3, 4)))

    mark(task_of(attempt), UserFactory(), 2, 3)

    assert Ruling.objects.get().fraction.limit_denominator(7) == Ruling.objects.get().fraction
    assert str(attempt.responses.get().fraction) == "0.71429"


def test_a_second_press_of_the_button_returns_the_first_mark():
    attempt, marker = essay_waiting(), UserFactory()
    task = task_of(attempt)

    first = mark(task, marker, 4, 6)
    again = give_marks(task=task, marker=marker, points={}, comments={}, comment="", at=NOON)

    assert again == first
    assert Mark.objects.count() == Ruling.objects.count() == 1


def test_marks_without_all_points_are_refused_and_change_nothing():
    task, marker = task_of(essay_waiting()), UserFactory()
    claim(task=task, marker=marker, may_decide=False, at=NOON)

    with pytest.raises(MarkingRefused, match="Beri poin untuk kriteria 1"):
        give_marks(task=task, marker=marker, points={}, comments={}, comment="", at=NOON)

    assert not Mark.objects.exists()


def test_an_answer_in_somebodys_hands_is_given_to_nobody_else():
    task = task_of(essay_waiting())
    claim(task=task, marker=UserFactory(), may_decide=False, at=NOON)

    with pytest.raises(MarkingRefused, match="sedang atau sudah dinilai"):
        claim(task=task, marker=UserFactory(), may_decide=True, at=NOON)


def test_whoever_was_away_longer_than_the_lease_loses_the_seat_to_the_next_but_not_the_draft():
    task, first, second = task_of(essay_waiting()), UserFactory(), UserFactory()
    claim(task=task, marker=first, may_decide=False, at=NOON)
    keep_draft(task=task, marker=first, draft={"komentar": "Baik"}, at=NOON)
    later = NOON + LEASE

    claim(task=task, marker=second, may_decide=False, at=later)

    with pytest.raises(MarkingRefused):
        keep_draft(task=task, marker=first, draft={}, at=later)
    skip(task=task, marker=second, at=later)
    assert claim(task=task, marker=first, may_decide=False, at=later).draft == {"komentar": "Baik"}


def test_each_saved_draft_starts_the_lease_anew():
    task, first = task_of(essay_waiting()), UserFactory()
    claim(task=task, marker=first, may_decide=False, at=NOON)
    keep_draft(task=task, marker=first, draft={}, at=NOON + LEASE - timedelta(minutes=1))

    with pytest.raises(MarkingRefused):
        claim(task=task, marker=UserFactory(), may_decide=False, at=NOON + LEASE)


def test_the_next_answer_is_the_one_that_waits_longest_and_skipped_ones_come_last():
    version, marker = essay_version(), UserFactory()
    tasks = [task_of(essay_waiting(version)) for _ in range(3)]
    MarkingTask.objects.filter(pk=tasks[2].pk).update(opened_at=NOON - timedelta(days=2))

    def take():
        return claim_next(tasks=MarkingTask.objects.all(), marker=marker, may_decide=False, at=NOON)

    assert take() == tasks[2]
    skip(task=tasks[2], marker=marker, at=NOON)
    for other in tasks[:2]:
        assert take() == other
        skip(task=other, marker=marker, at=NOON + timedelta(minutes=1))
    assert take() == tasks[2]
    skip(task=tasks[2], marker=marker, at=NOON)
    assert claim_next(tasks=MarkingTask.objects.all(), marker=UserFactory(), may_decide=False, at=NOON) == tasks[2]


# --- two markers ------------------------------------------------------------


def test_two_markers_who_agree_give_the_mean():
    attempt = essay_waiting(essay_version(two_markers=True))
    task = task_of(attempt)

    mark(task, UserFactory(), 4, 4)
    attempt.refresh_from_db()
    assert attempt.awaits_marking
    mark(task, UserFactory(), 3, 4)

    attempt.refresh_from_db()
    assert attempt.grade == Decimal("75.00")


def test_nobody_marks_the_same_answer_twice():
    task, marker = task_of(essay_waiting(essay_version(two_markers=True))), UserFactory()
    mark(task, marker, 4, 4)

    with pytest.raises(MarkingRefused):
        claim(task=task, marker=marker, may_decide=True, at=NOON)


def test_two_markers_who_disagree_leave_it_to_a_reviewer_who_decides_alone():
    attempt = essay_waiting(essay_version(two_markers=True))
    task = task_of(attempt)
    mark(task, UserFactory(), 4, 6)
    mark(task, UserFactory(), 1, 2)

    attempt.refresh_from_db()
    assert attempt.awaits_marking
    with pytest.raises(MarkingRefused):
        claim(task=task, marker=UserFactory(), may_decide=False, at=NOON)
    mark(task, UserFactory(), 3, 3, may_decide=True)

    attempt.refresh_from_db()
    assert attempt.grade == Decimal("60.00")


# --- who ---------------------------------------------------------------------


def test_nobody_marks_the_own_answer_and_nobody_one_from_outside_the_own_units():
    polda, elsewhere = UnitFactory(), UnitFactory()
    trainer = OfficerFactory(posting__unit=polda)
    RoleGrantFactory(user=trainer.user, role=Role.TRAINER, unit=polda)
    version = essay_version()
    own = task_of(essay_waiting(version, officer=trainer))
    colleagues = task_of(essay_waiting(version, unit=UnitFactory(parent=polda)))
    foreign = task_of(essay_waiting(version, unit=elsewhere))

    offered = set(marking_tasks_for_actor(trainer.user, at=NOON))

    assert offered == {colleagues}
    assert not {own, foreign} & offered


def test_sdm_and_heads_mark_nothing():
    unit = UnitFactory()
    essay_waiting(unit=unit)

    for role in (Role.SDM, Role.HEAD, Role.ADMINISTRATOR):
        assert not marking_tasks_for_actor(staff(role, unit), at=NOON).exists()


def test_opening_and_marking_an_answer_are_in_the_audit_trail():
    attempt, marker = essay_waiting(), UserFactory()

    mark(task_of(attempt), marker, 4, 6)

    verbs = AuditEvent.objects.filter(actor_id=marker.pk, subject_id=attempt.enrolment.officer_id)
    assert set(verbs.values_list("verb", flat=True)) == {"answer.opened_to_mark", "answer.marked"}
    assert not MarkingClaim.objects.exists()
