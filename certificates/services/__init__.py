"""The verbs of certificates."""

from .asking import CORRECT, GRANT, KINDS, REISSUE, REVOKE, Paper, open_requests
from .granting import ask_grant
from .issuing import RENDER, issue_certificate, neutral_heading
from .letterheads import save_letterhead
from .numbers import begin_series, cancel_number, give_number, reserve
from .replacing import ask_correction, ask_reissue
from .revoking import ask_revocation, ask_revocation_of_withdrawn
from .telling import tell_expiring
from .working import ask_work, continue_work, move_stalled_works

__all__ = [
    "CORRECT",
    "GRANT",
    "KINDS",
    "REISSUE",
    "RENDER",
    "REVOKE",
    "Paper",
    "ask_correction",
    "ask_grant",
    "ask_reissue",
    "ask_revocation",
    "ask_revocation_of_withdrawn",
    "ask_work",
    "begin_series",
    "cancel_number",
    "continue_work",
    "give_number",
    "issue_certificate",
    "move_stalled_works",
    "neutral_heading",
    "open_requests",
    "reserve",
    "save_letterhead",
    "tell_expiring",
]
