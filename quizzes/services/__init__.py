"""The verbs of quizzes: compile, import and export questions; start, answer, submit and close an attempt; grant one."""

from .answering import Acknowledgement, SaveState, open_on_device, reveal_answer, save_answer
from .compiling import compile_quiz
from .granting import grant_attempt
from .importing import (
    confirm_import,
    export_questions,
    forget_question_uploads,
    preview_import,
    record_export,
    stage_import,
    store_reading,
)
from .sitting import Allowance, allowance_of, start_attempt
from .submitting import close_due_attempts, close_if_due, credit_earned_attempts, submit_attempt

__all__ = [
    "Acknowledgement",
    "Allowance",
    "SaveState",
    "allowance_of",
    "close_due_attempts",
    "close_if_due",
    "compile_quiz",
    "confirm_import",
    "credit_earned_attempts",
    "export_questions",
    "forget_question_uploads",
    "grant_attempt",
    "open_on_device",
    "preview_import",
    "record_export",
    "reveal_answer",
    "save_answer",
    "stage_import",
    "start_attempt",
    "store_reading",
    "submit_attempt",
]
