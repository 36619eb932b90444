"""A quiz page names bank questions and draws from topics; publishing compiles what is approved then."""

import re
from random import Random

import pytest

from courses.models import Topic
from foundation.kept import Kept
from quizzes.models import Attempt, BankQuestion, QuizVersion
from quizzes.pools import pools_of
from quizzes.services import compile_quiz, start_attempt
from quizzes.services.compiling import problems_of
from quizzes.services.sitting import draw_questions
from tests.clock import NOON
from tests.factories.courses import CourseItemFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import (
    AttemptFactory,
    BankQuestionFactory,
    QuizPageFactory,
    QuizVersionFactory,
    drawn,
    from_bank,
    question,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def ethics():
    """etika → kode-etik"""
    top = Topic.objects.create(name="Etika")
    return Topic.objects.create(name="Kode etik", parent=top)


def quiz_page(*entries, **fields):
    page = QuizPageFactory(questions=list(entries), **fields)
    page.item = CourseItemFactory(kind="quiz")
    page.save(clean=False)
    return page


def compiled(page) -> QuizVersion:
    return compile_quiz(page=page, actor=UserFactory(), at=NOON)


def bank_questions(topic: str, *difficulties: str) -> list[BankQuestion]:
    return [BankQuestionFactory(topic=topic, difficulty=difficulty) for difficulty in difficulties]


def test_a_named_bank_question_is_compiled_with_its_own_id_so_that_statistics_follow_it():
    bank = BankQuestionFactory(kind="multiple")
    one, other = compiled(quiz_page(question(), from_bank(bank))), compiled(quiz_page(from_bank(bank)))

    first, second = one.questions.get(bank=bank), other.questions.get(bank=bank)
    assert first.uuid == second.uuid == bank.uuid
    assert (first.kind, first.order, second.order, first.pool) == ("multiple", 2, 1, None)
    assert list(first.options.values_list("uuid")) == list(second.options.values_list("uuid"))
    assert one.draw_count == 2


def test_a_draw_compiles_all_that_is_approved_of_a_topic_and_its_parts(ethics):
    approved = [*bank_questions("etika", "easy"), *bank_questions("kode-etik", "hard", "easy")]
    BankQuestionFactory(topic="kode-etik", live=False)
    BankQuestionFactory(topic="antrean")

    version = compiled(quiz_page(question(), drawn("etika", 2, hard=1), question()))

    pool = version.pools.get()
    assert (pool.order, pool.topic, pool.topics, pool.count, pool.hard) == (2, "etika", ["etika", "kode-etik"], 2, 1)
    assert {row.bank for row in pool.questions.all()} == set(approved)
    assert [row.pool_id is not None for row in version.questions.all()] == [False, True, True, True, False]
    assert version.draw_count == 4


def test_a_question_that_stands_on_the_page_is_not_drawn_as_well(ethics):
    named, *others = bank_questions("etika", "easy", "easy", "easy")

    version = compiled(quiz_page(from_bank(named), drawn("etika", 2)))

    assert {row.bank for row in version.questions.exclude(pool=None)} == set(others)


def test_the_same_bank_makes_no_new_version_and_a_changed_one_does(ethics):
    changed, _other = bank_questions("etika", "easy", "easy")
    page = quiz_page(drawn("etika", 1))
    first = compiled(page)

    assert compiled(page) == first
    changed.question[0].value["marks"] = 3
    changed.save()

    assert compiled(page).number == 2
    BankQuestionFactory(topic="kode-etik")
    assert compiled(page).number == 3


def test_another_count_or_mix_is_other_content(ethics):
    bank_questions("etika", "easy", "easy", "hard")
    page = quiz_page(drawn("etika", 1))
    compiled(page)
    page.questions[0].value["hard"] = 1

    assert compiled(page).number == 2


def test_questions_without_the_bank_keep_the_fingerprint_they_had():
    page = quiz_page(question())

    version = compiled(page)

    assert not version.pools.exists()
    assert version.questions.get().bank is None


def test_an_attempt_gets_its_own_questions_and_those_of_each_pool_and_none_twice(ethics):
    bank_questions("etika", "easy", "easy", "easy", "hard")
    bank_questions("kode-etik", "easy", "hard", "hard")
    page = quiz_page(question(), question(), drawn("etika", 3, hard=1), drawn("kode-etik", 2), draw_count=1)
    version = compiled(page)

    for seed in range(30):
        attempt = AttemptFactory(version=version, enrolment=EnrolmentFactory(course=page.item.course))
        attempt.responses.all().delete()
        draw_questions(attempt, Random(seed))
        asked = [response.question for response in attempt.responses.select_related("question")]
        assert len({row.pk for row in asked}) == len(asked) == 6 == version.draw_count
        assert sum(row.bank_id is None for row in asked) == 1
        # Two come from the part alone, and one hard one more from topic or part.
        assert sum(row.topic == "kode-etik" for row in asked) >= 2


def test_a_quiz_of_draws_alone_can_be_started(ethics):
    bank_questions("etika", "easy", "easy", "easy")
    version = QuizVersionFactory(questions=0)
    page = quiz_page(drawn("etika", 2))
    page.item = version.item
    made = compiled(page)

    attempt = start_attempt(version=made, enrolment=EnrolmentFactory(course=made.item.course), at=NOON)

    assert Attempt.objects.get(pk=attempt.pk).responses.count() == 2


@pytest.mark.both_databases
def test_starting_reads_only_what_is_drawn_of_a_large_pool(ethics, django_assert_num_queries):
    bank_questions("etika", *["easy"] * 30)
    version = compiled(quiz_page(drawn("etika", 5)))
    attempt = AttemptFactory(version=version)
    attempt.responses.all().delete()
    Kept.forget_all()
    # Pools, what may be drawn, the drawn questions with their options, responses.
    with django_assert_num_queries(5):
        draw_questions(attempt, Random(1))
    attempt.responses.all().delete()
    # What never changes stays at hand for the next officer.
    with django_assert_num_queries(1):
        draw_questions(attempt, Random(1))


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([("draw", {"topic": "", "count": 1, "easy": 0, "medium": 0, "hard": 0})], "Soal 1"),
        ([drawn("etika", 4)], "Soal 1: mengambil 4 soal dari “Etika”, tetapi baru ada 3 yang disetujui"),
        ([drawn("etika", 3, hard=2)], "sedikitnya 2 soal sulit dari “Etika”, tetapi baru ada 1"),
        ([drawn("etika", 2, easy=2, hard=1)], "melebihi jumlah soal yang diambil"),
        ([drawn("etika", 2), drawn("kode-etik", 2)], "Soal 1 dan 2 mengambil dari soal bank yang sama: .* perlu 4"),
        ([drawn("etika", 1, hard=1), drawn("kode-etik", 1, hard=1)], "bersama-sama perlu 2 soal, tetapi hanya ada 1"),
        ([from_bank(None)], "Soal 1: Soal banknya belum dipilih"),
    ],
)
def test_a_draw_that_cannot_be_filled_is_told_before_publishing(ethics, entries, sentence):
    bank_questions("etika", "easy")
    bank_questions("kode-etik", "easy", "hard")

    problems = problems_of(quiz_page(*entries))

    assert len(problems) >= 1
    assert re.search(sentence, problems[0]), problems


def test_a_draw_that_can_just_be_filled_is_fine(ethics):
    bank_questions("etika", "easy")
    bank_questions("kode-etik", "easy", "hard")

    assert problems_of(quiz_page(drawn("etika", 1), drawn("kode-etik", 2, hard=1))) == []


def test_a_question_that_is_not_approved_keeps_the_quiz_from_publishing():
    draft = BankQuestionFactory(live=False, title="Sapaan pertama")

    assert "“Sapaan pertama” belum disetujui" in problems_of(quiz_page(from_bank(draft)))[0]


def test_the_same_question_twice_on_a_page_is_refused():
    bank = BankQuestionFactory()

    assert "Soal 2 sama dengan soal 1" in problems_of(quiz_page(from_bank(bank), from_bank(bank)))[0]


def test_a_topic_that_is_not_in_the_tree_is_refused_in_one_query(django_assert_max_num_queries):
    page = quiz_page(*[question(topic="antrean") for _ in range(20)])
    Topic.objects.all().delete()

    # One for the topics, however many questions; the rest is none of their business.
    with django_assert_max_num_queries(2):
        problems = problems_of(page)

    assert problems == ["Topik “antrean” tidak ada di daftar topik. Pilih topik yang ada."]


def test_drafts_without_a_draw_ask_nothing_of_the_bank(django_assert_num_queries):
    page = quiz_page(question())

    with django_assert_num_queries(0):
        assert pools_of(page) == []


def test_the_preview_shows_bank_questions_and_says_what_is_drawn(ethics):
    bank = BankQuestionFactory(value={"text": "<p>Soal dari bank?</p>"})
    page = quiz_page(from_bank(bank), drawn("etika", 3))

    html = page.make_preview_request(preview_mode="personel").content.decode()

    assert "Soal dari bank?" in html
    assert "3 soal acak dari topik “Etika”" in html
