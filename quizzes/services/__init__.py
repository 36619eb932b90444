"""The verbs of quizzes: compile a page; start, answer, submit and close an attempt; grant another."""

from .answering import Acknowledgement, SaveState, open_on_device, reveal_answer, save_answer
from .compiling import compile_quiz
from .granting import grant_attempt
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
    "credit_earned_attempts",
    "grant_attempt",
    "open_on_device",
    "reveal_answer",
    "save_answer",
    "start_attempt",
    "submit_attempt",
]
