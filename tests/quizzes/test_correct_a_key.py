"""A wrong key is corrected: two people, everybody graded anew, and what follows for whoever passed or failed by it."""

from datetime import timedelta

import pytest

from certificates.models import Certificate
from enrolments.models import CourseCompletion, ItemCompletion
from enrolments.services import progress_of
from foundation.models import ApprovalRequest, AuditEvent, OutboxEntry
from organisation.models import Role
from quizzes.choices import Consequence, Treatment
from quizzes.corrections import effects_of
from quizzes.exceptions import CorrectionRefused
from quizzes.models import Attempt, GradeChange, KeyCorrection, QuizPage, QuizVersion, Regrade
from quizzes.review import review_of
from quizzes.services import (
    compile_quiz,
    decide_correction,
    impact_of,
    proposed_correction,
    submit_attempt,
)
from quizzes.services.recounting import recountable, recounted
from quizzes.services.regrading import continue_regrade, finish_regrades
from quizzes.success import success_by_topic
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import (
    ALL_KINDS,
    AttemptFactory,
    BankQuestionFactory,
    QuizPageFactory,
    QuizVersionFactory,
    from_bank,
    question,
    quiz_item,
)
from tests.quizzes.corrections import LATER, answered, asked, corrected, first_question, right_is, staff
from tests.quizzes.test_question_kinds import answer_fully

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def version() -> QuizVersion:
    """Four questions, 70 percent to pass; the key of the first one is wrong."""
    return QuizVersionFactory()


def result(attempt: Attempt) -> tuple:
    attempt.refresh_from_db()
    return attempt.grade, attempt.passed


def test_who_answered_rightly_all_along_passes_and_completes_the_course_as_of_that_day(version):
    attempt = answered(version, 1, 0, 0, 1)
    assert result(attempt) == (50, False)

    corrected(first_question(version), right_is(first_question(version), 1))

    assert result(attempt) == (75, True)
    ledger = CourseCompletion.objects.get()
    assert (ledger.grade, ledger.completed_at, ledger.recorded_at) == (75, attempt.submitted_at, LATER)
    assert Certificate.objects.get().completion == ledger
    change = GradeChange.objects.get()
    assert (change.old_grade, change.old_passed, change.new_grade, change.new_passed) == (50, False, 75, True)


def test_who_passed_by_the_wrong_key_keeps_the_completion_unless_somebody_decides_otherwise(version):
    attempt = answered(version, 0, 0, 0, 1)

    corrected(first_question(version), right_is(first_question(version), 1))

    assert result(attempt) == (50, False)
    assert CourseCompletion.objects.standing().get().grade == 75
    assert not ApprovalRequest.objects.filter(kind="certificate.revoke").exists()


def test_a_completion_that_is_corrected_stays_in_the_ledger_and_its_certificate_waits_for_sdm(version):
    attempt = answered(version, 0, 0, 0, 1)
    duty = DutyFactory(
        officer=attempt.enrolment.officer, course=version.item.course, valid_to=NOON, ended_as="completed"
    )

    correction = corrected(
        first_question(version), right_is(first_question(version), 1), consequence=Consequence.CORRECT
    )

    before, after = CourseCompletion.objects.order_by("pk")
    assert (after.corrects, after.withdrawn, before.grade) == (before, True, 75)
    assert not CourseCompletion.objects.standing().exists()
    attempt.enrolment.refresh_from_db()
    assert attempt.enrolment.completed_at is None
    assert not progress_of(attempt.enrolment, version.item.course).is_complete
    duty.refresh_from_db()
    end_of_day = LATER.replace(hour=16, minute=59, second=59)
    assert (duty.ended_as, duty.valid_to, duty.due_at) == ("", None, end_of_day + timedelta(days=14))
    request = ApprovalRequest.objects.get(kind="certificate.revoke")
    assert (request.requested_by_id, Certificate.objects.get().revoked_at) == (correction.approved_by_id, None)


def test_a_completion_that_was_taken_back_can_be_earned_again(version):
    attempt = answered(version, 0, 0, 0, 1)
    corrected(first_question(version), right_is(first_question(version), 1), consequence=Consequence.CORRECT)

    again = AttemptFactory(version=version, enrolment=attempt.enrolment, started_at=LATER)
    for response in again.responses.all():
        pick = 1 if response.position == 1 else 0
        response.answer = [response.option_order[pick]]
        response.save()
    submit_attempt(attempt=again, at=LATER + timedelta(hours=1))

    earned = CourseCompletion.objects.standing().get()
    assert (earned.grade, earned.corrects.withdrawn, CourseCompletion.objects.count()) == (100, True, 3)
    assert ItemCompletion.objects.standing().get().evidence == again.uuid
    assert Certificate.objects.count() == 2


def test_a_better_grade_of_who_passed_anyway_is_corrected_in_the_ledger_and_the_certificate_stays(version):
    attempt = answered(version, 1, 0, 0, 0)

    corrected(first_question(version), right_is(first_question(version), 1))

    assert result(attempt) == (100, True)
    assert CourseCompletion.objects.standing().get().grade == 100
    assert Certificate.objects.get().grade == 75


@pytest.mark.parametrize(("consequence", "grade"), [(Consequence.KEEP, 100), (Consequence.CORRECT, 75)])
def test_a_worse_grade_reaches_the_ledger_only_when_the_approver_says_so(version, consequence, grade):
    answered(version, 0, 0, 0, 0)

    corrected(first_question(version), right_is(first_question(version), 1), consequence=consequence)

    assert CourseCompletion.objects.standing().get().grade == grade


def test_full_marks_for_everybody_count_whatever_was_answered(version):
    attempt = answered(version, 3, 0, 0, 1)

    corrected(first_question(version), treatment=Treatment.FULL)

    assert result(attempt) == (75, True)
    first = review_of(attempt, closes_at=None, at=LATER).questions[0]
    assert (first.state, first.effect) == ("correct", "Soal ini bermasalah. Semua peserta mendapat nilai penuh.")


def test_a_dropped_question_leaves_the_total(version):
    attempt = answered(version, 3, 0, 0, 0)

    corrected(first_question(version), treatment=Treatment.DROP)

    assert result(attempt) == (100, True)
    assert review_of(attempt, closes_at=None, at=LATER).questions[0].words == "Tidak dihitung"


def test_a_dropped_question_counts_in_no_topic_of_the_own_progress(version):
    attempt = answered(version, 1, 0, 0, 0)
    wrong = first_question(version)

    corrected(wrong, treatment=Treatment.DROP)

    topics = success_by_topic(attempt.enrolment.officer.user, at=LATER)
    assert [(topic.questions, topic.percent) for topic in topics] == [(3, 100)]


def test_whoever_is_left_without_a_question_is_not_failed_for_it():
    version = QuizVersionFactory(questions=1, draw_count=1)
    attempt = answered(version, 3)

    corrected(first_question(version), treatment=Treatment.DROP)

    assert result(attempt) == (100, True)


def test_the_review_shows_the_corrected_key(version):
    attempt = answered(version, 1, 0, 0, 0)

    corrected(first_question(version), right_is(first_question(version), 1))

    first = review_of(attempt, closes_at=None, at=LATER).questions[0]
    assert [option.result for option in first.options] == ["", "correct", "", ""]


def test_attempts_to_come_are_graded_by_the_corrected_key_at_once(version):
    answered(version, 0, 0, 0, 0)
    corrected(first_question(version), right_is(first_question(version), 1))

    assert result(answered(version, 1, 0, 0, 0)) == (100, True)
    assert GradeChange.objects.count() == 1


def test_a_version_that_asks_the_same_wrong_question_is_corrected_too_and_one_that_asks_it_otherwise_is_not():
    course = published_course(lessons=0)
    page = QuizPageFactory(slug="pos-tes", questions=[question(), question("truefalse")])
    page.item = quiz_item(course)
    page.save(clean=False)
    first = compile_quiz(page=page, actor=None, at=NOON)
    page.intro = "Pengantar lain."
    same = compile_quiz(page=page, actor=None, at=NOON)
    page.questions[0].value["options"].bound_blocks[0].value["right"] = False
    page.questions[0].value["options"].bound_blocks[1].value["right"] = True
    fixed = compile_quiz(page=page, actor=None, at=NOON)
    old, repeated, new = (answered(version, 0, 0) for version in (first, same, fixed))
    assert [result(attempt)[0] for attempt in (old, repeated, new)] == [100, 100, 100]

    wrong = first_question(first)
    corrected(wrong, right_is(wrong, 1))

    assert [result(attempt)[0] for attempt in (old, repeated, new)] == [50, 50, 100]


def test_the_draft_of_the_page_gets_the_corrected_key():
    page = QuizPageFactory(slug="pos-tes", questions=[question(), question("truefalse")])
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    page = page.save_revision().as_object()
    version = compile_quiz(page=page, actor=None, at=NOON)

    corrected(first_question(version), right_is(first_question(version), 2))

    draft = QuizPage.objects.get(pk=page.pk).get_latest_revision_as_object().questions[0].value["options"]
    assert [option["right"] for option in draft] == [False, False, True, False]


def test_a_question_from_the_bank_gets_the_corrected_key_as_a_draft_in_the_bank():
    bank = BankQuestionFactory(kind="multiple")
    page = QuizPageFactory(slug="pos-tes", questions=[question(), from_bank(bank)])
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    version = compile_quiz(page=page, actor=None, at=NOON)

    corrected(version.questions.get(bank=bank), right_is(version.questions.get(bank=bank), 2))

    bank.refresh_from_db()
    approved, draft = bank, bank.get_latest_revision_as_object()
    assert [option["right"] for option in draft.block.value["options"]] == [False, False, True, False]
    assert [option["right"] for option in approved.block.value["options"]] == [True, True, False, False]


def test_the_newest_correction_of_a_question_decides(version):
    attempt = answered(version, 0, 0, 0, 0)
    wrong = first_question(version)
    corrected(wrong, right_is(wrong, 1))
    assert result(attempt)[0] == 75

    corrected(wrong, right_is(wrong, 0))

    assert result(attempt) == (100, True)
    assert [change.new_grade for change in GradeChange.objects.all()] == [75, 100]


def test_nobody_approves_a_correction_they_asked_for(version):
    reviewer = staff(Role.REVIEWER)
    request = asked(first_question(version), right_is(first_question(version), 1), actor=reviewer)

    with pytest.raises(CorrectionRefused, match="Orang lain"):
        decide_correction(asked=request, approved=True, consequence="keep", note="", actor=reviewer, at=LATER)
    assert not KeyCorrection.objects.exists()


@pytest.mark.parametrize("role", [Role.TRAINER, Role.SDM, Role.HEAD, Role.ADMINISTRATOR])
def test_only_a_reviewer_approves(version, role):
    request = asked(first_question(version), right_is(first_question(version), 1))

    with pytest.raises(CorrectionRefused, match="pemeriksa"):
        decide_correction(asked=request, approved=True, consequence="keep", note="", actor=staff(role), at=LATER)


def test_who_neither_writes_nor_reviews_asks_for_no_correction(version):
    with pytest.raises(CorrectionRefused):
        asked(first_question(version), right_is(first_question(version), 1), actor=staff(Role.SDM))


def test_a_refused_correction_changes_nothing(version):
    attempt = answered(version, 0, 0, 0, 0)
    request = asked(first_question(version), right_is(first_question(version), 1))

    decide_correction(asked=request, approved=False, consequence="keep", note="", actor=staff(Role.REVIEWER), at=LATER)

    assert result(attempt) == (100, True)
    assert not KeyCorrection.objects.exists()


def test_a_key_that_nothing_satisfies_and_one_that_changes_nothing_are_refused(version):
    wrong = first_question(version)

    with pytest.raises(CorrectionRefused, match="bernilai penuh"):
        proposed_correction(question=wrong, treatment=Treatment.KEY, change=right_is(wrong, 99))
    with pytest.raises(CorrectionRefused, match="sama"):
        proposed_correction(question=wrong, treatment=Treatment.KEY, change=right_is(wrong, 0))


@pytest.mark.both_databases
def test_the_preview_says_whose_result_would_change_and_writes_nothing(version):
    gains, loses, stays = answered(version, 1, 0, 0, 1), answered(version, 0, 0, 0, 1), answered(version, 2, 0, 0, 0)
    wrong = first_question(version)
    proposal = proposed_correction(question=wrong, treatment=Treatment.KEY, change=right_is(wrong, 1))

    impact = impact_of(proposal, named=Attempt.objects.filter(pk=gains.pk), at=LATER)

    assert impact.checked == 3
    assert (impact.total.changed, impact.total.up, impact.total.down) == (2, 1, 1)
    assert (impact.total.gained, impact.total.lost) == (1, 1)
    assert [recount.attempt for _unit, recount in impact.names] == [gains]
    assert sum(shifts.changed for _unit, shifts in impact.by_unit) == 2
    assert [result(attempt)[0] for attempt in (gains, loses, stays)] == [50, 75, 75]


@pytest.mark.both_databases
def test_grading_anew_twice_changes_nothing_the_second_time(version):
    for picks in ([1, 0, 0, 1], [0, 0, 0, 1], [1, 0, 0, 0], [3, 3, 3, 3]):
        answered(version, *picks)
    correction = corrected(
        first_question(version), right_is(first_question(version), 1), consequence=Consequence.CORRECT
    )
    counted = (GradeChange, CourseCompletion, ItemCompletion, Certificate, AuditEvent, OutboxEntry)
    rows = [model.objects.count() for model in counted]

    Regrade.objects.update(last_attempt=0, finished_at=None)
    looked_at = continue_regrade(regrade=Regrade.objects.get(), at=LATER)

    assert looked_at == 4
    assert [model.objects.count() for model in counted] == rows
    assert correction.changes.count() == 3


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(version, monkeypatch):
    attempts = [answered(version, 1, 0, 0, 1) for _ in range(5)]
    request = asked(first_question(version), right_is(first_question(version), 1))
    decide_correction(asked=request, approved=True, consequence="keep", note="", actor=staff(Role.REVIEWER), at=LATER)
    monkeypatch.setattr("quizzes.services.recounting.BATCH", 2)
    import quizzes.services.regrading as regrading

    store, calls = regrading._store, []

    def killed_in_the_second_batch(regrade, batch, *, at):
        calls.append(batch)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return store(regrade, batch, at=at)

    monkeypatch.setattr(regrading, "_store", killed_in_the_second_batch)
    with pytest.raises(RuntimeError):
        continue_regrade(regrade=Regrade.objects.get(), at=LATER)
    assert [result(attempt)[0] for attempt in attempts] == [75, 75, 50, 50, 50]
    monkeypatch.setattr(regrading, "_store", store)

    finish_regrades(at=LATER)

    run = Regrade.objects.get()
    assert [result(attempt)[0] for attempt in attempts] == [75] * 5
    assert (run.checked, run.changed, run.finished_at) == (5, 5, LATER)


def test_an_attempt_that_was_being_submitted_during_the_approval_is_found_afterwards(version):
    answered(version, 0, 0, 0, 0)
    correction = corrected(first_question(version), right_is(first_question(version), 1))
    slipped = answered(version, 1, 0, 0, 0)
    # Graded by the old key in a transaction that the run could not see.
    Attempt.objects.filter(pk=slipped.pk).update(grade=75, submitted_at=LATER)

    finish_regrades(at=LATER + timedelta(minutes=6))

    assert result(slipped)[0] == 100
    assert Regrade.objects.get(correction=correction).settled_at
    assert finish_regrades(at=LATER + timedelta(minutes=7)) == 0


def test_the_officer_is_told_and_the_trail_names_who_asked_and_who_approved(version):
    attempt = answered(version, 1, 0, 0, 1)

    correction = corrected(first_question(version), right_is(first_question(version), 1))

    attempt.refresh_from_db()
    assert attempt.news == "recounted"
    event = AuditEvent.objects.get(verb="quiz.key_corrected")
    assert (event.actor_id, event.detail["asked_by"]) == (correction.approved_by_id, correction.asked_by.name)
    regraded = AuditEvent.objects.get(verb="attempt.regraded")
    assert (regraded.subject_id, regraded.detail["old_grade"]) == (attempt.enrolment.officer_id, "50.00")
    assert AuditEvent.objects.filter(verb="course.completed").exists()


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind != "essay"])
def test_grading_anew_without_a_correction_changes_nothing_for_any_kind(kind):
    page = QuizPageFactory(questions=[question(kind)])
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    version = compile_quiz(page=page, actor=UserFactory(), at=NOON)
    blank, best = (
        AttemptFactory(version=version, enrolment=EnrolmentFactory(course=version.item.course)) for _ in "ab"
    )
    only = best.responses.get()
    answer_fully(best, kind, only.question.rules.best(only.question.answer_key))
    for attempt in (blank, best):
        submit_attempt(attempt=attempt, at=NOON)

    batches = list(
        recounted(recountable(version.item_id), item_id=version.item_id, effects=effects_of(version.item_id))
    )

    recounts = [recount for batch in batches for recount in batch]
    assert [recount.outcome.grade for recount in recounts] == [0, 100]
    assert not [recount for recount in recounts if recount.grade_changed or recount.wrong_fractions]
