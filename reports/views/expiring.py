"""/sdm/kedaluwarsa/: whose completions lose their validity, and who is asked again already."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from reports import expiring, exports, services

from .reading import PAGE_SIZE, crumbs, opened, unit_name

FILTER = ("q", "satuan", "loket", "pangkat", "pelatihan")


def _opened(request):
    scope, form, wanted = opened(request, FILTER)
    within = request.GET.get("dalam", expiring.WITHIN[0][0])
    if within not in [key for key, _words, _days in expiring.WITHIN]:
        raise Http404
    return scope, form, wanted, within


def _link(wanted, path: str, within: str) -> str:
    url = wanted.link(path)
    return f"{url}{'&' if '?' in url else '?'}dalam={within}"


@role_required(READS_LEARNING)
def expiring_list(request):
    scope, form, wanted, within = _opened(request)
    page = Paginator(expiring.for_list(expiring.expiring(scope, wanted, within)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    page.object_list = expiring.read(page.object_list, scope)
    services.record_list_view(scope=scope, report="expiring", wanted=wanted, unit=wanted.unit)
    path = reverse("expiring")
    context = {
        "form": form,
        "page": page,
        "within": within,
        "as_of": scope.as_of(wanted.unit),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "tabs": [
            {"label": words, "url": _link(wanted, path, key), "current": key == within}
            for key, words, _days in expiring.WITHIN
        ],
        "reset_url": path,
        "xlsx_url": _link(wanted, reverse("expiring-export", args=["xlsx"]), within),
        "csv_url": _link(wanted, reverse("expiring-export", args=["csv"]), within),
    }
    return render(request, "reports/expiring.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def expiring_export(request, kind):
    scope, _form, wanted, within = _opened(request)
    rows = expiring.expiring(scope, wanted, within)
    services.record_rows_export(scope=scope, report="expiring", wanted=wanted, kind=kind, rows=rows.count())
    notes = exports.about(scope, wanted, "Penyelesaian yang berakhir masa berlakunya")
    return exports.download(kind, "kedaluwarsa", expiring.expiring_table(rows, scope), scope=scope, notes=notes)
