"""A trainer writes questions; what is published is compiled into a version that never changes."""

import json

import pytest
from django.core.exceptions import ValidationError

from courses.exceptions import CompileRefused
from quizzes.content import questions_of
from quizzes.models import QuizVersion, VersionQuestion
from quizzes.services import compile_quiz
from quizzes.services.compiling import problems_of
from tests.clock import NOON
from tests.factories.courses import CourseItemFactory, CoursePageFactory, LegalSourceFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import AttemptFactory, QuizPageFactory, question

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def quiz_page(**fields):
    """A draft that already has its item, as every page that goes live does."""
    page = QuizPageFactory(**fields)
    page.item = CourseItemFactory(kind="quiz")
    page.save(clean=False)
    return page


def compiled(page):
    return compile_quiz(page=page, actor=UserFactory(), at=NOON)


def test_each_kind_of_question_is_compiled_with_its_key():
    version = compiled(quiz_page())

    keys = {
        row.kind: [float(fraction) for fraction in row.options.values_list("fraction", flat=True)]
        for row in version.questions.all()
    }
    assert keys == {
        "single": [1, 0, 0, 0],
        "multiple": [1, 1, 0, 0],
        "truefalse": [1, 0],
        "situational": [1, 0.5, 0, -0.5],
    }
    assert version.draw_count == 4


def test_questions_and_options_keep_their_ids_from_draft_to_version_and_over_versions():
    page = quiz_page()
    draft_ids = [entry["uuid"] for entry in questions_of(page)]
    first = compiled(page)
    reopened = page.save_revision().as_object()
    reopened.title = "Judul baru"
    second = compiled(reopened)

    assert [str(row.uuid) for row in first.questions.all()] == draft_ids
    assert second.number == 2
    for one, other in zip(first.questions.all(), second.questions.all(), strict=True):
        assert one.uuid == other.uuid
        assert list(one.options.values_list("uuid")) == list(other.options.values_list("uuid"))


def test_publishing_the_same_content_twice_makes_one_version():
    page = quiz_page()

    assert compiled(page) == compiled(page)
    assert QuizVersion.objects.count() == 1


def test_going_back_to_earlier_content_makes_a_new_version_that_attempts_start_on():
    page = quiz_page()
    compiled(page)
    page.pass_mark = 80
    compiled(page)
    page.pass_mark = 70

    assert compiled(page).number == 3
    assert QuizVersion.objects.newest().get().pass_mark == 70


def test_a_pre_test_has_no_pass_mark_and_is_never_required():
    page = quiz_page(role="pretest")

    page.clean()

    assert compiled(page).pass_fraction is None
    assert (page.required, page.decides_grade, page.waits_for_required) == (False, False, False)


def test_a_post_test_decides_and_waits_for_the_lessons():
    page = quiz_page()

    page.clean()

    assert (page.required, page.decides_grade, page.waits_for_required) == (True, True, True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"questions": []}, "belum punya soal"),
        ({"draw_count": 9}, "mengambil 9 soal, tetapi baru ada 4"),
        ({"min_scenarios": 2}, "paling sedikit 2 studi kasus, tetapi baru ada 1"),
        ({"questions": [question(fractions=["1", "1", "0"])]}, "Soal 1: Tandai tepat satu pilihan"),
        ({"questions": [question(fractions=["0", "0"])]}, "Soal 1: Tandai tepat satu pilihan"),
        ({"questions": [question(), question("multiple", fractions=["1", "0"])]}, "Soal 2: Tandai paling sedikit dua"),
        ({"questions": [question("situational", fractions=["0.5", "0"])]}, "Soal 1: Beri bobot 1 kepada tepat satu"),
        ({"questions": [question("situational", fractions=["1", "1.5"])]}, "Soal 1"),
        ({"questions": [question("situational", fractions=["1", "-1.5"])]}, "Soal 1"),
        ({"questions": [question(text="")]}, "Soal 1"),
    ],
)
def test_what_cannot_be_compiled_says_which_question_and_what_to_do(fields, sentence):
    with pytest.raises(CompileRefused, match=sentence):
        compiled(quiz_page(**fields))
    assert not QuizVersion.objects.exists()


def test_two_options_with_the_same_words_are_refused():
    same = question()
    same[1]["options"][1]["text"] = same[1]["options"][0]["text"].upper()

    assert "sama bunyinya" in problems_of(QuizPageFactory(questions=[same]))[0]


def test_a_draft_may_be_incomplete_but_not_published():
    page = QuizPageFactory(questions=[question(fractions=["0", "0"])])
    block = page.questions.stream_block

    block.clean_deferred(page.questions)
    with pytest.raises(ValidationError):
        block.clean(page.questions)


def test_a_picture_needs_its_words():
    import wagtail_factories

    page = QuizPageFactory(questions=[question(image=wagtail_factories.ImageFactory())])

    assert "gambar dalam kata-kata" in problems_of(page)[0]


def test_scripts_in_a_question_do_not_reach_the_version():
    page = quiz_page(questions=[question(text='<p onclick="x()">Apa <b>ini</b>?<script>alert(1)</script></p>')])

    html = compiled(page).questions.get().html

    assert html == "<p>Apa <b>ini</b>?</p>"


def test_the_words_of_an_option_are_words_and_not_markup():
    page = quiz_page(questions=[question()])
    page.questions[0].value["options"][0]["text"] = "A <b>&</b> B"

    assert compiled(page).questions.get().options.first().html == "A &lt;b&gt;&amp;&lt;/b&gt; B"


def test_a_question_keeps_topic_marks_explanation_and_legal_source():
    source = LegalSourceFactory()
    page = quiz_page(questions=[question(legal_source=source, marks=2, topic="antrean", needs_verification=True)])

    row = compiled(page).questions.get()

    assert (row.legal_source, row.marks, row.topic, row.needs_verification) == (source, 2, "antrean", True)


def test_raw_list_items_without_ids_would_be_lost_so_drafts_always_carry_them():
    page = QuizPageFactory(questions=[question()])

    stored = json.loads(page.save_revision().content["questions"])

    assert all(item["id"] and item["value"]["text"] for item in stored[0]["value"]["options"])


def test_publishing_a_quiz_makes_course_and_quiz_version_together():
    course_page = CoursePageFactory()
    QuizPageFactory(parent=course_page).save_revision().publish()
    course_page.refresh_from_db()
    course_page.save_revision().publish()
    course_page.refresh_from_db()

    entries = list(course_page.course.current_version.version_items.all())
    assert [(entry.decides_grade, entry.waits_for_required) for entry in entries] == [(True, True)]
    assert QuizVersion.objects.get().item == entries[0].item


def test_a_quiz_that_cannot_be_compiled_stays_a_draft():
    page = QuizPageFactory(draw_count=9)

    with pytest.raises(CompileRefused):
        page.save_revision().publish()
    page.refresh_from_db()
    assert not page.live
    assert not VersionQuestion.objects.exists()


def test_a_running_attempt_keeps_the_version_it_started_on():
    page = quiz_page()
    first = compiled(page)
    attempt = AttemptFactory(version=first, enrolment=EnrolmentFactory(course=page.item.course))
    page.pass_mark = 90
    compiled(page)

    attempt.refresh_from_db()
    assert attempt.version == first


@pytest.mark.parametrize("mode", ["personel", "kunci"])
def test_the_preview_shows_an_incomplete_draft_with_its_key_only_to_who_asks_for_it(mode):
    kinds = ["single", "multiple", "truefalse", "situational"]
    page = QuizPageFactory(questions=[*map(question, kinds), question(text="", fractions=[])])

    html = page.make_preview_request(preview_mode=mode).content.decode()

    assert "Apa tindakan pertama Anda?" in html
    assert ("Karena pemohon menunggu." in html) == (mode == "kunci")
    assert ("Tepat" in html) == (mode == "kunci")
