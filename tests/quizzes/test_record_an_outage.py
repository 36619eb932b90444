"""The network of a unit was away: clocks stand still, lost time is given back, lost attempts too."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.models import AuditEvent
from organisation.models import Role
from quizzes.exceptions import OutageRefused, QuizClosed
from quizzes.models import Attempt, AttemptExtension, AttemptGrant, Outage
from quizzes.services import (
    close_due_attempts,
    end_outage,
    make_good,
    record_outage,
    save_answer,
    start_attempt,
    terms_of,
)
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, PostingFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import QuizVersionFactory, answer_all, options_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def at(minutes: float):
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def polsek(polres):
    return UnitFactory(parent=polres)


def enrolled(version, unit):
    return EnrolmentFactory(officer=OfficerFactory(posting__unit=unit), course=version.item.course)


def begun(unit, *, minutes=40, start=0, **rules):
    version = QuizVersionFactory(time_limit_minutes=minutes, **rules)
    return start_attempt(version=version, enrolment=enrolled(version, unit), at=at(start))


def record(unit, start, end, *, seen=120):
    ends_at = None if end is None else at(end)
    return record_outage(
        unit=unit, starts_at=at(start), ends_at=ends_at, reason="listrik padam", actor=UserFactory(), at=at(seen)
    )


def minutes_left(attempt) -> float:
    attempt.refresh_from_db()
    assert attempt.closes_at - attempt.deadline_at == timedelta(seconds=30)
    return (attempt.deadline_at - NOON) / timedelta(minutes=1)


def test_a_running_attempt_below_the_unit_gets_back_what_the_outage_took(polres, polsek):
    inside, elsewhere = begun(polsek), begun(UnitFactory())

    record(polres, 10, 25, seen=30)

    assert minutes_left(inside) == 55
    assert minutes_left(elsewhere) == 40
    assert inside.extended_seconds == 15 * 60
    event = AuditEvent.objects.get(verb="attempt.extended")
    assert (event.subject_id, event.detail["seconds"]) == (inside.enrolment.officer_id, 900)


def test_only_the_part_within_the_attempt_is_given_back(polres):
    attempt = begun(polres, start=0)

    record(polres, -30, 10, seen=20)

    assert minutes_left(attempt) == 50


def test_overlapping_outages_of_nested_units_give_each_minute_back_once(polres, polsek):
    attempt = begun(polsek)

    record(polsek, 5, 15, seen=30)
    record(polres, 10, 20, seen=30)

    assert minutes_left(attempt) == 55
    assert sorted(AttemptExtension.objects.values_list("seconds", flat=True)) == [300, 600]


def test_the_same_outage_recorded_twice_or_applied_twice_gives_nothing_more(polres):
    attempt = begun(polres)
    outage = record(polres, 5, 15, seen=30)

    record(polres, 5, 15, seen=30)
    assert make_good(outage=outage, at=at(31)) == (0, 0)

    assert minutes_left(attempt) == 50
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptExtension.objects.create(attempt=attempt, outage=outage, seconds=600, added_at=NOON)


def test_an_attempt_that_timed_out_in_the_outage_gets_one_more_and_only_one(polres):
    attempt = begun(polres, max_attempts=1, wait_minutes=600)
    close_due_attempts(at=at(41))

    outage = record(polres, 35, 60)
    make_good(outage=outage, at=at(121))

    grant = AttemptGrant.objects.get()
    assert (grant.after, grant.outage, grant.reason) == (attempt, outage, "Gangguan: listrik padam")
    assert terms_of(attempt.enrolment, attempt.version, at=NOON).allowance.left == 1
    # An attempt that an outage cost asks for no waiting time.
    assert start_attempt(version=attempt.version, enrolment=attempt.enrolment, at=at(121)).number == 2


def test_an_attempt_that_lost_time_and_ran_out_before_the_outage_was_recorded_is_given_again(polres):
    attempt = begun(polres, max_attempts=1)
    close_due_attempts(at=at(41))

    record(polres, 10, 25)

    assert AttemptGrant.objects.get().after == attempt


def test_who_passed_who_submitted_and_who_was_elsewhere_get_no_further_attempt(polres):
    passed, submitted, elsewhere = begun(polres), begun(polres), begun(UnitFactory())
    answer_all(passed, right=4)
    Attempt.objects.filter(pk=submitted.pk).update(submitted_at=at(30), ended_as="submitted", passed=False, grade=0)
    close_due_attempts(at=at(41))

    record(polres, 35, 60)

    assert Attempt.objects.get(pk=elsewhere.pk).ended_as == "timed_out"
    assert not AttemptGrant.objects.exists()


# --- while it goes on -------------------------------------------------------


def test_while_an_outage_goes_on_the_clock_stands_and_answers_still_count(polres):
    attempt = begun(polres)
    Attempt.objects.update(epoch=1)
    record(polres, 30, None, seen=31)

    assert close_due_attempts(at=at(90)) == 0
    best = options_of(attempt.responses.get(position=1))[:1]
    saved = save_answer(attempt=attempt, position=1, sent={"pilihan": best}, epoch=1, sequence=1, at=at(90))

    assert saved.state == "saved"


def test_when_it_is_over_the_clock_goes_on_with_what_was_left(polres):
    attempt = begun(polres)
    outage = record(polres, 30, None, seen=31)

    end_outage(outage=outage, ends_at=at(95), actor=UserFactory(), at=at(100))

    assert minutes_left(attempt) == 105
    assert attempt.paused_at is None
    assert close_due_attempts(at=at(105) + timedelta(seconds=29)) == 0
    assert close_due_attempts(at=at(105) + timedelta(seconds=30)) == 1


def test_an_attempt_begun_during_an_outage_has_its_whole_time_after_it(polres):
    outage = record(polres, -10, None, seen=0)
    attempt = begun(polres, start=5)
    assert attempt.paused_at == at(5)

    end_outage(outage=outage, ends_at=at(20), actor=UserFactory(), at=at(20))

    assert minutes_left(attempt) == 60


def test_the_clock_stands_until_the_last_outage_is_over(polres, polsek):
    attempt = begun(polsek)
    outer, inner = record(polres, 10, None, seen=12), record(polsek, 15, None, seen=16)

    end_outage(outage=outer, ends_at=at(20), actor=UserFactory(), at=at(20))
    attempt.refresh_from_db()
    assert attempt.paused_at is not None
    end_outage(outage=inner, ends_at=at(30), actor=UserFactory(), at=at(30))

    assert minutes_left(attempt) == 60
    assert attempt.paused_at is None


def test_an_outage_is_ended_once_and_not_in_the_future(polres):
    outage = record(polres, 10, None, seen=12)

    with pytest.raises(OutageRefused, match="masa depan"):
        end_outage(outage=outage, ends_at=at(30), actor=UserFactory(), at=at(20))
    end_outage(outage=outage, ends_at=at(20), actor=UserFactory(), at=at(20))
    with pytest.raises(OutageRefused, match="sudah ditutup"):
        end_outage(outage=outage, ends_at=at(21), actor=UserFactory(), at=at(21))


def test_a_unit_has_one_running_outage_and_the_database_holds_it(polres):
    record(polres, 10, None, seen=12)

    with pytest.raises(OutageRefused, match="sedang terganggu"):
        record(polres, 11, None, seen=12)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(unit=polres, starts_at=NOON, reason="x", recorded_by=UserFactory(), recorded_at=NOON)


@pytest.mark.parametrize(("start", "end"), [(20, 20), (20, 10), (20, 130), (130, None)])
def test_an_outage_that_is_none_is_refused(polres, start, end):
    with pytest.raises(OutageRefused):
        record(polres, start, end)


# --- windows ----------------------------------------------------------------


def test_a_window_that_closed_during_the_outage_stays_open_that_much_longer_for_these_officers(polres):
    version = QuizVersionFactory(closes_at=at(60))
    here, elsewhere = enrolled(version, polres), enrolled(version, UnitFactory())
    record(polres, 40, 70)

    attempt = start_attempt(version=version, enrolment=here, at=at(80))

    assert attempt.deadline_at == at(90)
    with pytest.raises(QuizClosed):
        start_attempt(version=version, enrolment=enrolled(version, polres), at=at(90))
    with pytest.raises(QuizClosed):
        start_attempt(version=version, enrolment=elsewhere, at=at(80))


def test_an_outage_that_was_over_before_the_window_closed_leaves_it_alone(polres):
    version = QuizVersionFactory(closes_at=at(60))
    record(polres, 20, 50)

    with pytest.raises(QuizClosed):
        start_attempt(version=version, enrolment=enrolled(version, polres), at=at(60))


@pytest.mark.both_databases
def test_an_attempt_that_the_window_would_end_is_lengthened_too(polres):
    attempt = begun(polres, minutes=0, closes_at=at(60))

    record(polres, 40, 70, seen=59.5 + 11)

    assert minutes_left(attempt) == 90


def test_who_moved_away_before_the_outage_is_not_concerned(polres):
    version = QuizVersionFactory(time_limit_minutes=40)
    enrolment = enrolled(version, polres)
    posting = enrolment.officer.postings.get()
    posting.valid_to = at(5)
    posting.save()
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)

    record(polres, 10, 25, seen=30)

    assert minutes_left(attempt) == 40


def test_who_served_in_many_units_before_is_found_where_they_stand_now(polres):
    version = QuizVersionFactory(closes_at=at(60))
    enrolment = enrolled(version, polres)
    for years in range(1, 15):
        began = NOON - timedelta(days=365 * years)
        served = {"valid_from": began - timedelta(days=365), "valid_to": began}
        PostingFactory(officer=enrolment.officer, unit=UnitFactory(), **served)
    record(polres, 40, 70)

    assert start_attempt(version=version, enrolment=enrolment, at=at(80)).deadline_at == at(90)


# --- screens ----------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def sdm(client, polres):
    return sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)


def test_sdm_records_an_outage_on_the_clock_of_the_unit_and_ends_it(client, sdm):
    unit = UnitFactory(zone="Asia/Jayapura")
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=unit).user)
    with time_machine.travel(at(60), tick=False):
        sdm.post(
            reverse("outage-record"), {"unit": unit.pk, "starts_at": "2026-11-21T14:00", "reason": "jaringan putus"}
        )
        outage = Outage.objects.get()
        listed = sdm.get(reverse("outages")).content.decode()
        sdm.post(reverse("outage-end", args=[outage.uuid]), {"ends_at": "2026-11-21T14:45"})

    outage.refresh_from_db()
    assert (outage.starts_at, outage.ends_at) == (NOON, at(45))
    assert "14.00 WIT" in listed
    assert "Berlangsung" in listed


def test_the_officer_reads_what_happened_to_the_clock(client, polres):
    attempt = begun(polres)
    officer = sign_in(client, attempt.enrolment.officer.user)
    url = reverse("quiz-question", args=[attempt.uuid, 1])
    outage = record(polres, 10, None, seen=12)
    with time_machine.travel(at(60), tick=False):
        paused = officer.get(url).content.decode()
        end_outage(outage=outage, ends_at=at(35), actor=UserFactory(), at=at(60))
        extended = officer.get(url).content.decode()

    assert "Waktu dijeda" in paused
    assert 'role="timer"' not in paused
    assert "Waktu Anda diperpanjang 25 menit karena gangguan." in extended


def test_what_the_page_sends_when_its_clock_runs_out_ends_no_attempt_that_has_time(client, polres):
    attempt = begun(polres)
    officer = sign_in(client, attempt.enrolment.officer.user)
    submit = reverse("quiz-submit", args=[attempt.uuid])
    record(polres, 10, None, seen=12)
    with time_machine.travel(at(41), tick=False):
        by_itself = officer.post(f"{submit}?habis=1")
        attempt.refresh_from_db()
        assert attempt.submitted_at is None
        officer.post(submit)

    attempt.refresh_from_db()
    assert by_itself.headers["Location"] == reverse("quiz-attempt", args=[attempt.uuid])
    assert attempt.ended_as == "submitted"


@pytest.mark.both_databases
def test_five_hundred_attempts_are_lengthened_with_as_many_queries_as_a_few(polres, django_assert_max_num_queries):
    version = QuizVersionFactory(time_limit_minutes=40, questions=1, draw_count=1)
    officers = OfficerFactory.create_batch(30, posting__unit=polres)
    for officer in officers:
        start_attempt(version=version, enrolment=EnrolmentFactory(officer=officer, course=version.item.course), at=NOON)

    # lock, outage, audit, who; attempts, postings, outages, accommodations, three writes, audit; lost attempts
    with django_assert_max_num_queries(24):
        record(polres, 10, 20, seen=25)

    assert AttemptExtension.objects.count() == 30
