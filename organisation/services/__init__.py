"""What happens with units, officers, postings, roles, accounts and slips: one verb per act, by topic."""

from .accounts import (
    disable_account,
    enable_account,
    end_grant,
    end_sessions,
    grant_role,
    reset_second_factor,
    sync_all_groups,
    sync_groups,
)
from .handing_over import cancel_handover, hand_over, hands_over, move_tasks, name_deputy, open_tasks
from .movers import Move, roles_ending, standing_elsewhere, told
from .officers import (
    Correction,
    OfficerDraft,
    PostingChange,
    change_posting,
    change_postings,
    correct_officer,
    correct_officers,
    create_officer,
    create_officers,
    end_posting,
    starts_on,
)
from .slips import PrintedSlip, activate, issue_slips
from .units import UNIT_FIELDS, close_unit, create_unit, edit_unit, move_unit

__all__ = [
    "UNIT_FIELDS",
    "Correction",
    "Move",
    "OfficerDraft",
    "PostingChange",
    "PrintedSlip",
    "activate",
    "cancel_handover",
    "change_posting",
    "change_postings",
    "close_unit",
    "correct_officer",
    "correct_officers",
    "create_officer",
    "create_officers",
    "create_unit",
    "disable_account",
    "edit_unit",
    "enable_account",
    "end_grant",
    "end_posting",
    "end_sessions",
    "grant_role",
    "hand_over",
    "hands_over",
    "issue_slips",
    "move_tasks",
    "move_unit",
    "name_deputy",
    "open_tasks",
    "reset_second_factor",
    "roles_ending",
    "standing_elsewhere",
    "starts_on",
    "sync_all_groups",
    "sync_groups",
    "told",
]
