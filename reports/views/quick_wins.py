"""/sdm/quick-wins/: each activity of a period with the officers it reached, and their names."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from programmes.permissions import activities_for_actor
from reports import services
from reports.core import Wanted
from reports.forms import unit_asked_for
from reports.quick_wins import DONE, OPEN, lines_of, officers_reached
from reports.scope import scope_of

from .reading import PAGE_SIZE, unit_name

STATES = (("", "Semua"), (DONE, "Selesai"), (OPEN, "Belum selesai"))


@role_required(READS_LEARNING)
def quick_wins(request):
    scope = scope_of(request.user, at=timezone.now())
    wanted = Wanted(unit=scope.opened(unit_asked_for(scope, request.GET.get("satuan", ""))))
    activities = list(activities_for_actor(request.user))
    periods = {str(activity.period_id): activity.period for activity in activities}
    period = _chosen(periods, request.GET.get("periode", "")) or next(iter(periods.values()), None)
    context = {
        "periods": list(periods.values()),
        "period": period,
        "unit_name": unit_name(scope, wanted.unit),
        "as_of": scope.as_of(wanted.unit),
    }
    if period:
        lines = lines_of(scope, wanted, period)
        context |= {"whole": lines[0], "lines": lines[1:], "wanted": wanted}
    return render(request, "reports/quick_wins.html", context)


@role_required(READS_LEARNING)
def quick_wins_names(request, period):
    """The officers behind a figure, each once."""
    scope = scope_of(request.user, at=timezone.now())
    wanted = Wanted(unit=scope.opened(unit_asked_for(scope, request.GET.get("satuan", ""))))
    activities = [one for one in activities_for_actor(request.user) if one.period_id == period]
    if not activities:
        raise Http404
    chosen = next(iter(activities)).period
    activity = _chosen({str(one.pk): one for one in activities}, request.GET.get("kegiatan", ""))
    state = request.GET.get("keadaan", "")
    if state not in dict(STATES):
        raise Http404
    officers = officers_reached(scope, wanted, chosen, activity, state=state)
    page = Paginator(officers, PAGE_SIZE).get_page(request.GET.get("page"))
    postings = scope.postings.filter(pk__in=[officer.posting_pk for officer in page])
    found = {posting.pk: posting for posting in postings.select_related("rank", "unit")}
    for officer in page:
        officer.posting = found[officer.posting_pk]
    wanted = wanted.but(period=chosen, activity=activity)
    services.record_list_view(scope=scope, report="quick-wins", wanted=wanted, unit=wanted.unit)
    context = {
        "period": chosen,
        "activity": activity,
        "page": page,
        "state": state,
        "states": STATES,
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": [
            {"url": f"/sdm/quick-wins/?periode={chosen.pk}", "label": chosen.name},
            {"label": activity.code if activity else "Seluruh periode"},
        ],
    }
    return render(request, "reports/quick_wins_names.html", context)


def _chosen(options: dict, key: str):
    """The option that the address names; None when it names none, 404 for one that does not exist."""
    if not key:
        return None
    if key not in options:
        raise Http404
    return options[key]
