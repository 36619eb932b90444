"""Assignment → duty → enrolment → item completion → course completion (the ledger)."""

from .drafts import AssignmentDraft
from .duties import (
    STATE_WORDS,
    Assignment,
    AssignmentQuerySet,
    DueRule,
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

__all__ = [
    "STATE_WORDS",
    "Assignment",
    "AssignmentDraft",
    "AssignmentQuerySet",
    "Correctable",
    "CourseCompletion",
    "CourseCompletionQuerySet",
    "DueRule",
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
]
