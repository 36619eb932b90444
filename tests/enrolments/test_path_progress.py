"""How far somebody is on a path: arithmetic, without a database."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from enrolments.paths import path_progress


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
