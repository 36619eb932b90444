"""What this room writes of its own: saved reports, the files it prepares, and who gets which report by mail."""

from .files import UNFINISHED, ExportJob, JobState
from .saved import ReportSchedule, Rhythm, SavedReport

__all__ = ["UNFINISHED", "ExportJob", "JobState", "ReportSchedule", "Rhythm", "SavedReport"]
