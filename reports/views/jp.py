"""JP of a year: /sdm/jp/ for the units of the reader, /jp/ for oneself; and the targets."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from enrolments.jp import set_jp_target
from enrolments.models import JpTarget
from enrolments.overview import posting_of, zone_of
from foundation.formats import day_of, end_of_day
from organisation.decorators import role_required
from organisation.models import Posting, Role
from organisation.permissions import READS_LEARNING, own_officer
from organisation.zones import reading_zone
from reports import jp, services
from reports.asking import jp_asked, link
from reports.core import Wanted
from reports.counting import Counted, counted
from reports.forms import JpTargetForm
from reports.past import says
from reports.scope import Scope

from .reading import PAGE_SIZE, UnitPaginator, as_of, crumbs, downloads, unit_name

SETS_TARGETS = (Role.ADMINISTRATOR,)


@role_required(READS_LEARNING)
def jp_list(request):
    scope, form, wanted, year = jp_asked(request.user, request.GET, now=timezone.now())
    reached = form.cleaned_data["capaian"]
    counts = None if wanted.function else counted(scope, wanted)
    totals = jp.jp_totals(scope, wanted, year, counts)
    page = _pages(scope, wanted, year, reached, counts).get_page(request.GET.get("page"))
    page.object_list = jp.read(page.object_list)
    services.record_list_view(scope=scope, report="jp", wanted=wanted, unit=wanted.unit)
    path = reverse("jp-list")
    context = {
        "form": form,
        "year": year,
        "wanted": wanted,
        "as_of": scope.as_of(wanted.unit),
        "totals": totals,
        "page": page,
        "scope": scope,
        "since": as_of(scope, wanted, counts) if counts and counts.since else "",
        "says": says(scope),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path),
        "states": [
            {
                "label": word,
                "count": count,
                "url": link(wanted, path, tahun=str(year), capaian=key),
                "current": key == reached,
            }
            for key, word, count in (
                ("", "Semua", totals.officers),
                (jp.SHORT, "Kurang dari target", totals.short),
                (jp.REACHED, "Mencapai target", totals.reached),
            )
        ],
        "reset_url": path,
        "downloads": downloads("jp-export", wanted, tahun=str(year), capaian=reached),
    }
    return render(request, "reports/jp_list.html", context)


def _pages(scope: Scope, wanted: Wanted, year: int, reached: str, counts: Counted | None) -> Paginator:
    """The officers in the order of the units; where the units were counted, a page is read from those that it shows."""

    def officers(scope: Scope) -> QuerySet[Posting]:
        return scope.with_mine(jp.for_list(jp.jp_rows(scope, wanted, year, reached=reached)))

    if counts is None or counts.jp(year) is None:
        return Paginator(officers(scope), PAGE_SIZE)
    return UnitPaginator(officers, scope, counts.jp_by_unit(jp.STATES[reached]))


@role_required(SETS_TARGETS)
def jp_targets(request):
    """The targets in force and the form for the next one; rows are never changed."""
    now = timezone.now()
    form = JpTargetForm(request.POST or None, initial={"first_year": day_of(now, reading_zone(request.user)).year})
    if request.method == "POST" and form.is_valid():
        set_jp_target(actor=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Target tersimpan.")
        return redirect("jp-targets")
    targets = JpTarget.objects.select_related("set_by")
    return render(request, "reports/jp_targets.html", {"form": form, "targets": targets, "now": now})


@login_required
def own_jp(request):
    """/jp/: the JP of one year, row by row, for the officer."""
    officer = own_officer(request.user)
    if officer is None:
        raise Http404
    now = timezone.now()
    posting = posting_of(officer, at=now)
    this_year = day_of(now, zone_of(posting)).year
    years = jp.years_of(officer, this_year=this_year)
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isdigit() else this_year
    if year not in years:
        raise Http404
    if year != this_year:
        # The target of that year is the one of the rank held at its end.
        posting = posting_of(officer, at=end_of_day(date(year, 12, 31), zone_of(posting)))
    context = {"shown": jp.officer_year(officer, posting, year, at=now), "years": years}
    return render(request, "reports/own_jp.html", context)
