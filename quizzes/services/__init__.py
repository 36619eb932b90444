"""The verbs of quizzes: compile a page; start, answer, submit, close, mark and question an attempt; grant another."""

from .announcing import mark_result_seen
from .answering import Acknowledgement, SaveState, open_on_device, reveal_answer, save_answer
from .compiling import compile_quiz
from .correcting import ask_correction, decide_correction, impact_of, proposed_correction
from .disputing import answer_dispute, may_be_questioned, question_result
from .granting import grant_attempt
from .late import decide_late_answer
from .marking import give_marks
from .queueing import claim, claim_next, keep_draft, skip
from .retention import purge_answers
from .sitting import Allowance, allowance_of, start_attempt
from .submitting import close_due_attempts, close_if_due, credit_earned_attempts, submit_attempt

__all__ = [
    "Acknowledgement",
    "Allowance",
    "SaveState",
    "allowance_of",
    "answer_dispute",
    "ask_correction",
    "claim",
    "claim_next",
    "close_due_attempts",
    "close_if_due",
    "compile_quiz",
    "credit_earned_attempts",
    "decide_correction",
    "decide_late_answer",
    "give_marks",
    "grant_attempt",
    "impact_of",
    "keep_draft",
    "mark_result_seen",
    "may_be_questioned",
    "open_on_device",
    "proposed_correction",
    "purge_answers",
    "question_result",
    "reveal_answer",
    "save_answer",
    "skip",
    "start_attempt",
    "submit_attempt",
]
