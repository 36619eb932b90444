"""The verbs of quizzes: compile, import and export questions; sit, mark and question an attempt; bend its rules."""

from .accommodating import ask_accommodation
from .announcing import mark_result_seen
from .answering import (
    Acknowledgement,
    SaveState,
    leave_question,
    open_on_device,
    reveal_answer,
    save_answer,
    save_found_answer,
)
from .answering_all import SheetSaved, save_sheet
from .banking import already_in_bank, note_uses, refuse_deletion, republish, save_to_bank
from .compiling import compile_quiz
from .correcting import ask_correction, decide_correction, impact_of, proposed_correction
from .disputing import answer_dispute, may_be_questioned, question_result
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
from .late import decide_late_answer
from .marking import give_marks
from .outages import end_outage, make_good, record_outage
from .queueing import claim, claim_next, keep_draft, skip
from .redoing import order_redo, redo_below, request_redo
from .retention import purge_answers
from .sitting import start_attempt
from .submitting import close_attempt, close_due_attempts, close_if_due, credit_earned_attempts, submit_attempt
from .terms import Allowance, Terms, newest_version, terms_of

__all__ = [
    "Acknowledgement",
    "Allowance",
    "SaveState",
    "SheetSaved",
    "Terms",
    "already_in_bank",
    "answer_dispute",
    "ask_accommodation",
    "ask_correction",
    "claim",
    "claim_next",
    "close_attempt",
    "close_due_attempts",
    "close_if_due",
    "compile_quiz",
    "confirm_import",
    "credit_earned_attempts",
    "decide_correction",
    "decide_late_answer",
    "end_outage",
    "export_questions",
    "forget_question_uploads",
    "give_marks",
    "grant_attempt",
    "impact_of",
    "keep_draft",
    "leave_question",
    "make_good",
    "mark_result_seen",
    "may_be_questioned",
    "newest_version",
    "note_uses",
    "open_on_device",
    "order_redo",
    "preview_import",
    "proposed_correction",
    "purge_answers",
    "question_result",
    "record_export",
    "record_outage",
    "redo_below",
    "refuse_deletion",
    "republish",
    "request_redo",
    "reveal_answer",
    "save_answer",
    "save_found_answer",
    "save_sheet",
    "save_to_bank",
    "skip",
    "stage_import",
    "start_attempt",
    "store_reading",
    "submit_attempt",
    "terms_of",
]
