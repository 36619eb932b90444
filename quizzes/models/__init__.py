"""Quiz pages, what they compile to, and what officers did with it."""

from quizzes.choices import (
    AttemptEnd,
    Difficulty,
    EventKind,
    News,
    QuestionKind,
    QuizRole,
    RulingOrigin,
)

from .bank import BankQuestion, BankQuestionTag, BankUse
from .corrections import GradeChange, KeyCorrection, Regrade
from .delivery import (
    Accommodation,
    AttemptExtension,
    Outage,
    RedoOrder,
    RedoRequest,
    unanswered_course_versions,
    unanswered_versions,
)
from .events import AttemptEvent
from .imported import ImportedSitting, QuestionImport
from .marking import Dispute, DisputeAnswer, LateDecision, Mark, MarkingClaim, MarkingTask, Ruling
from .pages import QuizPage
from .rows import Attempt, AttemptGrant, AttemptQuerySet, LateAnswer, Response
from .versions import QuizVersion, VersionOption, VersionPool, VersionQuestion

__all__ = [
    "Accommodation",
    "Attempt",
    "AttemptEnd",
    "AttemptEvent",
    "AttemptExtension",
    "AttemptGrant",
    "AttemptQuerySet",
    "BankQuestion",
    "BankQuestionTag",
    "BankUse",
    "Difficulty",
    "Dispute",
    "DisputeAnswer",
    "EventKind",
    "GradeChange",
    "ImportedSitting",
    "KeyCorrection",
    "LateAnswer",
    "LateDecision",
    "Mark",
    "MarkingClaim",
    "MarkingTask",
    "News",
    "Outage",
    "QuestionImport",
    "QuestionKind",
    "QuizPage",
    "QuizRole",
    "QuizVersion",
    "RedoOrder",
    "RedoRequest",
    "Regrade",
    "Response",
    "Ruling",
    "RulingOrigin",
    "VersionOption",
    "VersionPool",
    "VersionQuestion",
    "unanswered_course_versions",
    "unanswered_versions",
]
