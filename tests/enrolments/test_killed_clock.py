"""The step of tick that keeps the due clock, killed anywhere and run again, does nothing twice and loses nothing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from enrolments.assignment import AssignmentRule
from enrolments.models import DueChange, Duty, DutyReason, Relief, ReliefEnd
from enrolments.services import settling
from enrolments.services.returning import keep_clock
from foundation.models import AuditEvent
from organisation.models import Zone
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory
from tests.factories.reliefs import exempted, paused
from tests.killing import after_each_kill

pytestmark = pytest.mark.django_db
WIB = ZoneInfo(Zone.WIB)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DUE = datetime(2026, 11, 30, 23, 59, 59, tzinfo=WIB)
# The exemptions are over, and a pause without end is taken to last a month longer.
FEBRUARY = datetime(2027, 2, 1, 0, 0, tzinfo=WIB)


def people(unit, count):
    return [OfficerFactory(posting__unit=unit) for _ in range(count)]


def recorded():
    """Everything that the clock writes, without the moments of writing."""
    return {
        "duties": sorted(Duty.objects.values_list("officer", "course", "cycle", "due_at", "ended_as")),
        "reasons": sorted(DutyReason.objects.values_list("duty__officer", "assignment", "due_at")),
        "dates": sorted(DueChange.objects.values_list("duty__officer", "duty__course", "before", "after")),
        "reliefs": sorted(Relief.objects.values_list("officer", "kind", "course", "ends_at"), key=str),
        "ends": sorted(ReliefEnd.objects.values_list("relief", "withdrawn", "ends_at")),
        "trail": sorted(AuditEvent.objects.values_list("verb", "subject_id"), key=str),
    }


def test_a_killed_clock_run_again_ends_brings_back_and_moves_once_and_everybody(unit, monkeypatch):
    # One duty is a batch.
    monkeypatch.setattr(settling, "BATCH", 1)
    exempt, away, just_now = people(unit, 2), people(unit, 3), people(unit, 2)
    ethics, talking = published_course(), published_course()
    for course in (ethics, talking):
        assigned(course, unit, due_at=DUE + 60 * DAY)
    for officer in exempt:
        exempted(officer, ethics, date(2027, 1, 31))
    for officer in away:
        paused(officer, date(2026, 11, 28))
    for officer in just_now:
        paused(officer, date(2027, 2, 1), date(2027, 2, 7), at=FEBRUARY - MINUTE)
    # Given in the moment of the decision, which it had not yet seen.
    late = assigned(published_course(), unit, rule=AssignmentRule(unit, people=just_now), due_at=FEBRUARY + 9 * DAY)
    Duty.objects.filter(reason__assignment=late).update(due_at=late.due_at)

    after = list(after_each_kill(lambda: keep_clock(at=FEBRUARY), lambda: keep_clock(at=FEBRUARY + MINUTE), recorded))

    uninterrupted = after[-1]
    assert len(after) > 15
    assert all(one == uninterrupted for one in after)
    assert len(uninterrupted["ends"]) == sum(verb == "relief.ran_out" for verb, _who in uninterrupted["trail"]) == 2
    owed_again = Duty.objects.open().filter(officer__in=exempt, course=ethics)
    assert not owed_again.exists()
    keep_clock(at=FEBRUARY)
    assert owed_again.count() == 2


def test_a_clock_that_stood_still_for_hours_still_looks_again_at_what_was_decided_before(unit):
    (officer,) = people(unit, 1)
    assigned(published_course(), unit, due_at=DUE)
    keep_clock(at=NOON)
    paused(officer, date(2026, 11, 23), date(2026, 11, 29), at=NOON + MINUTE)
    # As if the order had not yet seen the pause.
    Duty.objects.update(due_at=DUE)

    changed = keep_clock(at=NOON + DAY)

    assert changed == 1
    assert Duty.objects.get().due_at == DUE + 7 * DAY
