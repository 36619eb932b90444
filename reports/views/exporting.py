"""Files of every report: a CSV flows at once, a large XLSX or PDF is prepared by a worker; and their pages."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from certificates.rendering.press import PressFailed
from foundation.spreadsheets import csv_response, xlsx_response
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, has_role
from organisation.zones import reading_zone
from reports import jobs, printing, services
from reports.asking import LONGEST_QUERY, kept
from reports.exceptions import FileRefused
from reports.files import File, file_of
from reports.lists import TAKES_FILES, roles_of
from reports.middleware import LOOK_AGAIN_SECONDS
from reports.permissions import export_jobs_for_actor

EARLIER_SHOWN = 5
NO_PRESS = "PDF sedang tidak dapat dibuat. Coba lagi sebentar lagi, atau ambil XLSX atau CSV."


def export(request, kind, report, **named):
    """The file ``report`` (a key of reports.files.FILES) with the filter of the address, or of what it names."""
    return role_required(roles_of(report))(_export)(request, kind, report, named)


@fresh_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def _export(request, kind, report, named):
    now = timezone.now()
    data = request.GET.dict() | {name: str(value) for name, value in named.items()}
    made = file_of(report, request.user, data, now=now)
    try:
        jobs.check(kind, made)
        if not jobs.must_wait(kind, made):
            answer = _at_once(kind, made, at=now)
            services.record_file(made, report=report, kind=kind)
            return answer
    except FileRefused as refusal:
        return _refused(request, made, kind, str(refusal), status=422)
    except PressFailed:
        return _refused(request, made, kind, NO_PRESS, status=503)
    if request.method == "POST":
        query = kept(urlencode(data))
        if len(query) > LONGEST_QUERY:
            raise Http404
        job = jobs.ask_file(report=report, query=query, made=made, kind=kind, actor=request.user, at=now)
        return redirect("export-job", job.uuid)
    context = {
        "made": made,
        "kind": kind,
        "days": settings.EXPORT_RETENTION_DAYS,
        "most": jobs.LARGEST_AT_ONCE[kind],
        "jobs": export_jobs_for_actor(request.user).kept().filter(report=report).for_list()[:EARLIER_SHOWN],
        "zone": reading_zone(request.user),
        "reads_learning": has_role(request.user, READS_LEARNING, at=now),
    }
    return render(request, "reports/export_large.html", context)


def _at_once(kind: str, made: File, *, at: datetime) -> HttpResponseBase:
    header, rows = made.table
    name = f"{made.file_name}.{kind}"
    if kind == jobs.PDF:
        return pdf_answer(name, printing.printed(printing.heading_of(made, at=at), header, rows))
    if kind == jobs.XLSX:
        return xlsx_response(name, header, rows, about=made.about)
    return csv_response(name, header, rows)


def pdf_answer(name: str, pdf: bytes) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(pdf, content_type=printing.PDF_TYPE, headers={"Content-Disposition": disposition})


def _refused(request, made: File, kind: str, why: str, *, status: int):
    """Why there is no file of this kind, with the way to the same rows as another."""
    here = request.get_full_path()
    holding_more = (jobs.XLSX, jobs.CSV)[kind == jobs.XLSX :]
    others = [(other.upper(), here.replace(f".{kind}", f".{other}", 1)) for other in holding_more]
    context = {"made": made, "kind": kind, "why": why, "others": others}
    return render(request, "reports/export_refused.html", context, status=status)


@role_required(TAKES_FILES)
@require_safe
def job(request, uuid):
    """How far a file is; the page looks again by itself, without JavaScript, until it is there."""
    return _page(request, _job(request, uuid))


@role_required(TAKES_FILES)
@fresh_login_required
@require_safe
def fetch(request, uuid):
    found, now = _job(request, uuid), timezone.now()
    try:
        file = jobs.fetch(job=found, actor=request.user, at=now)
    except FileRefused as refusal:
        return _page(request, found, refusal=str(refusal), status=403)
    return FileResponse(file, as_attachment=True, filename=found.file_name, content_type=jobs.TYPES[found.kind])


def _job(request, uuid):
    return get_object_or_404(export_jobs_for_actor(request.user).select_related("unit", "owner"), uuid=uuid)


def _page(request, found, *, refusal: str = "", status: int = 200):
    now = timezone.now()
    context = {
        "job": found,
        "zone": reading_zone(request.user),
        "fetchable": not refusal and jobs.is_fetchable(found, at=now),
        "refusal": refusal or found.why,
        "reads_learning": has_role(request.user, READS_LEARNING, at=now),
    }
    answer = render(request, "reports/export_job.html", context, status=status)
    if found.is_unfinished:
        answer.headers["Refresh"] = LOOK_AGAIN_SECONDS
    return answer
