"""/sdm/penugasan/perubahan/: what moves of people changed under orders that follow them, and why."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from enrolments.moves import read_changes
from foundation.paging import KnownPaginator, is_wide
from organisation.decorators import role_required
from organisation.models import ImportKind
from organisation.permissions import ASSIGNS
from organisation.views.imports import KINDS
from reports import moves, services
from reports.asking import moves_asked

from .reading import PAGE_SIZE, crumbs, downloads, unit_name

# Where an import of transfers leads to.
KINDS[ImportKind.OFFICERS]["next"] = {
    "page": "move-changes",
    "label": "Perubahan karena mutasi",
    "text": "Kewajiban yang mengikuti mutasi diperbarui sendiri dalam beberapa menit.",
    "roles": ASSIGNS,
}


@role_required(ASSIGNS)
def move_changes(request):
    scope, form, wanted, days = moves_asked(request.user, request.GET, now=timezone.now())
    events = moves.changes(scope, wanted, days)
    count = events.count()
    rows = moves.newest_first(events, wide=is_wide(count))
    page = KnownPaginator(rows, PAGE_SIZE, count=count).get_page(request.GET.get("page"))
    page.object_list = read_changes(list(page.object_list))
    services.record_list_view(scope=scope, report="moves", wanted=wanted, unit=wanted.unit)
    path = reverse("move-changes")
    asked = {name: request.GET.get(name, "") for name in ("dari", "sampai")}
    context = {
        "form": form,
        "page": page,
        "days": days,
        "roots": scope.roots,
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "reset_url": path,
        "downloads": downloads("moves-export", wanted, **asked),
    }
    return render(request, "reports/moves.html", context)
