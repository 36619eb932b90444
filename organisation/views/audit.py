"""/sdm/audit/: who did and saw what, per officer and per act."""

from django.shortcuts import render
from django.utils import timezone

from foundation import audit
from foundation.downloads import too_long
from foundation.formats import in_zone
from foundation.spreadsheets import csv_response, xlsx_response

from ..decorators import fresh_login_required, role_required
from ..forms.audit import AuditFilter
from ..models import Zone
from ..permissions import AUDITS, events_for_actor, grants_of
from ..trail import acts

PER_PAGE = 50
EXPORT_HEADER = ("Waktu", "Pelaku", "Perbuatan", "Personel", "NRP/NIP", "Satuan", "Rincian")


def _asked(request, now):
    """The filter, what it leaves, the clock of the reader and the unit that the look is written down for."""
    grant = grants_of(request.user, AUDITS, at=now).order_by("unit__path").first()
    zone = grant.unit.zone if grant else Zone.WIB
    form = AuditFilter(request.GET, zone=zone)
    return form, form.apply(events_for_actor(request.user, at=now)), zone, grant.unit.path if grant else ""


@role_required(AUDITS)
def trail(request):
    """Pages go by id: the trail is too long to be counted, and it grows while one reads."""
    now = timezone.now()
    form, events, zone, path = _asked(request, now)
    before = request.GET.get("sebelum", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        events = events.filter(pk__lt=int(before))
    page = list(acts(events[: PER_PAGE + 1]))
    audit.record(verb="audit.viewed", actor=request.user, at=now, unit_path=path)
    query = request.GET.copy()
    query.pop("sebelum", None)
    context = {
        "form": form,
        "page": page[:PER_PAGE],
        "zone": zone,
        "older": page[PER_PAGE - 1].pk if len(page) > PER_PAGE else None,
        "query": query.urlencode(),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "organisation/trail.html", context)


@role_required(AUDITS)
@fresh_login_required
def export(request, kind):
    now = timezone.now()
    _form, events, zone, path = _asked(request, now)
    if refusal := too_long(request, kind, events):
        return refusal
    rows = (
        (in_zone(act.at, zone), act.who, act.did, act.about, act.number, act.unit, act.detail)
        for act in acts(events.iterator(chunk_size=1000))
    )
    name = f"jejak-audit-{now:%Y-%m-%d}.{kind}"
    file = (xlsx_response if kind == "xlsx" else csv_response)(name, EXPORT_HEADER, rows)
    audit.record(
        verb="audit.exported", actor=request.user, at=now, unit_path=path, detail={"filter": dict(request.GET)}
    )
    return file
