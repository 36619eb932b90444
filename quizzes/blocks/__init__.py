"""The question blocks: the same classes on a quiz page and in the question bank."""

from quizzes.choices import QuestionKind

from .arranging import MatchingBlock, OrderingBlock
from .bank import BANK_BLOCKS, DRAW, FROM_BANK, TopicBlock, least_of
from .choice import MultipleBlock, SingleBlock, SituationalBlock, TrueFalseBlock
from .scenario import ScenarioBlock
from .written import EssayBlock, GapsBlock, NumericalBlock, ShortBlock

__all__ = ["BANK_BLOCKS", "DRAW", "FROM_BANK", "QUESTION_BLOCKS", "TopicBlock", "least_of"]

QUESTION_BLOCKS = [
    (QuestionKind.SINGLE.value, SingleBlock()),
    (QuestionKind.MULTIPLE.value, MultipleBlock()),
    (QuestionKind.TRUE_FALSE.value, TrueFalseBlock()),
    (QuestionKind.SITUATIONAL.value, SituationalBlock()),
    (QuestionKind.ORDERING.value, OrderingBlock()),
    (QuestionKind.MATCHING.value, MatchingBlock()),
    (QuestionKind.SHORT.value, ShortBlock()),
    (QuestionKind.NUMERICAL.value, NumericalBlock()),
    (QuestionKind.GAPS.value, GapsBlock()),
    (QuestionKind.ESSAY.value, EssayBlock()),
    (QuestionKind.SCENARIO.value, ScenarioBlock()),
]
