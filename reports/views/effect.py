"""/sdm/penyelesaian/dampak/: grades before and after the course, and whose they are."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from quizzes.statistics import FEWEST_SHOWN
from reports import effect, services
from reports.asking import PAGES, effect_names_asked, link, one_of
from reports.core import Wanted
from reports.counting import counted
from reports.past import says

from .reading import PAGE_SIZE, as_of, crumbs, downloads, opened, unit_name

PER = ((effect.BY_COURSE, "Per pelatihan"), (effect.BY_ORDER, "Per perintah"))


@role_required(READS_LEARNING)
def effect_page(request):
    scope, form, wanted = opened(request, PAGES["effect"].fields)
    per = one_of(request.GET, "per_apa", [key for key, _word in PER])
    counts = counted(scope, wanted)
    lines = effect.by_order(scope, wanted) if per == effect.BY_ORDER else effect.by_course(scope, wanted, counts)
    path = reverse("effect")
    context = {
        "form": form,
        "wanted": wanted,
        "scope": scope,
        "says": says(scope),
        "as_of": as_of(scope, wanted, counts),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, wanted, path, "Dampak"),
        "whole": effect.whole(scope, wanted, counts),
        "lines": [{"line": line, "url": _names(wanted, line)} for line in lines],
        "fewest": FEWEST_SHOWN,
        "by_order": per == effect.BY_ORDER,
        "per": [{"label": word, "url": link(wanted, path, per_apa=key), "current": key == per} for key, word in PER],
        "reset_url": Wanted(unit=wanted.unit).link(path),
        "downloads": downloads("effect-export", wanted, per_apa=per),
    }
    return render(request, "reports/effect.html", context)


def _names(wanted: Wanted, line: effect.GainLine) -> str:
    return link(
        wanted.but(course=line.course), reverse("effect-names"), atas=str(line.order.uuid) if line.order else ""
    )


@role_required(READS_LEARNING)
def effect_names(request):
    """The officers behind a line, the smallest rise first."""
    scope, form, wanted = effect_names_asked(request.user, request.GET, now=timezone.now())
    rows = effect.measured(scope, wanted)
    page = Paginator(effect.for_list(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = effect.read_gains(page.object_list, scope)
    services.record_list_view(scope=scope, report="effect", wanted=wanted, unit=wanted.unit)
    order = str(wanted.order.uuid) if wanted.order else ""
    plain = wanted.but(order=None)
    context = {
        "form": form,
        "wanted": wanted,
        "scope": scope,
        "says": says(scope),
        "as_of": scope.as_of(wanted.unit),
        "unit_name": unit_name(scope, wanted.unit),
        "crumbs": crumbs(scope, plain, reverse("effect"), wanted.course.title if wanted.course else "Nama"),
        "page": page,
        "gain": effect.gain(rows),
        "fewest": FEWEST_SHOWN,
        "reset_url": link(Wanted(unit=wanted.unit, course=wanted.course), reverse("effect-names"), atas=order),
        "downloads": downloads("effect-names-export", plain, atas=order),
    }
    return render(request, "reports/effect_names.html", context)
