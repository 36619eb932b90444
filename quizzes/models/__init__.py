"""Quiz pages, what they compile to, and what officers did with it."""

from quizzes.choices import AttemptEnd, Difficulty, QuestionKind, QuizRole, ReviewSetting

from .imported import ImportedSitting, QuestionImport
from .pages import QuizPage
from .rows import Attempt, AttemptGrant, LateAnswer, QuizVersion, Response, VersionOption, VersionQuestion

__all__ = [
    "Attempt",
    "AttemptEnd",
    "AttemptGrant",
    "Difficulty",
    "ImportedSitting",
    "LateAnswer",
    "QuestionImport",
    "QuestionKind",
    "QuizPage",
    "QuizRole",
    "QuizVersion",
    "Response",
    "ReviewSetting",
    "VersionOption",
    "VersionQuestion",
]
