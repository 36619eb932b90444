"""Reading Moodle's XML: the types it exports, pictures inside, and what is refused."""

import base64
from decimal import Decimal

import pytest

from quizzes.formats import FORMATS
from tests.factories.questions import picture

TEXT = (
    '<name><text>Judul</text></name><questiontext format="html"><text><![CDATA[<p>Soal?</p>]]></text>{}</questiontext>'
)


def read(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>'):
    return FORMATS["moodle-xml"].read(f"{head}\n<quiz>\n{body}\n</quiz>".encode())


def question(kind: str, body: str, stem: str = TEXT.format("")) -> str:
    return f'<question type="{kind}">{stem}{body}</question>'


def only(body: str):
    reading = read(body)
    assert not reading.refusals, reading.refusals
    (found,) = reading.questions
    return found


def answer(fraction: str, text: str, feedback: str = "", more: str = "") -> str:
    words = f"<text>{text}</text><feedback><text>{feedback}</text></feedback>{more}"
    return f'<answer fraction="{fraction}" format="html">{words}</answer>'


def test_marks_feedback_category_and_tags_survive():
    found = only(
        '<question type="category"><category><text>$course$/top/Pelayanan/Loket</text></category></question>'
        + question(
            "multichoice",
            "<defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><single>true</single>"
            "<generalfeedback format='html'><text>&lt;p&gt;Umum&lt;/p&gt;</text></generalfeedback>"
            + answer("100", "&lt;p&gt;Benar&lt;/p&gt;", "Bagus")
            + answer("0", "Salah")
            + "<tags><tag><text>spkt</text></tag><tag><text>presisi:difficulty=easy</text></tag></tags>",
        )
    )

    assert found.kind == "single"
    assert found.topic == ("Pelayanan", "Loket")
    assert found.tags == ("spkt",)
    assert found.value["marks"] == 2
    assert found.value["feedback"] == "Umum"
    assert found.value["difficulty"] == "easy"
    assert [(o["text"], o["right"], o["feedback"]) for o in found.value["options"]] == [
        ("Benar", True, "Bagus"),
        ("Salah", False, ""),
    ]
    assert any("penalty" in note for note in found.notes)


@pytest.mark.parametrize(
    ("single", "marks", "kind"),
    [("true", [100, 50, -50], "situational"), ("false", [50, 50, -100], "multiple"), ("false", [100, 0], "single")],
)
def test_the_marks_of_the_choices_decide_the_kind(single, marks, kind):
    body = f"<single>{single}</single>" + "".join(answer(str(mark), f"P{i}") for i, mark in enumerate(marks))

    assert only(question("multichoice", body)).kind == kind


def test_true_false_short_essay_and_ordering():
    kinds = read(
        question("truefalse", answer("0", "true") + answer("100", "false", "Ya"))
        + question("shortanswer", "<usecase>1</usecase>" + answer("100", "SPKT") + answer("50", "spk*"))
        + question(
            "essay",
            "<graderinfo format='html'><text>Nilai empatinya.</text></graderinfo><maxwordlimit>200</maxwordlimit>",
        )
        + question("ordering", answer("1", "Sapa") + answer("1", "Dengar") + answer("1", "Catat"))
    ).questions

    true_false, short, essay, ordering = (found.value for found in kinds)
    assert (true_false["answer"], true_false["feedback_false"]) == ("salah", "Ya")
    assert short["match_case"]
    assert short["accepted"][1]["fraction"] == Decimal("0.5")
    assert essay["rubric"] == [{"text": "Isi jawaban", "points": 4, "guide": "Nilai empatinya."}]
    assert essay["max_words"] == 200
    assert ordering["steps"] == ["Sapa", "Dengar", "Catat"]


def test_a_number_with_tolerance_and_units():
    found = only(
        question(
            "numerical",
            answer("100", "90", more="<tolerance>5</tolerance>")
            + "<units><unit><multiplier>1</multiplier><unit_name>menit</unit_name></unit>"
            "<unit><multiplier>0.0166666666666667</multiplier><unit_name>jam</unit_name></unit></units>",
        )
    )

    assert found.value["numbers"][0]["tolerance"] == 5
    assert [(unit["name"], round(unit["factor"], 6)) for unit in found.value["units"]] == [("menit", 1), ("jam", 60)]


def test_matching_with_a_distractor():
    rows = "".join(
        f'<subquestion format="html"><text>{stem}</text><answer><text>{match}</text></answer></subquestion>'
        for stem, match in [("SIM", "Lantas"), ("SKCK", "Intelkam"), ("", "Sabhara")]
    )

    found = only(question("matching", rows))

    assert len(found.value["pairs"]) == 2
    assert found.value["distractors"] == ["Sabhara"]


def test_embedded_answers_become_gaps_and_their_feedback_goes_to_the_explanation():
    stem = (
        "<questiontext format='html'><text><![CDATA[<p>Petugas {1:SHORTANSWER:=menyapa~=memberi salam#Baik} lalu "
        "{1:MULTICHOICE:=mencatat~menolak#Jangan~tidur} laporan &amp; {1:SA:=pulang}.</p>]]></text></questiontext>"
    )
    found = only(question("cloze", "", stem))

    assert found.kind == "gaps"
    assert found.value["text"] == "<p>Petugas [[1]] lalu [[2]] laporan &amp; [[3]].</p>"
    assert found.value["gaps"] == [
        {"answers": "menyapa\nmemberi salam", "wrong": ""},
        {"answers": "mencatat", "wrong": "menolak\ntidur"},
        {"answers": "pulang", "wrong": ""},
    ]
    assert found.value["marks"] == 3
    assert "Rumpang 2, “menolak”: Jangan" in found.value["explanation"]


@pytest.mark.parametrize(("kind", "box"), [("gapselect", "selectoption"), ("ddwordtos", "dragbox")])
def test_words_to_choose_or_to_drag_become_gaps(kind, box):
    boxes = "".join(
        f"<{box}><text>{word}</text><group>{group}</group></{box}>"
        for word, group in [("salam", 1), ("teriak", 1), ("berkas", 2), ("kopi", 2)]
    )
    stem = "<questiontext format='html'><text>&lt;p&gt;Beri [[1]], terima [[3]].&lt;/p&gt;</text></questiontext>"

    found = only(question(kind, boxes, stem))

    assert found.value["text"] == "<p>Beri [[1]], terima [[2]].</p>"
    assert found.value["gaps"] == [{"answers": "salam", "wrong": "teriak"}, {"answers": "berkas", "wrong": "kopi"}]


def test_a_picture_inside_the_file_comes_along():
    shown = picture(3)
    data = base64.b64encode(shown.content).decode()
    stem = (
        "<questiontext format='html'><text><![CDATA[<p>Apa ini? <img src=\"@@PLUGINFILE@@/loket%201.png\" "
        f'alt="Sebuah loket"></p>]]></text><file name="loket 1.png" encoding="base64">{data}</file></questiontext>'
    )

    found = only(question("truefalse", answer("100", "true") + answer("0", "false"), stem))

    assert found.value["image"] == shown
    assert found.value["image_alt"] == "Sebuah loket"
    assert found.value["text"] == "<p>Apa ini?</p>"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (question("description", ""), "keterangan tanpa pertanyaan"),
        (question("calculated", ""), "hitungan"),
        (question("truefalse", answer("100", "ya")), "true dan false"),
        (question("multichoice", answer("100", "a") + answer("300", "b")), "di luar -100"),
        (question("essay", "<defaultgrade>0.5</defaultgrade>"), "bilangan bulat"),
        (
            question("essay", "", "<questiontext><text>&lt;img src='@@PLUGINFILE@@/a.png'&gt;</text></questiontext>"),
            "tidak ikut",
        ),
        (
            question("essay", "", "<questiontext><text>&lt;img src='http://x/a.png'&gt;</text></questiontext>"),
            "tidak diambil",
        ),
        (question("essay", "", TEXT.format('<file name="a.png" encoding="zip">x</file>')), "base64"),
        (question("cloze", "", "<questiontext><text>{1:NUMERICAL:=5}</text></questiontext>"), "NUMERICAL"),
        (question("cloze", "", "<questiontext><text>{1:SA:%50%a~=b}</text></questiontext>"), "bobot sebagian"),
        (question("cloze", "", "<questiontext><text>{1:SA:=a} {2:SA:=b}</text></questiontext>"), "tidak sama"),
        (question("numerical", answer("100", "banyak")), "bukan angka"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(body, says):
    (refusal,) = read("\n" + body).refusals

    assert refusal.line == 4 or refusal.line == 3
    assert says in refusal.sentence


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz SYSTEM "http://example.invalid/quiz.dtd">',
    ],
)
def test_a_document_type_or_an_entity_is_not_read(head):
    (refusal,) = read(question("essay", ""), head).refusals

    assert "DOCTYPE" in refusal.sentence


@pytest.mark.parametrize(
    "content",
    [
        b"<quiz>" + b"<a>" * 1000,
        b"<quiz",
        b"not xml",
        b"<html></html>",
        b"<quiz>\xff\xfe</quiz>",
        b"<quiz>&nbsp;</quiz>",
    ],
)
def test_broken_xml_gets_one_sentence(content):
    reading = FORMATS["moodle-xml"].read(content)

    assert not reading.questions
    assert len(reading.refusals) == 1
