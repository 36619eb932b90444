"""/sdm/penyelesaian/: how units and courses stand, and the names behind every figure."""

from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from reports import exports, services
from reports.completion import NAMES, UNITS, completion
from reports.core import State, Wanted, by_counter, duty_rows, figures, for_list
from reports.forms import DAY_FIELDS
from reports.past import says

from .reading import crumbs, opened, page_of, unit_name

FILTER = ("satuan", "loket", "pelatihan", "pangkat", "program", *DAY_FIELDS)
NAMES_FILTER = ("q", *FILTER, "keadaan", "perintah")
NAMES_ORDER = ("unit_path", "rank_order", "officer__name", "officer__number", "course__code")


@role_required(READS_LEARNING)
def completion_table(request):
    scope, form, wanted = opened(request, FILTER)
    table = completion(scope, wanted)
    counters = [] if wanted.function else by_counter(duty_rows(scope, wanted), scope)
    context = {
        "form": form,
        "wanted": wanted,
        "table": table,
        "heat": table.heat_map(),
        "figures": table.figures,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": scope.as_of(wanted.unit),
        "says": says(scope),
        "crumbs": crumbs(scope, wanted, UNITS),
        "units": [
            {"line": line, "url": table.deeper(line), "names": _state_links(wanted, line.unit, direct=line.direct)}
            for line in table.lines
        ],
        "courses": [
            {"line": line, "names": _state_links(wanted, wanted.unit, direct=wanted.direct, course=line.course)}
            for line in table.courses
        ],
        "counters": [
            {"name": name, "figures": part, "names": _state_links(wanted, wanted.unit, function=code)}
            for code, name, part in counters
        ],
        "names_url": wanted.link(NAMES),
        "matrix_url": wanted.but(period=None, activity=None).link(reverse("matrix")),
        "reset_url": _reset(UNITS, wanted),
        "units_xlsx": wanted.link(reverse("completion-units-export", args=["xlsx"])),
        "units_csv": wanted.link(reverse("completion-units-export", args=["csv"])),
        "courses_xlsx": wanted.link(reverse("completion-courses-export", args=["xlsx"])),
        "courses_csv": wanted.link(reverse("completion-courses-export", args=["csv"])),
    }
    return render(request, "reports/completion.html", context)


def _state_links(wanted: Wanted, unit, **changes) -> dict[str, str]:
    """Where each figure of a row leads."""
    row = wanted.but(unit=unit, **changes)
    return {
        "all": row.link(NAMES),
        "done": row.link(NAMES, state=State.DONE),
        "overdue": row.link(NAMES, state=State.OVERDUE),
        "open": row.link(NAMES, state=State.OPEN),
    }


def _reset(path: str, wanted: Wanted) -> str:
    return Wanted(unit=wanted.unit).link(path)


@role_required(READS_LEARNING)
def name_list(request):
    scope, form, wanted = opened(request, NAMES_FILTER, tabs="keadaan")
    counted = figures(duty_rows(scope, wanted.but(state="")), scope)
    page = page_of(request, for_list(duty_rows(scope, wanted), scope).order_by(*NAMES_ORDER, "pk"), scope)
    services.record_list_view(scope=scope, report="names", wanted=wanted, unit=wanted.unit)
    parts = [("", "Semua", counted.total), *zip(State.values, State.labels, _parts(counted), strict=True)]
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "figures": counted,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": scope.as_of(wanted.unit),
        "says": says(scope),
        "crumbs": crumbs(scope, wanted, UNITS, wanted.course.title if wanted.course else "Nama"),
        "states": [
            {"label": label, "count": count, "url": wanted.link(NAMES, state=state), "current": wanted.state == state}
            for state, label, count in parts
        ],
        "reset_url": _reset(NAMES, wanted),
        "xlsx_url": wanted.link(reverse("completion-names-export", args=["xlsx"])),
        "csv_url": wanted.link(reverse("completion-names-export", args=["csv"])),
    }
    return render(request, "reports/name_list.html", context)


def _parts(counted) -> tuple[int, int, int]:
    """In the order of State."""
    return counted.done, counted.overdue, counted.open


@role_required(READS_LEARNING)
@fresh_login_required
def names_export(request, kind):
    scope, _form, wanted = opened(request, NAMES_FILTER, tabs="keadaan")
    rows = duty_rows(scope, wanted)
    services.record_export(scope=scope, report="names", wanted=wanted, kind=kind, figures=figures(rows, scope))
    table = exports.names_table(for_list(rows, scope).order_by(*NAMES_ORDER, "pk"), scope)
    notes = exports.about(scope, wanted, "Penyelesaian, nama")
    return exports.download(kind, "penyelesaian-nama", table, scope=scope, notes=notes)


@role_required(READS_LEARNING)
@fresh_login_required
def units_export(request, kind):
    return _figures_export(request, kind, "penyelesaian-satuan", "Penyelesaian per satuan", exports.units_table)


@role_required(READS_LEARNING)
@fresh_login_required
def courses_export(request, kind):
    return _figures_export(request, kind, "penyelesaian-pelatihan", "Penyelesaian per pelatihan", exports.courses_table)


def _figures_export(request, kind, file_name, title, table_of):
    scope, _form, wanted = opened(request, FILTER)
    found = completion(scope, wanted)
    services.record_export(scope=scope, report=file_name, wanted=wanted, kind=kind, figures=found.figures)
    return exports.download(kind, file_name, table_of(found), scope=scope, notes=exports.about(scope, wanted, title))
