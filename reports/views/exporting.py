"""Files of every report: a CSV flows at once, a large XLSX is prepared by a worker; and their pages."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.spreadsheets import XLSX_TYPE
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from organisation.zones import reading_zone
from reports import exports, jobs, services
from reports.asking import LONGEST_QUERY, kept
from reports.exceptions import FileRefused
from reports.files import file_of
from reports.middleware import LOOK_AGAIN_SECONDS
from reports.permissions import export_jobs_for_actor


@role_required(READS_LEARNING)
@fresh_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, kind, report, **about):
    """The file ``report`` (a key of reports.files.FILES) with the filter of the address, ``about`` its path's part."""
    now = timezone.now()
    data = {**request.GET.dict(), **{name: str(value) for name, value in about.items()}}
    made = file_of(report, request.user, data, now=now)
    if kind == "csv" or made.count <= jobs.LARGEST_AT_ONCE:
        services.record_rows_export(scope=made.scope, report=report, wanted=made.wanted, kind=kind, rows=made.count)
        notes = exports.about(made.scope, made.wanted, made.title)
        return exports.download(kind, made.name, made.table, scope=made.scope, notes=notes)
    if request.method == "POST":
        query = kept(urlencode(data))
        if len(query) > LONGEST_QUERY:
            raise Http404
        job = jobs.ask_file(report=report, query=query, made=made, actor=request.user, at=now)
        return redirect("export-job", job.uuid)
    context = {"made": made, "most": jobs.LARGEST_AT_ONCE, "days": settings.EXPORT_RETENTION_DAYS}
    return render(request, "reports/export_large.html", context)


@role_required(READS_LEARNING)
@require_safe
def job(request, uuid):
    """How far a file is; the page looks again by itself, without JavaScript, until it is there."""
    return _page(request, _job(request, uuid))


@role_required(READS_LEARNING)
@fresh_login_required
@require_safe
def fetch(request, uuid):
    found, now = _job(request, uuid), timezone.now()
    try:
        file = jobs.fetch(job=found, actor=request.user, at=now)
    except FileRefused as refusal:
        return _page(request, found, refusal=str(refusal), status=403)
    return FileResponse(file, as_attachment=True, filename=found.file_name, content_type=XLSX_TYPE)


def _job(request, uuid):
    return get_object_or_404(export_jobs_for_actor(request.user).select_related("unit", "owner"), uuid=uuid)


def _page(request, found, *, refusal: str = "", status: int = 200):
    context = {
        "job": found,
        "zone": reading_zone(request.user),
        "fetchable": not refusal and jobs.is_fetchable(found, at=timezone.now()),
        "refusal": refusal or found.why,
    }
    answer = render(request, "reports/export_job.html", context, status=status)
    if found.is_unfinished:
        answer.headers["Refresh"] = LOOK_AGAIN_SECONDS
    return answer
