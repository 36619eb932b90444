"""/sdm/penagihan/: who is late, by counter, unit, course and rank, with the words to send."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.paging import is_wide
from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports import chase, services
from reports.asking import chase_asked
from reports.core import State, Wanted, by_counter, duty_rows
from reports.counting import Counted, counted
from reports.past import says
from reports.scope import Scope

from .reading import LongestLatePaginator, UnitPaginator, as_of, crumbs, downloads, page_of, unit_name


@role_required(READS_LEARNING)
def chase_list(request):
    scope, form, wanted = chase_asked(request.user, request.GET, now=timezone.now())
    group = form.cleaned_data["kelompok"]
    counts = (found := counted(scope, wanted)) and found.unfinished()
    # Unit by unit where the pages need them so too.
    known = (counts.figures_of_units() if group == "satuan" else counts.figures()).overdue if counts else None
    # People were counted over all courses and counters.
    people = counts.late_officers() if counts and not (wanted.function or wanted.course) else None
    rows: QuerySet[Any] = chase.late_rows(scope, wanted, group=group, wide=is_wide(known))
    shown: QuerySet[Any] | Paginator = rows
    if counts and is_wide(known) and group == "satuan":
        by_name, by_date = partial(_by_unit, wanted, False), partial(_by_unit, wanted, True)
        # No index knows the dates of a past day.
        of_great = None if scope.past else by_date
        shown = UnitPaginator(by_name, scope, counts.by_unit(State.OVERDUE), of_great=of_great)
    elif counts and is_wide(known) and scope.past and not group:
        shown = LongestLatePaginator(partial(_longest, scope, wanted, counts), known)
    page = page_of(request, shown, scope, count=known)
    for row in page.object_list:
        row.late_words = chase.late_words(row, scope)
        row.group = chase.group_name(row, group) if group else ""
    services.record_list_view(scope=scope, report="chase", wanted=wanted, unit=wanted.unit)
    counters = _counters(scope, wanted, counts)
    path = reverse("chase-list")
    context = {
        "form": form,
        "wanted": wanted,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": as_of(scope, wanted, counts),
        "says": says(scope),
        "crumbs": crumbs(scope, wanted, path),
        "page": page,
        "group": group,
        "total": page.paginator.count,
        "officers": chase.officers_among(rows) if people is None else people,
        "counters": [
            {
                "name": name,
                "late": part.overdue,
                "url": wanted.link(path, function=code),
                "current": code == wanted.function,
            }
            for code, name, part in counters
        ],
        "all_url": wanted.link(path, function=""),
        "remind_url": wanted.link(reverse("remind-unit")) if wanted.unit else "",
        "reset_url": (wanted.unit and f"{path}?satuan={wanted.unit.code}") or path,
        "downloads": downloads("chase-export", wanted, kelompok=group),
    }
    return render(request, "reports/chase_list.html", context)


def _by_unit(wanted: Wanted, wide: bool, scope: Scope) -> QuerySet[Any]:
    return chase.late_rows(scope, wanted, group="satuan", wide=wide)


def _longest(scope: Scope, wanted: Wanted, counts: Counted, most: int) -> QuerySet[Any]:
    return chase.longest_late(scope, wanted, most, counts, wide=True)


def _counters(scope: Scope, wanted: Wanted, counts: Counted | None) -> list:
    """The counters with somebody late."""
    if counts:
        return [row for row in counts.by_function() if row[2].overdue]
    return by_counter(duty_rows(scope, wanted.but(function="", state=State.OVERDUE)), scope)
