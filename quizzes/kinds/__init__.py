"""The rules of each question kind: ``kind_of(code)``."""

from quizzes.choices import QuestionKind

from .arranging import Matching, Ordering
from .base import NO_ANSWER, Answer, Asked, Key, Kind, Line, Option, Sent
from .choice import OneChoice, SeveralChoices, TrueFalse
from .scenario import Scenario
from .written import Essay, Gaps, Numerical, Short

KINDS: dict[str, Kind] = {
    QuestionKind.SINGLE: OneChoice(),
    QuestionKind.MULTIPLE: SeveralChoices(),
    QuestionKind.TRUE_FALSE: TrueFalse(),
    QuestionKind.SITUATIONAL: OneChoice(),
    QuestionKind.ORDERING: Ordering(),
    QuestionKind.MATCHING: Matching(),
    QuestionKind.SHORT: Short(),
    QuestionKind.NUMERICAL: Numerical(),
    QuestionKind.GAPS: Gaps(),
    QuestionKind.ESSAY: Essay(),
    QuestionKind.SCENARIO: Scenario(),
}

__all__ = ["KINDS", "NO_ANSWER", "Answer", "Asked", "Key", "Kind", "Line", "Option", "Sent", "kind_of"]


def kind_of(code: str) -> Kind:
    """The rules of the kind a question names."""
    return KINDS[code]
