"""The Indonesian template, written: empty with examples for a trainer to fill, or filled with questions."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from foundation.spreadsheet_reader import MAXIMUM_CELL
from quizzes.choices import Difficulty, EndingTone, QuestionKind

from .building import built, percent_of, written
from .categories import joined
from .model import ImportedQuestion, Unheld, Written
from .text import html_of, plain_of
from .xlsx import (
    ALL_RIGHT,
    CASE,
    COLUMNS,
    LETTERS,
    QUESTIONS,
    SCENE_COLUMNS,
    SCENES,
    TWO_MARKERS,
    WORDS,
)
from .xlsx_cells import escape, row_of, words_of
from .xlsx_guide import EXAMPLES, GUIDE
from .xlsx_rows import HTML_CELL

Cells = dict[str, str]
GUIDE_SHEET = "Petunjuk"
WIDE = {"text", "key", "hints", "feedback", "explanation", "consequence", "choice"}


def write(questions: Sequence[ImportedQuestion]) -> Written:
    rows: list[Cells] = []
    scenes: list[Cells] = []
    unheld: list[Unheld] = []
    for number, question in enumerate(questions, start=1):
        cells, story = _row(question, number), _scenes(question, number)
        if any(len(text) > MAXIMUM_CELL for row in (cells, *story) for text in row.values()):
            sentence = "Ada teks yang lebih panjang daripada satu sel Excel (32.767 huruf)."
            unheld.append(Unheld(number, question.title, sentence, omitted=True))
            continue
        if _has_picture(question.value):
            unheld.append(Unheld(number, question.title, "Gambarnya tidak terbawa: sel Excel hanya memuat teks."))
        rows.append(cells)
        scenes += story
    return Written(_workbook(rows, scenes), unheld)


def template() -> bytes:
    """The empty template: sheets to fill, and how to fill them."""
    return _workbook([], [])


def _has_picture(value: Any) -> bool:
    if isinstance(value, dict):
        return any((name == "image" and child) or _has_picture(child) for name, child in value.items())
    return isinstance(value, list) and any(map(_has_picture, value))


def _row(question: ImportedQuestion, number: int) -> Cells:
    value = question.value
    cells = {
        "number": str(number),
        "kind": QuestionKind(question.kind).label,
        "title": question.title,
        "text": _cell(value["text"]),
        "marks": str(value["marks"]),
        "topic": joined(question.topic),
        "difficulty": Difficulty(value["difficulty"]).label,
        "feedback": value["feedback"],
        "explanation": value["explanation"],
        "legal": value["legal_source"] or "",
        "verify": "Ya" if value["needs_verification"] else "",
        "tags": words_of(list(question.tags)),
    }
    return cells | ANSWERS[question.kind](value)


def _cell(html: str) -> str:
    """Plain words where they say everything, HTML otherwise."""
    plain = plain_of(html)
    return html if plain is None or HTML_CELL.match(plain) else plain


def _options(value: dict[str, Any]) -> Cells:
    options = list(zip(LETTERS, value["options"], strict=False))
    cells = {f"option_{letter}": option["text"] for letter, option in options}
    cells["hints"] = _hints([(letter, option["feedback"]) for letter, option in options])
    cells["key"] = "; ".join(letter for letter, option in options if option.get("right"))
    fractions = [option.get("fraction") for option in value["options"]]
    if None not in fractions:
        cells["weights"] = "; ".join(percent_of(fraction) for fraction in fractions)
    cells["rules"] = ALL_RIGHT if value.get("all_or_nothing") else ""
    return cells


def _hints(hints: list[tuple[str, str]]) -> str:
    return "\n".join(row_of(letter, escape(hint)) for letter, hint in hints if hint)


def _true_false(value: dict[str, Any]) -> Cells:
    return {
        "key": value["answer"].capitalize(),
        "hints": _hints([("A", value["feedback_true"]), ("B", value["feedback_false"])]),
    }


def _key(rows: list[str]) -> Cells:
    return {"key": "\n".join(rows)}


def _matching(value: dict[str, Any]) -> Cells:
    rows = [(pair["stem"], pair["match"]) for pair in value["pairs"]]
    rows += [("", other) for other in value["distractors"]]
    return _key([row_of(escape(stem), escape(match)) for stem, match in rows])


def _short(value: dict[str, Any]) -> Cells:
    rows = [
        row_of(escape(row["text"]), percent_of(row["fraction"]), escape(row["feedback"])) for row in value["accepted"]
    ]
    return _key(rows) | {"rules": CASE if value["match_case"] else ""}


def _numerical(value: dict[str, Any]) -> Cells:
    rows = [
        row_of(
            written(row["number"]),
            written(row["tolerance"] or Decimal(0)),
            percent_of(row["fraction"]),
            escape(row["feedback"]),
        )
        for row in value["numbers"]
    ]
    units = [row_of(escape(unit["name"]), written(unit["factor"])) for unit in value["units"]]
    return _key(rows) | {"units": "\n".join(units)}


def _gaps(value: dict[str, Any]) -> Cells:
    rows = [
        row_of(words_of(gap["answers"].split("\n")), words_of([word for word in gap["wrong"].split("\n") if word]))
        for gap in value["gaps"]
    ]
    return _key(rows)


def _essay(value: dict[str, Any]) -> Cells:
    rules = [TWO_MARKERS] if value["two_markers"] else []
    if value["max_words"]:
        rules.append(WORDS.format(value["max_words"]))
    rows = [row_of(escape(row["text"]), str(row["points"]), escape(row["guide"])) for row in value["rubric"]]
    return _key(rows) | {"rules": "; ".join(rules)}


ANSWERS: dict[str, Callable[[dict[str, Any]], Cells]] = {
    QuestionKind.SINGLE: _options,
    QuestionKind.MULTIPLE: _options,
    QuestionKind.SITUATIONAL: _options,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.ORDERING: lambda value: _key([escape(step) for step in value["steps"]]),
    QuestionKind.MATCHING: _matching,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ESSAY: _essay,
    QuestionKind.SCENARIO: lambda _value: {},
}


def _scenes(question: ImportedQuestion, number: int) -> list[Cells]:
    rows: list[Cells] = []
    for scene in question.value.get("scenes", []):
        head = {
            "number": str(number),
            "name": scene["name"],
            "text": _cell(scene["text"]),
            "ending": EndingTone(scene["ending"]).label if scene["ending"] else "",
        }
        choices = [
            {
                "choice": choice["text"],
                "to": choice["to"],
                "weight": percent_of(choice["fraction"]),
                "consequence": choice["consequence"],
                "feedback": choice["feedback"],
            }
            for choice in scene["choices"]
        ]
        rows.append(head | (choices[0] if choices else {}))
        rows += [{"number": str(number), "name": scene["name"], **choice} for choice in choices[1:]]
    return rows


def _workbook(rows: list[Cells], scenes: list[Cells]) -> bytes:
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for name, columns, content in ((QUESTIONS, COLUMNS, rows), (SCENES, SCENE_COLUMNS, scenes)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _table(sheet, 0, columns, content, bold, wrap)
            if name == QUESTIONS:
                for column, words in (("kind", QuestionKind.labels), ("difficulty", Difficulty.labels)):
                    place = list(columns).index(column)
                    sheet.data_validation(1, place, 2000, place, {"validate": "list", "source": list(words)})
        guide = book.add_worksheet(GUIDE_SHEET)
        guide.set_column(0, 0, 26)
        for place, (what, how) in enumerate(GUIDE):
            guide.write_string(place, 0, what, bold if not how else wrap)
            guide.write_string(place, 1, how, wrap)
        examples = [
            built(kind, value | {"text": html_of(value["text"])}, line=0, topic=topic)
            for kind, value, topic in EXAMPLES
        ]
        start = len(GUIDE) + 1
        guide.write_string(start - 1, 0, f"Contoh untuk lembar {QUESTIONS}", bold)
        filled = [_row(question, number) for number, question in enumerate(examples, start=1)]
        _table(guide, start, COLUMNS, filled, bold, wrap)
        start += len(filled) + 3
        guide.write_string(start - 1, 0, f"Contoh untuk lembar {SCENES}", bold)
        story = [row for number, question in enumerate(examples, start=1) for row in _scenes(question, number)]
        _table(guide, start, SCENE_COLUMNS, story, bold, wrap)
        guide.set_column(1, 1, 90)
    return file.getvalue()


def _table(sheet, start: int, columns: dict[str, str], rows: list[Cells], bold, wrap) -> None:
    for place, (column, title) in enumerate(columns.items()):
        sheet.write_string(start, place, title, bold)
        sheet.set_column(place, place, 40 if column in WIDE else 16)
        for line, row in enumerate(rows, start=start + 1):
            if text := row.get(column, ""):
                sheet.write_string(line, place, text, wrap)
