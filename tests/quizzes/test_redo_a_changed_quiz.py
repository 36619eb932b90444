"""A quiz changed: its author is asked who must take it again, and SDM orders it for the own units."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from certificates.models import Certificate
from enrolments.models import Assignment, CourseCompletion, Duty, DutyReason, Enrolment, ItemCompletion
from enrolments.redoing import ask_to_redo, reopen_item
from enrolments.services import complete_item, progress_of, start_course
from foundation.models import AuditEvent, OutboxEntry
from organisation.models import Role
from quizzes.choices import RedoScope
from quizzes.exceptions import RedoRefused
from quizzes.models import Attempt, RedoOrder, RedoRequest, unanswered_versions
from quizzes.redo import Redo, reach_of
from quizzes.services import (
    credit_earned_attempts,
    order_redo,
    redoing,
    request_redo,
    save_answer,
    start_attempt,
    submit_attempt,
    terms_of,
)
from tests.clock import NOON
from tests.factories.courses import CourseItemFactory, CourseVersionItemFactory, published_course
from tests.factories.enrolments import DutyFactory, EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all, options_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YESTERDAY, TOMORROW = NOON - DAY, NOON + DAY


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def sdm(polres):
    return RoleGrantFactory(role=Role.SDM, unit=polres).user


@pytest.fixture
def first():
    """Version 1 of the post-test of a course that is nothing but it; see ``with_lesson``."""
    return QuizVersionFactory(max_attempts=2)


def changed(first):
    """Version 2 of the same quiz, published at noon."""
    return QuizVersionFactory(item=first.item, max_attempts=2, published_at=NOON)


def enrolled(version, unit):
    return EnrolmentFactory(officer=OfficerFactory(posting__unit=unit), course=version.item.course)


def passed(version, unit, *, at=YESTERDAY):
    enrolment = enrolled(version, unit)
    attempt = start_attempt(version=version, enrolment=enrolment, at=at)
    answer_all(attempt, right=4)
    return submit_attempt(attempt=attempt, at=at)


def requested(version, scope, *, before=None):
    return request_redo(
        version=version, scope=scope, before=before, reason="Soal 3 keliru", actor=UserFactory(), at=NOON
    )


def ordered(request, unit, sdm, *, at=NOON, **order):
    order = {"due_at": NOON + 7 * DAY, "order_number": "Sprin/9/XI/2026", "issuer": "Kapolres Uji"} | order
    return order_redo(request=request, unit=unit, actor=sdm, at=at, **order)


# --- asking -----------------------------------------------------------------


def test_a_first_version_and_one_that_nobody_sat_before_ask_nobody(first):
    assert not unanswered_versions().exists()
    changed(first)

    assert not unanswered_versions().exists()


def test_a_changed_quiz_waits_for_an_answer_until_there_is_one_and_nobody_is_asked_meanwhile(first, polres):
    passed(first, polres)
    second = changed(first)
    assert list(unanswered_versions()) == [second]

    requested(second, RedoScope.NOBODY)

    assert not unanswered_versions().exists()
    assert not Duty.objects.exists()
    assert not Attempt.objects.exclude(set_aside_by=None).exists()


def test_the_count_comes_first_and_says_how_many_in_which_unit(first, polres):
    passed(first, polres)
    passed(first, polres)
    running = start_attempt(version=first, enrolment=enrolled(first, polres), at=YESTERDAY)
    failed_elsewhere = UnitFactory()
    AttemptFactory(version=first, enrolment=enrolled(first, failed_elsewhere), finished=True)
    enrolled(first, polres)  # never sat the quiz: the new version is the first they meet
    second = changed(first)

    everyone = reach_of(Redo(second, RedoScope.EVERYONE, NOON), at=NOON)
    unfinished = reach_of(Redo(second, RedoScope.UNFINISHED), at=NOON)

    assert (everyone.unfinished, everyone.running, everyone.completed) == (2, 1, 2)
    assert everyone.per_unit == [(polres.name, 3), (failed_elsewhere.name, 1)]
    assert (unfinished.total, unfinished.running) == (2, 1)
    assert reach_of(Redo(second, RedoScope.NOBODY), at=NOON).total == 0
    assert running.pk


@pytest.mark.parametrize(
    ("scope", "before", "reason"),
    [
        (RedoScope.EVERYONE, None, "x"),
        (RedoScope.EVERYONE, TOMORROW, "x"),
        (RedoScope.UNFINISHED, None, " "),
    ],
)
def test_an_answer_without_date_or_reason_is_refused(first, polres, scope, before, reason):
    passed(first, polres)

    with pytest.raises(RedoRefused):
        request_redo(version=changed(first), scope=scope, before=before, reason=reason, actor=UserFactory(), at=NOON)


def test_a_version_is_answered_once_and_only_while_it_is_the_newest(first, polres):
    passed(first, polres)
    second = changed(first)
    requested(second, RedoScope.UNFINISHED)
    with pytest.raises(RedoRefused, match="Sudah dijawab"):
        requested(second, RedoScope.NOBODY)
    third = changed(first)
    fourth = changed(first)

    with pytest.raises(RedoRefused, match="lebih baru"):
        requested(third, RedoScope.NOBODY)
    assert list(unanswered_versions()) == [fourth]


# --- the unfinished ---------------------------------------------------------


def test_running_attempts_of_the_unfinished_end_unscored_and_used_ones_no_longer_count(first, polres, sdm):
    enrolment = enrolled(first, polres)
    AttemptFactory(version=first, enrolment=enrolment, finished=True)
    running = start_attempt(version=first, enrolment=enrolment, at=YESTERDAY)
    answer_all(running, right=4)
    second = changed(first)

    ordered(requested(second, RedoScope.UNFINISHED), polres, sdm)

    running.refresh_from_db()
    assert (running.submitted_at, running.ended_as) == (NOON, "set_aside")
    assert (running.grade, running.passed, running.graded_at) == (None, None, None)
    assert not running.awaits_marking
    assert terms_of(enrolment, second, at=NOON).allowance.left == 2
    # The answers stay; the next attempt is one of the new version, counted on.
    assert running.responses.exclude(answer=[]).count() == 4
    again = start_attempt(version=second, enrolment=enrolment, at=TOMORROW)
    assert (again.version, again.number) == (second, 3)


def test_who_passed_in_an_unfinished_course_is_left_alone_unless_everyone_is_asked(polres, sdm):
    first = with_lesson()
    enrolment = enrolled(first, polres)
    passed_quiz(first, enrolment)
    second = changed(first)

    with pytest.raises(RedoRefused, match="Tidak ada personel"):
        ordered(requested(second, RedoScope.UNFINISHED), polres, sdm)

    assert progress_of(enrolment, enrolment.course).standing_of(first.item_id).done_at


def with_lesson():
    """A quiz that waits for nothing, in a course with a lesson that is not read yet."""
    course = published_course(lessons=1, posttest=False)
    quiz = CourseItemFactory(course=course, kind="quiz")
    CourseVersionItemFactory(version=course.current_version, item=quiz, title="Pos-tes", decides_grade=True)
    return QuizVersionFactory(item=quiz, max_attempts=2)


def passed_quiz(version, enrolment):
    attempt = start_attempt(version=version, enrolment=enrolment, at=YESTERDAY)
    answer_all(attempt, right=4)
    return submit_attempt(attempt=attempt, at=YESTERDAY)


def test_in_an_unfinished_course_only_the_quiz_opens_again_and_its_evidence_stays(polres, sdm):
    first = with_lesson()
    enrolment = enrolled(first, polres)
    attempt = passed_quiz(first, enrolment)
    second = changed(first)

    ordered(requested(second, RedoScope.EVERYONE, before=NOON), polres, sdm)

    old = ItemCompletion.objects.get()
    assert (old.reopening.reopened_at, old.reopening.reason) == (NOON, "Soal 3 keliru")
    assert old.evidence == attempt.uuid
    assert progress_of(enrolment, enrolment.course).standing_of(first.item_id).state == "open"
    assert not Duty.objects.exists()
    # The old pass brings nothing back by itself; the new one completes the item a second time.
    assert credit_earned_attempts(at=TOMORROW) == 0
    again = start_attempt(version=second, enrolment=enrolment, at=TOMORROW)
    answer_all(again, right=4)
    again = submit_attempt(attempt=again, at=TOMORROW)
    assert ItemCompletion.objects.standing().get(item=first.item).evidence == again.uuid
    lesson = enrolment.course.items.get(kind="lesson")
    complete_item(enrolment=enrolment, item=lesson, evidence=None, grade=None, at=TOMORROW)
    assert CourseCompletion.objects.get().grade == again.grade


# --- who had completed ------------------------------------------------------


def test_who_had_completed_gets_a_new_round_with_its_reason_and_ledger_and_certificate_stay(first, polres, sdm):
    attempt = passed(first, polres)
    ledger, paper = list(CourseCompletion.objects.values()), list(Certificate.objects.values())
    assert paper
    second = changed(first)

    ordered(requested(second, RedoScope.EVERYONE, before=NOON), polres, sdm)

    assert list(CourseCompletion.objects.values()) == ledger
    assert list(Certificate.objects.values()) == paper
    officer = attempt.enrolment.officer
    duty = Duty.objects.get(officer=officer)
    assert (duty.cycle, duty.due_at, duty.valid_to) == (2, NOON + 7 * DAY, None)
    reason = DutyReason.objects.for_officer(duty).get().assignment
    assert reason.reason == "Mengulang karena kuis berubah: Soal 3 keliru"
    assert reason.order_number == "Sprin/9/XI/2026"
    # The old round is untouched, the new one begins at nothing.
    assert Attempt.objects.get(pk=attempt.pk).set_aside_by is None
    enrolment = start_course(officer=officer, course=first.item.course, actor=officer.user, at=TOMORROW)
    assert enrolment.cycle == 2
    again = start_attempt(version=second, enrolment=enrolment, at=TOMORROW)
    answer_all(again, right=4)
    submit_attempt(attempt=again, at=TOMORROW)
    assert CourseCompletion.objects.count() == 2
    assert Certificate.objects.count() == 2


def test_who_completed_on_or_after_the_date_or_with_the_new_version_is_not_asked(first, polres, sdm):
    late = passed(first, polres, at=NOON - DAY / 2)
    early = passed(first, polres, at=NOON - 3 * DAY)
    second = changed(first)
    with_new = passed(second, polres, at=NOON - 3 * DAY)

    ordered(requested(second, RedoScope.EVERYONE, before=late.submitted_at), polres, sdm)

    assert [duty.officer for duty in Duty.objects.all()] == [early.enrolment.officer]
    assert with_new.passed


def test_who_owes_the_next_round_already_gets_no_second_duty(first, polres, sdm):
    attempt, other = passed(first, polres), passed(first, polres)
    DutyFactory(officer=attempt.enrolment.officer, course=first.item.course, cycle=2)
    second = changed(first)

    ordered(requested(second, RedoScope.EVERYONE, before=NOON), polres, sdm)

    assert Duty.objects.filter(officer=attempt.enrolment.officer).count() == 1
    assert Duty.objects.filter(officer=other.enrolment.officer).count() == 1


def test_an_order_reaches_only_officers_below_its_unit_and_needs_the_right_to_assign_there(first, polres, sdm):
    here, there = passed(first, polres), passed(first, UnitFactory())
    request = requested(changed(first), RedoScope.EVERYONE, before=NOON)
    with pytest.raises(RedoRefused, match="di luar kewenangan"):
        ordered(request, there.enrolment.officer.postings.get().unit, sdm)

    ordered(request, polres, sdm)

    assert Duty.objects.get().officer == here.enrolment.officer


def test_for_completed_courses_the_order_needs_its_number_and_date(first, polres, sdm):
    passed(first, polres)
    request = requested(changed(first), RedoScope.EVERYONE, before=NOON)

    for missing in ({"due_at": None}, {"order_number": " "}, {"issuer": ""}):
        with pytest.raises(RedoRefused, match="Isi batas waktu"):
            ordered(request, polres, sdm, **missing)
    with pytest.raises(RedoRefused, match="Batas waktu sudah lewat"):
        ordered(request, polres, sdm, due_at=NOON)
    assert not Assignment.objects.exists()


# --- once, in batches, on record --------------------------------------------


def test_carrying_out_again_changes_nothing_also_after_the_new_round_was_finished(first, polres, sdm):
    attempt = passed(first, polres)
    second = changed(first)
    order = ordered(requested(second, RedoScope.EVERYONE, before=NOON), polres, sdm)
    officer = attempt.enrolment.officer
    enrolment = start_course(officer=officer, course=first.item.course, actor=officer.user, at=TOMORROW)
    again = start_attempt(version=second, enrolment=enrolment, at=TOMORROW)
    answer_all(again, right=4)
    submit_attempt(attempt=again, at=TOMORROW)

    redoing.carry_out(order, at=TOMORROW + DAY)

    assert ask_to_redo(assignment=order.assignment, officers=[officer], at=TOMORROW + DAY) == 0
    assert Duty.objects.filter(officer=officer).count() == 1
    assert DutyReason.objects.count() == 1
    with pytest.raises(RedoRefused, match="sudah diperintahkan"):
        ordered(order.request, polres, sdm, at=TOMORROW + DAY)


def test_many_officers_go_through_the_outbox_in_batches_and_a_cut_in_the_middle_is_taken_up_again(
    first, polres, sdm, monkeypatch
):
    monkeypatch.setattr(redoing, "FEW", 3)
    monkeypatch.setattr(redoing, "BATCH", 2)
    attempts = [passed(first, polres) for _ in range(3)]
    for _ in range(3):
        AttemptFactory(version=first, enrolment=enrolled(first, polres), finished=True)
    order = ordered(requested(changed(first), RedoScope.EVERYONE, before=NOON), polres, sdm)
    assert not Duty.objects.exists()
    entry = OutboxEntry.objects.get(kind=redoing.REDO)

    assert redoing._one_batch(order, at=NOON) == 2
    redoing.carry_out_later(entry.payload)
    redoing.carry_out_later(entry.payload)

    assert Attempt.objects.filter(set_aside_by=order).count() == 3
    assert Duty.objects.count() == len(attempts)
    order.refresh_from_db()
    assert (order.officers, order.done_at is not None) == (6, True)


def test_every_step_is_on_record_with_its_officer(polres, sdm):
    first = with_lesson()
    enrolment = enrolled(first, polres)
    passed_quiz(first, enrolment)
    ordered(requested(changed(first), RedoScope.EVERYONE, before=NOON), polres, sdm)

    verbs = set(AuditEvent.objects.filter(subject_id=enrolment.officer_id).values_list("verb", flat=True))
    assert {"attempt.set_aside", "item.reopened"} <= verbs
    assert AuditEvent.objects.get(verb="redo.asked").detail["reason"] == "Soal 3 keliru"
    assert AuditEvent.objects.get(verb="redo.ordered").detail["unfinished"] == 1


def test_a_finished_course_is_never_reopened_item_by_item(first, polres):
    attempt = passed(first, polres)

    reopened = reopen_item(item=first.item, enrolments=[attempt.enrolment], reason="x", actor=UserFactory(), at=NOON)

    assert reopened == 0
    assert ItemCompletion.objects.standing().count() == 1


def test_an_answer_that_comes_after_the_attempt_was_set_aside_is_kept(first, polres, sdm):
    attempt = start_attempt(version=first, enrolment=enrolled(first, polres), at=YESTERDAY)
    Attempt.objects.update(epoch=1)
    ordered(requested(changed(first), RedoScope.UNFINISHED), polres, sdm)

    best = options_of(attempt.responses.get(position=1))[:1]
    kept = save_answer(attempt=attempt, position=1, sent={"pilihan": best}, epoch=1, sequence=1, at=NOON)

    assert kept.state == "late"


# --- screens ----------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def test_the_author_sees_the_count_before_it_is_asked_and_sdm_before_it_is_ordered(client, first, polres, sdm):
    attempt = passed(first, polres)
    second = changed(first)
    trainer = sign_in(client, trainer_of(polres))
    url = reverse("quizzes-redo", args=[second.uuid])
    answer = {"scope": "everyone", "before": "2026-11-21", "reason": "Soal 3 keliru"}
    with time_machine.travel(NOON, tick=False):
        home = trainer.get(reverse("wagtailadmin_home")).content.decode()
        counted = trainer.post(url, answer).content.decode()
        assert not RedoRequest.objects.exists()
        trainer.post(url, answer | {"pasti": "ya"})
        asked = RedoRequest.objects.get()
        staff = sign_in(client, sdm)
        listed = staff.get(reverse("redo-requests")).content.decode()
        order_url = reverse("redo-order", args=[asked.uuid])
        shown = staff.get(order_url, {"unit": polres.pk}).content.decode()
        assert not RedoOrder.objects.exists()
        staff.post(
            order_url, {"unit": polres.pk, "due_on": "2026-12-01", "order_number": "Sprin/9", "issuer": "Kapolres"}
        )

    assert "Kuis yang berubah" in home
    assert url in home
    assert "1 sudah menyelesaikan" in counted
    assert "Soal 3 keliru" in listed
    assert "1 personel di" in shown
    assert Duty.objects.get().officer == attempt.enrolment.officer


def trainer_of(unit):
    from organisation.services.accounts import grant_role

    trainer = OfficerFactory(posting__unit=unit).user
    administrator = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=unit).user
    grant_role(user=trainer, role=Role.TRAINER, unit=unit, actor=administrator, at=NOON, reason="Uji")
    return trainer


def test_the_default_answer_is_nobody_and_asks_for_no_count(client, first, polres):
    passed(first, polres)
    second = changed(first)
    trainer = sign_in(client, trainer_of(polres))
    url = reverse("quizzes-redo", args=[second.uuid])

    with time_machine.travel(NOON, tick=False):
        page = trainer.get(url)
        assert page.context["form"]["scope"].value() == "nobody"
        trainer.post(url, {"scope": "nobody"})

    assert RedoRequest.objects.get().scope == "nobody"


def test_the_officer_reads_why_an_attempt_no_longer_counts(client, first, polres, sdm):
    attempt = AttemptFactory(version=first, enrolment=enrolled(first, polres), finished=True)
    ordered(requested(changed(first), RedoScope.UNFINISHED), polres, sdm)
    officer = sign_in(client, attempt.enrolment.officer.user)

    page = officer.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()

    assert "Percobaan ini tidak dihitung lagi" in page
    assert "Soal 3 keliru" in page
    assert Enrolment.objects.get().completed_at is None
