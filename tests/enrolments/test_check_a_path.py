"""Before a path is ordered SDM sees what it would bring, course by course and as a whole, for any number of people."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from enrolments.assignment import AssignmentRule, Due
from enrolments.dry_run import Effect, count_effect
from enrolments.models import DueRule, Duty, DutyReason
from foundation import paging
from organisation.models import Zone
from tests.clock import NOON
from tests.enrolments.path_scene import learn
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.reliefs import exempted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DATE = Due(at=NOON + 7 * DAY)


def names(effect: Effect) -> dict[str, set]:
    return {sort.change.value: {name.posting.officer for name in sort.first} for sort in effect.sorts}


def test_everybody_stands_there_once_and_each_course_says_what_it_would_bring(officer, unit, version, courses):
    done, owing = OfficerFactory.create_batch(2, posting__unit=unit)
    learn(done, *courses[:4])
    assigned(courses[0], unit, rule=AssignmentRule(unit, people=[owing]))

    effect = count_effect(AssignmentRule(unit), version, DATE, at=NOON)

    assert names(effect) == {"gains": {officer, owing}, "done": {done}}
    assert (effect.total, effect.parts["gains"], effect.parts["done"]) == (3, 2, 1)
    first, *_others, last = (parts for _step, parts in effect.steps)
    assert (first["gains"], first["owed"], first["done"]) == (1, 1, 1)
    # Who has chosen enough is not asked for the last one.
    assert (last["gains"], sum(last.values())) == (2, 2)


def test_who_owes_a_course_by_another_order_stands_beside_that_order_once(officer, unit, version, courses):
    later = path_assigned(version, unit, due=Due(at=NOON + 90 * DAY))

    effect = count_effect(AssignmentRule(unit), version, DATE, at=NOON)

    (clash,) = effect.sorts
    assert (clash.change, [name.posting.officer for name in clash.first]) == ("sooner", [officer])
    assert [reason.assignment.path_order for reason in clash.first[0].orders] == [later]


def test_of_many_only_the_first_names_are_read_and_no_more_is_asked(unit, version, monkeypatch):
    def asked() -> tuple[int, Effect]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            effect = count_effect(AssignmentRule(unit), version, DATE, at=NOON)
        return len(queries), effect

    OfficerFactory.create_batch(3, posting__unit=unit)
    few, _effect = asked()
    OfficerFactory.create_batch(27, posting__unit=unit)
    many, effect = asked()
    monkeypatch.setattr(paging, "WIDE", 20)
    wide, same = asked()

    assert few == many == wide
    assert [(sort.total, len(sort.first)) for sort in effect.sorts] == [(30, 10)]
    assert (same.parts, same.units) == (effect.parts, effect.units)


FACTS = ["nothing", "owes until sooner", "owes until later", "done", "done and exempt", "exempt"]


@settings(max_examples=examples(8))
@given(
    st.lists(st.lists(st.sampled_from(FACTS), min_size=4, max_size=4), min_size=1, max_size=5),
    st.sampled_from([DATE, Due(DueRule.ASSIGNED, days=7), Due(DueRule.POSTED, days=3)]),
    st.integers(1, 2),
)
def test_the_check_says_what_the_order_then_does(people, due, needed):
    with transaction.atomic():
        unit = UnitFactory(zone=Zone.WIB)
        places = [unit, UnitFactory(parent=unit, zone=Zone.WITA), UnitFactory(parent=unit, zone=Zone.WIT)]
        courses = [published_course(posttest=False, lessons=1) for _ in range(4)]
        options = [step(course, required=False) for course in courses[2:]]
        version = published_path(step(courses[0]), step(courses[1]), *options, options_needed=needed)
        for place, facts in enumerate(people):
            officer = OfficerFactory(posting__unit=places[place % 3])
            alone = AssignmentRule(unit, people=[officer])
            for course, fact in zip(courses, facts, strict=True):
                if fact.startswith("owes"):
                    assigned(course, unit, rule=alone, due_at=NOON + (1 if "sooner" in fact else 60) * DAY)
                if fact.startswith("done"):
                    learn(officer, course)
                if fact.endswith("exempt"):
                    exempted(officer, course)

        effect = count_effect(AssignmentRule(unit), version, due, at=NOON)
        did = _carried_out(version, unit, due)

        by_course = {step.course: parts for step, parts in effect.steps}
        for course in courses:
            assert Counter(by_course[course]) == Counter(sort for (_who, what), sort in did.items() if what == course)
        whole = {posting.officer: _whole(posting.officer, did) for posting in AssignmentRule(unit).postings(at=NOON)}
        assert Counter(effect.parts) == Counter(whole.values())
        assert {officer: sort for sort, officers in names(effect).items() for officer in officers} == whole
        of_units = {row.unit: Counter(row.parts) for row in effect.units}
        for place in {officer.postings.get().unit for officer in whole}:
            there = [sort for officer, sort in whole.items() if officer.postings.get().unit == place]
            assert of_units[place] == Counter(there)
        transaction.set_rollback(True)


def _carried_out(version, unit, due) -> dict:
    """(officer, course) → what the order brought, as the rows say that it wrote and changed."""
    before = {(duty.officer, duty.course): duty.due_at for duty in Duty.objects.open()}
    order = path_assigned(version, unit, due=due)
    did = {}
    for reason in DutyReason.objects.filter(assignment__path_order=order).select_related("duty"):
        duty, key = reason.duty, (reason.duty.officer, reason.duty.course)
        if duty.valid_to:
            did[key] = "done" if duty.is_done else "exempt"
        elif key in before:
            did[key] = "sooner" if duty.due_at < before[key] else "owed"
        else:
            did[key] = "gains"
    return did


def _whole(officer, did) -> str:
    brought = {sort for (who, _course), sort in did.items() if who == officer}
    for sort in ("gains", "sooner", "owed", "exempt"):
        if sort in brought:
            return sort
    return "done"
