"""Two markers, two presses, two questions at the same moment: exactly one of each. Real threads and transactions."""

from fractions import Fraction
from threading import Barrier

import pytest

from enrolments.models import CourseCompletion
from quizzes.exceptions import DisputeRefused, LateDecisionRefused, MarkingRefused
from quizzes.models import (
    Dispute,
    DisputeAnswer,
    LateAnswer,
    LateDecision,
    Mark,
    MarkingClaim,
    Ruling,
    RulingOrigin,
)
from quizzes.services import answer_dispute, claim, decide_late_answer, give_marks, question_result, submit_attempt
from quizzes.services.marking import rule
from tests.clock import NOON
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import AttemptFactory, answer_all, options_of
from tests.quizzes.marking_scene import essay_version, essay_waiting, task_of

pytestmark = pytest.mark.django_db(transaction=True)


def points_of(task, *points: int) -> dict[str, str]:
    criteria = task.response.question.shape["criteria"]
    return {criterion["uuid"]: str(point) for criterion, point in zip(criteria, points, strict=True)}


def give(task, marker, *points: int):
    return lambda: give_marks(
        task=task, marker=marker, points=points_of(task, *points), comments={}, comment="", at=NOON
    )


def refused(results, kind) -> int:
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, kind)], results
    return sum(isinstance(one, kind) for one in results)


def test_of_markers_who_take_the_same_answer_together_one_gets_it(together):
    task = task_of(essay_waiting())
    markers = [UserFactory() for _ in range(4)]

    results = together(*[lambda m=m: claim(task=task, marker=m, may_decide=False, at=NOON) for m in markers])

    assert refused(results, MarkingRefused) == 3
    assert MarkingClaim.objects.filter(seat__isnull=False).count() == 1


def test_two_markers_who_finish_together_leave_one_ruling_and_one_completion(together):
    for _ in range(3):
        attempt = essay_waiting(essay_version(two_markers=True))
        task, markers = task_of(attempt), [UserFactory(), UserFactory()]
        for marker in markers:
            claim(task=task, marker=marker, may_decide=False, at=NOON)

        results = together(give(task, markers[0], 4, 4), give(task, markers[1], 4, 5))

        assert refused(results, Exception) == 0
        attempt.refresh_from_db()
        assert attempt.grade == 85
        assert Ruling.objects.filter(response__attempt=attempt).count() == 1
        assert CourseCompletion.objects.filter(enrolment=attempt.enrolment).count() == 1


def test_two_presses_of_the_same_button_leave_one_mark(together):
    task, marker = task_of(essay_waiting()), UserFactory()
    claim(task=task, marker=marker, may_decide=False, at=NOON)

    results = together(*[give(task, marker, 4, 6)] * 4)

    assert len({result.pk for result in results}) == 1
    assert Mark.objects.count() == Ruling.objects.count() == 1


def test_two_presses_question_a_result_once(together):
    attempt = AttemptFactory()
    answer_all(attempt, right=2)
    attempt = submit_attempt(attempt=attempt, at=NOON)
    actor = attempt.enrolment.officer.user

    results = together(
        *[lambda: question_result(attempt=attempt, actor=actor, position=None, text="Mengapa?", at=NOON)] * 4
    )

    assert refused(results, DisputeRefused) == 3
    assert Dispute.objects.count() == 1


def test_two_presses_answer_a_dispute_once(together):
    attempt = AttemptFactory()
    answer_all(attempt, right=2)
    attempt = submit_attempt(attempt=attempt, at=NOON)
    actor, marker = attempt.enrolment.officer.user, UserFactory()
    dispute = question_result(attempt=attempt, actor=actor, position=3, text="Mengapa?", at=NOON)
    claim(task=dispute.task, marker=marker, may_decide=False, at=NOON)

    results = together(
        *[
            lambda: answer_dispute(
                task=dispute.task, marker=marker, changes={3: Fraction(1)}, explanation="Benar.", at=NOON
            )
        ]
        * 4
    )

    assert len({result.pk for result in results}) == 1
    assert DisputeAnswer.objects.count() == Ruling.objects.count() == CourseCompletion.objects.count() == 1


def test_two_who_decide_about_a_late_answer_together_leave_one_decision(together):
    attempt = AttemptFactory()
    answer_all(attempt, right=2)
    attempt = submit_attempt(attempt=attempt, at=NOON)
    response = attempt.responses.get(position=3)
    late = LateAnswer.objects.create(
        response=response, answer=options_of(response)[:1], epoch=1, sequence=2, received_at=NOON
    )
    people = [UserFactory() for _ in range(4)]

    results = together(
        *[
            lambda who=who: decide_late_answer(late=late, accepted=True, reason="Listrik padam", actor=who, at=NOON)
            for who in people
        ]
    )

    assert refused(results, LateDecisionRefused) == 3
    assert LateDecision.objects.count() == 1


def test_without_their_lock_the_race_of_two_rulings_is_real(together):
    """What the lock of give_marks holds back, the constraint still refuses."""
    response, actor = essay_waiting().responses.get(), UserFactory()
    enough = Barrier(2)

    def count_then_rule():
        number = response.rulings.count() + 1
        enough.wait()
        return Ruling.objects.create(
            response=response,
            number=number,
            origin=RulingOrigin.RUBRIC,
            earned=1,
            available=2,
            ruled_by=actor,
            ruled_at=NOON,
        )

    results = together(count_then_rule, count_then_rule)

    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["IntegrityError"]
    assert rule(response, Fraction(1), origin=RulingOrigin.DISPUTE, actor=actor, at=NOON).number == 2


def test_without_their_lock_the_race_for_a_seat_is_real(together):
    task = task_of(essay_waiting())
    people = [UserFactory() for _ in range(2)]
    enough = Barrier(2)

    def look_then_sit(marker):
        free = not task.claims.exists()
        enough.wait()
        return free and MarkingClaim.objects.create(task=task, marker=marker, seat=1, leased_until=NOON)

    results = together(*[lambda who=who: look_then_sit(who) for who in people])

    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["IntegrityError"]
