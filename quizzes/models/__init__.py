"""Quiz pages, what they compile to, and what officers did with it."""

from quizzes.choices import AttemptEnd, Difficulty, QuestionKind, QuizRole

from .delivery import (
    Accommodation,
    AttemptExtension,
    Outage,
    RedoOrder,
    RedoRequest,
    unanswered_versions,
)
from .pages import QuizPage
from .rows import (
    Attempt,
    AttemptGrant,
    AttemptQuerySet,
    LateAnswer,
    QuizVersion,
    Response,
    VersionOption,
    VersionQuestion,
)

__all__ = [
    "Accommodation",
    "Attempt",
    "AttemptEnd",
    "AttemptExtension",
    "AttemptGrant",
    "AttemptQuerySet",
    "Difficulty",
    "LateAnswer",
    "Outage",
    "QuestionKind",
    "QuizPage",
    "QuizRole",
    "QuizVersion",
    "RedoOrder",
    "RedoRequest",
    "Response",
    "VersionOption",
    "VersionQuestion",
    "unanswered_versions",
]
