"""Reading GIFT: every construct of Moodle's documentation, in words of our own."""

from decimal import Decimal

import pytest

from quizzes.formats import FORMATS


def read(text: str):
    return FORMATS["gift"].read(text.encode())


def only(text: str):
    reading = read(text)
    assert not reading.refusals, reading.refusals
    (question,) = reading.questions
    return question


def fractions(question) -> list[tuple[str, Decimal]]:
    return [(option["text"], option["fraction"]) for option in question.value["options"]]


def test_one_choice_on_one_line():
    question = only("Siapa yang menerima laporan di Polsek?{~Pemohon ~Tamu =petugas SPKT}")

    assert question.kind == "single"
    assert [(option["text"], option["right"]) for option in question.value["options"]] == [
        ("Pemohon", False),
        ("Tamu", False),
        ("petugas SPKT", True),
    ]


def test_a_missing_word_leaves_a_blank_where_the_answers_stood():
    question = only("Laporan kehilangan diterima di {~kantin =SPKT ~gudang} setiap hari.")

    assert question.kind == "single"
    assert question.value["text"] == "<p>Laporan kehilangan diterima di _____ setiap hari.</p>"


def test_answers_on_lines_of_their_own_and_a_question_over_two_lines():
    question = only("::Asal::Layanan SKCK berasal\ndari satuan mana? {\n  ~Lantas\n  =Intelkam\n  ~Sabhara}")

    assert question.title == "Asal"
    assert question.value["text"] == "<p>Layanan SKCK berasal dari satuan mana?</p>"


def test_short_answers_in_several_forms():
    question = only("Siapa pimpinan Polres?{=Kapolres =kepala Polres}")

    assert question.kind == "short"
    assert [row["text"] for row in question.value["accepted"]] == ["Kapolres", "kepala Polres"]


def test_short_answers_with_parts_of_the_mark_and_feedback():
    question = only(
        "::Lahirnya Polri:: Polri lahir pada bulan {\n=Juli#Ya, tepat!\n=%75%July#Benar, tetapi salah eja.\n"
        "=%25%Juni#Satu bulan terlalu awal.}."
    )

    assert [(row["fraction"], row["feedback"]) for row in question.value["accepted"]] == [
        (1, "Ya, tepat!"),
        (Decimal("0.75"), "Benar, tetapi salah eja."),
        (Decimal("0.25"), "Satu bulan terlalu awal."),
    ]
    assert question.value["text"] == "<p>Polri lahir pada bulan _____.</p>"


@pytest.mark.parametrize(
    ("text", "answer", "on_true", "on_false"),
    [
        ("SKCK gratis.{F}", "salah", "", ""),
        ("SIM berlaku lima tahun.{TRUE}", "benar", "", ""),
        ("SKCK gratis.{FALSE#Ada PNBP.}", "salah", "Ada PNBP.", ""),
        ("SKCK berbayar.{T#Keliru.#Tepat.}", "benar", "Tepat.", "Keliru."),
    ],
)
def test_true_or_false_with_feedback_for_the_wrong_and_the_right_answer(text, answer, on_true, on_false):
    value = only(text).value

    assert (value["answer"], value["feedback_true"], value["feedback_false"]) == (answer, on_true, on_false)


def test_matching_with_and_without_spaces_around_the_arrow_and_a_distractor():
    question = only("Pasangkan layanan dengan loketnya. {=SIM->Loket 1 =SKCK -> Loket 2\n = -> Loket 9}")

    assert question.kind == "matching"
    assert question.value["pairs"] == [{"stem": "SIM", "match": "Loket 1"}, {"stem": "SKCK", "match": "Loket 2"}]
    assert question.value["distractors"] == ["Loket 9"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("#1946", [("1946", "0", "1")]),
        ("#1946:1", [("1946", "1", "1")]),
        ("#3.1415:0.0005", [("3.1415", "0.0005", "1")]),
        ("#3.141..3.142", [("3.1415", "0.0005", "1")]),
        ("#1..5", [("3", "2", "1")]),
        (
            "#\n =1946:0 #Tepat.\n =%50%1946:2 #Hampir,\n   Anda mendapat separuh.",
            [("1946", "0", "1"), ("1946", "2", "0.5")],
        ),
    ],
)
def test_numbers_with_tolerance_range_and_parts_of_the_mark(answers, expected):
    question = only(f"Tahun berapa Polri lahir? {{{answers}}}")

    assert question.kind == "numerical"
    rows = question.value["numbers"]
    assert [(row["number"], row["tolerance"], row["fraction"]) for row in rows] == [
        tuple(map(Decimal, row)) for row in expected
    ]
    assert rows[-1]["feedback"] in ("", "Hampir, Anda mendapat separuh.")


def test_a_choice_with_half_the_mark_is_a_situational_question():
    question = only("Sulit.{~salah ~%50%separuh =penuh}")

    assert question.kind == "situational"
    assert fractions(question) == [("salah", 0), ("separuh", Decimal("0.5")), ("penuh", 1)]


def test_several_answers_with_weights_that_cost_something():
    question = only("Siapa dua saksi? {\n~%-50%Tidak ada\n~%50%Ani\n~%50%Budi\n~%-50%Cici }")

    assert question.kind == "multiple"
    half = Decimal("0.5")
    assert fractions(question) == [("Tidak ada", -half), ("Ani", half), ("Budi", half), ("Cici", -half)]


def test_an_essay_and_its_general_feedback():
    question = only("Ceritakan pengalaman Anda. {####Terima kasih.}")

    assert question.kind == "essay"
    assert question.value["feedback"] == "Terima kasih."
    assert len(question.value["rubric"]) == 1


def test_control_characters_stand_for_themselves_behind_a_backslash():
    question = only("Mana yang sama dengan 5? {\n ~ \\= 2 + 2\n = \\= 2 + 3 # Tepat \\{\\}\n ~ \\~ dan \\# dan \\\\ }")

    assert [option["text"] for option in question.value["options"]] == ["= 2 + 2", "= 2 + 3", "~ dan # dan \\"]
    assert question.value["options"][1]["feedback"] == "Tepat {}"


def test_a_written_line_break_and_an_escaped_colon():
    assert only("Dua baris\\:\\nkedua {T}").value["text"] == "<p>Dua baris:<br>kedua</p>"


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("[markdown]Apa **itu**?", "<p>Apa <strong>itu</strong>?</p>"),
        ("[html]<p>Apa <b>itu</b>?</p>", "<p>Apa <b>itu</b>?</p>"),
        ("[plain]Apa <b>itu</b>?", "<p>Apa &lt;b&gt;itu&lt;/b&gt;?</p>"),
        ("[moodle]Apa <b>itu</b>?", "<p>Apa <b>itu</b>?</p>"),
    ],
)
def test_the_format_of_a_text(marker, expected):
    assert only(f"{marker} {{T}}").value["text"] == expected


def test_categories_comments_titles_and_tags():
    reading = read(
        "// Bank soal\n\n$CATEGORY: $course$/top/Pelayanan/Loket 1//2\n\n"
        "// [tag:spkt] [tag:presisi:difficulty=hard] [tag:presisi:marks=3]\n::Salam::Petugas menyapa. {T}\n\n"
        "// komentar\nTanpa tanda. {F}"
    )

    first, second = reading.questions
    assert first.topic == second.topic == ("Pelayanan", "Loket 1/2")
    assert first.value["topic"] == "Loket 1/2"
    assert (first.title, first.tags, first.line) == ("Salam", ("spkt",), 6)
    assert (first.value["difficulty"], first.value["marks"]) == ("hard", 3)
    assert (second.tags, second.value["difficulty"], second.line) == ((), "medium", 9)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("Hanya keterangan.", 1, "Tidak ada jawaban"),
        ("Soal {T}\n\nSoal {=a", 3, "belum ditutup"),
        ("Soal {=a}{=b}", 1, "lebih dari satu pasang"),
        ("::Judul tanpa akhir {T}", 1, "tidak ditutup dengan ::"),
        ("Soal {\n=a\n~%200%b}", 3, "di luar -100"),
        ("Soal {\n=a\n~%x%b}", 3, "bukan angka"),
        ("Soal {=a =b ~c}", 1, "Tepat satu pilihan"),
        ("Soal {~a ~b}", 1, "dua pilihan sebagai benar"),
        ("Soal {~%40%a ~%40%b}", 1, "harus 1"),
        ("Urutkan {>3 SMART VERTICAL}", 1, "mengurutkan"),
        ("Soal {#abc}", 1, "bukan angka"),
        ("Soal {#9..1}", 1, "terbalik"),
        ("Soal {=a -> b =c}", 1, "pernyataan -> pasangannya"),
        ("[html]<table></table> {T}", 1, "<table>"),
        ('[html]<img src\\="https\\://x.id/a.png"> {T}', 1, "tidak diambil"),
        ("// [tag:presisi:marks=1,5]\nSoal {T}", 2, "bilangan bulat"),
        ("// [tag:presisi:difficulty=dewa]\nSoal {T}", 2, "Tingkat kesulitan"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_what_to_do(text, line, says):
    (refusal,) = read(text).refusals

    assert refusal.line == line
    assert says in refusal.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_their_marks_are_read(encoding):
    reading = FORMATS["gift"].read("Berapa “résumé”? {T}".encode(encoding))

    assert reading.questions[0].value["text"] == "<p>Berapa “résumé”?</p>"
    assert not reading.notes


def test_an_old_encoding_is_read_with_a_remark():
    reading = FORMATS["gift"].read("Berapa “résumé”? {T}".encode("windows-1252"))

    assert reading.questions[0].value["text"] == "<p>Berapa “résumé”?</p>"
    assert "Windows-1252" in reading.notes[0]


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"PK\x03\x04\x00\x00", "Soal {T}".encode("utf-16-le"), b"a" * 10_485_761]
)
def test_a_file_that_is_no_text_gets_one_sentence(content):
    reading = FORMATS["gift"].read(content)

    assert not reading.questions
    assert [refusal.line for refusal in reading.refusals] == [0]
