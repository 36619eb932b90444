"""/kemajuan/: how the officer has done so far; /sdm/hasil-lama/: old results that found nobody."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrolments.overview import posting_of, zone_of
from foundation import audit
from organisation.decorators import role_required
from quizzes.permissions import KEEPS_HISTORY, attempts_for_actor, imported_sittings_for_actor
from quizzes.success import success_by_topic

PAGE = 25


@login_required
@require_safe
def own(request):
    """Success per topic, every result so far, and what came from the old application."""
    officer = getattr(request.user, "officer", None)
    if officer is None:
        raise Http404("no officer behind this login")
    now = timezone.now()
    attempts = (
        attempts_for_actor(request.user, at=now)
        .filter(submitted_at__isnull=False)
        .select_related("version", "enrolment__course__current_version")
        .order_by("-submitted_at", "-pk")
    )
    topics = success_by_topic(request.user, at=now)
    context = {
        "topics": topics,
        "bars": [topic.bar for topic in topics],
        "attempts": Paginator(attempts, PAGE).get_page(request.GET.get("page")),
        "old": officer.imported_sittings.for_history(),
        "zone": zone_of(posting_of(officer, at=now)),
    }
    return render(request, "quizzes/progress.html", context)


@role_required(KEEPS_HISTORY)
@require_safe
def unmatched(request):
    now = timezone.now()
    rows = imported_sittings_for_actor(request.user, at=now).unmatched().for_history()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    audit.record(verb="history.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    return render(request, "quizzes/old_results.html", {"page": page})
