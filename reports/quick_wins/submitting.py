"""The verbs of a period's report: prepare, write, submit, verify, refuse. Each step is a row and an audit event."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Max

from foundation import audit, outbox
from foundation.formats import day_of, number
from organisation.models import Unit, User
from programmes.models import Period
from reports.core import CHUNK, Wanted
from reports.exceptions import ReportRefused
from reports.models import (
    PeriodReport,
    ReportCounter,
    ReportFigure,
    ReportName,
    ReportState,
    ReportStep,
    ReportSubmission,
)
from reports.models.period_reports import OPEN_STATES
from reports.permissions import submitting_level, verifying_level

from .sheet import Sheet, live_sheet, scope_of_period

PRINT = "reports.period_report"
MAXIMUM_OFFICERS = 30_000
MOVED = "Laporan ini baru saja berubah keadaannya. Muat ulang halaman, lalu periksa lagi."
NOT_YOURS = (
    "Anda tidak dapat memutus laporan ini. Yang memverifikasi adalah orang lain: pimpinan satuannya, atau SDM "
    "tingkat di atasnya."
)


@transaction.atomic
def prepare_report(*, period: Period, unit: Unit, actor: User, at: datetime) -> PeriodReport:
    """Open the report of ``unit`` on ``period``; the one there is when somebody was quicker."""
    report, created = PeriodReport.objects.get_or_create(
        period=period, unit=unit, defaults={"author": actor, "created_at": at}
    )
    if created:
        _event("prepared", report, actor=actor, at=at)
    return report


@transaction.atomic
def write_report(
    *, report: PeriodReport, results: str, obstacles: str, suggestions: str, actor: User, at: datetime
) -> None:
    """Keep the words of a draft or a refused report. Raises ReportRefused once it is on its way."""
    words = {"results": results.strip(), "obstacles": obstacles.strip(), "suggestions": suggestions.strip()}
    written = PeriodReport.objects.filter(pk=report.pk, state__in=OPEN_STATES).update(**words, author=actor)
    if not written:
        raise ReportRefused("Laporan yang sudah diajukan tidak dapat ditulis lagi. Tunggu keputusan pemeriksanya.")
    _event("written", report, actor=actor, at=at)


@transaction.atomic
def submit_report(*, report: PeriodReport, actor: User, at: datetime) -> ReportSubmission:
    """Lock figures and names as they stand and hand the report up. Raises ReportRefused."""
    level = submitting_level(actor, report, at=at)
    if level is None:
        raise ReportRefused("Hanya staf SDM satuan ini atau di atasnya yang mengajukan laporannya.")
    if report.period.starts_on > day_of(at, report.unit.zone):
        raise ReportRefused("Periode ini belum dimulai.")
    step = _take(report, OPEN_STATES, ReportState.SUBMITTED, level, actor=actor, at=at)
    report.refresh_from_db()
    sheet = live_sheet(scope_of_period(actor, report.period, at=at), Wanted(unit=report.unit), report.period)
    total = sheet.whole.figures.total
    if not total:
        raise ReportRefused("Belum ada personel yang ditugaskan untuk periode ini, jadi belum ada yang dilaporkan.")
    if total > MAXIMUM_OFFICERS:
        raise ReportRefused(
            f"Laporan ini memuat {number(total)} personel. Ajukan per satuan di bawahnya, paling banyak "
            f"{number(MAXIMUM_OFFICERS)} personel sekali."
        )
    submission = _keep(sheet, report, step)
    outbox.put(kind=PRINT, key=str(step.pk), payload={"step": step.pk}, at=at)
    return submission


def _keep(sheet: Sheet, report: PeriodReport, step: ReportStep) -> ReportSubmission:
    submission = ReportSubmission.objects.create(
        step=step,
        report=report,
        data_at=sheet.data_at,
        zone=sheet.zone,
        programme_name=sheet.programme,
        period_name=sheet.period,
        starts_on=sheet.starts_on,
        ends_on=sheet.ends_on,
        unit_name=sheet.unit,
        author_name=step.actor_name,
        basis=sheet.basis,
        results=report.results,
        obstacles=report.obstacles,
        suggestions=report.suggestions,
    )
    ReportFigure.objects.bulk_create(
        ReportFigure(
            submission=submission,
            activity_id=line.activity,
            code=line.code,
            name=line.name,
            field=line.field,
            targets=[[target.measure.value, str(target.target)] for target in line.targets],
            **vars(line.figures),
        )
        for line in sheet.lines
    )
    for counter in sheet.counters:
        counter.submission = submission
    ReportCounter.objects.bulk_create(sheet.counters)
    for line in sheet.lines:
        _keep_names(submission, sheet.names(line.activity))
    return submission


def _keep_names(submission: ReportSubmission, names: Iterable[ReportName]) -> None:
    remaining = iter(names)
    while piece := list(islice(remaining, CHUNK)):
        for name in piece:
            name.submission = submission
        ReportName.objects.bulk_create(piece, batch_size=500)


@transaction.atomic
def verify_report(*, report: PeriodReport, actor: User, at: datetime) -> ReportStep:
    """The next verification: of the unit's own level or the one above, then of a level above that."""
    level = verifying_level(actor, report, at=at)
    if level is None:
        raise ReportRefused(NOT_YOURS)
    above = report.state == ReportState.VERIFIED
    state = ReportState.VERIFIED_ABOVE if above else ReportState.VERIFIED
    step = _take(report, [report.state], state, level, actor=actor, at=at)
    outbox.put(kind=PRINT, key=str(step.pk), payload={"step": step.pk}, at=at)
    return step


@transaction.atomic
def reject_report(*, report: PeriodReport, reason: str, actor: User, at: datetime) -> ReportStep:
    """Give the report back to its author with a reason; submitting it again locks new figures."""
    level = verifying_level(actor, report, at=at)
    if level is None:
        raise ReportRefused(NOT_YOURS)
    if not reason.strip():
        raise ReportRefused("Tuliskan alasannya, supaya penyusun tahu apa yang harus diperbaiki.")
    return _take(report, [report.state], ReportState.REJECTED, level, actor=actor, at=at, reason=reason.strip())


def _take(
    report: PeriodReport,
    before: Iterable[str],
    state: ReportState,
    level: Unit,
    *,
    actor: User,
    at: datetime,
    reason="",
) -> ReportStep:
    # The update is the lock: of two who press at once only one finds the state it looked at.
    if not PeriodReport.objects.filter(pk=report.pk, state__in=list(before)).update(state=state):
        raise ReportRefused(MOVED)
    last = report.steps.aggregate(last=Max("number"))["last"] or 0
    step = ReportStep.objects.create(
        report=report,
        number=last + 1,
        state=state,
        actor=actor,
        actor_name=actor.name,
        level=level,
        level_name=level.name,
        reason=reason[:500],
        at=at,
    )
    _event(
        str(state.value), report, actor=actor, at=at, level=level.name, **({"reason": step.reason} if reason else {})
    )
    return step


def _event(verb: str, report: PeriodReport, *, actor: User, at: datetime, **detail: str) -> None:
    audit.record(
        verb=f"period_report.{verb}",
        actor=actor,
        at=at,
        obj=report,
        unit_path=report.unit.path or "",
        detail={"period": str(report.period), "unit": report.unit.name, **detail},
    )
