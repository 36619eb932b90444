"""/sdm/penagihan/: who is late, by counter, unit, course and rank, with the words to send."""

from django.shortcuts import render
from django.urls import reverse

from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING
from reports import chase, exports, services
from reports.core import State, by_counter, duty_rows, figures
from reports.forms import DAY_FIELDS
from reports.past import says

from .reading import crumbs, opened, page_of, unit_name

FILTER = ("q", "satuan", "loket", "pelatihan", "pangkat", "program", "kelompok", *DAY_FIELDS)
GROUP_WORDS = [(key, word) for key, word, _order in chase.GROUPS]


@role_required(READS_LEARNING)
def chase_list(request):
    scope, form, wanted = opened(request, FILTER, groups=GROUP_WORDS, tabs="loket")
    group = form.cleaned_data["kelompok"]
    rows = chase.late_rows(scope, wanted, group=group)
    page = page_of(request, rows, scope)
    for row in page.object_list:
        row.late_words = chase.late_words(row, scope)
        row.group = chase.group_name(row, group) if group else ""
    services.record_list_view(scope=scope, report="chase", wanted=wanted, unit=wanted.unit)
    counters = by_counter(duty_rows(scope, wanted.but(function="", state=State.OVERDUE)), scope)
    path = reverse("chase-list")
    context = {
        "form": form,
        "wanted": wanted,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": scope.as_of(wanted.unit),
        "says": says(scope),
        "crumbs": crumbs(scope, wanted, path),
        "page": page,
        "group": group,
        "total": page.paginator.count,
        "officers": chase.officers_among(rows),
        "counters": [
            {
                "name": name,
                "late": part.total,
                "url": wanted.link(path, function=code),
                "current": code == wanted.function,
            }
            for code, name, part in counters
        ],
        "all_url": wanted.link(path, function=""),
        "remind_url": wanted.link(reverse("remind-unit")) if wanted.unit else "",
        "reset_url": (wanted.unit and f"{path}?satuan={wanted.unit.code}") or path,
        "xlsx_url": _export_url(wanted, group, "xlsx"),
        "csv_url": _export_url(wanted, group, "csv"),
    }
    return render(request, "reports/chase_list.html", context)


def _export_url(wanted, group: str, kind: str) -> str:
    url = wanted.link(reverse("chase-export", args=[kind]))
    return f"{url}{'&' if '?' in url else '?'}kelompok={group}" if group else url


@role_required(READS_LEARNING)
@fresh_login_required
def chase_export(request, kind):
    scope, form, wanted = opened(request, FILTER, groups=GROUP_WORDS, tabs="loket")
    wanted = wanted.but(state=State.OVERDUE)
    counted = figures(duty_rows(scope, wanted), scope)
    services.record_export(scope=scope, report="chase", wanted=wanted, kind=kind, figures=counted)
    rows = chase.late_rows(scope, wanted, group=form.cleaned_data["kelompok"])
    notes = exports.about(scope, wanted, "Daftar penagihan")
    return exports.download(kind, "penagihan", exports.names_table(rows, scope), scope=scope, notes=notes)
