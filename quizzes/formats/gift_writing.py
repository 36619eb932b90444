"""Moodle's GIFT, written: every kind it can hold, with what is only ours in tags that Moodle keeps."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from quizzes.choices import QuestionKind

from .building import HEADING, joined_feedback, percent_of, written
from .categories import text_from
from .extras import percent_weight, tags_of
from .model import ImportedQuestion, Unheld, Written
from .text import picture_tag, plain_of

FORM = re.compile(r"\[(?:html|moodle|plain|markdown)\]|%")
GAP = "[[1]]"


def write(questions: Sequence[ImportedQuestion]) -> Written:
    lines: list[str] = []
    unheld: list[Unheld] = []
    topic: tuple[str, ...] = ()
    for number, question in enumerate(questions, start=1):
        if reason := reason_against(question):
            unheld.append(Unheld(number, question.title, reason, omitted=True))
            continue
        if question.topic != topic:
            topic = question.topic
            lines += [f"$CATEGORY: {text_from(topic)}", ""]
        lines += [*_question(question), ""]
    return Written("\n".join(lines).encode(), unheld)


def reason_against(question: ImportedQuestion) -> str:
    """Why GIFT cannot hold the question; empty when it can."""
    value = question.value
    if HEADING in value["feedback"].split("\n"):
        return f"Umpan baliknya memuat baris “{HEADING}”, yang memisahkan pembahasan. Ubah baris itu."
    if question.kind in (QuestionKind.ORDERING, QuestionKind.SCENARIO):
        return f"GIFT tidak mengenal soal jenis {QuestionKind(question.kind).label}."
    if question.kind == QuestionKind.GAPS and (len(value["gaps"]) > 1 or value["image"]):
        return "GIFT hanya memuat satu rumpang per soal, tanpa gambar."
    if question.kind == QuestionKind.MATCHING and any(
        "->" in text for pair in value["pairs"] for text in (pair["stem"], pair["match"])
    ):
        return "Pernyataan atau pasangannya memuat tanda ->, yang dalam GIFT memisahkan keduanya."
    return ""


def escape(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _words(text: str, form: str) -> str:
    """Plain text inside a question of the form: marked where it would be read as something else."""
    marked = form != "plain" or FORM.match(text)
    return f"[plain]{escape(text)}" if marked and text else escape(text)


def _feedback(text: str, form: str) -> str:
    return f"#{_words(text, form)}" if text else ""


def _question(question: ImportedQuestion) -> list[str]:
    value = question.value
    stem = plain_of(value["text"]) if not value["image"] else None
    form = "plain" if stem is not None else "html"
    if stem is None:
        stem = value["text"] + (picture_tag(value["image"], value["image_alt"]) if value["image"] else "")
    before, after = stem, ""
    if question.kind == QuestionKind.GAPS:
        before, _gap, after = stem.partition(GAP)
    comment = " ".join(f"[tag:{_tag(tag)}]" for tag in tags_of(question))
    answers = ANSWERS[question.kind](value, form)
    if general := joined_feedback(value):
        answers.append(f"####{_words(general, form)}")
    head = f"::{escape(question.title)}::[{form}]{escape(before)}"
    body = "\n".join(f"\t{answer}" for answer in answers)
    closed = f"{{\n{body}\n}}" if len(answers) > 1 else f"{{{answers[0] if answers else ''}}}"
    return [*([f"// {comment}"] if comment else []), head + closed + escape(after)]


def _tag(tag: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", tag)


def _option(option: dict[str, Any], fraction: Decimal, form: str, *, one: bool) -> str:
    mark = "=" if one and fraction == 1 else "~"
    weight = "" if mark == "=" or fraction == 0 else f"%{percent_of(fraction)}%"
    words = _words(option["text"], form)
    if option["image"]:
        text = option["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
        words = "[html]" + escape(text + picture_tag(option["image"], option["image_alt"]))
    return f"{mark}{weight}{words}{_feedback(option['feedback'], form)}"


def _single(value: dict[str, Any], form: str) -> list[str]:
    return [_option(option, Decimal(option["right"]), form, one=True) for option in value["options"]]


def _situational(value: dict[str, Any], form: str) -> list[str]:
    return [_option(option, option["fraction"], form, one=True) for option in value["options"]]


def _multiple(value: dict[str, Any], form: str) -> list[str]:
    right = sum(option["right"] for option in value["options"])
    return [
        _option(option, percent_weight(option["fraction"], option["right"], right), form, one=False)
        for option in value["options"]
    ]


def _true_false(value: dict[str, Any], form: str) -> list[str]:
    is_true = value["answer"] == "benar"
    right, wrong = value["feedback_true"], value["feedback_false"]
    if not is_true:
        right, wrong = wrong, right
    feedback = f"#{_words(wrong, form)}" if wrong or right else ""
    return [("TRUE" if is_true else "FALSE") + feedback + _feedback(right, form)]


def _short(value: dict[str, Any], form: str) -> list[str]:
    return [
        f"=%{percent_of(entry['fraction'])}%{_words(entry['text'], form)}{_feedback(entry['feedback'], form)}"
        for entry in value["accepted"]
    ]


def _matching(value: dict[str, Any], form: str) -> list[str]:
    pairs = [(pair["stem"], pair["match"]) for pair in value["pairs"]]
    rows = [*pairs, *(("", other) for other in value["distractors"])]
    return [f"=[plain]{escape(stem)} -> {escape(match)}" for stem, match in rows]


def _numerical(value: dict[str, Any], form: str) -> list[str]:
    rows = [
        f"=%{percent_of(row['fraction'])}%{written(row['number'])}:{written(row['tolerance'] or Decimal(0))}"
        + _feedback(row["feedback"], form)
        for row in value["numbers"]
    ]
    return ["#", *rows]


def _gaps(value: dict[str, Any], form: str) -> list[str]:
    gap = value["gaps"][0]
    return [
        mark + _words(line, form)
        for mark, lines in (("=", gap["answers"]), ("~", gap["wrong"]))
        for line in lines.split("\n")
        if line
    ]


ANSWERS: dict[str, Callable[[dict[str, Any], str], list[str]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SITUATIONAL: _situational,
    QuestionKind.MATCHING: _matching,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ESSAY: lambda _value, _form: [],
}
