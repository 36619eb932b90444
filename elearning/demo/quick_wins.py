"""Quick Wins in the demonstration: two quarters with targets, and a report in each state of its way."""

from datetime import UTC, date, datetime, time, timedelta

from foundation.models import OutboxEntry
from foundation.outbox import deliver
from organisation.models import Officer, Unit
from programmes.models import Activity, Indicator, Measure, Period, Programme
from reports.models import PeriodReport
from reports.quick_wins import submitting

from .people import NEIGHBOUR, POLDA, POLRESTA

QUARTERS = ("I", "II", "III", "IV")
RESULTS = "Petugas loket SPKT dan SIM menyapa seragam, menjelaskan persyaratan, dan menyebut biaya resmi."
OBSTACLES = "Jaringan di Polsek kepulauan putus pada siang hari; sebagian personel BKO pengamanan."
SUGGESTIONS = "Mohon jadwal belajar bersama di Aula dengan satu komputer per regu."
REFUSAL = "Hambatan belum ditulis, padahal lebih dari separuh personel belum selesai. Lengkapi, lalu ajukan lagi."


def build_programme(units: dict[str, Unit], *, today: date) -> tuple[Activity, Activity]:
    """The quarter before ``today``'s and its own, each with one activity in the field SDM Unggul, and its targets."""
    programme = Programme.objects.create(code="quick-wins-presisi", name="Quick Wins Presisi", owner=units[POLDA])
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    before, current = (_activity(programme, starts_on, units[POLRESTA]) for starts_on in (_months_on(first, -3), first))
    return before, current


def _activity(programme: Programme, starts_on: date, polresta: Unit) -> Activity:
    period = Period.objects.create(
        programme=programme,
        name=f"Triwulan {QUARTERS[starts_on.month // 3]} {starts_on.year}",
        starts_on=starts_on,
        ends_on=_months_on(starts_on, 3) - timedelta(days=1),
    )
    activity = Activity.objects.create(
        period=period, code="P3.2", field="SDM Unggul", name="Pelatihan etika dan komunikasi pelayanan"
    )
    for measure, target, unit in (
        (Measure.PERCENT, 40, None),
        (Measure.PERCENT, 50, polresta),
        (Measure.COUNTERS, 25, None),
        (Measure.GAIN, 15, None),
        (Measure.OVERDUE, 10, None),
        (Measure.ASSIGNED, 300, polresta),
    ):
        Indicator.objects.create(activity=activity, measure=measure, target=target, unit=unit)
    return activity


def _months_on(first: date, months: int) -> date:
    """The first day of a month so many months on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def build_reports(
    units: dict[str, Unit], people: dict[str, Officer], before: Activity, current: Activity, *, now: datetime
) -> None:
    """One report per state: Polresta and its neighbour in the quarter before and in this one, and the Polda's draft."""
    sdm, head = people["sdm"].user, people["head"].user
    neighbour, above = people["neighbour sdm"].user, people["upper sdm"].user
    # Midday in WIT on the second day after the quarter; early in a quarter that has just been.
    morning = datetime.combine(before.period.ends_on + timedelta(days=2), time(3), UTC)
    over = min(morning, now - timedelta(hours=9))

    def handed_up(activity: Activity, code: str, actor, at: datetime, *, obstacles: str = OBSTACLES) -> PeriodReport:
        report = submitting.prepare_report(period=activity.period, unit=units[code], actor=actor, at=at)
        words = {"results": RESULTS, "obstacles": obstacles, "suggestions": SUGGESTIONS}
        submitting.write_report(report=report, **words, actor=actor, at=at)
        report.refresh_from_db()
        submitting.submit_report(report=report, actor=actor, at=at)
        report.refresh_from_db()
        return report

    first = handed_up(before, POLRESTA, sdm, over)
    submitting.verify_report(report=first, actor=head, at=over + timedelta(hours=2))
    first.refresh_from_db()
    submitting.verify_report(report=first, actor=above, at=over + timedelta(hours=5))
    second = handed_up(before, NEIGHBOUR, neighbour, over + timedelta(hours=1))
    submitting.verify_report(report=second, actor=above, at=over + timedelta(hours=6))
    handed_up(current, POLRESTA, sdm, max(now - timedelta(days=2), _begun(current)))
    refused = handed_up(current, NEIGHBOUR, neighbour, max(now - timedelta(days=3), _begun(current)), obstacles="")
    submitting.reject_report(report=refused, reason=REFUSAL, actor=above, at=now - timedelta(hours=3))
    submitting.prepare_report(period=current.period, unit=units[POLDA], actor=above, at=now - timedelta(hours=5))


def _begun(activity: Activity) -> datetime:
    """When the period is running in every zone."""
    return datetime.combine(activity.period.starts_on, time(1), UTC)


def print_reports() -> None:
    """Set the PDFs, as the worker would."""
    for entry in OutboxEntry.objects.filter(kind=submitting.PRINT, done_at=None).order_by("pk"):
        deliver.call(entry.pk)
