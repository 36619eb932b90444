"""Which choices people made, question by question: names for counting and words for the screen.

Only what the author offered is named; what somebody typed never leaves the attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.html import strip_tags
from django.utils.text import Truncator

from .choices import QuestionKind
from .kinds import Answer, Key
from .kinds.choice import OneChoice
from .kinds.written import fits, folded

if TYPE_CHECKING:
    from .models import VersionQuestion

OTHER = "lain"
LONGEST_LABEL = 160


@dataclass(frozen=True)
class Choice:
    """Something that could be answered; ``right`` when it earns the most that one choice can."""

    key: str
    label: str
    right: bool


def plain(html: str, length: int = LONGEST_LABEL) -> str:
    """The words of some HTML on one line, cut at ``length``."""
    return Truncator(" ".join(strip_tags(html.replace("<", " <")).split())).chars(length)


def chosen(question: "VersionQuestion", key: Key, answer: Answer) -> list[str]:
    """The names of the choices that a stored answer makes; empty for kinds that cannot be counted like this."""
    count = _COUNTED.get(question.kind)
    return count[1](key, answer) if count and answer else []


def choices_of(question: "VersionQuestion", key: Key) -> list[Choice]:
    """Everything ``chosen`` may name, in the author's order, right by ``key``."""
    count = _COUNTED.get(question.kind)
    return count[0](key) if count else []


def is_chosen(question: "VersionQuestion") -> bool:
    """Whether the question is answered by choosing options, so that a wrong one can beat the key."""
    return isinstance(question.rules, OneChoice)


def _options(key: Key) -> list[Choice]:
    best = max((option.fraction for option in key.options), default=Decimal(0))
    return [Choice(option.uuid, plain(option.html), option.fraction >= best > 0) for option in key.options]


def _ticked(key: Key) -> list[Choice]:
    return [Choice(option.uuid, plain(option.html), option.fraction > 0) for option in key.options]


def _picked(_key: Key, answer: Answer) -> list[str]:
    return list(answer)


def _pairs(key: Key) -> list[Choice]:
    return [
        Choice(f"{stem['uuid']}:{option.uuid}", f"{plain(stem['text'])} → {plain(option.html)}", right == option.uuid)
        for stem in key.shape["stems"]
        for right in [key.key["pairs"][stem["uuid"]]]
        for option in key.options
    ]


def _paired(_key: Key, answer: Answer) -> list[str]:
    return [f"{stem}:{partner}" for stem, partner in answer.items()]


def _forms(key: Key) -> list[Choice]:
    forms = [Choice(form["uuid"], form["text"], Decimal(form["fraction"]) == 1) for form in key.key["accepted"]]
    return [*forms, Choice(OTHER, "Jawaban lain", False)]


def _form(key: Key, answer: Answer) -> list[str]:
    match_case = key.key.get("match_case", False)
    accepted = key.key["accepted"]
    return [next((form["uuid"] for form in accepted if fits(form["text"], answer, match_case=match_case)), OTHER)]


def _gaps(key: Key) -> list[Choice]:
    choices = []
    for number, gap in enumerate(key.shape["gaps"], start=1):
        right = {folded(text) for text in key.key["gaps"][gap["uuid"]]}
        choices += [
            Choice(f"{gap['uuid']}:{folded(text)}", f"Rumpang {number}: {text}", folded(text) in right)
            for text in gap["choices"] or key.key["gaps"][gap["uuid"]]
        ]
        if not gap["choices"]:
            choices.append(Choice(f"{gap['uuid']}:{OTHER}", f"Rumpang {number}: jawaban lain", False))
    return choices


def _filled(key: Key, answer: Answer) -> list[str]:
    known = {
        gap["uuid"]: {folded(text) for text in gap["choices"] or key.key["gaps"][gap["uuid"]]}
        for gap in key.shape["gaps"]
    }
    return [f"{gap}:{folded(text) if folded(text) in known.get(gap, ()) else OTHER}" for gap, text in answer.items()]


def _scenes(key: Key) -> list[Choice]:
    choices = []
    for name, scene in key.key["scenes"].items():
        best = max((Decimal(choice["fraction"]) for choice in scene["choices"]), default=Decimal(0))
        choices += [
            Choice(choice["uuid"], f"{name}: {choice['text']}", Decimal(choice["fraction"]) == best)
            for choice in scene["choices"]
        ]
    return choices


_Count = tuple[Callable[[Key], list[Choice]], Callable[[Key, Answer], list[str]]]
_COUNTED: dict[str, _Count] = {
    QuestionKind.SINGLE: (_options, _picked),
    QuestionKind.TRUE_FALSE: (_options, _picked),
    QuestionKind.SITUATIONAL: (_options, _picked),
    QuestionKind.MULTIPLE: (_ticked, _picked),
    QuestionKind.MATCHING: (_pairs, _paired),
    QuestionKind.SHORT: (_forms, _form),
    QuestionKind.GAPS: (_gaps, _filled),
    QuestionKind.SCENARIO: (_scenes, _picked),
}
