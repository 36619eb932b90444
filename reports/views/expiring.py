"""/sdm/kedaluwarsa/: whose completions lose their validity, and who is asked again already."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.paging import PartsPaginator
from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from reports import expiring, services
from reports.asking import expiring_asked, link
from reports.counting import counted_already
from reports.past import says

from .reading import PAGE_SIZE, crumbs, downloads, unit_name


@role_required(READS_LEARNING)
def expiring_list(request):
    scope, form, wanted, within = expiring_asked(request.user, request.GET, now=timezone.now())
    # Counted of whole units, all courses and counters together.
    counts = None if wanted.course or wanted.function else counted_already(scope, wanted)
    parts = expiring.parts(scope, wanted, within, counts)
    page = PartsPaginator(parts, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = expiring.read(page.object_list, scope)
    services.record_list_view(scope=scope, report="expiring", wanted=wanted, unit=wanted.unit)
    path = reverse("expiring")
    context = {
        "form": form,
        "page": page,
        "within": within,
        "scope": scope,
        "says": says(scope),
        "as_of": scope.as_of(wanted.unit),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "tabs": [
            {"label": words, "url": link(wanted, path, dalam=key), "current": key == within}
            for key, words, _days in expiring.WITHIN
        ],
        "reset_url": path,
        "downloads": downloads("expiring-export", wanted, dalam=within),
    }
    return render(request, "reports/expiring.html", context)
