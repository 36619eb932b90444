"""What happens with units, officers, postings, roles, accounts and slips: one verb per act, by topic."""

from .units import UNIT_FIELDS, close_unit, create_unit, edit_unit, move_unit

__all__ = [
    "UNIT_FIELDS",
    "close_unit",
    "create_unit",
    "edit_unit",
    "move_unit",
]
