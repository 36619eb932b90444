"""/sdm/matriks/: who stands where in every course."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports import matrix, services
from reports.asking import PAGES
from reports.labels import column_label
from reports.past import says

from .reading import PAGE_SIZE, crumbs, opened, unit_name


@role_required(READS_LEARNING)
def matrix_page(request):
    scope, form, wanted = opened(request, PAGES["matrix"].fields)
    courses = matrix.courses_shown(scope, wanted)
    page = Paginator(matrix.officers_shown(scope, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
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
        "as_of": scope.as_of(wanted.unit),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "reset_url": path,
        "xlsx_url": wanted.link(reverse("matrix-export", args=["xlsx"])),
        "csv_url": wanted.link(reverse("matrix-export", args=["csv"])),
    }
    return render(request, "reports/matrix.html", context)
