"""Assignment → duty → enrolment → item completion → course completion (the ledger)."""

from .duties import (
    STATE_WORDS,
    Assignment,
    AssignmentQuerySet,
    Duty,
    DutyEnd,
    DutyFigures,
    DutyQuerySet,
    DutyReason,
    DutyReasonQuerySet,
)
from .learning import (
    Correctable,
    CourseCompletion,
    CourseCompletionQuerySet,
    Enrolment,
    EnrolmentQuerySet,
    ItemCompletion,
    ItemCompletionQuerySet,
    ItemReopening,
)
from .targets import JpTarget

__all__ = [
    "STATE_WORDS",
    "Assignment",
    "AssignmentQuerySet",
    "Correctable",
    "CourseCompletion",
    "CourseCompletionQuerySet",
    "Duty",
    "DutyEnd",
    "DutyFigures",
    "DutyQuerySet",
    "DutyReason",
    "DutyReasonQuerySet",
    "Enrolment",
    "EnrolmentQuerySet",
    "ItemCompletion",
    "ItemCompletionQuerySet",
    "ItemReopening",
    "JpTarget",
]
