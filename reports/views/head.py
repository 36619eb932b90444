"""/satuan/: the head's page on a phone: how far the unit is, who is late, where; of today or of a past day."""

from django.shortcuts import render
from django.urls import reverse

from foundation.formats import number
from foundation.paging import is_wide
from foundation.pictures import Bar
from organisation.decorators import role_required
from organisation.models import Role
from reports import services
from reports.chase import late_people, longest_late, officers_among
from reports.completion import NAMES, completion
from reports.core import NO_COUNTER, by_counter, duty_rows, read
from reports.counting import counted
from reports.forms import DAY_FIELDS
from reports.past import says

from .reading import as_of, crumbs, opened, unit_name

FIRST_LATE = 5


@role_required((Role.HEAD,))
def head_page(request):
    scope, form, wanted = opened(request, ("satuan", *DAY_FIELDS), roles=(Role.HEAD,))
    counts = counted(scope, wanted)
    table = completion(scope, wanted, counts)
    late = longest_late(scope, wanted, FIRST_LATE, counts, wide=is_wide(table.figures.overdue))
    first_late = read(late[:FIRST_LATE], scope, counters=False)
    if first_late:
        services.record_list_view(scope=scope, report="head", wanted=wanted, unit=wanted.unit)
    here = reverse("head-page")
    figures = table.figures
    context = {
        "form": form,
        "scope": scope,
        "says": says(scope),
        "reset_url": here,
        "unit_name": unit_name(scope, wanted.unit),
        "as_of": as_of(scope, wanted, counts),
        "crumbs": crumbs(scope, wanted, here) if wanted.unit not in scope.roots or len(scope.roots) > 1 else [],
        "figures": figures,
        "late_officers": counts.late_officers() if counts else officers_among(late),
        "late": late_people(first_late, scope),
        "remind_url": wanted.link(reverse("remind-unit")) if wanted.unit and not scope.past else "",
        "units": [
            Bar(
                line.label,
                line.figures.percent if line.figures.total else None,
                f"{number(line.figures.done)} dari {number(line.figures.total)}" if line.figures.total else "",
                wanted.link(here, unit=line.unit) if line.has_children else table.names_of(line),
            )
            for line in table.lines
        ],
        "counters": [
            Bar(
                name,
                part.percent,
                f"{number(part.done)} dari {number(part.total)}",
                wanted.link(NAMES, function=code),
            )
            for code, name, part in (counts.by_function() if counts else by_counter(duty_rows(scope, wanted), scope))
            if code != NO_COUNTER
        ],
        "courses": [
            Bar(
                line.course.title,
                line.figures.percent,
                f"{number(line.figures.done)} dari {number(line.figures.total)}",
                wanted.link(NAMES, course=line.course),
            )
            for line in table.courses
        ],
        "chase_url": wanted.link(reverse("chase-list")),
    }
    return render(request, "reports/head.html", context)
