"""/sdm/matriks/: who stands where in every course."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports import matrix, services
from reports.asking import PAGES
from reports.core import Wanted
from reports.counting import Counted, counted_already
from reports.labels import column_label
from reports.past import says
from reports.scope import Scope

from .reading import PAGE_SIZE, UnitPaginator, as_of, crumbs, downloads, opened, unit_name


@role_required(READS_LEARNING)
def matrix_page(request):
    scope, form, wanted = opened(request, PAGES["matrix"].fields)
    courses = matrix.courses_shown(scope, wanted)
    counts = None if wanted.function else counted_already(scope, wanted)
    page = _lines(scope, wanted, counts).get_page(request.GET.get("page"))
    page.object_list = matrix.read(page.object_list, courses, scope, wanted)
    services.record_list_view(scope=scope, report="matrix", wanted=wanted, unit=wanted.unit)
    path = reverse("matrix")
    context = {
        "form": form,
        "wanted": wanted,
        "courses": [{"course": course, "label": column_label(course)} for course in courses],
        "page": page,
        "scope": scope,
        "says": says(scope),
        "as_of": as_of(scope, wanted, counts),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "reset_url": path,
        "downloads": downloads("matrix-export", wanted),
    }
    return render(request, "reports/matrix.html", context)


def _lines(scope: Scope, wanted: Wanted, counts: Counted | None) -> Paginator:
    """Everybody in the order of units; where they are counted, a page is read from the units that it shows."""
    if counts is None:
        return Paginator(matrix.officers_shown(scope, wanted), PAGE_SIZE)
    return UnitPaginator(lambda near: matrix.officers_shown(near, wanted), scope, counts.people_by_unit())
