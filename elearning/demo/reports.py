"""What the SDM of the demonstration keeps: a few reports under names, one of them sent every Monday."""

from datetime import UTC, datetime, timedelta

from organisation.models import Officer, Unit
from reports.models import Rhythm
from reports.saving import change_report, save_report, schedule_report
from reports.sending import send_reports

from .people import POLRESTA

SAVED = (
    ("Etika pelayanan per satuan", "completion", "pelatihan=C1"),
    ("Loket SIM yang belum selesai", "completion-names", "loket=sim&keadaan=belum"),
    ("Kesiapan SPKT", "readiness", "loket=spkt"),
    ("Dampak per perintah", "effect", "per_apa=perintah"),
)
# 09.00 WIT: after the quiet hours of the Polresta.
MORNING_UTC = 0


def save_some(people: dict[str, Officer], units: dict[str, Unit], *, now: datetime) -> None:
    """Two weeks ago the SDM saved and shared them; last Monday the first one was sent."""
    sdm, earlier = people["sdm"].user, now - timedelta(days=14)
    for name, page, query in SAVED:
        report = save_report(page=page, query=query, name=name, actor=sdm, at=earlier)
        if page == "completion":
            change_report(report=report, name=name, shared_with=units[POLRESTA], actor=sdm, at=earlier)
            schedule_report(report=report, rhythm=Rhythm.WEEKLY, actor=sdm, at=earlier)
    monday = now.astimezone(UTC).replace(hour=MORNING_UTC, minute=0, second=0, microsecond=0)
    while monday.weekday() or monday > now:
        monday -= timedelta(days=1)
    send_reports(at=monday)
