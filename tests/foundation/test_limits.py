"""A limit counts every try of one key, in one window, for all web processes together."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from foundation import limits
from foundation.models import RateWindow
from tests.clock import NOON


def test_the_limit_is_the_last_try_that_passes(db):
    assert [limits.hit("verify:10.0.0.1", 3, 60) for _ in range(5)] == [True, True, True, False, False]


def test_keys_do_not_share_their_count(db):
    assert limits.hit("a", 1, 60)
    assert limits.hit("b", 1, 60)
    assert not limits.hit("a", 1, 60)


def test_the_window_opens_anew_when_it_is_over_and_does_not_slide(db):
    with time_machine.travel(NOON, tick=False) as clock:
        assert limits.hit("a", 2, 60)
        clock.shift(timedelta(seconds=59))
        assert limits.hit("a", 2, 60)
        assert not limits.hit("a", 2, 60)
        clock.shift(timedelta(seconds=2))
        assert limits.hit("a", 2, 60)


def test_a_right_answer_can_forget_the_wrong_ones(db):
    limits.hit("a", 1, 60)
    limits.forget("a")

    assert limits.hit("a", 1, 60)


def test_no_address_is_kept_and_old_windows_go(db):
    limits.hit("verify:10.0.0.1", 3, 60)

    assert "10.0" not in RateWindow.objects.get().key
    assert limits.forget_old_windows(at=timezone.now()) == 0
    assert limits.forget_old_windows(at=timezone.now() + timedelta(seconds=61)) == 1


def test_tries_at_the_same_moment_are_all_counted(transactional_db):
    start = threading.Barrier(8)
    passed = []

    def work():
        start.wait()
        try:
            for _ in range(5):
                passed.append(limits.hit("race", 10, 600))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert RateWindow.objects.get().count == 40
    assert sum(passed) <= 10


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_lets_nothing_pass(db, limit):
    assert not limits.hit("a", limit, 60)
