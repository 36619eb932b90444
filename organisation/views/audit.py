"""/sdm/audit/: who did and saw what, per officer and per act."""

from django.shortcuts import render
from django.utils import timezone

from foundation import audit

from ..decorators import role_required
from ..listings import trail_listed
from ..permissions import AUDITS, held
from ..trail import acts

PER_PAGE = 50


@role_required(AUDITS)
def trail(request):
    """Pages go by id: the trail is too long to be counted, and it grows while one reads."""
    now = timezone.now()
    found = trail_listed(request.user, request.GET, at=now)
    form, events = found.form, found.rows
    before = request.GET.get("sebelum", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        events = events.filter(pk__lt=int(before))
    page = list(acts(events[: PER_PAGE + 1]))
    path = min((grant.unit.path for grant in held(request.user, AUDITS, at=now)), default="")
    audit.record(verb="audit.viewed", actor=request.user, at=now, unit_path=path)
    query = request.GET.copy()
    query.pop("sebelum", None)
    context = {
        "form": form,
        "page": page[:PER_PAGE],
        "zone": found.zone,
        "older": page[PER_PAGE - 1].pk if len(page) > PER_PAGE else None,
        "query": query.urlencode(),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "organisation/trail.html", context)
