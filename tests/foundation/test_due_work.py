"""``manage.py tick``: everything due is done, and one broken step stops no other."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation import due
from tests.clock import NOON


@pytest.fixture
def only_these_steps(monkeypatch):
    steps: dict = {}
    monkeypatch.setattr(due, "_steps", steps)
    return steps


def broken(*, at):
    raise RuntimeError("broken")


def test_a_broken_step_stops_no_other_and_is_named(only_these_steps):
    due.due("first")(broken)
    due.due("second")(lambda *, at: 7)
    out = StringIO()

    with pytest.raises(CommandError, match="first"):
        call_command("tick", stdout=out)

    assert "second: 7" in out.getvalue()


def test_every_step_gets_the_same_clock(only_these_steps):
    seen = []
    for name in ("a", "b"):
        due.due(name)(lambda *, at: seen.append(at) or 0)

    assert due.run_all(at=NOON) == {"a": 0, "b": 0}
    assert seen == [NOON, NOON]


def test_the_steps_of_the_platform_are_registered_when_it_starts():
    assert {"outbox", "audit-seal", "task-reaper", "task-prune", "limits"} <= set(due.steps())


def test_tick_runs_on_an_empty_platform_and_changes_nothing_the_second_time(db):
    call_command("tick", stdout=StringIO())
    out = StringIO()

    call_command("tick", stdout=out)

    assert all(line.endswith(": 0") for line in out.getvalue().splitlines())
