"""/sdm/penyelesaian/target/: how completion went against what the orders asked for."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports.asking import trend_asked, trend_link
from reports.completion import UNITS
from reports.core import Wanted
from reports.models.files import FILE_KINDS
from reports.permissions import Axis
from reports.spans import SPANS
from reports.trend import trend

from .reading import as_of, crumbs, unit_name


@role_required(READS_LEARNING)
def trend_page(request):
    scope, form, wanted, span = trend_asked(request.user, request.GET, now=timezone.now())
    line = trend(scope, wanted, span=span)
    points = line.points
    path = reverse("trend")
    context = {
        "form": form,
        "wanted": wanted,
        "scope": scope,
        "as_of": as_of(scope, wanted, line),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path, "Terhadap target"),
        "span": span,
        "spans": [
            {"label": words, "url": trend_link(wanted, path, key), "current": key == span}
            for key, (words, _count) in SPANS.items()
        ],
        "as_known": wanted.axis == Axis.AS_KNOWN,
        "last": points[-1],
        "shortened": len(points) < SPANS[span][1],
        "line": [(point.label, point.figures.percent if point.figures.total else None) for point in points],
        "plan": [point.target if point.figures.total else None for point in points],
        "rows": [
            {"point": point, "url": _day_link(wanted, point, last=point is points[-1])} for point in reversed(points)
        ],
        "courses_url": wanted.link(UNITS),
        "reset_url": Wanted(unit=wanted.unit).link(path),
        "downloads": [
            (kind.upper(), trend_link(wanted, reverse("trend-export", args=[kind]), span)) for kind in FILE_KINDS
        ],
    }
    return render(request, "reports/trend.html", context)


def _day_link(wanted: Wanted, point, *, last: bool) -> str:
    """The page of that day, whose figures the point repeats."""
    return wanted.link(UNITS, day=None if last else point.day)
