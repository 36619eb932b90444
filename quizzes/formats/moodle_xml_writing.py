"""Moodle's XML, written: every kind but the branching scenario, with its pictures inside."""

import base64
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from typing import Any
from urllib.parse import quote

from quizzes.choices import QuestionKind

from .building import HEADING, joined_feedback, percent_of, written
from .categories import text_from
from .cloze import write_cloze
from .extras import percent_weight, tags_of
from .model import ImportedQuestion, Picture, Unheld, Written

TYPES = {
    QuestionKind.SINGLE: "multichoice",
    QuestionKind.MULTIPLE: "multichoice",
    QuestionKind.SITUATIONAL: "multichoice",
    QuestionKind.TRUE_FALSE: "truefalse",
    QuestionKind.SHORT: "shortanswer",
    QuestionKind.NUMERICAL: "numerical",
    QuestionKind.MATCHING: "matching",
    QuestionKind.ESSAY: "essay",
    QuestionKind.GAPS: "cloze",
    QuestionKind.ORDERING: "ordering",
}
HELD = ("match_case", "units", "max_words")
MANY_DIGITS = Context(prec=50)


def write(questions: Sequence[ImportedQuestion]) -> Written:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    unheld: list[Unheld] = []
    topic: tuple[str, ...] = ()
    for number, question in enumerate(questions, start=1):
        if reason := reason_against(question):
            unheld.append(Unheld(number, question.title, reason, omitted=True))
            continue
        if question.topic != topic:
            topic = question.topic
            parts.append(f'<question type="category"><category>{_text(text_from(topic))}</category></question>')
        parts.append(_question(question))
    return Written("\n".join([*parts, "</quiz>", ""]).encode(), unheld)


def reason_against(question: ImportedQuestion) -> str:
    """Why Moodle's XML cannot hold the question; empty when it can."""
    if question.kind not in TYPES:
        return f"Moodle tidak mengenal soal jenis {QuestionKind(question.kind).label}."
    if HEADING in question.value["feedback"].split("\n"):
        return f"Umpan baliknya memuat baris “{HEADING}”, yang memisahkan pembahasan. Ubah baris itu."
    return ""


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _text(text: str) -> str:
    return f"<text>{_xml(text)}</text>"


def _plain(name: str, text: str, **fields: str) -> str:
    more = "".join(f' {key}="{_xml(value)}"' for key, value in fields.items())
    return f'<{name}{more} format="plain_text">{_text(text)}</{name}>'


def _pictured(html: str, picture: Picture | None, alt: str) -> str:
    """HTML with its picture as a file beside it."""
    if picture is None:
        return _text(html)
    shown = f'{html}<img src="@@PLUGINFILE@@/{quote(picture.name)}" alt="{_xml(alt)}">'
    data = base64.b64encode(picture.content).decode()
    return f'{_text(shown)}<file name="{_xml(picture.name)}" path="/" encoding="base64">{data}</file>'


def _question(question: ImportedQuestion) -> str:
    value = question.value
    stem = value["text"]
    if question.kind == QuestionKind.GAPS:
        stem = write_cloze(stem, value["gaps"])
    # The marks of a cloze are those of its gaps, so ours travel as a tag.
    held = HELD if question.kind == QuestionKind.GAPS else (*HELD, "marks")
    tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(question, held=held))
    return "\n".join(
        [
            f'<question type="{TYPES[QuestionKind(question.kind)]}">',
            f"<name>{_text(question.title)}</name>",
            f'<questiontext format="html">{_pictured(stem, value["image"], value["image_alt"])}</questiontext>',
            _plain("generalfeedback", joined_feedback(value)),
            f"<defaultgrade>{value['marks']}</defaultgrade><penalty>0</penalty><hidden>0</hidden>",
            *ANSWERS[question.kind](value),
            *([f"<tags>{tags}</tags>"] if tags else []),
            "</question>",
        ]
    )


def _answer(fraction: Decimal, text: str, feedback: str, inner: str = "") -> str:
    return (
        f'<answer fraction="{percent_of(fraction)}" format="plain_text">{_text(text)}'
        f"{_plain('feedback', feedback)}{inner}</answer>"
    )


def _options(value: dict[str, Any], fractions: list[Decimal], *, one: bool) -> list[str]:
    rows = [f"<single>{'true' if one else 'false'}</single><shuffleanswers>true</shuffleanswers>"]
    for option, fraction in zip(value["options"], fractions, strict=True):
        if option["image"]:
            html = "<br>".join(_xml(line) for line in option["text"].split("\n"))
            shown = _pictured(html, option["image"], option["image_alt"])
            feedback = _plain("feedback", option["feedback"])
            rows.append(f'<answer fraction="{percent_of(fraction)}" format="html">{shown}{feedback}</answer>')
        else:
            rows.append(_answer(fraction, option["text"], option["feedback"]))
    return rows


def _single(value: dict[str, Any]) -> list[str]:
    return _options(value, [Decimal(option["right"]) for option in value["options"]], one=True)


def _situational(value: dict[str, Any]) -> list[str]:
    return _options(value, [option["fraction"] for option in value["options"]], one=True)


def _multiple(value: dict[str, Any]) -> list[str]:
    right = sum(option["right"] for option in value["options"])
    fractions = [percent_weight(option["fraction"], option["right"], right) for option in value["options"]]
    return _options(value, fractions, one=False)


def _true_false(value: dict[str, Any]) -> list[str]:
    is_true = value["answer"] == "benar"
    return [
        _answer(Decimal(is_true), "true", value["feedback_true"]),
        _answer(Decimal(not is_true), "false", value["feedback_false"]),
    ]


def _short(value: dict[str, Any]) -> list[str]:
    rows = [_answer(row["fraction"], row["text"], row["feedback"]) for row in value["accepted"]]
    return [f"<usecase>{int(value['match_case'])}</usecase>", *rows]


def _numerical(value: dict[str, Any]) -> list[str]:
    rows = [
        _answer(
            row["fraction"],
            written(row["number"]),
            row["feedback"],
            f"<tolerance>{written(row['tolerance'] or Decimal(0))}</tolerance>",
        )
        for row in value["numbers"]
    ]
    units = "".join(
        f"<unit><multiplier>{MANY_DIGITS.divide(Decimal(1), unit['factor']):f}</multiplier>"
        f"<unit_name>{_xml(unit['name'])}</unit_name></unit>"
        for unit in value["units"]
    )
    return [*rows, *([f"<units>{units}</units>"] if units else [])]


def _matching(value: dict[str, Any]) -> list[str]:
    rows = [(pair["stem"], pair["match"]) for pair in value["pairs"]]
    rows += [("", other) for other in value["distractors"]]
    return ["<shuffleanswers>true</shuffleanswers>"] + [
        f'<subquestion format="plain_text">{_text(stem)}<answer>{_text(match)}</answer></subquestion>'
        for stem, match in rows
    ]


def _essay(value: dict[str, Any]) -> list[str]:
    guide = "\n".join(
        f"{row['text']} ({row['points']}){': ' if row['guide'] else ''}{row['guide']}" for row in value["rubric"]
    )
    limit = f"<maxwordlimit>{value['max_words']}</maxwordlimit>"
    return [f"<responseformat>editor</responseformat>{limit}", _plain("graderinfo", guide)]


def _ordering(value: dict[str, Any]) -> list[str]:
    rows = [_answer(Decimal(1), step, "") for step in value["steps"]]
    return ["<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>", *rows]


ANSWERS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.SITUATIONAL: _situational,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ESSAY: _essay,
    QuestionKind.GAPS: lambda _value: [],
    QuestionKind.ORDERING: _ordering,
}
