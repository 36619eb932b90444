"""Quiz pages, what they compile to, and what officers did with it."""

from quizzes.choices import AttemptEnd, Difficulty, QuestionKind, QuizRole, ReviewSetting

from .bank import BankQuestion, BankQuestionTag, BankUse
from .pages import QuizPage
from .rows import Attempt, AttemptGrant, LateAnswer, QuizVersion, Response, VersionOption, VersionPool, VersionQuestion

__all__ = [
    "Attempt",
    "AttemptEnd",
    "AttemptGrant",
    "BankQuestion",
    "BankQuestionTag",
    "BankUse",
    "Difficulty",
    "LateAnswer",
    "QuestionKind",
    "QuizPage",
    "QuizRole",
    "QuizVersion",
    "Response",
    "ReviewSetting",
    "VersionOption",
    "VersionPool",
    "VersionQuestion",
]
