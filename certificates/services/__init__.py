"""The verbs of certificates."""

from .issuing import RENDER, issue_certificate, neutral_heading
from .letterheads import save_letterhead
from .revoking import REVOKE, ask_revocation, ask_revocation_of_withdrawn

__all__ = [
    "RENDER",
    "REVOKE",
    "ask_revocation",
    "ask_revocation_of_withdrawn",
    "issue_certificate",
    "neutral_heading",
    "save_letterhead",
]
