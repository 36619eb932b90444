"""What this room writes of its own: saved reports, the files it prepares, who gets which by mail, counts, and the
reports of a Quick Wins period as they were handed up."""

from .counts import CountKind, CountMark, CountRow, CountState, DayCount, DayRow, Numbers, UnitCount
from .files import UNFINISHED, ExportJob, JobState
from .period_reports import (
    PeriodReport,
    PeriodReportQuerySet,
    ReportCounter,
    ReportFigure,
    ReportFile,
    ReportName,
    ReportState,
    ReportStep,
    ReportSubmission,
)
from .saved import ReportSchedule, Rhythm, SavedReport

__all__ = [
    "UNFINISHED",
    "CountKind",
    "CountMark",
    "CountRow",
    "CountState",
    "DayCount",
    "DayRow",
    "ExportJob",
    "JobState",
    "Numbers",
    "PeriodReport",
    "PeriodReportQuerySet",
    "ReportCounter",
    "ReportFigure",
    "ReportFile",
    "ReportName",
    "ReportSchedule",
    "ReportState",
    "ReportStep",
    "ReportSubmission",
    "Rhythm",
    "SavedReport",
    "UnitCount",
]
