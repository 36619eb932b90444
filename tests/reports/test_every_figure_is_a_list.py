"""Whatever the tree, the postings and the duties: a figure is the length of the list it links to."""

from collections import defaultdict
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrolments.models import DutyEnd
from organisation.models import Role
from reports.asking import PAGES
from reports.completion import completion
from reports.core import State, Wanted, added, by_counter, duty_rows, figures, for_list
from reports.forms import DutyFilterForm
from reports.scope import scope_of
from tests.clock import NOON
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory
from tests.factories.organisation import (
    OfficerFactory,
    PostingFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.reports.scenes import staff

FUNCTIONS = ("spkt", "skck", "sim")
STATES = ("done", "late", "open", "withdrawn", "exempt")
ENDS = {"done": DutyEnd.COMPLETED, "withdrawn": DutyEnd.WITHDRAWN, "exempt": DutyEnd.EXEMPT}

# Each unit hangs below one of the units before it; each officer stands at a unit and serves some functions.
trees = st.lists(st.integers(0, 7), min_size=1, max_size=7)
people = st.lists(st.tuples(st.integers(0, 7), st.sets(st.sampled_from(FUNCTIONS), max_size=2)), min_size=1, max_size=5)
duties = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(1, 3), st.sampled_from(STATES)), max_size=12
)
moves = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), max_size=3)


def _build(tree, people, duties, moves):
    """Make the rows; return the root's reader and what should count: (officer's unit, functions, course, state)."""
    units = [UnitFactory()]
    for place in tree:
        units.append(UnitFactory(parent=units[place % len(units)]))
    courses = [published_course(lessons=1) for _ in range(2)]
    officers, now = [], {}
    for place, functions in people:
        officer = OfficerFactory(posting=None)
        served = [ServiceFunctionFactory(code=code) for code in sorted(functions)]
        now[officer] = (units[place % len(units)], functions)
        PostingFactory(officer=officer, unit=now[officer][0], functions=served)
        officers.append(officer)
    for who, to in moves:
        # Moved today: the old place must count no longer, and a future one not yet.
        officer, unit = officers[who % len(officers)], units[to % len(units)]
        officer.postings.filter(valid_to=None).update(valid_to=NOON - timedelta(hours=1))
        PostingFactory(officer=officer, unit=unit, valid_from=NOON - timedelta(hours=1))
        now[officer] = (unit, set())
    newest = {}
    for who, what, cycle, state in duties:
        officer, course = officers[who % len(officers)], courses[what]
        fields = {"valid_to": NOON, "ended_as": ENDS[state]} if state in ENDS else {}
        if not fields and officer.duties.filter(course=course, cycle=cycle, valid_to=None).exists():
            continue
        due = NOON + timedelta(days=-1 if state == "late" else 1)
        DutyFactory(officer=officer, course=course, cycle=cycle, due_at=due, **fields)
        if state not in ("withdrawn", "exempt") and newest.get((officer, course), (0, ""))[0] <= cycle:
            newest[officer, course] = (cycle, state)
    expected = [(*now[officer], course, state) for (officer, course), (_cycle, state) in newest.items()]
    return units, expected


def _named(link: str, scope) -> int:
    """How many rows the list at ``link`` shows."""
    form = DutyFilterForm(
        QueryDict(urlsplit(link).query), scope=scope, fields=PAGES["completion-names"].fields, tabs="keadaan"
    )
    return len(for_list(duty_rows(scope, form.wanted()), scope))


@pytest.mark.django_db
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees, people=people, duties=duties, moves=moves)
def test_a_unit_is_the_sum_of_its_children_and_its_own_and_as_long_as_its_list(tree, people, duties, moves):
    with transaction.atomic():
        units, expected = _build(tree, people, duties, moves)
        sdm = staff(Role.SDM, units[0])
        scope = scope_of(sdm, at=NOON)
        for unit in units:
            mine = [row for row in expected if unit.contains(row[0])]

            table = completion(scope, Wanted(unit=unit))

            whole = figures(duty_rows(scope, Wanted(unit=unit)), scope)
            assert table.figures == whole == added(line.figures for line in table.courses)
            assert whole.total == len(mine) == whole.done + whole.open + whole.overdue
            assert whole.done == sum(1 for *_where, state in mine if state == "done")
            assert whole.overdue == sum(1 for *_where, state in mine if state == "late")
            for line in table.lines:
                assert line.figures.total == _named(table.names_of(line), scope)
                for course in table.courses:
                    part = line.by_course.get(course.course.pk)
                    assert (part.total if part else 0) == _named(table.names_of(line, course.course), scope)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees, people=people, duties=duties, moves=moves)
def test_a_counter_counts_everybody_who_serves_it(tree, people, duties, moves):
    with transaction.atomic():
        units, expected = _build(tree, people, duties, moves)
        scope = scope_of(staff(Role.SDM, units[0]), at=NOON)
        serving = defaultdict(int)
        for _unit, functions, _course, _state in expected:
            for code in functions or {"-"}:
                serving[code] += 1

        counters = by_counter(duty_rows(scope, Wanted()), scope)

        assert {code: part.total for code, _name, part in counters} == serving
        for code, _name, part in counters:
            assert part.overdue == duty_rows(scope, Wanted(function=code, state=State.OVERDUE)).count()
        transaction.set_rollback(True)
