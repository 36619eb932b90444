"""The verbs of certificates."""

from .issuing import RENDER, issue_certificate, neutral_heading
from .letterheads import save_letterhead
from .numbers import begin_series, cancel_number, give_number, reserve
from .revoking import REVOKE, ask_revocation, ask_revocation_of_withdrawn

__all__ = [
    "RENDER",
    "REVOKE",
    "ask_revocation",
    "ask_revocation_of_withdrawn",
    "begin_series",
    "cancel_number",
    "give_number",
    "issue_certificate",
    "neutral_heading",
    "reserve",
    "save_letterhead",
]
