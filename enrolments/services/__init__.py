"""The verbs of this room."""

from .assigning import assign_course, withdraw_assignment
from .learning import (
    complete_course_when_earned,
    complete_item,
    complete_lesson,
    complete_what_a_new_version_freed,
    progress_of,
    start_course,
)

__all__ = [
    "assign_course",
    "complete_course_when_earned",
    "complete_item",
    "complete_lesson",
    "complete_what_a_new_version_freed",
    "progress_of",
    "start_course",
    "withdraw_assignment",
]
