"""What the answers of an attempt are worth together; ``kinds`` says what each is worth. No database, no request.

A fraction here is an exact ``fractions.Fraction``: thirds must add up to one before they meet the pass mark.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .choices import QuestionKind

# Where guessing pays most.
PENALISED = (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE)


def grade_percent(responses: Sequence[tuple[Fraction, int]]) -> Decimal:
    """Return the grade in percent, 0..100, two places, half up.

    ``responses`` has one (fraction, available marks) pair per question. Raises ValueError when no
    marks are available.
    """
    earned, available = _sums(responses)
    return rounded(max(earned, Fraction(0)) * 100 / available, places=2)


def after_penalty(fraction: Fraction | None, *, kind: str, answered: bool, percent: int) -> Fraction | None:
    """Return what an answer is worth where wrong ones cost something.

    A given answer to a one-choice or true/false question that earns nothing costs ``percent`` (0..100) of
    the question's marks. An empty one costs nothing, and every other kind keeps its fraction: a situational
    answer already says itself what harm is worth.
    Source: docs/decisions/0012-delivery-and-review.md.
    """
    if percent and answered and kind in PENALISED and fraction == 0:
        return -Fraction(percent, 100)
    return fraction


def rounded(value: Fraction, *, places: int) -> Decimal:
    """Write an exact fraction with ``places`` decimals, half up (away from zero)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def has_passed(responses: Sequence[tuple[Fraction, int]], pass_fraction: Decimal) -> bool:
    """Say whether an attempt passes: on the exact sum, not on the rounded grade.

    ``responses`` has one (fraction, available marks) pair per question; fractions are -1..1,
    ``pass_fraction`` is 0..1. Raises ValueError when no marks are available.
    Source: docs/decisions/0007-pass-mark.md.
    """
    earned, available = _sums(responses)
    return earned >= Fraction(pass_fraction) * available


def _sums(responses: Sequence[tuple[Fraction, int]]) -> tuple[Fraction, int]:
    available = sum(of for _fraction, of in responses)
    if not available:
        raise ValueError("a quiz without marks can be neither passed nor failed")
    return sum((fraction * of for fraction, of in responses), Fraction(0)), available
