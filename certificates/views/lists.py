"""Lists beside the register, each with its file: what ends when, what ended and by whom, what has no certificate."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from certificates.listings import ended_listed, expiring_listed, missing_listed
from certificates.models import WorkKind
from certificates.permissions import ASKS
from certificates.services.working import rows_of
from foundation import audit
from organisation.decorators import role_required
from organisation.listings import Listing
from organisation.permissions import READS_LEARNING, has_role

PAGE_SIZE = 50


def _page(request, listed: Listing, key: str, *, at, **more):
    page = Paginator(listed.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    audit.record(verb=f"certificate.{key}_viewed", actor=request.user, at=at, detail={"count": page.paginator.count})
    is_filtered = any(request.GET.get(name) for name in listed.form.fields)
    context = {"title": listed.title, "form": listed.form, "page": page, "is_filtered": is_filtered, **more}
    return render(request, f"certificates/{key}.html", context)


@role_required(READS_LEARNING)
def expiring_list(request):
    now = timezone.now()
    return _page(request, expiring_listed(request.user, request.GET, at=now), "expiring", at=now, now=now)


@role_required(READS_LEARNING)
def ended_list(request):
    now = timezone.now()
    return _page(request, ended_listed(request.user, request.GET, at=now), "ended", at=now)


@role_required(READS_LEARNING)
def missing_list(request):
    now = timezone.now()
    listed = missing_listed(request.user, request.GET, at=now)
    may_issue = has_role(request.user, ASKS, at=now)
    issuable = rows_of(WorkKind.ISSUE, request.user, request.GET, at=now).count() if may_issue else 0
    return _page(request, listed, "missing", at=now, may_issue=may_issue, issuable=issuable)
