"""What ``programmes`` asks without knowing a report: which of them stand on a row."""

from programmes.models import Activity, Period
from programmes.usage import Row, counted, finds_uses


@finds_uses
def period_reports(row: Row) -> str:
    """Drafts too, for a period; for an activity those that were handed in with figures of it."""
    if isinstance(row, Period):
        return counted(row.reports.count(), "laporan")
    if isinstance(row, Activity):
        with_it = row.period.reports.filter(submissions__figures__activity=row)
        return counted(with_it.distinct().count(), "laporan")
    return ""
