"""The verbs of quizzes: keep the bank; compile a page; start, answer, submit and close an attempt; grant another."""

from .answering import Acknowledgement, SaveState, open_on_device, reveal_answer, save_answer
from .banking import already_in_bank, note_uses, refuse_deletion, republish, save_to_bank
from .compiling import compile_quiz
from .granting import grant_attempt
from .sitting import Allowance, allowance_of, start_attempt
from .submitting import close_due_attempts, close_if_due, credit_earned_attempts, submit_attempt

__all__ = [
    "Acknowledgement",
    "Allowance",
    "SaveState",
    "allowance_of",
    "already_in_bank",
    "close_due_attempts",
    "close_if_due",
    "compile_quiz",
    "credit_earned_attempts",
    "grant_attempt",
    "note_uses",
    "open_on_device",
    "refuse_deletion",
    "republish",
    "reveal_answer",
    "save_answer",
    "save_to_bank",
    "start_attempt",
    "submit_attempt",
]
