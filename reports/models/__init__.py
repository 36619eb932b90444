"""What this room writes of its own: saved reports, the files it prepares, who gets which by mail, and counts."""

from .counts import CountKind, CountMark, CountRow, CountState, UnitCount
from .files import UNFINISHED, ExportJob, JobState
from .saved import ReportSchedule, Rhythm, SavedReport

__all__ = [
    "UNFINISHED",
    "CountKind",
    "CountMark",
    "CountRow",
    "CountState",
    "ExportJob",
    "JobState",
    "ReportSchedule",
    "Rhythm",
    "SavedReport",
    "UnitCount",
]
