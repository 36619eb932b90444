"""/sdm/sertifikat/massal/: what is done for all certificates that the register's filter leaves."""

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from certificates import archive, services
from certificates.asked import in_words, register_asked, zone_of
from certificates.exceptions import WorkRefused
from certificates.models import WorkKind
from certificates.permissions import ASKS, works_for_actor
from certificates.services.printing import fetch_part, is_fetchable
from certificates.services.working import LARGEST, rows_of
from foundation import audit
from foundation.formats import date_medium, number
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, has_role
from organisation.zones import reading_zone

LOOK_AGAIN_SECONDS = "3"
WORKS_SHOWN = 10


@role_required(READS_LEARNING)
@require_safe
def overview(request):
    """What can be done with how many, and what was asked for lately."""
    now = timezone.now()
    form, rows = register_asked(request.user, request.GET, at=now)
    may_send = has_role(request.user, ASKS, at=now)
    standing = rows.standing()
    total, made = standing.count(), standing.exclude(rendered_at=None).count()
    context = {
        "form": form,
        "words": in_words(form),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "total": total,
        "made": made,
        "unmade": total - made,
        "set_aside": rows.count() - total,
        "may_send": may_send,
        "to_mail": rows_of(WorkKind.SEND, request.user, request.GET, at=now).count() if may_send else 0,
        "most": LARGEST,
        "works": works_for_actor(request.user).order_by("-created_at")[:WORKS_SHOWN],
        "zone": reading_zone(request.user),
    }
    return render(request, "certificates/mass.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
@require_safe
def zip_file(request):
    """The files of all that stands under the filter, streamed."""
    now = timezone.now()
    form, rows = register_asked(request.user, request.GET, at=now)
    standing = rows.standing()
    count = standing.count()
    if not 0 < count <= LARGEST:
        words = f"Paling banyak {number(LARGEST)} sekaligus. Saring per satuan." if count else "Tidak ada sertifikat."
        messages.error(request, words)
        return redirect(_back(request))
    unit = form.cleaned_data.get("satuan")
    audit.record(
        verb="certificate.zipped",
        actor=request.user,
        at=now,
        unit_path=unit.path if unit else "",
        detail={"count": count, "filter": in_words(form)},
    )
    place = f" {unit.short_name}" if unit else ""
    name = f"Sertifikat{place} {date_medium(now, zone_of(request.user, at=now))}.zip"
    answer = StreamingHttpResponse(archive.stream(standing, at=now), content_type="application/zip")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _back(request) -> str:
    return f"{reverse('certificates-mass')}?{request.GET.urlencode()}"


def _start(request, kind: WorkKind, back: str):
    try:
        found = services.ask_work(kind=kind, data=request.GET, actor=request.user, at=timezone.now())
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("certificate-work", uuid=found.uuid)


@role_required(ASKS)
@fresh_login_required
@require_POST
def issue(request):
    back = f"{reverse('certificates-missing')}?{request.GET.urlencode()}"
    return _start(request, WorkKind.ISSUE, back)


@role_required(ASKS)
@fresh_login_required
@require_POST
def send(request):
    return _start(request, WorkKind.SEND, _back(request))


@role_required(READS_LEARNING)
@fresh_login_required
@require_POST
def bind(request):
    return _start(request, WorkKind.PRINT, _back(request))


@role_required(READS_LEARNING)
@require_safe
def work(request, uuid):
    """How far it is; the page looks again by itself, without JavaScript, until it is done."""
    return _work_page(request, get_object_or_404(works_for_actor(request.user).select_related("unit"), uuid=uuid))


def _work_page(request, found, *, status: int = 200):
    now = timezone.now()
    files = [(file, is_fetchable(file, at=now)) for file in found.files.select_related("work")]
    context = {"work": found, "files": files, "zone": reading_zone(request.user)}
    answer = render(request, "certificates/work.html", context, status=status)
    if not found.finished_at:
        answer.headers["Refresh"] = LOOK_AGAIN_SECONDS
    return answer


@role_required(READS_LEARNING)
@fresh_login_required
@require_safe
def print_file(request, uuid, number):
    found = get_object_or_404(works_for_actor(request.user).select_related("unit"), uuid=uuid)
    file = get_object_or_404(found.files.select_related("work__unit"), number=number)
    try:
        content = fetch_part(file=file, actor=request.user, at=timezone.now())
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
        return _work_page(request, found, status=403)
    name = f"Sertifikat cetak bagian {file.number}.pdf"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
