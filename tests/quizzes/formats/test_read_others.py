"""Reading Aiken, the template, and the data of django-quiz-app; and no hostile text breaks any reader."""

import json
from io import BytesIO

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizzes.formats import FORMATS
from quizzes.formats.building import built
from quizzes.formats.xlsx_guide import EXAMPLES
from quizzes.formats.xlsx_writing import template
from tests.examples import examples
from tests.factories.old_quiz import fixture

# --- Aiken ------------------------------------------------------------------


def aiken(text: str):
    return FORMATS["aiken"].read(text.encode())


def test_aiken_reads_both_ways_of_lettering():
    reading = aiken(
        "Di mana laporan diterima?\nA. Kantin\nB. SPKT\nANSWER: B\n\nSiapa menyapa?\nA) Petugas\nB) Tamu\nANSWER: A\n"
    )

    assert not reading.refusals
    assert [[option["right"] for option in found.value["options"]] for found in reading.questions] == [
        [False, True],
        [True, False],
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("Soal\nlanjutan\nA. a\nB. b\nANSWER: A", 2, "satu baris"),
        ("Soal\na. a\nB. b\nANSWER: A", 2, "huruf besar"),
        ("Soal\nA. a\nC. b\nANSWER: A", 3, "harus B"),
        ("Soal\nA. a\nB. b\nANSWER: C", 4, "tidak ada di antara"),
        ("Soal\nA. a\nB. b\nAnswer: A", 4, "persis seperti"),
        ("Soal\nA. a\nB. b", 3, "belum ada"),
        ("Soal\nA.a\nB. b\nANSWER: A", 2, "huruf besar"),
        ("Soal\nA. a\nANSWER: A", 1, "Pilihan jawaban"),
        ("A. a\nB. b\nANSWER: A", 1, "dimulai dengan satu baris"),
    ],
)
def test_aiken_is_strict_and_says_where(text, line, says):
    (refusal,) = aiken(text).refusals

    assert refusal.line == line
    assert says in refusal.sentence


# --- template ---------------------------------------------------------------


def test_the_template_has_its_sheets_and_an_example_of_each_kind():
    book = openpyxl.load_workbook(BytesIO(template()))

    assert book.sheetnames == ["Soal", "Skenario", "Petunjuk"]
    kinds = {row[1] for row in book["Petunjuk"].iter_rows(values_only=True)}
    assert {"Satu jawaban", "Skenario bercabang", "Uraian"} <= kinds


def test_the_examples_of_the_template_can_be_read():
    asked = [built(kind, value | {"text": value["text"]}, line=1, topic=topic) for kind, value, topic in EXAMPLES]

    reading = FORMATS["xlsx"].read(FORMATS["xlsx"].write(asked).content)

    assert reading.questions == asked


def filled(*rows: dict, scenes: tuple[dict, ...] = ()) -> bytes:
    book = openpyxl.load_workbook(BytesIO(template()))
    for name, content in (("Soal", rows), ("Skenario", scenes)):
        titles = [cell.value for cell in book[name][1]]
        for number, row in enumerate(content, start=2):
            for title, text in row.items():
                book[name].cell(number, titles.index(title) + 1, text)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_row_typed_by_hand_is_read():
    row = {
        "Jenis": "satu jawaban",
        "Soal": "Apa?",
        "Pilihan A": "Ya",
        "Pilihan B": 5,
        "Kunci": "b",
        "Poin": 2,
        "Topik": "A/B",
    }

    (found,) = FORMATS["xlsx"].read(filled(row)).questions

    assert found.value["options"][1] | {"feedback": ""} == found.value["options"][1]
    assert found.value["options"][1]["right"]
    assert (found.value["marks"], found.topic, found.line) == (2, ("A", "B"), 2)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"Jenis": "Esai", "Soal": "Apa?"}, "Kolom Jenis"),
        ({"Jenis": "Satu jawaban", "Soal": "Apa?", "Pilihan A": "a", "Pilihan B": "b", "Kunci": "C"}, "Kolom Kunci"),
        (
            {"Jenis": "Satu jawaban", "Soal": "Apa?", "Pilihan A": "a", "Pilihan C": "b", "Kunci": "A"},
            "Kolom Pilihan B",
        ),
        ({"Jenis": "Studi kasus", "Soal": "Apa?", "Pilihan A": "a", "Pilihan B": "b", "Bobot": "100"}, "Kolom Bobot"),
        ({"Jenis": "Angka", "Soal": "Apa?", "Kunci": "banyak"}, "Kolom Kunci"),
        ({"Jenis": "Angka", "Soal": "Apa?", "Kunci": "1 | 2 | 3 | 4 | 5"}, "Kolom Kunci"),
        ({"Jenis": "Benar/salah", "Soal": "Apa?", "Kunci": "mungkin"}, "Kolom Kunci"),
        ({"Jenis": "Benar/salah", "Soal": "Apa?", "Kunci": "Benar", "Poin": "1,5"}, "Kolom Poin"),
        ({"Jenis": "Benar/salah", "Soal": "Apa?", "Kunci": "Benar", "Perlu verifikasi": "?"}, "Kolom Perlu verifikasi"),
        ({"Jenis": "Uraian", "Soal": "Apa?", "Kunci": "Isi", "Aturan": "bebas"}, "Kolom Aturan"),
        ({"Jenis": "Skenario bercabang", "Soal": "Apa?"}, "Kolom No"),
        ({"Jenis": "Benar/salah", "Kunci": "Benar"}, "Soal"),
    ],
)
def test_the_template_says_which_row_and_column(row, says):
    (refusal,) = FORMATS["xlsx"].read(filled(row)).refusals

    assert refusal.line == 2
    assert says in refusal.sentence


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04rusak", b"No;Jenis;Soal", b"\xd0\xcf\x11\xe0" * 9, b"x" * 10_485_761]
)
def test_what_is_no_workbook_gets_one_sentence(content):
    assert len(FORMATS["xlsx"].read(content).refusals) == 1


# --- django-quiz-app --------------------------------------------------------


def old(records: list) -> object:
    return FORMATS["django-quiz-app"].read(json.dumps(records, indent=1).encode())


def test_the_old_application_brings_questions_quizzes_and_results():
    reading = old(fixture())

    assert not reading.refusals
    assert {found.kind for found in reading.questions} == {"single", "truefalse", "essay"}
    single = next(found for found in reading.questions if found.kind == "single")
    assert single.topic == ("Pelayanan", "Loket")
    assert single.value["explanation"] == "Salam dahulu."
    (quiz,) = reading.quizzes
    assert (quiz.title, quiz.pass_mark, quiz.draw_count, quiz.one_attempt) == ("Etika dasar", 60, 2, True)
    assert len(quiz.questions) == 3
    first, second = reading.sittings
    assert (first.login, first.percent, first.passed) == ("85010001", 67, True)
    assert second.name == "Ani Tamu"
    assert any("belum selesai" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda rows: [row for row in rows if row["model"] != "essay.essay_question"], "Jenis soal"),
        (lambda rows: [row for row in rows if row["model"] != "quiz.question"], "quiz.question"),
        (
            lambda rows: [
                *rows,
                {
                    "model": "multichoice.answer",
                    "pk": 99,
                    "fields": {"question": 1, "content": "Juga", "correct": True},
                },
            ],
            "Beberapa jawaban",
        ),
        (
            lambda rows: [
                row | {"fields": row["fields"] | {"start": "kemarin"}} if row["model"] == "quiz.sitting" else row
                for row in rows
            ],
            "tidak terbaca",
        ),
        (lambda rows: [row for row in rows if row["model"] != "quiz.quiz"], "tidak ikut"),
        (lambda rows: [{"nama": 1}], "dumpdata"),
        (lambda rows: {"model": "quiz.quiz"}, "JSON"),
    ],
)
def test_old_data_that_is_not_whole_is_refused(spoil, says):
    refusals = old(spoil(fixture())).refusals

    assert any(says in refusal.sentence for refusal in refusals)


# --- hostile ----------------------------------------------------------------

HOSTILE = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text("~=#{}:\\/%[]|;,.*()<>&\"'$_@!?-+\n ab1", max_size=60).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "=",
                "~",
                "#",
                "####",
                "::",
                "->",
                "\\",
                "%50%",
                "%",
                "[html]",
                "[markdown]",
                "$CATEGORY:",
                "//",
                "\n",
                "\n\n",
                "[tag:presisi:rubric=[]]",
                "[tag:presisi:units={}]",
                "<img src=x>",
                "<b>",
                "<table>",
                "T",
                "1..2",
                ":",
                "A. a\n",
                "B) b\n",
                "ANSWER: A\n",
                "<quiz>",
                "</quiz>",
                "<question type='cloze'>",
                "<question type='numerical'>",
                "</question>",
                "<questiontext><text>{1:SA:=a}</text></questiontext>",
                "<answer fraction='1e999'><text>1e999</text></answer>",
                '[{"model":"quiz.question","pk":1,"fields":{"content":1}}',
                '{"model":"quiz.sitting","pk":[],"fields":{"complete":true,"quiz":{}}}',
                ",",
                "]",
                "&#0;",
                "&amp;",
                "\ufdd0",
                "\x01",
                "1e400",
                "NaN",
                "-0",
                "9" * 50,
            ]
        ),
        max_size=14,
    ).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")),
)


@pytest.mark.parametrize("code", ["gift", "aiken", "moodle-xml", "django-quiz-app"])
@settings(max_examples=examples(250))
@given(content=HOSTILE)
@example(content=b"q {#NaN}")
@example(content=b"q {#1e999999999}")
@example(content=b"q {=%1e5%a}")
@example(
    content="<quiz><question type='essay'><questiontext><text>\ud800</text></questiontext></question></quiz>".encode(
        "utf-8", "surrogatepass"
    )
)
@example(content=b'[{"model":"quiz.quiz","pk":1,"fields":{"pass_mark":1e400,"title":"\\ud800"}}]')
def test_no_hostile_text_breaks_a_reader(code, content):
    reading = FORMATS[code].read(content)

    assert reading.questions or reading.refusals or reading.sittings or reading.quizzes
    assert all(refusal.sentence for refusal in reading.refusals)
