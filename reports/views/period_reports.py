"""/sdm/quick-wins/laporan/: the reports of a period on their way up, and what each locked."""

from django.contrib import messages
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from foundation.formats import datetime_zone
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from programmes.permissions import activities_for_actor
from reports import services
from reports.core import State, Wanted
from reports.exceptions import ReportRefused
from reports.forms import RefusalForm, ReportWordsForm
from reports.models import PeriodReport, ReportState
from reports.permissions import (
    SUBMITS,
    VERIFIES,
    period_reports_awaiting,
    period_reports_for_actor,
    period_reports_to_write,
    units_to_report,
    verifying_level,
)
from reports.quick_wins import submitting
from reports.quick_wins.figures import NOT_ASKED, lines_of
from reports.quick_wins.sheet import (
    STATE_LABELS,
    STATE_TAGS,
    amount_words,
    difference,
    kept_line,
    kept_sheet,
    live_sheet,
    scope_of_period,
    target_words,
)
from reports.quick_wins.workbook import MET, download

from .reading import PAGE_SIZE

STEPS = ("Draf", "Diajukan", "Verifikasi", "Tingkat atas")
PLACES = {
    ReportState.DRAFT: 1,
    ReportState.REJECTED: 1,
    ReportState.SUBMITTED: 2,
    ReportState.VERIFIED: 3,
    # One behind the last: every step is done.
    ReportState.VERIFIED_ABOVE: 5,
}
WAITING, WRITING = "menunggu", "tulis"
NAME_STATES = (("", "Semua"), *State.choices, (NOT_ASKED, "Tidak ditugaskan"))


def _report(request, uuid) -> PeriodReport:
    now = timezone.now()
    mine = period_reports_for_actor(request.user, at=now)
    return get_object_or_404(mine.select_related("period__programme", "unit", "author"), uuid=uuid)


def _newest(report: PeriodReport):
    """The newest submission; None for a report that was never handed up."""
    return report.submissions.select_related("step").order_by("-step__number").first()


@role_required(READS_LEARNING)
def report_list(request):
    """All reports below, or those that wait for the reader."""
    now = timezone.now()
    sets = {
        "": ("Semua", period_reports_for_actor(request.user, at=now)),
        WAITING: ("Menunggu putusan Anda", period_reports_awaiting(request.user, at=now)),
        WRITING: ("Perlu ditulis", period_reports_to_write(request.user, at=now)),
    }
    chosen = request.GET.get("daftar", "")
    if chosen not in sets:
        raise Http404
    state = request.GET.get("keadaan", "")
    rows = sets[chosen][1]
    if state in ReportState.values:
        rows = rows.filter(state=state)
    page = Paginator(rows.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": [
            {"label": label, "count": found.count(), "url": f"?daftar={key}", "current": key == chosen}
            for key, (label, found) in sets.items()
        ],
        "states": [{"label": label, "value": value, "current": value == state} for value, label in ReportState.choices],
        "chosen": chosen,
        "state": state,
    }
    return render(request, "reports/period_reports.html", context)


@role_required(SUBMITS)
@require_POST
def prepare(request, period):
    now = timezone.now()
    activity = activities_for_actor(request.user, at=now).filter(period=period).first()
    if activity is None:
        raise Http404
    unit = get_object_or_404(units_to_report(request.user, at=now), code=request.POST.get("satuan", ""))
    report = submitting.prepare_report(period=activity.period, unit=unit, actor=request.user, at=now)
    return redirect("period-report", report.uuid)


@role_required(READS_LEARNING)
def report(request, uuid):
    """Live figures while it is written; what was handed up afterwards, with what changed since."""
    now = timezone.now()
    report = _report(request, uuid)
    submission = None if report.is_open else _newest(report)
    scope, wanted = scope_of_period(request.user, report.period, at=now), Wanted(unit=report.unit)
    sheet = kept_sheet(submission) if submission else live_sheet(scope, wanted, report.period)
    live = lines_of(scope, wanted, report.period, report.period.activities.all()) if submission else sheet.lines
    changes = {line.activity: line.figures for line in live} if submission else {}
    level = verifying_level(request.user, report, at=now)
    may_write = report.is_open and period_reports_to_write(request.user, at=now).filter(pk=report.pk).exists()
    steps = list(report.steps.select_related("file", "actor"))
    context = {
        "report": report,
        "submission": submission,
        "sheet": sheet,
        "words": submission or report,
        "lines": [
            {
                "line": line,
                "since": difference(line.figures, changes[line.activity]) if line.activity in changes else "",
            }
            for line in [*sheet.activities, sheet.whole]
        ],
        "since": difference(sheet.whole.figures, live[0].figures),
        "targets": [
            {
                "line": line,
                "name": target.measure.label,
                "target": target_words(target),
                "value": amount_words(target.measure, target.value),
                "met": target.met,
                "met_words": MET[target.met],
            }
            for line in sheet.lines
            for target in line.targets
        ],
        "counters": sheet.counters_of(None),
        "steps": steps,
        "stepper": STEPS,
        "place": PLACES[ReportState(report.state)],
        "last": steps[-1] if steps else None,
        "file": next((one.file for one in reversed(steps) if hasattr(one, "file")), None) if submission else None,
        "may_write": may_write,
        "level": level,
        "waits_for": _waits_for(report, steps),
        "zone": report.unit.zone,
        "crumbs": [{"url": "/sdm/quick-wins/laporan/", "label": "Laporan"}, {"label": report.unit.short_name}],
    }
    return render(request, "reports/period_report.html", context)


def _waits_for(report: PeriodReport, steps) -> str:
    """Who takes the next step, in words."""
    if report.state == ReportState.SUBMITTED:
        return f"Menunggu verifikasi pimpinan {report.unit.name}, atau SDM tingkat di atasnya."
    if report.state == ReportState.VERIFIED:
        level = steps[-1].level
        if level.parent_id is None:
            return f"Diverifikasi pada tingkat tertinggi, {level.name}; tidak ada tingkat di atasnya."
        return f"Menunggu verifikasi tingkat di atas {level.name}."
    if report.state == ReportState.REJECTED:
        return "Kembali kepada penyusunnya untuk diperbaiki, lalu diajukan lagi."
    return ""


@role_required(SUBMITS)
def write(request, uuid):
    now = timezone.now()
    writable = period_reports_to_write(request.user, at=now)
    report = get_object_or_404(writable.select_related("period__programme", "unit"), uuid=uuid)
    form = ReportWordsForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():
        try:
            submitting.write_report(report=report, actor=request.user, at=now, **form.cleaned_data)
        except ReportRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Keterangan tersimpan.")
        return redirect("period-report", uuid)
    return render(request, "reports/period_report_write.html", {"form": form, "report": report})


@role_required(SUBMITS)
@require_POST
def submit(request, uuid):
    report = _report(request, uuid)
    try:
        submission = submitting.submit_report(report=report, actor=request.user, at=timezone.now())
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            "Laporan diajukan. Angka dan nama terkunci pada "
            f"{datetime_zone(submission.step.at, report.unit.zone)}; PDF-nya segera dibuat.",
        )
    return redirect("period-report", uuid)


@role_required(VERIFIES)
@require_POST
def verify(request, uuid):
    report = _report(request, uuid)
    try:
        step = submitting.verify_report(report=report, actor=request.user, at=timezone.now())
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Tercatat: {step.get_state_display().lower()} oleh {step.level_name}.")
    return redirect("period-report", uuid)


@role_required(VERIFIES)
def reject(request, uuid):
    report = _report(request, uuid)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            submitting.reject_report(
                report=report, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except ReportRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Laporan dikembalikan kepada penyusunnya dengan alasan Anda.")
        return redirect("period-report", uuid)
    return render(request, "reports/period_report_reject.html", {"form": form, "report": report})


@role_required(READS_LEARNING)
def names(request, uuid):
    """The officers behind a figure of what was handed up, as they stood that day."""
    report = _report(request, uuid)
    submission = _newest(report)
    if submission is None:
        raise Http404
    asked, state = request.GET.get("kegiatan", ""), request.GET.get("keadaan", "")
    figures = {str(figure.activity_id or ""): figure for figure in submission.figures.order_by("pk")}
    if asked not in figures or state not in dict(NAME_STATES):
        raise Http404
    rows = submission.names.filter(activity=figures[asked].activity_id)
    rows = rows.filter(state=state) if state else rows.filter(asked__gt=0)
    if line := request.GET.get("satuan", ""):
        rows = rows.filter(line=line)
    page = Paginator(rows.order_by("pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    for name in page:
        name.tag, name.state_words = STATE_TAGS[name.state], STATE_LABELS[name.state]
    scope = scope_of_period(request.user, report.period, at=timezone.now())
    wanted = Wanted(unit=report.unit, period=report.period)
    services.record_list_view(scope=scope, report="period-report", wanted=wanted, unit=report.unit)
    context = {
        "report": report,
        "submission": submission,
        "line": kept_line(figures[asked]),
        "page": page,
        "unit_line": line,
        "states": [{"label": label, "value": value, "current": value == state} for value, label in NAME_STATES],
        "crumbs": [
            {"url": "/sdm/quick-wins/laporan/", "label": "Laporan"},
            {"url": f"/sdm/quick-wins/laporan/{report.uuid}/", "label": report.unit.short_name},
            {"label": "Nama"},
        ],
    }
    return render(request, "reports/period_report_names.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def xlsx(request, uuid):
    """What was handed up; figures that still change leave from the page of the period (quick_wins.py)."""
    report = _report(request, uuid)
    submission = None if report.is_open else _newest(report)
    if submission is None:
        raise Http404
    sheet = kept_sheet(submission)
    scope = scope_of_period(request.user, report.period, at=timezone.now())
    _exported(scope, report, "xlsx", sheet.whole.figures.total)
    about = {
        "Keadaan": report.get_state_display(),
        "Penyusun": submission.author_name,
        "Hasil": submission.results,
        "Hambatan": submission.obstacles,
        "Saran": submission.suggestions,
        "Diunduh oleh": request.user.name,
    }
    return download(sheet, about=about, suffix="-laporan")


@role_required(READS_LEARNING)
@fresh_login_required
def pdf(request, uuid):
    """The stored bytes of the last step that has them, never a new print."""
    report = _report(request, uuid)
    submission = None if report.is_open else _newest(report)
    step = report.steps.exclude(file=None).order_by("-number").first() if submission else None
    if submission is None or step is None or step.number < submission.step.number:
        raise Http404
    scope = scope_of_period(request.user, report.period, at=timezone.now())
    _exported(scope, report, "pdf", submission.names.filter(activity=None, asked__gt=0).count())
    name = slugify(f"laporan {report.period} {report.unit.short_name}")[:100]
    stored = storages["private"].open(step.file.storage_name)
    return FileResponse(stored, as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf")


def _exported(scope, report: PeriodReport, kind: str, rows: int) -> None:
    wanted = Wanted(unit=report.unit, period=report.period)
    services.record_rows_export(scope=scope, report="period-report", wanted=wanted, kind=kind, rows=rows)
