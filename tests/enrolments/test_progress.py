"""What is done, locked and next, as an officer reads it on the course page."""

from dataclasses import dataclass

from enrolments.progress import course_progress
from tests.clock import NOON


@dataclass(frozen=True)
class Entry:
    item_id: int
    required: bool = True
    waits_for_required: bool = False


PRETEST, FIRST, SECOND = Entry(1, required=False), Entry(2), Entry(3)
POSTTEST = Entry(4, waits_for_required=True)
COURSE = [PRETEST, FIRST, SECOND, POSTTEST]


def test_a_new_officer_begins_with_the_pre_test():
    assert course_progress(COURSE, {}).next_item == PRETEST


def test_a_pre_test_that_was_passed_over_is_not_offered_again():
    assert course_progress(COURSE, {2: NOON}).next_item == SECOND


def test_the_post_test_opens_when_every_lesson_is_read():
    before = course_progress(COURSE, {2: NOON})
    after = course_progress(COURSE, {2: NOON, 3: NOON})

    assert [standing.state for standing in before.items] == ["open", "done", "open", "locked"]
    assert after.next_item == POSTTEST


def test_a_course_without_its_pre_test_is_complete_all_the_same():
    progress = course_progress(COURSE, {2: NOON, 3: NOON, 4: NOON})

    assert progress.is_complete
    assert progress.next_item is None


def test_two_of_three_is_sixty_six_percent_never_more():
    assert course_progress(COURSE, {2: NOON, 3: NOON}).percent == 66


def test_a_course_without_required_items_is_never_complete():
    assert not course_progress([PRETEST], {1: NOON}).is_complete
