"""Choosing one option or several."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString, mark_safe

from quizzes.exceptions import AnswerRefused

from .base import STALE_PAGE, Answer, Asked, Key, Kind, Sent


@dataclass(frozen=True)
class Choice:
    value: str
    text: SafeString
    checked: bool


class OneChoice(Kind):
    """The options carry what they earn. ``pilihan``: the uuid chosen."""

    template = "quizzes/kinds/choice.html"
    several = False

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> list[str]:
        wanted = set(sent.get("pilihan", ()))
        if not wanted <= set(asked.order):
            raise AnswerRefused(STALE_PAGE)
        if len(wanted) > 1 and not self.several:
            raise AnswerRefused("Pilih satu jawaban saja.")
        # In the order shown, so that the same choice is always the same list.
        return [uuid for uuid in asked.order if uuid in wanted]

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        return sum((Fraction(option.fraction) for option in key.options if option.uuid in answer), Fraction(0))

    def best(self, key: Key) -> list[str]:
        return [max(key.options, key=lambda option: option.fraction).uuid] if key.options else []

    def fields(self, asked: Asked, stored: Answer) -> list[Choice]:
        return [Choice(option.uuid, mark_safe(option.html), option.uuid in stored) for option in asked.options]


class TrueFalse(OneChoice):
    shuffles = False


class SeveralChoices(OneChoice):
    """Right minus wrong over the number of right options, never below 0 (decision 0007).

    With ``weights`` the options' own fractions are summed instead; with ``all_or_nothing`` only the
    whole answer earns.
    """

    several = True

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        right = {option.uuid for option in key.options if option.fraction > 0}
        chosen = {option.uuid for option in key.options if option.uuid in answer}
        if key.key.get("all_or_nothing"):
            return Fraction(chosen == right)
        if key.key.get("weights"):
            # Thirds written with five places must add up to one.
            if chosen == right:
                return Fraction(1)
            return min(max(super().fraction(key, answer), Fraction(0)), Fraction(1))
        return Fraction(max(len(right & chosen) - len(chosen - right), 0), len(right))

    def best(self, key: Key) -> list[str]:
        return [option.uuid for option in key.options if option.fraction > 0]
