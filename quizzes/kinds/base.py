"""What a question kind decides: which answers it takes, what they are worth, how they read afterwards.

Plain values only: no database, no request, no blocks. A fraction is an exact ``fractions.Fraction``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from quizzes.exceptions import AnswerRefused

# What a response stores: JSON of the kind's own shape; anything empty means unanswered.
Answer = Any
# A posted form: every value of every field, in the order they were sent.
Sent = Mapping[str, Sequence[str]]
NO_ANSWER: list = []

STALE_PAGE = "Jawaban ini bukan bagian dari soalnya. Muat ulang halaman, lalu jawab lagi."


@dataclass(frozen=True)
class Option:
    """An option as compiled. Before review opens ``fraction`` and ``feedback`` stay unread."""

    uuid: str
    html: SafeString
    fraction: Decimal = Decimal(0)
    feedback: str = ""


@dataclass(frozen=True)
class Asked:
    """What the officer's page may know: text, options in the order shown, and the public ``shape`` of the question.

    ``story`` is the key of a scenario, for its kind to play one scene at a time; empty for all others.
    """

    html: str
    options: Sequence[Option] = ()
    shape: Mapping[str, Any] = field(default_factory=dict)
    story: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> list[str]:
        return [option.uuid for option in self.options]


@dataclass(frozen=True)
class Key:
    """What only the server and an open review may know. ``options`` stand in the author's order."""

    options: Sequence[Option]
    shape: Mapping[str, Any] = field(default_factory=dict)
    key: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row of a reviewed answer: what was asked, given and right, as safe HTML; ``hint`` is plain text.

    ``result`` is ``correct``, ``partial``, ``wrong`` or empty.
    """

    label: str
    given: str
    right: str
    result: str
    hint: str = ""


class Kind:
    """The rules of one question kind. Subclasses are stateless; ``KINDS`` holds one of each."""

    # The fragment under templates/quizzes/kinds/ that shows the fields of the answer.
    template = ""
    # The fragment that shows ``lines`` once review is open.
    lines_template = "quizzes/kinds/_lines.html"
    # Whether a person marks it, and whether it is played scene by scene from its key.
    by_hand = False
    is_story = False
    # Whether the options of a question may stand in another order for each officer.
    shuffles = True

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> Answer:
        """Return the answer that a posted form holds; ``stored`` is what stands now. Raises AnswerRefused."""
        raise NotImplementedError

    def fraction(self, key: Key, answer: Answer) -> Fraction | None:
        """Return what an answer earns (-1..1), or None where a person must mark it. No answer earns 0."""
        raise NotImplementedError

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        """The reviewed answer row by row; empty for kinds that show their options instead."""
        return []

    def read(self, html: str) -> SafeString:
        """The question's text where its answer stands beside it."""
        return mark_safe(html)

    def best(self, key: Key) -> Answer:
        """An answer that earns the most, for the author's preview."""
        raise NotImplementedError

    def untouched(self, asked: Asked, stored: Answer) -> Answer:
        """The answer that a form sends which nobody touched."""
        return stored

    def fields(self, asked: Asked, stored: Answer) -> Any:
        """What the kind's template shows beside the question, with what was answered so far."""
        return None


def one(sent: Sent, name: str, *, longest: int) -> str:
    """The single value of a text field, without surrounding spaces. Raises AnswerRefused when it is too long."""
    values = sent.get(name) or [""]
    # No database stores NUL or half a surrogate pair.
    whole = values[-1].encode("utf-8", "ignore").decode().replace("\x00", "")
    text = whole.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise AnswerRefused(f"Jawaban terlalu panjang: {len(text)} huruf, paling banyak {longest}. Ringkaslah dahulu.")
    return text


def result_of(fraction: Fraction) -> str:
    if fraction >= 1:
        return "correct"
    return "partial" if fraction > 0 else "wrong"
