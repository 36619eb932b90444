"""The moment in which the tests' stories play."""

from datetime import UTC, datetime

# Saturday, 21 November 2026, 12.00 WIB.
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
