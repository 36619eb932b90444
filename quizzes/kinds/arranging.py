"""Putting steps in order, and statements together with what belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from quizzes.exceptions import AnswerRefused

from .base import NO_ANSWER, STALE_PAGE, Answer, Asked, Key, Kind, Line, Sent, result_of


@dataclass(frozen=True)
class Step:
    uuid: str
    html: SafeString
    number: int
    is_first: bool
    is_last: bool


class Ordering(Kind):
    """Earns the share of neighbours in the right order: three of four right follow-ons earn 3/4.

    A step that slid by one place must not cost the whole answer. The options stand in the right
    order; ``urutan`` holds all uuids as arranged, ``geser`` a move without script: ``<uuid>:-1``.
    """

    template = "quizzes/kinds/ordering.html"

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> list[str]:
        order = list(sent.get("urutan", ()))
        if not order:
            return NO_ANSWER
        if sorted(order) != sorted(asked.order):
            raise AnswerRefused(STALE_PAGE)
        for move in sent.get("geser", ()):
            uuid, _colon, step = move.partition(":")
            if uuid not in order or step not in ("-1", "1"):
                raise AnswerRefused(STALE_PAGE)
            place = order.index(uuid)
            order.insert(max(place + int(step), 0), order.pop(place))
        return order

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        right = _followers([option.uuid for option in key.options])
        return Fraction(len(right & _followers(answer)), len(right))

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        html = {option.uuid: option.html for option in key.options}
        given = [html.get(uuid, "") for uuid in answer] or [""] * len(key.options)
        return [
            Line(str(number), mine, option.html, result_of(Fraction(mine == option.html)) if answer else "")
            for number, (mine, option) in enumerate(zip(given, key.options, strict=False), start=1)
        ]

    def best(self, key: Key) -> list[str]:
        return [option.uuid for option in key.options]

    def untouched(self, asked: Asked, stored: Answer) -> list[str]:
        # The steps always stand in some order; nobody chose the first one.
        return stored or asked.order

    def fields(self, asked: Asked, stored: Answer) -> list[Step]:
        html = {option.uuid: mark_safe(option.html) for option in asked.options}
        order = stored or asked.order
        return [
            Step(uuid, html[uuid], number, number == 1, number == len(order))
            for number, uuid in enumerate(order, start=1)
        ]


def _followers(order: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(order))


@dataclass(frozen=True)
class Stem:
    uuid: str
    text: str
    options: list[tuple[str, SafeString, bool]]


class Matching(Kind):
    """Earns the share of statements with the right partner; wrong ones cost nothing.

    The options are the partners to choose from; ``shape["stems"]`` lists the statements (uuid, text),
    ``key["pairs"]`` names the partner of each. A form sends ``pasangan-<stem uuid>``; the answer is
    {stem: partner}.
    """

    template = "quizzes/kinds/matching.html"

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> dict[str, str] | list:
        answer = {}
        for stem in asked.shape["stems"]:
            chosen = one_of(sent, f"pasangan-{stem['uuid']}", asked.order)
            if chosen:
                answer[stem["uuid"]] = chosen
        return answer or NO_ANSWER

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        pairs = key.key["pairs"]
        given = answer or {}
        return Fraction(sum(given.get(stem) == partner for stem, partner in pairs.items()), len(pairs))

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        html = {option.uuid: option.html for option in key.options}
        pairs, given = key.key["pairs"], answer or {}
        return [
            Line(
                escape(stem["text"]),
                html.get(given.get(stem["uuid"], ""), ""),
                html[pairs[stem["uuid"]]],
                result_of(Fraction(given.get(stem["uuid"]) == pairs[stem["uuid"]])),
            )
            for stem in key.shape["stems"]
        ]

    def best(self, key: Key) -> dict[str, str]:
        return dict(key.key["pairs"])

    def fields(self, asked: Asked, stored: Answer) -> list[Stem]:
        given = stored or {}
        return [
            Stem(
                stem["uuid"],
                stem["text"],
                [
                    (option.uuid, mark_safe(option.html), option.uuid == given.get(stem["uuid"]))
                    for option in asked.options
                ],
            )
            for stem in asked.shape["stems"]
        ]


def one_of(sent: Sent, name: str, allowed: Sequence[str]) -> str:
    """The value of a drop-down field, or an empty string. Raises AnswerRefused for one it does not offer."""
    value = (sent.get(name) or [""])[-1]
    if value and value not in allowed:
        raise AnswerRefused(STALE_PAGE)
    return value
