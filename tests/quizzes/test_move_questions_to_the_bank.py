"""Questions of a page go into the bank; quizzes that use a changed bank are published anew."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import TaskState

from courses.models import CoursePage
from organisation.models import Role
from quizzes.content import questions_of
from quizzes.exceptions import BankRefused
from quizzes.models import BankQuestion, QuizPage, QuizVersion
from quizzes.services import republish, save_to_bank
from quizzes.usage import changed_quizzes
from tests.clock import NOON
from tests.courses.helpers import author, signed_in
from tests.factories.courses import CoursePageFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import ALL_KINDS, BankQuestionFactory, QuizPageFactory, drawn, from_bank, question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_second_factor"), pytest.mark.once_on("sqlite")]


@pytest.fixture
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def fresh(page) -> QuizPage:
    return QuizPage.objects.get(pk=page.pk)


def draft_of(*entries) -> QuizPage:
    page = QuizPageFactory(questions=list(entries))
    page.save_revision()
    return fresh(page)


def ids(page) -> list[str]:
    return [str(child.id) for child in page.questions]


def save(page, *chosen, replace=False, actor=None):
    return save_to_bank(page=page, chosen=set(chosen), replace=replace, actor=actor or UserFactory(), at=NOON)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_kind_goes_into_the_bank_and_loses_nothing(kind):
    page = draft_of(question(kind, topic="antrean"))
    before = questions_of(page)

    (bank,) = save(page, *ids(page), replace=True)
    after = questions_of(fresh(page).get_latest_revision_as_object())

    assert [{**entry, "bank_id": bank.pk} for entry in before] == after
    assert not bank.live
    assert bank.get_latest_revision_as_object().kind == kind


def test_only_what_was_chosen_is_copied_and_the_page_stays_as_it_was():
    page = draft_of(question(), question("truefalse"), question())
    trainer = UserFactory()

    (bank,) = save(page, ids(page)[1], actor=trainer)

    assert (str(bank.uuid), bank.kind, bank.owner) == (ids(page)[1], "truefalse", trainer)
    assert fresh(page).latest_revision == page.latest_revision


def test_replacing_makes_a_new_draft_and_the_old_one_can_be_brought_back():
    page = draft_of(question(), question("truefalse"))

    (bank,) = save(page, ids(page)[0], replace=True)

    draft = fresh(page).get_latest_revision_as_object()
    assert [child.block_type for child in draft.questions] == ["from_bank", "truefalse"]
    assert draft.questions[0].value == bank
    assert ids(page.latest_revision.as_object()) == ids(page)


def test_a_question_goes_into_the_bank_once():
    page = draft_of(question())
    save(page, *ids(page))

    with pytest.raises(BankRefused, match="belum ada di bank"):
        save(page, *ids(page))

    assert BankQuestion.objects.count() == 1


def test_draws_and_foreign_ids_are_not_copied():
    page = draft_of(question(), drawn("antrean", 1))

    with pytest.raises(BankRefused):
        save(page, ids(page)[1], "no-such-id")


def test_a_locked_page_is_copied_from_but_not_changed():
    page = draft_of(question())
    page.locked, page.locked_by = True, UserFactory()
    page.save()

    with pytest.raises(BankRefused, match="dikunci atau diperiksa"):
        save(page, *ids(page), replace=True)
    assert save(page, *ids(page))


def test_a_trainer_ticks_questions_and_finds_them_in_the_bank():
    client = signed_in(author(Role.TRAINER))
    page = draft_of(question(text="<p>Soal pertama?</p>"), question(text="<p>Soal kedua?</p>"))
    url = f"/admin/kuis/{page.pk}/simpan-ke-bank/"

    listed = client.get(url).content.decode()
    client.post(url, {"soal": ids(page)[1], "ganti": "on"})
    again = client.get(url).content.decode()

    assert "Soal pertama?" in listed
    assert [bank.title for bank in BankQuestion.objects.all()] == ["Soal kedua?"]
    assert "Soal kedua?" not in again
    assert "Soal pertama?" in again


def test_the_list_to_tick_costs_the_same_for_many_questions(django_assert_max_num_queries):
    client = signed_in(author(Role.TRAINER))
    page = draft_of(*[question() for _ in range(30)])
    client.get(f"/admin/kuis/{page.pk}/simpan-ke-bank/")

    with django_assert_max_num_queries(24):
        client.get(f"/admin/kuis/{page.pk}/simpan-ke-bank/")


@pytest.fixture
def live_quiz():
    """A live quiz that names one bank question and draws from another topic, published an hour ago."""
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        named = BankQuestionFactory(title="Disebut", topic="menyapa")
        pooled = BankQuestionFactory(title="Diambil", topic="antrean")
        for bank in (named, pooled):
            bank.save_revision().publish()
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        course_page = CoursePageFactory()
        page = QuizPageFactory(
            parent=course_page, questions=[from_bank(named), drawn("antrean", 1)], role="pretest", required=False
        )
        page.save_revision().publish()
        CoursePage.objects.get(pk=course_page.pk).save_revision().publish()
    return fresh(page)


def approve_again(title: str, marks: int = 2) -> None:
    bank = BankQuestion.objects.get(title=title)
    bank.question[0].value["marks"] = marks
    bank.save_revision().publish()


def reasons() -> dict[str, str]:
    return {title: reason for quiz in changed_quizzes() for title, reason in quiz.changes}


def test_nothing_is_reported_while_the_bank_is_as_it_was(live_quiz):
    assert changed_quizzes() == []


@pytest.mark.both_databases
def test_changed_withdrawn_and_new_questions_are_reported_with_their_quiz(live_quiz):
    approve_again("Disebut")
    BankQuestion.objects.get(title="Diambil").unpublish()
    BankQuestionFactory(title="Baru", topic="antrean").save_revision().publish()
    BankQuestionFactory(title="Lain", topic="bukan-urusannya").save_revision().publish()

    assert reasons() == {
        "Disebut": "berubah",
        "Diambil": "persetujuannya ditarik",
        "Baru": "baru di topik yang diambil",
    }
    assert changed_quizzes(live_quiz)[0].page == live_quiz


def test_a_draft_of_a_bank_question_is_no_change_yet(live_quiz):
    bank = BankQuestion.objects.get(title="Disebut")
    bank.question[0].value["marks"] = 5
    bank.save_revision()

    assert changed_quizzes() == []


def test_one_click_hands_the_quiz_to_the_reviewers_and_their_approval_makes_the_next_version(live_quiz):
    approve_again("Disebut")
    trainer, reviewer = signed_in(author(Role.TRAINER)), signed_in(author(Role.REVIEWER))
    assert "Ajukan terbit ulang" in trainer.get("/admin/laporan/soal-bank-berubah/").content.decode()

    trainer.post(f"/admin/kuis/{live_quiz.pk}/terbitkan-ulang/")
    waiting = trainer.get("/admin/laporan/soal-bank-berubah/").content.decode()
    for _review in range(2):
        state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
        reviewer.post(f"/admin/pages/workflow/action/{live_quiz.pk}/approve/{state.pk}/", {"comment": ""})

    assert "Sudah diajukan dan sedang diperiksa" in waiting
    assert QuizVersion.objects.newest().get().number == 2
    assert QuizVersion.objects.newest().get().questions.get(bank__title="Disebut").marks == 2
    assert changed_quizzes() == []


def test_a_draft_of_somebody_is_not_published_with_it(live_quiz):
    approve_again("Disebut")
    live_quiz.title = "Judul draf"
    live_quiz.save_revision()

    with pytest.raises(BankRefused, match="punya draf yang belum terbit"):
        republish(page=live_quiz, actor=UserFactory(), at=NOON)


def test_what_could_not_be_compiled_is_not_handed_in(live_quiz):
    BankQuestion.objects.get(title="Diambil").unpublish()

    with pytest.raises(BankRefused, match="mengambil 1 soal dari “Antrean”"):
        republish(page=live_quiz, actor=UserFactory(), at=NOON)
    assert not fresh(live_quiz).workflow_in_progress


@pytest.mark.both_databases
def test_a_second_click_starts_no_second_review(live_quiz):
    approve_again("Disebut")
    republish(page=live_quiz, actor=UserFactory(), at=NOON)

    with pytest.raises(BankRefused, match="sudah diajukan"):
        republish(page=live_quiz, actor=UserFactory(), at=NOON)


def test_the_report_asks_the_same_for_many_quizzes(live_quiz, django_assert_max_num_queries):
    for number in range(5):
        bank = BankQuestionFactory(title=f"Lagi {number}", topic="antrean")
        page = QuizPageFactory(parent=CoursePageFactory(), questions=[from_bank(bank)], role="pretest")
        page.save_revision().publish()
    approve_again("Disebut")

    with django_assert_max_num_queries(7):
        changed_quizzes()


def test_the_panel_follows_the_draft(live_quiz):
    client = signed_in(author(Role.TRAINER))
    live_quiz.questions[1].value["count"] = 9
    live_quiz.save_revision()
    approve_again("Disebut")

    panel = client.get(f"/admin/kuis/{live_quiz.pk}/pengambilan/").content.decode()

    assert "mengambil 9 soal dari “Antrean”, tetapi baru ada 1" in panel
    assert "“Disebut” berubah" in panel
