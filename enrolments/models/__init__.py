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
from .reliefs import (
    OFFERED_REASONS,
    DueChange,
    Relief,
    ReliefDocument,
    ReliefEnd,
    ReliefKind,
    ReliefQuerySet,
    ReliefReason,
)
from .targets import JpTarget

__all__ = [
    "OFFERED_REASONS",
    "STATE_WORDS",
    "Assignment",
    "AssignmentDraft",
    "AssignmentQuerySet",
    "Correctable",
    "CourseCompletion",
    "CourseCompletionQuerySet",
    "DueChange",
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
    "JpTarget",
    "Relief",
    "ReliefDocument",
    "ReliefEnd",
    "ReliefKind",
    "ReliefQuerySet",
    "ReliefReason",
]
