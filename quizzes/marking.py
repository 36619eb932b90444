"""What marks given by people add up to. No database, no request; exact fractions (docs/decisions/0014-marking.md)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from .exceptions import MarkingRefused

# How long an answer stays with the marker who opened it; each saved draft starts the time anew.
LEASE = timedelta(minutes=30)
# Two markers may lie this far apart; beyond it a third one decides.
LARGEST_GAP = Fraction(1, 5)

Criteria = Sequence[Mapping[str, Any]]


def decided(fractions: Sequence[Fraction], *, wanted: int) -> Fraction | None:
    """Return what the marks of one answer (0..1 each, in the order of their seats) earn together.

    None while marks are missing: up to ``wanted`` of them, and a third one when the first two lie
    further apart than ``LARGEST_GAP``. The third decides alone.
    """
    if len(fractions) >= 3:
        return fractions[2]
    if len(fractions) < wanted or needs_third(fractions):
        return None
    return sum(fractions, Fraction(0)) / len(fractions)


def needs_third(fractions: Sequence[Fraction]) -> bool:
    return len(fractions) == 2 and abs(fractions[0] - fractions[1]) > LARGEST_GAP


def earned(answered: Fraction | None, ruled: Fraction | None) -> Fraction | None:
    """Return what a response earns: what people decided stands above the rule of its kind.

    The one home of this order. None while a person must still decide.
    """
    return answered if ruled is None else ruled


def points_given(criteria: Criteria, filled: Mapping[str, Any]) -> dict[str, int]:
    """Read the points of every criterion, 0 to the most it allows. Raises MarkingRefused with what is missing."""
    given = {}
    for number, criterion in enumerate(criteria, start=1):
        text = str(filled.get(criterion["uuid"], "")).strip()
        if not text:
            raise MarkingRefused(f"Beri poin untuk kriteria {number}: {criterion['text']}.")
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= criterion["points"]):
            raise MarkingRefused(
                f"Poin untuk kriteria {number} adalah angka bulat dari 0 sampai {criterion['points']}: "
                f"{criterion['text']}."
            )
        given[criterion["uuid"]] = int(text)
    return given


def points_available(criteria: Criteria) -> int:
    return sum(criterion["points"] for criterion in criteria)
