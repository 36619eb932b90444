"""What the platform has told people on the last mornings, so that bells and proofs are not empty at night either."""

from datetime import UTC, datetime, timedelta

from enrolments.services import remind_officers
from reports.digests import send_digests

DAYS = 3
# 09.00 WIT, 07.00 WIB: every zone is awake.
MORNING_UTC = 0


def tell(*, now: datetime) -> None:
    """Let the ticks of the last mornings have happened."""
    today = now.astimezone(UTC).replace(hour=MORNING_UTC, minute=0, second=0, microsecond=0)
    for back in range(DAYS, -1, -1):
        morning = today - timedelta(days=back)
        if morning <= now:
            remind_officers(at=morning)
            send_digests(at=morning)
