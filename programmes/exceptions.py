"""What can stand in the way of keeping a programme; each message tells a person what to do."""


class ProgrammesError(Exception):
    """Base of this app's refusals."""


class RowInUse(ProgrammesError):
    """Something stands on the row, so it cannot be removed."""
