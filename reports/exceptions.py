"""What reports refuse. The message is shown to people and says what to do."""


class ReportsError(Exception):
    """Base of every refusal of this app."""


class ReportRefused(ReportsError):
    """The report of a period cannot take this step."""
