"""What this room refuses; the message tells the person what to do."""

from datetime import date


class ReportError(Exception):
    """Base of them all."""


class SavingRefused(ReportError):
    """A report cannot be saved, renamed or sent this way."""


class FileRefused(ReportError):
    """A file may not be made for, or fetched by, whoever asks."""


class ReportRefused(ReportError):
    """The report of a period cannot take this step."""


class StillCounting(ReportError):
    """The figures of a past day (none: of now, for the first time) are being counted: ``done`` of ``total`` units."""

    def __init__(self, day: date | None, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} units counted for {day or 'now'}")
        self.day, self.done, self.total = day, done, total
