"""/sdm/penyelesaian/: how units and courses stand, and the names behind every figure."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse

from foundation.paging import is_wide
from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports import services
from reports.asking import PAGES
from reports.completion import NAMES, UNITS, completion
from reports.core import State, Wanted, by_counter, duty_rows, figures, for_list
from reports.counting import Counted, counted
from reports.files import NAMES_ORDER
from reports.past import says
from reports.scope import Scope

from .reading import UnitPaginator, as_of, crumbs, downloads, opened, page_of, unit_name


@role_required(READS_LEARNING)
def completion_table(request):
    scope, form, wanted = opened(request, PAGES["completion"].fields)
    counts = counted(scope, wanted)
    table = completion(scope, wanted, counts)
    counters = [] if wanted.function else _counters(scope, wanted, counts)
    context = {
        "form": form,
        "wanted": wanted,
        "table": table,
        "heat": table.heat_map(),
        "figures": table.figures,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": as_of(scope, wanted, counts),
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
        "trend_url": wanted.but(day=None).link(reverse("trend")),
        "effect_url": wanted.link(reverse("effect")),
        "matrix_url": wanted.but(period=None, activity=None).link(reverse("matrix")),
        "reset_url": _reset(UNITS, wanted),
        "units_downloads": downloads("completion-units-export", wanted),
        "courses_downloads": downloads("completion-courses-export", wanted),
    }
    return render(request, "reports/completion.html", context)


def _counters(scope: Scope, wanted: Wanted, counts: Counted | None) -> list:
    return counts.by_function() if counts else by_counter(duty_rows(scope, wanted), scope)


def _state_links(wanted: Wanted, unit, **changes) -> dict[str, str]:
    """Where each figure of a row leads."""
    row = wanted.but(unit=unit, **changes)
    return {
        "all": row.link(NAMES),
        "done": row.link(NAMES, state=State.DONE),
        "overdue": row.link(NAMES, state=State.OVERDUE),
        "open": row.link(NAMES, state=State.OPEN),
    }


def _names(wanted: Wanted, scope: Scope) -> QuerySet[Any]:
    return for_list(duty_rows(scope, wanted), scope).order_by(*NAMES_ORDER)


def _reset(path: str, wanted: Wanted) -> str:
    return Wanted(unit=wanted.unit).link(path)


@role_required(READS_LEARNING)
def name_list(request):
    scope, form, wanted = opened(request, PAGES["completion-names"].fields, tabs="keadaan")
    counts = counted(scope, wanted)
    parts = counts.figures_of_units() if counts else figures(duty_rows(scope, wanted.but(state="")), scope)
    wide = counts and is_wide(parts.total)
    numbers = {"": parts.total, State.DONE: parts.done, State.OVERDUE: parts.overdue, State.OPEN: parts.open}
    rows = (
        UnitPaginator(partial(_names, wanted), scope, counts.by_unit(wanted.state)) if wide else _names(wanted, scope)
    )
    page = page_of(request, rows, scope, count=numbers[wanted.state])
    services.record_list_view(scope=scope, report="names", wanted=wanted, unit=wanted.unit)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "figures": parts,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": as_of(scope, wanted, counts),
        "says": says(scope),
        "crumbs": crumbs(scope, wanted, UNITS, wanted.course.title if wanted.course else "Nama"),
        "states": [
            {
                "label": label,
                "count": numbers[state],
                "url": wanted.link(NAMES, state=state),
                "current": wanted.state == state,
            }
            for state, label in (("", "Semua"), *State.choices)
        ],
        "reset_url": _reset(NAMES, wanted),
        "downloads": downloads("completion-names-export", wanted),
    }
    return render(request, "reports/name_list.html", context)
