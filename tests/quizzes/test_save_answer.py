"""Each answer is saved as it is given, in the order it was given, once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exceptions import AnswerRefused
from quizzes.models import LateAnswer
from quizzes.services import SaveState, open_on_device, reveal_answer, save_answer, submit_attempt
from tests.clock import NOON
from tests.examples import examples
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, options_of

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def save(attempt, option, *, epoch=1, sequence=1, position=1, at=NOON):
    """Save the option of that number (0 is the first), or None for an answer taken back."""
    response = attempt.responses.get(position=position)
    chosen = [] if option is None else [options_of(response)[option]]
    return save_answer(
        attempt=attempt, position=position, sent={"pilihan": chosen}, epoch=epoch, sequence=sequence, at=at
    )


def test_an_answer_is_acknowledged_with_the_time_the_server_saved_it():
    attempt = AttemptFactory()

    acknowledged = save(attempt, 1)

    assert acknowledged.state == SaveState.SAVED
    assert acknowledged.saved_at == NOON
    response = attempt.responses.get(position=1)
    assert response.answer == acknowledged.answer == [options_of(response)[1]]


def test_the_same_save_sent_twice_changes_nothing_and_keeps_its_first_time():
    attempt = AttemptFactory()
    save(attempt, 1)

    again = save(attempt, 1, at=NOON + timedelta(minutes=1))

    assert (again.state, again.saved_at) == (SaveState.SAVED, NOON)


def test_an_older_save_that_arrives_late_does_not_undo_a_newer_one():
    attempt = AttemptFactory()
    save(attempt, 2, sequence=2)

    late = save(attempt, 1, sequence=1)

    assert late.state == SaveState.SUPERSEDED
    assert late.answer == [options_of(attempt.responses.get(position=1))[2]]


def test_an_answer_of_the_newer_device_wins_over_a_higher_sequence_of_the_older_one():
    attempt = AttemptFactory()
    newer = open_on_device(attempt=attempt, at=NOON)
    save(attempt, 0, epoch=newer, sequence=1)

    assert save(attempt, 1, epoch=newer - 1, sequence=99).state == SaveState.SUPERSEDED


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_order_and_repetition_saves_arrive_in_the_newest_stands(db, data):
    attempt = AttemptFactory(version=QuizVersionFactory(questions=1, draw_count=1), epoch=3)
    options = options_of(attempt.responses.get())
    stamps = data.draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6)), min_size=1, max_size=8, unique=True))
    given_answers = {stamp: data.draw(st.sampled_from([*options, None])) for stamp in stamps}
    arrivals = data.draw(st.permutations(stamps)) + data.draw(st.lists(st.sampled_from(stamps), max_size=6))

    for epoch, sequence in arrivals:
        option = given_answers[epoch, sequence]
        chosen = [option] if option else []
        save_answer(attempt=attempt, position=1, sent={"pilihan": chosen}, epoch=epoch, sequence=sequence, at=NOON)

    newest = max(stamps)
    response = attempt.responses.get()
    assert (response.epoch, response.sequence) == newest
    assert response.answer == ([given_answers[newest]] if given_answers[newest] else [])


def test_an_option_of_another_question_is_refused():
    attempt = AttemptFactory()
    foreign = options_of(attempt.responses.get(position=2))[0]

    with pytest.raises(AnswerRefused):
        save_answer(attempt=attempt, position=1, sent={"pilihan": [foreign]}, epoch=1, sequence=1, at=NOON)


def test_two_options_are_refused_where_one_is_asked_for():
    attempt = AttemptFactory()
    chosen = options_of(attempt.responses.get(position=1))[:2]

    with pytest.raises(AnswerRefused):
        save_answer(attempt=attempt, position=1, sent={"pilihan": chosen}, epoch=1, sequence=1, at=NOON)


@pytest.mark.parametrize(("epoch", "sequence"), [(0, 1), (2, 1), (1, -1), (1, 2**31)])
def test_an_epoch_that_was_never_given_out_and_an_impossible_sequence_are_refused(epoch, sequence):
    attempt = AttemptFactory()

    with pytest.raises(AnswerRefused):
        save(attempt, 0, epoch=epoch, sequence=sequence)


def test_an_answer_within_the_grace_of_thirty_seconds_counts():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))

    acknowledged = save(attempt, 0, at=NOON + timedelta(minutes=40, seconds=29))

    assert acknowledged.state == SaveState.SAVED


def test_an_answer_after_the_grace_is_kept_for_review_and_not_counted():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))
    too_late = NOON + timedelta(minutes=40, seconds=30)

    acknowledged = save(attempt, 0, at=too_late)
    save(attempt, 0, at=too_late + timedelta(seconds=5))

    assert (acknowledged.state, acknowledged.saved_at) == (SaveState.LATE, too_late)
    assert attempt.responses.get(position=1).answer == []
    assert LateAnswer.objects.get().answer == [options_of(attempt.responses.get(position=1))[0]]


def test_an_answer_after_submitting_is_kept_and_leaves_the_grade_alone():
    attempt = AttemptFactory()
    grade = submit_attempt(attempt=attempt, at=NOON).grade

    assert save(attempt, 0, at=NOON + timedelta(seconds=1)).state == SaveState.LATE
    attempt.refresh_from_db()
    assert attempt.grade == grade
    assert LateAnswer.objects.count() == 1


def test_a_repeated_save_after_submitting_is_acknowledged_as_what_it_is():
    attempt = AttemptFactory()
    save(attempt, 0)
    submit_attempt(attempt=attempt, at=NOON)

    assert save(attempt, 0, at=NOON + timedelta(minutes=1)).state == SaveState.SAVED
    assert not LateAnswer.objects.exists()


def test_an_answer_whose_explanation_was_opened_stands():
    attempt = AttemptFactory(version=QuizVersionFactory(review="during"))
    save(attempt, 1)
    reveal_answer(attempt=attempt, position=1, at=NOON)

    assert save(attempt, 0, sequence=2).state == SaveState.SUPERSEDED


def test_the_explanation_stays_shut_where_review_opens_only_after_submitting():
    attempt = AttemptFactory()
    save(attempt, 1)

    with pytest.raises(AnswerRefused):
        reveal_answer(attempt=attempt, position=1, at=NOON)
