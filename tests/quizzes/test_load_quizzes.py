"""Quiz files become quiz pages; a mistake in a file names its place and what to do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from courses.exceptions import ContentFileError
from courses.loading import Did, read_entry
from courses.models import CoursePage, Topic
from quizzes.loading import load_quiz_page
from quizzes.models import QuizPage
from quizzes.openness import PRESETS
from tests.clock import NOON
from tests.factories.courses import CoursePageFactory, LegalSourceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

JAYAPURA = ZoneInfo("Asia/Jayapura")
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


WAY = {"text": "Sapa", "to": "selesai", "fraction": 1, "consequence": "Ia tersenyum."}
OTHER_KINDS = {
    "ordering": {"steps": ["Sapa", "Dengarkan", "Catat"]},
    "matching": {
        "pairs": [{"stem": "SPKT", "match": "Laporan"}, {"stem": "SKCK", "match": "Catatan"}],
        "distractors": ["Paspor"],
    },
    "short": {"accepted": [{"text": "jeda"}, {"text": "*diam*", "fraction": 0.5, "feedback": "Hampir."}]},
    "numerical": {
        "numbers": [{"number": 12.5, "tolerance": 0.25}],
        "units": [{"name": "menit"}, {"name": "jam", "factor": 60}],
    },
    "gaps": {
        "text": "Petugas [[1]], lalu [[2]].",
        "gaps": [{"answers": ["menyapa", "memberi salam"]}, {"answers": ["mencatat"], "wrong": ["menolak"]}],
    },
    "essay": {"rubric": [{"text": "Empati", "points": 4, "guide": "4: tulus."}], "max_words": 120},
    "scenario": {
        "scenes": [
            {
                "name": "loket",
                "text": "Seorang ibu datang.",
                "choices": [WAY, {**WAY, "text": "Diam", "fraction": -0.5}],
            },
            {"name": "selesai", "text": "Ia pulang lega.", "ending": "good"},
        ]
    },
}


def other(kind, number=1, **fields):
    question = {**a_question(number, kind), **OTHER_KINDS[kind], **fields}
    return {key: value for key, value in question.items() if key != "options"}


def test_every_other_kind_comes_from_a_file_with_its_key(load):
    outcome = load(a_quiz(*(other(kind, number) for number, kind in enumerate(OTHER_KINDS))))

    rows = {row.kind: row for row in outcome.page.item.quiz_versions.get().questions.all()}
    assert [option.html for option in rows["ordering"].options.all()] == ["Sapa", "Dengarkan", "Catat"]
    assert [stem["text"] for stem in rows["matching"].shape["stems"]] == ["SPKT", "SKCK"]
    assert [(form["text"], form["fraction"]) for form in rows["short"].key["accepted"]] == [
        ("jeda", "1"),
        ("*diam*", "0.5"),
    ]
    assert rows["numerical"].key["numbers"][0] | {"uuid": ""} == {
        "uuid": "",
        "number": "12.5",
        "tolerance": "0.25",
        "fraction": "1",
        "feedback": "",
    }
    assert rows["gaps"].html == "<p>Petugas [[1]], lalu [[2]].</p>"
    assert rows["gaps"].shape["gaps"][1]["choices"] == ["mencatat", "menolak"]
    assert rows["essay"].shape["criteria"][0]["points"] == 4
    assert rows["scenario"].key["scenes"]["loket"]["choices"][1]["fraction"] == "-0.5"


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_a_file_read_twice_makes_no_second_version(load, kind):
    load(a_quiz(other(kind)))
    changed = load(a_quiz(other(kind), intro="Kalimat lain."))

    (before, after) = [version.questions.get() for version in changed.page.item.quiz_versions.all()]
    assert (before.uuid, before.shape, before.key) == (after.uuid, after.shape, after.key)
    assert [option.uuid for option in before.options.all()] == [option.uuid for option in after.options.all()]


def test_a_practice_has_no_pass_mark_and_is_never_required(load):
    quiz = a_quiz(other("essay"), role="practice")
    del quiz["pass_mark"]

    page = load(quiz).page

    assert (page.required, page.decides_grade, page.waits_for_required) == (False, False, False)
    assert page.item.quiz_versions.get().pass_fraction is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (other("ordering", steps=["Sapa", "sapa", "Catat"]), "Ada dua langkah yang sama bunyinya"),
        (other("matching", distractors=["laporan"]), "Ada pengecoh yang sama bunyinya"),
        (other("short", accepted=[{"text": "jeda", "fraction": 0.5}]), "Beri bobot 1"),
        (other("short", accepted=[{"text": "jeda", "fraction": 2}]), "harus bilangan antara -1 dan 1"),
        (other("numerical", numbers=[{"number": "dua"}]), "harus bilangan, misalnya 0.5"),
        (other("numerical", units=[{"name": "jam", "factor": 60}]), "Satuan ukuran yang pertama harus bernilai 1"),
        (other("gaps", text="Tanpa rumpang."), "masing-masing satu kali dalam soal"),
        (other("essay", rubric=[]), "harus daftar yang tidak kosong"),
        (
            other("scenario", scenes=[OTHER_KINDS["scenario"]["scenes"][0]] * 2),
            "Dua adegan bernama “loket”",
        ),
        (other("gaps", accepted=[]), "kunci tidak dikenal: accepted"),
    ],
)
def test_a_mistake_in_another_kind_names_the_file_and_the_line_too(load, question, sentence):
    with pytest.raises(ContentFileError, match=rf"pos-tes\.yaml, baris \d+, questions\[1\].*{sentence}"):
        load(a_quiz(question))


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


def test_a_file_without_rules_of_its_own_gives_a_quiz_as_before(load):
    load(a_quiz())

    page = QuizPage.objects.get()
    assert (page.opens_at, page.closes_at, page.wait_minutes) == (None, None, 0)
    assert (page.layout, page.forward_only, page.wrong_penalty) == ("one", False, 0)
    assert page.review_options == PRESETS["after_submit"]


def test_a_file_says_when_how_often_and_in_which_form_a_quiz_is_sat(load):
    load(
        a_quiz(
            opens_at=datetime(2026, 12, 1, 8, tzinfo=JAYAPURA),
            closes_at=datetime(2026, 12, 2, 8, tzinfo=JAYAPURA),
            wait_minutes=90,
            forward_only=True,
            wrong_penalty=25,
            review={"after": ["marks"], "closed": ["answer", "marks"]},
            pass_message="Selamat.",
            fail_message="Baca lagi.",
        )
    )

    page = QuizPage.objects.get()
    assert page.opens_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert page.closes_at - page.opens_at == timedelta(days=1)
    assert (page.wait_minutes, page.forward_only, page.wrong_penalty) == (90, True, 25)
    assert page.review_options == ["after:marks", "closed:marks", "closed:answer"]
    assert (page.pass_message, page.fail_message) == ("Selamat.", "Baca lagi.")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"opens_at": datetime(2026, 12, 1, 8)}, "opens_at: harus hari dan jam dengan zona"),
        ({"opens_at": NOON, "closes_at": NOON}, "closes_at: harus sesudah opens_at"),
        ({"forward_only": True, "layout": "all"}, "forward_only: hanya berlaku untuk"),
        ({"layout": "two"}, "layout"),
        ({"wrong_penalty": 101}, "wrong_penalty: paling besar 100"),
        ({"wait_minutes": 60 * 24 * 32}, "wait_minutes: paling lama 31 hari"),
        ({"review": "sometimes"}, "review"),
        ({"review": {"after": ["secrets"]}}, "review.after: “secrets” tidak dikenal"),
        ({"review": {"soon": ["marks"]}}, "kunci tidak dikenal: soon"),
    ],
)
def test_a_rule_that_cannot_be_names_its_place(load, rules, words):
    with pytest.raises(ContentFileError, match=words):
        load(a_quiz(**rules))
