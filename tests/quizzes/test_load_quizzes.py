"""Quiz files become quiz pages; a mistake in a file names its place and what to do."""

import pytest
import yaml

from courses.exceptions import ContentFileError
from courses.loading import Did, read_entry
from courses.models import CoursePage, Topic
from quizzes.loading import load_quiz_page
from quizzes.models import QuizPage
from tests.clock import NOON
from tests.factories.courses import CoursePageFactory, LegalSourceFactory

pytestmark = pytest.mark.django_db

TWO = [{"text": "Sapa", "correct": True, "feedback": "Ya."}, {"text": "Diam", "correct": False}]
RATED = [{"text": "Sapa", "fraction": 1}, {"text": "Catat", "fraction": 0.5}, {"text": "Usir", "fraction": -0.5}]


def a_question(number=1, kind="single", options=TWO, **fields):
    return {"id": f"q-{number}", "kind": kind, "text": "Apa *pertama*?", "options": options, **fields}


def a_quiz(*questions, **fields):
    return {
        "slug": "pos-tes",
        "title": "Pos-tes",
        "role": "posttest",
        "pass_mark": 70,
        "max_attempts": 3,
        "minutes": 40,
        "review": "after_submit",
        "questions": list(questions) or [a_question()],
        **fields,
    }


@pytest.fixture
def load(tmp_path):
    """Load a quiz from a file as ``load_courses`` does."""
    course_page_id = CoursePageFactory().pk

    def run(quiz):
        file = tmp_path / "pos-tes.yaml"
        file.write_text(yaml.safe_dump(quiz, allow_unicode=True, sort_keys=False))
        entry = read_entry(file, root=tmp_path)
        course_page = CoursePage.objects.get(pk=course_page_id)
        return load_quiz_page(course_page, entry, source_sha256=entry.sha256, at=NOON)

    return run


def test_a_file_becomes_a_published_quiz_with_every_kind_of_question(load):
    source = LegalSourceFactory()
    many = [*TWO, {"text": "Berdiri", "correct": True}]
    true_false = [{"text": "Benar", "correct": False}, {"text": "Salah", "correct": True, "feedback": "Tepat."}]

    outcome = load(
        a_quiz(
            a_question(1, legal_source=source.code, explanation="Karena asas.", needs_verification=True),
            a_question(2, "multiple", many),
            a_question(3, "truefalse", true_false),
            a_question(4, "situational", RATED),
            draw=3,
            min_scenarios=1,
        )
    )

    version = outcome.page.item.quiz_versions.get()
    rows = {row.kind: row for row in version.questions.all()}
    assert outcome.did == Did.CREATED
    assert (version.draw_count, version.min_scenarios, version.time_limit_minutes) == (3, 1, 40)
    assert (rows["single"].legal_source, rows["single"].needs_verification) == (source, True)
    assert rows["single"].html == "<p>Apa <em>pertama</em>?</p>"
    assert [option.fraction for option in rows["truefalse"].options.all()] == [0, 1]
    assert [float(option.fraction) for option in rows["situational"].options.all()] == [1, 0.5, -0.5]


def test_a_topic_of_a_file_that_is_not_in_the_tree_is_made_with_a_name_from_its_code(load):
    load(a_quiz(a_question(topic="asas-pelayanan")))

    assert Topic.objects.get(slug="asas-pelayanan").name == "Asas pelayanan"


def test_a_changed_file_keeps_the_ids_of_its_questions_and_options(load):
    before = load(a_quiz()).page.item.quiz_versions.get().questions.get()
    turned = [TWO[1], {**TWO[0], "feedback": "Benar sekali."}]

    page = load(a_quiz(a_question(options=turned, text="Apa yang pertama?"))).page

    after = page.item.quiz_versions.get(number=2).questions.get()
    assert after.uuid == before.uuid
    assert {option.uuid for option in after.options.all()} == {option.uuid for option in before.options.all()}


def test_what_a_file_brought_stays_whole_when_the_editor_opens_and_saves_it(load):
    page = load(a_quiz(a_question(1), a_question(2, "situational", RATED))).page

    again = QuizPage.objects.get(pk=page.pk).save_revision().as_object()

    texts = [[option["text"] for option in child.value["options"]] for child in again.questions]
    assert texts == [["Sapa", "Diam"], ["Sapa", "Catat", "Usir"]]


@pytest.mark.parametrize(
    ("quiz", "sentence"),
    [
        (
            a_quiz(a_question(options=[{**TWO[0], "correct": False}, TWO[1]])),
            "tepat satu pilihan harus “correct: true”",
        ),
        (a_quiz(a_question(kind="multiple")), "paling sedikit dua pilihan"),
        (a_quiz(a_question(kind="situational", options=RATED[1:])), "tepat satu pilihan harus “fraction: 1”"),
        (a_quiz(a_question(kind="truefalse")), "“Benar” dan “Salah”"),
        (a_quiz(a_question(options=[TWO[0], {"text": "sapa", "correct": False}])), "sama bunyinya"),
        (a_quiz(a_question(), a_question()), "id soal ini sudah dipakai"),
        (a_quiz(a_question(legal_source="tidak-ada")), "tidak ada di legal_sources.yaml"),
        (a_quiz(a_question(hint="x")), "kunci tidak dikenal: hint"),
        (a_quiz(a_question(topic="Asas Pelayanan")), "“Asas Pelayanan” bukan kode topik"),
        (a_quiz(role="ujian"), "“ujian” tidak dikenal"),
    ],
)
def test_a_mistake_names_the_file_and_what_to_do(load, quiz, sentence):
    with pytest.raises(ContentFileError, match=rf"pos-tes\.yaml.*{sentence}"):
        load(quiz)
    assert not QuizPage.objects.exists()


def test_a_quiz_that_draws_more_than_it_has_is_refused_with_its_reason(load):
    outcome = load(a_quiz(draw=20))

    assert outcome.did == Did.REFUSED
    assert "baru ada 1" in outcome.why
