"""The verbs of this room."""

from .assigning import assign_course, assign_draft, may_undo, undo_assignment, withdraw_assignment
from .carrying import continue_work, move_stalled_works
from .learning import (
    complete_course_when_earned,
    complete_item,
    complete_lesson,
    complete_what_a_new_version_freed,
    progress_of,
    start_course,
)
from .notifying import Draft, attaches, last_written, mail_messages, write, written_keys
from .paths import assign_path, assign_path_by_draft, finish_paths, undo_path, withdraw_path
from .planners import tell_planner
from .reading import mark_read, open_notice, record_messages_view
from .recognising import ask_recognition, ask_recognitions, withdraw_recognition
from .reconciling import follow_moves, renew_duties
from .relieving import RAN_OUT, Wish, ask_relief, end_relief, withdraw_relief
from .reminding import current_templates, finish, kind_of, remind_officers, tomorrows_words, write_in_batches
from .reopening import ask_for_reopened
from .retention import remove_messages, remove_notices
from .sharing import MAXIMUM_PEOPLE, Reminded, share_with_officer, share_with_unit
from .wording import change_rules, change_template

__all__ = [
    "MAXIMUM_PEOPLE",
    "RAN_OUT",
    "Draft",
    "Reminded",
    "Wish",
    "ask_for_reopened",
    "ask_recognition",
    "ask_recognitions",
    "ask_relief",
    "assign_course",
    "assign_draft",
    "assign_path",
    "assign_path_by_draft",
    "attaches",
    "change_rules",
    "change_template",
    "complete_course_when_earned",
    "complete_item",
    "complete_lesson",
    "complete_what_a_new_version_freed",
    "continue_work",
    "current_templates",
    "end_relief",
    "finish",
    "finish_paths",
    "follow_moves",
    "kind_of",
    "last_written",
    "mail_messages",
    "mark_read",
    "may_undo",
    "move_stalled_works",
    "open_notice",
    "progress_of",
    "record_messages_view",
    "remind_officers",
    "remove_messages",
    "remove_notices",
    "renew_duties",
    "share_with_officer",
    "share_with_unit",
    "start_course",
    "tell_planner",
    "tomorrows_words",
    "undo_assignment",
    "undo_path",
    "withdraw_assignment",
    "withdraw_path",
    "withdraw_recognition",
    "withdraw_relief",
    "write",
    "write_in_batches",
    "written_keys",
]
