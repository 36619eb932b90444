"""Answers in words and figures of one's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .arranging import one_of
from .base import NO_ANSWER, Answer, Asked, Key, Kind, Line, Sent, one, result_of

GAP = re.compile(r"\[\[(\d{1,2})\]\]")
LONGEST_LINE = 200
LONGEST_ESSAY = 20_000
THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")


def folded(text: str) -> str:
    """The text as it is compared: without case, runs of spaces and surrounding spaces."""
    return _spaced(text).casefold()


def fits(form: str, text: str, *, match_case: bool = False) -> bool:
    """Whether a text is the accepted form; ``*`` in the form stands for any text, ``\\*`` for the star itself."""
    normal = _spaced if match_case else folded
    first, *others = [piece.replace("\\*", "*") for piece in re.split(r"(?<!\\)\*", normal(form))]
    compared = normal(text)
    if not others:
        return compared == first
    *middle, last = others
    if not compared.startswith(first) or not compared[len(first) :].endswith(last):
        return False
    rest = compared[len(first) : len(compared) - len(last)]
    for piece in middle:
        place = rest.find(piece)
        if place < 0:
            return False
        rest = rest[place + len(piece) :]
    return True


def _spaced(text: str) -> str:
    return " ".join(text.split())


class Short(Kind):
    """Of the accepted forms that fit, the one worth most decides. ``jawaban``: a line of text."""

    template = "quizzes/kinds/short.html"
    lines_template = "quizzes/kinds/_one_line.html"

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> str | list:
        return one(sent, "jawaban", longest=LONGEST_LINE) or NO_ANSWER

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        found = self._found(key, answer)
        return Fraction(found["fraction"]) if found else Fraction(0)

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        found = self._found(key, answer)
        right = ", ".join(form["text"] for form in key.key["accepted"] if Fraction(form["fraction"]) == 1)
        result = result_of(self.fraction(key, answer)) if answer else ""
        return [Line("Jawaban", escape(answer or ""), escape(right), result, found["feedback"] if found else "")]

    def best(self, key: Key) -> str:
        form = max(key.key["accepted"], key=lambda form: Fraction(form["fraction"]))
        return form["text"].replace("\\*", "*")

    def fields(self, asked: Asked, stored: Answer) -> str:
        return stored or ""

    def _found(self, key: Key, answer: Answer) -> dict[str, Any] | None:
        if not answer:
            return None
        match_case = key.key.get("match_case", False)
        fitting = [form for form in key.key["accepted"] if fits(form["text"], answer, match_case=match_case)]
        return max(fitting, key=lambda form: Fraction(form["fraction"]), default=None)


def number_of(text: str) -> Decimal | None:
    """Read a number as Indonesians write it: ``1.250,75``, ``12,5``, ``1.250``; ``12.5`` is read too. None if none."""
    compact = text.replace(" ", "").replace("\u2212", "-")
    if "," in compact or THOUSANDS.fullmatch(compact):
        compact = compact.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", compact):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


@dataclass(frozen=True)
class NumberField:
    number: str
    unit: str
    units: list[str]
    unreadable: bool


class Numerical(Kind):
    """Of the numbers that fit, the one worth most decides.

    ``angka`` as typed and ``satuan``, one of ``shape["units"]``; the answer keeps both as they were given.
    """

    template = "quizzes/kinds/numerical.html"
    lines_template = "quizzes/kinds/_one_line.html"

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> dict[str, str] | list:
        number = one(sent, "angka", longest=40)
        unit = one_of(sent, "satuan", asked.shape["units"])
        return {"number": number, "unit": unit} if number else NO_ANSWER

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        found = self._found(key, answer)
        return Fraction(found["fraction"]) if found else Fraction(0)

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        found = self._found(key, answer)
        units = key.shape["units"]
        unit = f" {units[0]}" if units else ""
        right = " atau ".join(
            _with_tolerance(value) + unit for value in key.key["numbers"] if Fraction(value["fraction"]) == 1
        )
        given = f"{answer['number']} {answer['unit']}".strip() if answer else ""
        result = result_of(self.fraction(key, answer)) if answer else ""
        return [Line("Jawaban", escape(given), escape(right), result, found["feedback"] if found else "")]

    def best(self, key: Key) -> dict[str, str]:
        value = max(key.key["numbers"], key=lambda value: Fraction(value["fraction"]))
        units = key.shape["units"]
        return {"number": _plain(value["number"]), "unit": units[0] if units else ""}

    def fields(self, asked: Asked, stored: Answer) -> NumberField:
        number = stored["number"] if stored else ""
        unit = stored["unit"] if stored else ""
        return NumberField(number, unit, list(asked.shape["units"]), bool(number) and number_of(number) is None)

    def _found(self, key: Key, answer: Answer) -> dict[str, Any] | None:
        number = number_of(answer["number"]) if answer else None
        if number is None:
            return None
        factors = {unit["name"]: Fraction(unit["factor"]) for unit in key.key["units"]}
        # With several units the one chosen counts; with one or none there is nothing to choose.
        if len(factors) > 1 and answer["unit"] not in factors:
            return None
        size = Fraction(number) * factors.get(answer["unit"], Fraction(1))
        fitting = [
            value
            for value in key.key["numbers"]
            if abs(size - Fraction(value["number"])) <= Fraction(value["tolerance"])
        ]
        return max(fitting, key=lambda value: Fraction(value["fraction"]), default=None)


def _with_tolerance(value: dict[str, Any]) -> str:
    tolerance = f" ± {_plain(value['tolerance'])}" if Fraction(value["tolerance"]) else ""
    return _plain(value["number"]) + tolerance


def _plain(number: str) -> str:
    """A stored decimal as an Indonesian reads it: 12.500000 → 12,5."""
    return f"{Decimal(number).normalize():f}".replace(".", ",")


@dataclass(frozen=True)
class GapField:
    """A piece of the question's text and the gap that follows it; the last piece has none (``number`` 0)."""

    html: SafeString
    number: int = 0
    name: str = ""
    value: str = ""
    choices: Sequence[tuple[str, bool]] = ()


class Gaps(Kind):
    """Earns the share of gaps filled rightly. ``shape["gaps"]`` lists uuid and choices (none: typed).

    The question's text carries [[1]], [[2]] …; a form sends ``isian-<uuid>``; the answer is {gap: text}.
    """

    template = "quizzes/kinds/gaps.html"

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> dict[str, str] | list:
        answer = {}
        for gap in asked.shape["gaps"]:
            name = f"isian-{gap['uuid']}"
            text = one_of(sent, name, gap["choices"]) if gap["choices"] else one(sent, name, longest=LONGEST_LINE)
            if text:
                answer[gap["uuid"]] = text
        return answer or NO_ANSWER

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        gaps = key.shape["gaps"]
        return Fraction(sum(self._is_right(key, gap, answer) for gap in gaps), len(gaps))

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        given = answer or {}
        return [
            Line(
                f"Rumpang {number}",
                escape(given.get(gap["uuid"], "")),
                escape(", ".join(key.key["gaps"][gap["uuid"]])),
                result_of(Fraction(self._is_right(key, gap, answer))),
            )
            for number, gap in enumerate(key.shape["gaps"], start=1)
        ]

    def read(self, html: str) -> SafeString:
        return mark_safe(GAP.sub(r'<span class="gap">\1</span>', html))

    def best(self, key: Key) -> dict[str, str]:
        return {gap: accepted[0] for gap, accepted in key.key["gaps"].items()}

    def fields(self, asked: Asked, stored: Answer) -> list[GapField]:
        given = stored or {}
        # Text, number, text, number, …, text.
        pieces = GAP.split(asked.html)
        fields = []
        for html, number in zip(pieces[::2], pieces[1::2], strict=False):
            gap = asked.shape["gaps"][int(number) - 1]
            value = given.get(gap["uuid"], "")
            choices = [(text, text == value) for text in gap["choices"]]
            fields.append(GapField(mark_safe(html), int(number), f"isian-{gap['uuid']}", value, choices))
        return [*fields, GapField(mark_safe(pieces[-1]))]

    def _is_right(self, key: Key, gap: dict[str, Any], answer: Answer) -> bool:
        text = (answer or {}).get(gap["uuid"], "")
        return bool(text) and folded(text) in {folded(accepted) for accepted in key.key["gaps"][gap["uuid"]]}


@dataclass(frozen=True)
class EssayField:
    text: str
    max_words: int
    criteria: list[dict[str, Any]]


class Essay(Kind):
    """Marked by a person with ``shape["criteria"]``; an empty one earns 0 without anybody. ``jawaban``: the text."""

    template = "quizzes/kinds/essay.html"
    lines_template = "quizzes/kinds/_one_line.html"
    by_hand = True

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> str | list:
        return one(sent, "jawaban", longest=LONGEST_ESSAY) or NO_ANSWER

    def fraction(self, key: Key, answer: Answer) -> Fraction | None:
        return None if answer else Fraction(0)

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        return [Line("Jawaban", escape(answer or ""), "", "")]

    def best(self, key: Key) -> list:
        return NO_ANSWER

    def fields(self, asked: Asked, stored: Answer) -> EssayField:
        return EssayField(stored or "", asked.shape["max_words"], asked.shape["criteria"])
