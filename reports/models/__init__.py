"""What this room writes itself: the reports of a Quick Wins period, as they were handed up."""

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

__all__ = [
    "PeriodReport",
    "PeriodReportQuerySet",
    "ReportCounter",
    "ReportFigure",
    "ReportFile",
    "ReportName",
    "ReportState",
    "ReportStep",
    "ReportSubmission",
]
