"""/sdm/kesiapan/: what the people at a counter knew when they were last asked, topic by topic."""

from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from quizzes.statistics import FEWEST_SHOWN
from reports.asking import PAGES
from reports.core import NO_COUNTER, Wanted
from reports.readiness import READINESS, readiness

from .reading import crumbs, downloads, opened, unit_name


@role_required(READS_LEARNING)
def readiness_page(request):
    scope, form, wanted = opened(request, PAGES["readiness"].fields)
    # Who serves no counter cannot be ready for one.
    wanted = wanted.but(function="") if wanted.function == NO_COUNTER else wanted
    found = readiness(scope, wanted)
    here = next((one for one in found.counters if one.function.code == wanted.function), None)
    context = {
        "form": form,
        "wanted": wanted,
        "scope": scope,
        "as_of": scope.as_of(wanted.unit),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, READINESS),
        "found": found,
        "here": here,
        "weakest": next((line for line in found.topics if line.share.percent is not None), None),
        "bars": [one.bar(wanted.link(READINESS, function=one.function.code)) for one in found.counters],
        "fewest": FEWEST_SHOWN,
        "all_url": wanted.link(READINESS, function=""),
        "names_url": wanted.link(reverse("matrix")),
        "reset_url": Wanted(unit=wanted.unit).link(READINESS),
        "downloads": downloads("readiness-export", wanted),
    }
    return render(request, "reports/readiness.html", context)
