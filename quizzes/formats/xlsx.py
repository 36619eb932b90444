"""The Indonesian template, read: sheet “Soal” with a row a question, sheet “Skenario” with a row a choice."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from foundation.spreadsheets import SpreadsheetRefused, read_sheets
from quizzes.choices import Difficulty, EndingTone, QuestionKind
from quizzes.graph import scene_key

from .building import built, decimal_from, fraction_from
from .categories import names_in
from .model import MAXIMUM_BYTES, ImportedQuestion, Reading, Unreadable
from .text import TOO_BIG
from .xlsx_cells import rows_in, unescape, words_in
from .xlsx_rows import Row, filled_rows, html_from, one_of, points_from

QUESTIONS, SCENES = "Soal", "Skenario"
LETTERS = "ABCDEFGH"
COLUMNS = {
    "number": "No",
    "kind": "Jenis",
    "title": "Judul",
    "text": "Soal",
    **{f"option_{letter}": f"Pilihan {letter}" for letter in LETTERS},
    "key": "Kunci",
    "weights": "Bobot",
    "hints": "Umpan balik pilihan",
    "units": "Satuan",
    "rules": "Aturan",
    "marks": "Poin",
    "topic": "Topik",
    "difficulty": "Kesulitan",
    "feedback": "Umpan balik umum",
    "explanation": "Pembahasan",
    "legal": "Dasar hukum",
    "verify": "Perlu verifikasi",
    "tags": "Tanda",
}
SCENE_COLUMNS = {
    "number": "No",
    "name": "Adegan",
    "text": "Yang terjadi",
    "ending": "Penutup",
    "choice": "Pilihan",
    "to": "Menuju",
    "weight": "Bobot",
    "consequence": "Akibat",
    "feedback": "Umpan balik",
}
ALL_RIGHT, CASE, TWO_MARKERS, WORDS = "semua tepat", "bedakan huruf besar", "dua penilai", "paling banyak {} kata"


@dataclass
class Story:
    """The rows of one scenario, scene by scene."""

    scenes: list[dict[str, Any]] = field(default_factory=list)
    row: int = 0


def read(content: bytes, reading: Reading) -> None:
    """Read a filled template into ``reading``. Raises Unreadable where reading on makes no sense."""
    if len(content) > MAXIMUM_BYTES:
        raise Unreadable(TOO_BIG)
    try:
        sheets = read_sheets(BytesIO(content), name="Berkas ini", sheets=(QUESTIONS, SCENES))
    except SpreadsheetRefused as refusal:
        raise Unreadable(str(refusal)) from None
    if QUESTIONS not in sheets:
        raise Unreadable(f"Lembar “{QUESTIONS}” tidak ada. Pakai templat dari halaman impor.")
    stories = _stories(sheets.get(SCENES, []), reading)
    for row in filled_rows(sheets[QUESTIONS], COLUMNS, ("kind", "text"), QUESTIONS):
        try:
            question = _question(row, stories)
        except Unreadable as problem:
            reading.refuse(problem.line or row.number, str(problem))
        else:
            reading.add(question)
    for number, story in stories.items():
        reading.refuse(story.row, f"Lembar {SCENES}: soal nomor {number[:20]} tidak ada di lembar {QUESTIONS}.")


def _question(row: Row, stories: dict[str, Story]) -> ImportedQuestion:
    kind = _kind(row)
    notes: list[str] = []
    value: dict[str, Any] = {
        "text": html_from(row["text"], notes),
        "feedback": row["feedback"],
        "explanation": row["explanation"],
        "legal_source": row["legal"] or None,
        "needs_verification": _yes(row, "verify"),
        "marks": row.at("marks", points_from, row["marks"] or "1"),
        "difficulty": one_of(row, "difficulty", Difficulty, Difficulty.MEDIUM),
        **(_story(row, stories) if kind == QuestionKind.SCENARIO else ANSWERS[kind](row)),
    }
    tags = words_in(row["tags"])
    topic = names_in(row["topic"])
    return built(kind, value, line=row.number, topic=topic, title=row["title"], tags=tags, notes=notes)


def _kind(row: Row) -> str:
    said = row["kind"].casefold()
    for kind in QuestionKind:
        if said in (kind.label.casefold(), kind.value):
            return kind.value
    names = ", ".join(QuestionKind.labels)
    raise row.problem("kind", f"“{row['kind'][:40]}” bukan jenis soal. Pilih salah satu: {names}.")


def _yes(row: Row, column: str) -> bool:
    said = row[column].casefold()
    if said not in ("", "ya", "tidak", "true", "false"):
        raise row.problem(column, "isi Ya atau kosongkan.")
    return said in ("ya", "true")


def _options(row: Row) -> list[dict[str, Any]]:
    cells = [row[f"option_{letter}"] for letter in LETTERS]
    while cells and not cells[-1]:
        cells.pop()
    for letter, text in zip(LETTERS, cells, strict=False):
        if not text:
            raise row.problem(f"option_{letter}", "kosong, padahal pilihan sesudahnya terisi.")
    hints = _hints(row, LETTERS[: len(cells)])
    return [{"text": text, "feedback": hints.get(letter, "")} for letter, text in zip(LETTERS, cells, strict=False)]


def _hints(row: Row, letters: str) -> dict[str, str]:
    """``A | umpan balik`` line by line."""
    hints = {}
    for letter, *parts in rows_in(row["hints"]):
        if letter.upper() not in letters or not letter or len(letter) > 1 or len(parts) != 1:
            raise row.problem("hints", f"tulis per baris: huruf pilihan | umpan balik, misalnya “{letters[:1]} | …”.")
        hints[letter.upper()] = unescape(parts[0])
    return hints


def _letters(row: Row, count: int) -> set[int]:
    places = set()
    for letter in re.split(r"[\s,;]+", row["key"].strip().upper()):
        place = LETTERS.find(letter) if len(letter) == 1 else -1
        if not 0 <= place < count:
            raise row.problem("key", f"“{letter[:10]}” bukan huruf pilihan. Tulis misalnya A, atau A; C.")
        places.add(place)
    return places


def _weights(row: Row, count: int) -> list[Decimal]:
    weights = [row.at("weights", fraction_from, text) for text in words_in(row["weights"])]
    if len(weights) != count:
        raise row.problem("weights", f"isi {count} bobot dalam persen, dipisah titik koma, satu untuk tiap pilihan.")
    return weights


def _rules(row: Row, *allowed: str) -> dict[str, Any]:
    """The words of the column “Aturan” that the kind knows."""
    found: dict[str, Any] = {}
    for word in (word.casefold() for word in words_in(row["rules"])):
        limit = re.fullmatch(WORDS.format(r"(\d{1,5})"), word)
        if limit and WORDS in allowed:
            found[WORDS] = int(limit[1])
        elif word in allowed:
            found[word] = True
        else:
            raise row.problem("rules", f"“{word[:40]}” tidak dikenal untuk jenis soal ini.")
    return found


def _single(row: Row) -> dict[str, Any]:
    options = _options(row)
    right = _letters(row, len(options))
    return {"options": [option | {"right": place in right} for place, option in enumerate(options)]}


def _multiple(row: Row) -> dict[str, Any]:
    answers = _single(row)
    if row["weights"]:
        weights = _weights(row, len(answers["options"]))
        for option, weight in zip(answers["options"], weights, strict=True):
            option["fraction"] = weight
    return answers | {"all_or_nothing": ALL_RIGHT in _rules(row, ALL_RIGHT)}


def _situational(row: Row) -> dict[str, Any]:
    options = _options(row)
    weights = _weights(row, len(options))
    return {"options": [option | {"fraction": weight} for option, weight in zip(options, weights, strict=True)]}


def _true_false(row: Row) -> dict[str, Any]:
    said = row["key"].casefold()
    if said not in ("benar", "salah", "true", "false"):
        raise row.problem("key", "isi Benar atau Salah.")
    hints = _hints(row, "AB")
    return {
        "answer": "benar" if said in ("benar", "true") else "salah",
        "feedback_true": hints.get("A", ""),
        "feedback_false": hints.get("B", ""),
    }


def _lines(row: Row, column: str, most: int, example: str) -> list[list[str]]:
    """The lines of a cell with up to ``most`` parts, filled up with empty ones."""
    lines = rows_in(row[column])
    if not all(len(parts) <= most for parts in lines):
        raise row.problem(column, f"tulis per baris: {example}.")
    return [[*parts, *[""] * (most - len(parts))] for parts in lines]


def _ordering(row: Row) -> dict[str, Any]:
    return {"steps": [unescape(step) for (step,) in _lines(row, "key", 1, "satu langkah, dalam urutan yang benar")]}


def _matching(row: Row) -> dict[str, Any]:
    pairs = _lines(row, "key", 2, "pernyataan | pasangannya; pengecoh: | pengecoh")
    plain = [(unescape(stem), unescape(match)) for stem, match in pairs]
    return {
        "pairs": [{"stem": stem, "match": match} for stem, match in plain if stem],
        "distractors": [match for stem, match in plain if not stem],
    }


def _short(row: Row) -> dict[str, Any]:
    lines = _lines(row, "key", 3, "jawaban | bobot | umpan balik")
    accepted = [
        {
            "text": unescape(text),
            "fraction": row.at("key", fraction_from, weight or "100"),
            "feedback": unescape(hint),
        }
        for text, weight, hint in lines
    ]
    return {"accepted": accepted, "match_case": CASE in _rules(row, CASE)}


def _numerical(row: Row) -> dict[str, Any]:
    rows = _lines(row, "key", 4, "angka | toleransi | bobot | umpan balik")
    numbers = [
        {
            "number": row.at("key", decimal_from, number),
            "tolerance": row.at("key", decimal_from, tolerance or "0"),
            "fraction": row.at("key", fraction_from, weight or "100"),
            "feedback": unescape(hint),
        }
        for number, tolerance, weight, hint in rows
    ]
    units = _lines(row, "units", 2, "satuan | nilainya dalam satuan pertama")
    return {
        "numbers": numbers,
        "units": [
            {
                "name": unescape(name),
                "factor": row.at("units", decimal_from, factor or "1"),
            }
            for name, factor in units
        ],
    }


def _gaps(row: Row) -> dict[str, Any]:
    lines = _lines(row, "key", 2, "jawaban; jawaban lain | pilihan salah; pilihan salah")
    return {
        "gaps": [{"answers": "\n".join(words_in(right)), "wrong": "\n".join(words_in(wrong))} for right, wrong in lines]
    }


def _essay(row: Row) -> dict[str, Any]:
    rules = _rules(row, TWO_MARKERS, WORDS)
    rubric = [
        {
            "text": unescape(text),
            "points": row.at("key", points_from, points or "4"),
            "guide": unescape(guide),
        }
        for text, points, guide in _lines(row, "key", 3, "kriteria | poin | pedoman")
    ]
    return {"rubric": rubric, "max_words": rules.get(WORDS, 0), "two_markers": TWO_MARKERS in rules}


ANSWERS: dict[str, Callable[[Row], dict[str, Any]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.SITUATIONAL: _situational,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.MATCHING: _matching,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ESSAY: _essay,
}


def _story(row: Row, stories: dict[str, Story]) -> dict[str, Any]:
    story = stories.pop(row["number"], None) if row["number"] else None
    if story is None:
        raise row.problem("number", f"isi nomor, lalu tulis adegannya di lembar {SCENES} dengan nomor yang sama.")
    return {"scenes": story.scenes}


def _stories(sheet: Sequence[Sequence[str]], reading: Reading) -> dict[str, Story]:
    """The scenarios by their number; a scene goes on over the rows that repeat its name or leave it empty."""
    stories: dict[str, Story] = {}
    number = ""
    for row in filled_rows(sheet, SCENE_COLUMNS, ("number", "name"), SCENES):
        number = row["number"] or number
        story = stories.setdefault(number, Story(row=row.number))
        try:
            _add_row(story, row)
        except Unreadable as problem:
            reading.refuse(row.number, f"Lembar {SCENES}: {problem}")
    return stories


def _add_row(story: Story, row: Row) -> None:
    last = story.scenes[-1] if story.scenes else None
    if row["name"] and (last is None or scene_key(row["name"]) != scene_key(last["name"])):
        last = {
            "name": row["name"],
            "text": html_from(row["text"], []),
            "ending": one_of(row, "ending", EndingTone, ""),
            "choices": [],
        }
        story.scenes.append(last)
    if last is None:
        raise row.problem("name", "isi nama adegannya.")
    if row["choice"] or row["to"]:
        last["choices"].append(
            {
                "text": row["choice"],
                "to": row["to"],
                "fraction": row.at("weight", fraction_from, row["weight"] or "0"),
                "consequence": row["consequence"],
                "feedback": row["feedback"],
            }
        )
