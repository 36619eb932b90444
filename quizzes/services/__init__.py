"""The verbs of quizzes: compile a page; start, answer, submit and close an attempt; bend and renew its rules."""

from .accommodating import ask_accommodation
from .answering import Acknowledgement, SaveState, leave_question, open_on_device, reveal_answer, save_answer
from .answering_all import SheetSaved, save_sheet
from .compiling import compile_quiz
from .granting import grant_attempt
from .outages import end_outage, make_good, record_outage
from .redoing import order_redo, redo_below, request_redo
from .sitting import start_attempt
from .submitting import close_attempt, close_due_attempts, close_if_due, credit_earned_attempts, submit_attempt
from .terms import Allowance, Terms, allowance_of, terms_of

__all__ = [
    "Acknowledgement",
    "Allowance",
    "SaveState",
    "SheetSaved",
    "Terms",
    "allowance_of",
    "ask_accommodation",
    "close_attempt",
    "close_due_attempts",
    "close_if_due",
    "compile_quiz",
    "credit_earned_attempts",
    "end_outage",
    "grant_attempt",
    "leave_question",
    "make_good",
    "open_on_device",
    "order_redo",
    "record_outage",
    "redo_below",
    "request_redo",
    "reveal_answer",
    "save_answer",
    "save_sheet",
    "start_attempt",
    "submit_attempt",
    "terms_of",
]
