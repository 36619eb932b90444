"""What SQLite's planner knows about the rows, renewed once a day. PostgreSQL's autovacuum does that by itself."""

from datetime import datetime, timedelta

from django.db import connection

from .due import due
from .limits import hit

EVERY = timedelta(days=1)
# Rows of an index that are looked at: some hundreds tell the planner what it needs, in a moment.
SAMPLE = 400


@due("planner-statistics")
def renew_statistics(*, at: datetime) -> int:
    """Without them a join over some ten thousand officers takes twenty times as long."""
    if connection.vendor != "sqlite" or not hit("planner-statistics", limit=1, seconds=int(EVERY.total_seconds())):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
        cursor.execute("ANALYZE")
    return 1
