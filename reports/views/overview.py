"""/sdm/: where the unit stands, where the gaps are, whom to chase first."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from foundation.formats import number
from foundation.paging import is_wide
from organisation.decorators import role_required
from organisation.models import Role
from organisation.permissions import has_role
from reports import services
from reports.asking import PAGES
from reports.certificates import valid_certificates
from reports.chase import late_people, longest_late, officers_among
from reports.completion import NAMES, UNITS, completion
from reports.core import State, Wanted, by_counter, duty_rows, read
from reports.counting import Counted, counted
from reports.overview import Grades, grades, trend
from reports.past import says
from reports.scope import Scope

from .reading import as_of, downloads, opened, unit_name

FIRST_LATE = 5
FIRST_UNITS = 10


@role_required((Role.SDM, Role.ADMINISTRATOR))
def overview(request):
    if not has_role(request.user, (Role.SDM,), at=timezone.now()):
        # An administrator keeps people and units, and reads nobody's learning.
        return redirect("/sdm/personel/")
    scope, form, wanted = opened(request, PAGES["sdm-overview"].fields)
    rows = duty_rows(scope, wanted)
    # What was counted of single courses says nothing about people, days and counters.
    counts = None if wanted.function or wanted.course else counted(scope, wanted)
    zone = scope.zone(wanted.unit)
    # The table first: totals are added up from what it has read.
    table = completion(scope, wanted, counts)
    points = trend(rows, scope, zone=zone, counts=counts)
    wide = is_wide(table.figures.overdue)
    late = longest_late(scope, wanted, FIRST_LATE, counts, wide=wide)
    late_officers = counts.late_officers() if counts else officers_among(late)
    first_late = read(late[:FIRST_LATE], scope, counters=False)
    if first_late:
        services.record_list_view(scope=scope, report="overview", wanted=wanted, unit=wanted.unit)
    context = {
        "form": form,
        "wanted": wanted,
        "unit_name": unit_name(scope, wanted.unit),
        "scope": scope,
        "as_of": as_of(scope, wanted, counts),
        "says": says(scope),
        "figures": table.figures,
        "table": table,
        "heat": table.heat_map(limit=FIRST_UNITS),
        "units_left": len(table.lines) - FIRST_UNITS,
        "points": points,
        "tiles": _tiles(scope, wanted, table.figures, grades(rows, scope, counts), late_officers, counts),
        "late": late_people(first_late, scope),
        "late_officers": late_officers,
        "weakest_counter": _weakest_counter(scope, wanted, counts),
        "chase_url": wanted.link(reverse("chase-list")),
        "units_url": wanted.link(UNITS),
        "downloads": downloads("completion-units-export", wanted),
    }
    return render(request, "reports/overview.html", context)


def _tiles(
    scope: Scope, wanted: Wanted, figures, grade: Grades, late_officers: int, counts: Counted | None
) -> list[dict]:
    if grade.gain is None:
        gain = "belum ada pre-tes" if grade.mean is not None else "belum ada pos-tes"
    else:
        gain = f"{'naik' if grade.gain >= 0 else 'turun'} {number(abs(grade.gain), 0)} dari pre-tes"
    tiles = [
        {
            "label": "Selesai",
            "value": number(figures.done),
            "note": f"dari {number(figures.total)} pelatihan wajib",
            "url": wanted.link(NAMES, state=State.DONE),
        },
        {
            "label": "Lewat batas waktu",
            "value": number(figures.overdue),
            "note": f"pada {number(late_officers)} personel" if figures.overdue else "tidak ada yang perlu ditagih",
            "url": wanted.link(reverse("chase-list")),
            "tone": "late" if figures.overdue else "good",
        },
        {
            "label": "Rata-rata pos-tes",
            "value": "–" if grade.mean is None else number(grade.mean, 0),
            "note": gain,
        },
    ]
    certificates, register = valid_certificates(scope, wanted, counts)
    held = {
        "label": "Sertifikat berlaku",
        "value": number(certificates),
        "note": "diperoleh di satuan ini",
        "url": register,
    }
    return [*tiles, held]


def _weakest_counter(scope: Scope, wanted: Wanted, counts: Counted | None) -> dict | None:
    """The counter with most late duties, to name it beside the chase list."""
    counters = counts.by_function() if counts else by_counter(duty_rows(scope, wanted), scope)
    served = [(part.overdue, name, code) for code, name, part in counters if code != "-" and part.overdue]
    if not served or wanted.function:
        return None
    total, name, code = max(served, key=lambda entry: entry[0])
    return {"total": total, "name": name, "url": wanted.link(reverse("chase-list"), function=code)}
