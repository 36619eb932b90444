"""Quiz pages, what they compile to, and what officers did with it."""

from quizzes.choices import (
    AttemptEnd,
    Difficulty,
    EventKind,
    News,
    QuestionKind,
    QuizRole,
    ReviewSetting,
    RulingOrigin,
)

from .corrections import GradeChange, KeyCorrection, Regrade
from .events import AttemptEvent
from .marking import Dispute, DisputeAnswer, LateDecision, Mark, MarkingClaim, MarkingTask, Ruling
from .pages import QuizPage
from .rows import Attempt, AttemptGrant, LateAnswer, QuizVersion, Response, VersionOption, VersionQuestion

__all__ = [
    "Attempt",
    "AttemptEnd",
    "AttemptEvent",
    "AttemptGrant",
    "Difficulty",
    "Dispute",
    "DisputeAnswer",
    "EventKind",
    "GradeChange",
    "KeyCorrection",
    "LateAnswer",
    "LateDecision",
    "Mark",
    "MarkingClaim",
    "MarkingTask",
    "News",
    "QuestionKind",
    "QuizPage",
    "QuizRole",
    "QuizVersion",
    "Regrade",
    "Response",
    "ReviewSetting",
    "Ruling",
    "RulingOrigin",
    "VersionOption",
    "VersionQuestion",
]
