"""SDM asks for more time, attempts or days for one officer; another person decides; it holds at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation import approvals
from foundation.models import AppendOnlyViolation, ApprovalRequest, AuditEvent
from organisation.models import Role
from quizzes.exceptions import AccommodationRefused, AttemptLimitReached, QuizClosed
from quizzes.models import Accommodation, Attempt
from quizzes.services import ask_accommodation, close_due_attempts, start_attempt, terms_of
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory
from tests.factories.reliefs import approver_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
HOUR = timedelta(hours=1)


def asked(enrolment, version, *, minutes=0, attempts=0, closes_at=None, actor=None, at=NOON):
    return ask_accommodation(
        officer=enrolment.officer,
        item=version.item,
        extra_minutes=minutes,
        extra_attempts=attempts,
        closes_at=closes_at,
        reason="Surat dokter nomor 12",
        actor=actor or UserFactory(),
        at=at,
    )


def approved(enrolment, version, *, at=NOON, **given):
    request = asked(enrolment, version, at=at, **given)
    approvals.decide(request=request, approved=True, note="", actor=approver_of(enrolment.officer), at=at)
    return Accommodation.objects.get(request=request.uuid)


def enrolled(version):
    return EnrolmentFactory(course=version.item.course)


def test_nothing_changes_before_somebody_else_approves():
    version = QuizVersionFactory(time_limit_minutes=40)
    enrolment, actor = enrolled(version), UserFactory()
    request = asked(enrolment, version, minutes=20, actor=actor)

    with pytest.raises(approvals.ApprovalRefused, match="Orang lain"):
        approvals.decide(request=request, approved=True, note="", actor=actor, at=NOON)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).deadline_at == NOON + timedelta(minutes=40)


def test_more_minutes_hold_for_the_next_attempt():
    version = QuizVersionFactory(time_limit_minutes=40)
    enrolment = enrolled(version)
    approved(enrolment, version, minutes=20)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).deadline_at == NOON + HOUR
    assert terms_of(enrolled(version), version, at=NOON).minutes == 40


def test_more_minutes_reach_the_running_attempt_and_the_sweeper_waits_for_them():
    version = QuizVersionFactory(time_limit_minutes=40)
    enrolment = enrolled(version)
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)
    approved(enrolment, version, minutes=20, at=NOON + timedelta(minutes=39))

    assert close_due_attempts(at=NOON + timedelta(minutes=41)) == 0
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + HOUR
    assert close_due_attempts(at=NOON + timedelta(minutes=61)) == 1


def test_a_newer_accommodation_replaces_the_older_and_takes_no_time_from_a_running_attempt():
    version = QuizVersionFactory(time_limit_minutes=40)
    enrolment = enrolled(version)
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON)
    approved(enrolment, version, minutes=30)
    approved(enrolment, version, minutes=10)

    attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=70)
    assert terms_of(enrolment, version, at=NOON).minutes == 50


def test_more_attempts_open_another_one_after_all_are_used():
    version = QuizVersionFactory(max_attempts=1)
    enrolment = enrolled(version)
    AttemptFactory(version=version, enrolment=enrolment, finished=True)
    with pytest.raises(AttemptLimitReached):
        start_attempt(version=version, enrolment=enrolment, at=NOON + HOUR)
    assert Attempt.objects.used_up().exists()

    approved(enrolment, version, attempts=1)

    assert not Attempt.objects.used_up().exists()
    assert start_attempt(version=version, enrolment=enrolment, at=NOON + HOUR).number == 2


def test_a_closed_window_opens_again_for_this_officer_only_until_the_later_closing():
    version = QuizVersionFactory(closes_at=NOON)
    enrolment = enrolled(version)
    approved(enrolment, version, closes_at=NOON + HOUR)

    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON + HOUR / 2)

    assert attempt.deadline_at == NOON + HOUR
    with pytest.raises(QuizClosed):
        start_attempt(version=version, enrolment=enrolled(version), at=NOON + HOUR / 2)


def test_more_attempts_and_minutes_do_not_open_a_window_that_is_closed():
    version = QuizVersionFactory(closes_at=NOON, time_limit_minutes=40)
    enrolment = enrolled(version)
    approved(enrolment, version, attempts=2, minutes=20)

    with pytest.raises(QuizClosed):
        start_attempt(version=version, enrolment=enrolment, at=NOON)


def test_more_minutes_end_with_the_window():
    version = QuizVersionFactory(closes_at=NOON + HOUR, time_limit_minutes=50)
    enrolment = enrolled(version)
    approved(enrolment, version, minutes=30)

    assert start_attempt(version=version, enrolment=enrolment, at=NOON).deadline_at == NOON + HOUR


@pytest.mark.parametrize(
    ("rules", "given", "words"),
    [
        ({}, {}, "paling sedikit satu"),
        ({}, {"minutes": 10}, "tidak dibatasi waktunya"),
        ({"max_attempts": 0}, {"attempts": 1}, "tidak membatasi percobaan"),
        ({}, {"closes_at": NOON + HOUR}, "tidak pernah ditutup"),
        ({"closes_at": NOON + HOUR}, {"closes_at": NOON + HOUR}, "sesudah waktu tutup kuis"),
        ({"closes_at": NOON - HOUR}, {"closes_at": NOON - HOUR / 2}, "sesudah saat ini"),
    ],
)
def test_what_would_change_nothing_is_refused_with_a_sentence(rules, given, words):
    version = QuizVersionFactory(**rules)

    with pytest.raises(AccommodationRefused, match=words):
        asked(enrolled(version), version, **given)


def test_a_closing_that_passed_while_it_waited_is_not_approved_any_more():
    version = QuizVersionFactory(closes_at=NOON)
    enrolment = enrolled(version)
    request, head = asked(enrolment, version, closes_at=NOON + HOUR), approver_of(enrolment.officer)

    with pytest.raises(approvals.ApprovalRefused, match="sudah lewat"):
        approvals.decide(request=request, approved=True, note="", actor=head, at=NOON + HOUR)
    assert not Accommodation.objects.exists()


def test_nobody_asks_for_or_approves_an_accommodation_of_their_own():
    version = QuizVersionFactory(max_attempts=1)
    enrolment = enrolled(version)
    with pytest.raises(AccommodationRefused, match="diri sendiri"):
        asked(enrolment, version, attempts=1, actor=enrolment.officer.user)
    request = asked(enrolment, version, attempts=1)

    with pytest.raises(approvals.ApprovalRefused, match="Anda sendiri"):
        approvals.decide(request=request, approved=True, note="", actor=enrolment.officer.user, at=NOON)


def test_who_moved_while_the_request_waited_gets_nothing_from_the_old_head():
    version = QuizVersionFactory(max_attempts=1)
    enrolment = enrolled(version)
    request, head = asked(enrolment, version, attempts=1), approver_of(enrolment.officer)
    move(enrolment.officer, UnitFactory(), at=NOON)

    with pytest.raises(approvals.ApprovalRefused, match="tidak bertugas di satuan Anda lagi"):
        approvals.decide(request=request, approved=True, note="", actor=head, at=NOON + HOUR)

    assert not Accommodation.objects.exists()


def test_the_same_request_does_not_wait_twice_and_an_approval_is_on_record():
    version = QuizVersionFactory(max_attempts=1)
    enrolment = enrolled(version)
    request = asked(enrolment, version, attempts=1)
    with pytest.raises(AccommodationRefused, match="sudah menunggu"):
        asked(enrolment, version, attempts=2)
    approvals.decide(request=request, approved=True, note="", actor=approver_of(enrolment.officer), at=NOON)

    event = AuditEvent.objects.get(verb="accommodation.approved")
    assert event.subject_id == enrolment.officer_id
    assert event.detail["reason"] == "Surat dokter nomor 12"
    with pytest.raises(AppendOnlyViolation):
        Accommodation.objects.get().save()


# --- screens ----------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def polres(db):
    return UnitFactory()


@pytest.fixture
def sdm(client, polres):
    return sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)


def test_sdm_asks_in_the_browser_and_the_head_finds_it_under_approvals(sdm, client, polres):
    version = QuizVersionFactory(time_limit_minutes=40)
    officer = OfficerFactory(posting__unit=polres)
    EnrolmentFactory(officer=officer, course=version.item.course)
    answers = {"number": officer.number, "version": version.pk, "extra_minutes": "15", "reason": "Surat dokter"}

    sent = sdm.post(reverse("accommodation-ask"), answers, follow=True)

    assert "Permintaan terkirim" in sent.content.decode()
    head = sign_in(client, RoleGrantFactory(role=Role.HEAD, unit=polres).user)
    waiting = head.get(reverse("approvals")).content.decode()
    assert "Akomodasi kuis: +15 menit" in waiting
    head.post(reverse("approval", args=[ApprovalRequest.objects.get().uuid]), {"putusan": "setuju"})
    assert Accommodation.objects.get().extra_minutes == 15


def test_an_officer_of_another_unit_cannot_be_named(sdm):
    version = QuizVersionFactory(time_limit_minutes=40)
    stranger = enrolled(version).officer
    answers = {"number": stranger.number, "version": version.pk, "extra_minutes": "15", "reason": "Surat dokter"}

    page = sdm.post(reverse("accommodation-ask"), answers).content.decode()

    assert "Tidak ada personel lain dengan NRP/NIP ini di satuan Anda" in page
    assert not ApprovalRequest.objects.exists()


def test_the_list_shows_who_got_what_in_scope_with_as_many_queries_for_twenty_as_for_one(
    sdm, polres, django_assert_max_num_queries
):
    version = QuizVersionFactory(time_limit_minutes=40)
    officers = OfficerFactory.create_batch(20, posting__unit=polres)
    for officer in officers:
        approved(EnrolmentFactory(officer=officer, course=version.item.course), version, minutes=10)
    approved(enrolled(version), version, minutes=99)

    with django_assert_max_num_queries(14):
        page = sdm.get(reverse("accommodations")).content.decode()

    assert page.count("+10 menit") == 20
    assert "99 menit" not in page
