"""What counts for a question: its own key, or what a correction says. No database, no request.

Versions never change, so a wrong key is not rewritten; a ``KeyCorrection`` stands beside it. Everything
that grades or shows an answer asks here first (decision 0015).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .choices import Treatment
from .grading import after_penalty, grade_percent, has_passed, rounded
from .kinds import Answer, Key
from .marking import earned

if TYPE_CHECKING:
    from .models import KeyCorrection, QuizVersion, Response, VersionQuestion


MOST_REMEMBERED = 20_000
WORDS: dict[str, str] = {
    Treatment.KEY: "Kunci soal ini sudah diperbaiki.",
    Treatment.FULL: "Soal ini bermasalah. Semua peserta mendapat nilai penuh.",
    Treatment.DROP: "Soal ini bermasalah dan dibatalkan. Soal ini tidak dihitung.",
}


def digest_of(question: "VersionQuestion") -> str:
    """The question as it was asked: words, options, what they earn. The same content gives the same SHA-256."""
    key = question.answer_key
    options = [[option.uuid, option.html, f"{option.fraction:.5f}"] for option in key.options]
    return _hash([question.kind, question.html, question.marks, options, question.shape, question.key])


def key_digest_of(question: "VersionQuestion") -> str:
    """The key alone: two wordings of one question share it."""
    options = [[option.uuid, f"{option.fraction:.5f}"] for option in question.answer_key.options]
    return _hash([question.kind, options, question.key])


def _hash(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def corrected(key: Key, change: Mapping[str, Any]) -> Key:
    """``key`` with what a correction changes in it: see ``KeyCorrection.key``."""
    fractions = change.get("fractions", {})
    options = [replace(option, fraction=Decimal(fractions.get(option.uuid, option.fraction))) for option in key.options]
    if order := change.get("order"):
        options.sort(key=lambda option: order.index(option.uuid))
    return Key(options, key.shape, change.get("key", key.key))


@dataclass(frozen=True)
class Effect:
    """How one question counts: with which key, and whether it decides anything at all."""

    key: Key
    treatment: str = ""

    @property
    def counts(self) -> bool:
        """Whether the answer decides what the question is worth."""
        return self.treatment not in (Treatment.FULL, Treatment.DROP)

    @property
    def words(self) -> str:
        return WORDS.get(self.treatment, "")


class Effects:
    """The corrections of one quiz item, asked question by question."""

    def __init__(self, corrections: Iterable["KeyCorrection"] = ()) -> None:
        self._by_question: dict[str, list[KeyCorrection]] = {}
        for correction in corrections:
            self._by_question.setdefault(str(correction.question), []).append(correction)
        self._known: dict[int, Effect] = {}
        self._earned: dict[tuple[int, str], Fraction | None] = {}

    def with_proposed(self, correction: "KeyCorrection") -> "Effects":
        """These and one more, as if it had been approved just now."""
        every = [correction for corrections in self._by_question.values() for correction in corrections]
        return Effects([*every, correction])

    def on(self, question: "VersionQuestion") -> Effect:
        """How ``question`` counts; wants its options prefetched. The newest correction of the question decides."""
        if question.pk not in self._known:
            self._known[question.pk] = self._find(question)
        return self._known[question.pk]

    def fraction(self, question: "VersionQuestion", answer: Answer) -> Fraction | None:
        """What ``answer`` earns by the key that counts; None where a person must mark it.

        Thousands give the same few answers to a question: each is worked out once.
        """
        key = (question.pk, json.dumps(answer))
        if key not in self._earned:
            if len(self._earned) >= MOST_REMEMBERED:
                self._earned.clear()
            self._earned[key] = question.rules.fraction(self.on(question).key, answer)
        return self._earned[key]

    def correction_of(self, question: "VersionQuestion") -> "KeyCorrection | None":
        """The correction that decides ``question`` as it was asked there."""
        corrections = self._by_question.get(str(question.uuid))
        if not corrections:
            return None
        digest = digest_of(question)
        return next((correction for correction in reversed(corrections) if digest in correction.digests), None)

    def _find(self, question: "VersionQuestion") -> Effect:
        correction = self.correction_of(question)
        if correction is None:
            return Effect(question.answer_key)
        if correction.treatment == Treatment.KEY:
            return Effect(corrected(question.answer_key, correction.key), Treatment.KEY)
        return Effect(question.answer_key, correction.treatment)


@dataclass(frozen=True)
class Outcome:
    """What an attempt is worth. ``grade`` is None while a person must mark the answers in ``waiting``.

    ``fractions`` has what each answer earns, one per response; None where it is not marked yet.
    """

    fractions: Sequence[Decimal | None]
    waiting: "Sequence[Response]" = ()
    grade: Decimal | None = None
    passed: bool | None = None


@lru_cache(maxsize=1024)
def _stored(fraction: Fraction) -> Decimal:
    return rounded(fraction, places=5)


def outcome_of(
    responses: "Sequence[Response]",
    version: "QuizVersion",
    *,
    effects: Effects,
    ruled: Mapping[int, Fraction | None],
) -> Outcome:
    """Grade an attempt from its stored answers, what people decided about them and the corrections; nothing else.

    The one home of this order: the rule of the kind by the key that counts, then the penalty of the quiz, then
    what people ruled (``ruled`` is by the id of the response). A pre-test neither passes nor fails. A dropped
    question leaves the total; one with full marks for everybody counts as answered rightly, whether anybody has
    marked it or not. Whoever is left without a question cannot be blamed for any: that counts as everything right.
    """
    fractions: list[Decimal | None] = []
    counted: list[tuple[Fraction, int]] = []
    waiting = []
    for response in responses:
        question = response.question
        effect = effects.on(question)
        by_rule = after_penalty(
            effects.fraction(question, response.answer),
            kind=question.kind,
            answered=response.answered,
            percent=version.wrong_penalty,
        )
        fraction = earned(by_rule, ruled.get(response.pk))
        fractions.append(None if fraction is None else _stored(fraction))
        if effect.treatment == Treatment.FULL:
            counted.append((Fraction(1), question.marks))
        elif effect.treatment != Treatment.DROP:
            counted.append((fraction or Fraction(0), question.marks))
            if fraction is None:
                waiting.append(response)
    if waiting:
        return Outcome(fractions, waiting)
    counted = counted or [(Fraction(1), 1)]
    passed = None if version.pass_fraction is None else has_passed(counted, version.pass_fraction)
    return Outcome(fractions, (), grade_percent(counted), passed)
