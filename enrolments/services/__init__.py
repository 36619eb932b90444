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
from .relieving import Wish, ask_relief, end_relief, withdraw_relief

__all__ = [
    "Wish",
    "ask_relief",
    "assign_course",
    "complete_course_when_earned",
    "complete_item",
    "complete_lesson",
    "complete_what_a_new_version_freed",
    "end_relief",
    "progress_of",
    "start_course",
    "withdraw_assignment",
    "withdraw_relief",
]
