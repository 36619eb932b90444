"""/sdm/kesiapan/: what the people at a counter knew when they were last asked, topic by topic."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from quizzes.statistics import FEWEST_SHOWN
from reports.asking import readiness_asked
from reports.core import Wanted
from reports.past import says
from reports.readiness import READINESS, readiness

from .reading import as_of, crumbs, downloads, unit_name


@role_required(READS_LEARNING)
def readiness_page(request):
    scope, form, wanted = readiness_asked(request.user, request.GET, now=timezone.now())
    found = readiness(scope, wanted)
    here = next((one for one in found.counters if one.function.code == wanted.function), None)
    context = {
        "form": form,
        "wanted": wanted,
        "scope": scope,
        "as_of": as_of(scope, wanted, found),
        "says": says(scope),
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
