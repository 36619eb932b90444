"""What this room refuses; the message tells the person what to do."""


class ReportError(Exception):
    """Base of them all."""


class SavingRefused(ReportError):
    """A report cannot be saved, renamed or sent this way."""


class FileRefused(ReportError):
    """A file may not be made for, or fetched by, whoever asks."""


class ReportRefused(ReportError):
    """The report of a period cannot take this step."""
