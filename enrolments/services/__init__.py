"""The verbs of this room."""

from .assigning import assign_course, assign_draft, may_undo, undo_assignment, withdraw_assignment
from .learning import (
    complete_course_when_earned,
    complete_item,
    complete_lesson,
    complete_what_a_new_version_freed,
    progress_of,
    start_course,
)
from .reconciling import follow_moves, renew_duties
from .relieving import Wish, ask_relief, end_relief, withdraw_relief

__all__ = [
    "Wish",
    "ask_relief",
    "assign_course",
    "assign_draft",
    "complete_course_when_earned",
    "complete_item",
    "complete_lesson",
    "complete_what_a_new_version_freed",
    "end_relief",
    "follow_moves",
    "may_undo",
    "progress_of",
    "renew_duties",
    "start_course",
    "undo_assignment",
    "withdraw_assignment",
    "withdraw_relief",
]
