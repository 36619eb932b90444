"""/sdm/matriks/: who stands where in every course."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from reports import exports, matrix, services
from reports.forms import DAY_FIELDS
from reports.labels import column_label
from reports.past import says

from .reading import PAGE_SIZE, crumbs, opened, unit_name

FILTER = ("q", "satuan", "loket", "pangkat", "pelatihan", *DAY_FIELDS)


@role_required(READS_LEARNING)
def matrix_page(request):
    scope, form, wanted = opened(request, FILTER)
    courses = matrix.courses_shown(wanted)
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


@role_required(READS_LEARNING)
@fresh_login_required
def matrix_export(request, kind):
    scope, _form, wanted = opened(request, FILTER)
    rows = matrix.officers_shown(scope, wanted).count()
    services.record_rows_export(scope=scope, report="matrix", wanted=wanted, kind=kind, rows=rows)
    notes = exports.about(scope, wanted, "Matriks personel × pelatihan")
    return exports.download(kind, "matriks", matrix.matrix_table(scope, wanted), scope=scope, notes=notes)
