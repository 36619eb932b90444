"""/sdm/quick-wins/: what a period reached in a unit, live or on a past day; counters and names behind it."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.formats import number
from organisation.decorators import role_required
from organisation.models import Posting
from organisation.permissions import READS_LEARNING
from programmes.models import Period
from reports import services
from reports.core import State
from reports.counting import Counted, counted
from reports.past import says
from reports.permissions import period_reports_for_actor, units_to_report
from reports.quick_wins.asking import FILTER, Asked, period_asked, period_names_asked, quick_wins_asked
from reports.quick_wins.behind import counters_reached, people, unit_lines
from reports.quick_wins.counted import board_of
from reports.quick_wins.figures import NOT_ASKED, Reach
from reports.quick_wins.sheet import STATE_TAGS, amount_words, target_words
from reports.scope import Scope

from .reading import PAGE_SIZE, UnitPaginator, as_of, downloads, unit_name


@role_required(READS_LEARNING)
def quick_wins(request):
    opened = quick_wins_asked(request.user, request.GET, FILTER, now=timezone.now())
    if opened is None:
        return render(request, "reports/quick_wins.html", {"period": None})
    scope, wanted, period = opened.scope, opened.wanted, opened.period
    counts = counted(scope, wanted)
    board = board_of(scope, wanted, period, opened.activities, counts)
    lines = board.lines()
    whole = lines[0].figures
    context = {
        "opened": opened,
        "form": opened.form,
        "periods": [{"period": one, "url": _period_link(opened, one)} for one in opened.periods],
        "period": period,
        "scope": scope,
        "as_of": as_of(scope, wanted, counts),
        "says": says(scope),
        "unit_name": unit_name(scope, wanted.unit),
        "whole": whole,
        "tiles": _tiles(opened, lines),
        "lines": [_line_row(opened, line) for line in [*lines[1:], lines[0]]],
        "targets": [_target_row(line, target) for line in lines for target in line.targets],
        "units": [
            {
                "line": line,
                "url": "" if line.direct else opened.link("quick-wins", unit=line.unit),
                "names": _names(opened, unit=line.unit, direct=line.direct),
            }
            for line in unit_lines(board)
        ],
        "reset_url": opened.link("quick-wins", unit=None, day=None),
        "lines_downloads": downloads("quick-wins-export", wanted, **opened.more()),
        "targets_downloads": downloads("quick-wins-targets-export", wanted, **opened.more()),
        "units_downloads": downloads("quick-wins-units-export", wanted, **opened.more()),
        "crumbs": _crumbs(opened),
        **_report(request, opened),
    }
    return render(request, "reports/quick_wins.html", context)


def _period_link(opened: Asked, period: Period) -> str:
    query = {"periode": str(period.pk)} | ({"satuan": opened.wanted.unit.code} if opened.wanted.unit else {})
    return f"{reverse('quick-wins')}?{urlencode(query)}"


def _report(request, opened: Asked) -> dict:
    """The report of the unit looked at, and whether one may be prepared."""
    unit, now = opened.wanted.unit, opened.scope.now
    if unit is None:
        return {"report": None, "may_report": False}
    report = period_reports_for_actor(request.user, at=now).filter(period=opened.period, unit=unit).first()
    may = report is None and units_to_report(request.user, at=now).filter(pk=unit.pk).exists()
    return {"report": report, "may_report": may}


def _tiles(opened: Asked, lines) -> list[dict]:
    whole = lines[0].figures
    targets = [target.met for line in lines for target in line.targets]
    gain = whole.mean_after - whole.mean_before if whole.both else None
    tiles = [
        {
            "label": "Selesai",
            "value": f"{whole.percent}%" if whole.total else "–",
            "note": f"{number(whole.done)} dari {number(whole.total)} personel",
            "url": opened.link("quick-wins-names", state=State.DONE),
        },
        {
            "label": "Lewat batas waktu",
            "value": number(whole.overdue),
            "note": "personel" if whole.overdue else "tidak ada",
            "url": opened.link("quick-wins-names", state=State.OVERDUE),
            "tone": "late" if whole.overdue else "good",
        },
        {
            "label": "Loket lengkap",
            "value": number(whole.certified),
            "note": f"dari {number(whole.counters)} loket yang terjangkau",
            "url": opened.link("quick-wins-counters"),
        },
        {
            "label": "Pre-tes ke pos-tes",
            "value": "–" if gain is None else f"{'+' if gain >= 0 else '−'}{number(abs(gain), 1)}",
            "note": "belum ada nilai"
            if gain is None
            else f"dari {number(whole.mean_before, 1)} menjadi {number(whole.mean_after, 1)}",
        },
    ]
    if targets:
        met = sum(1 for one in targets if one)
        tone = "good" if met == len(targets) else ""
        note = f"dari {len(targets)} target tercapai"
        tiles.insert(0, {"label": "Target", "value": number(met), "note": note, "url": "#target", "tone": tone})
    return tiles


def _names(opened: Asked, activity: int | None = None, **changes) -> dict[str, str]:
    """Where the figures of a row lead."""
    link = opened.link
    return {
        "all": link("quick-wins-names", activity, **changes),
        "done": link("quick-wins-names", activity, state=State.DONE, **changes),
        "overdue": link("quick-wins-names", activity, state=State.OVERDUE, **changes),
        "open": link("quick-wins-names", activity, state=State.OPEN, **changes),
    }


def _line_row(opened: Asked, line) -> dict:
    return {
        "line": line,
        "names": _names(opened, line.activity),
        "counters": opened.link("quick-wins-counters", line.activity),
    }


def _target_row(line, target) -> dict:
    return {
        "line": line,
        "name": target.measure.label,
        "target": target_words(target),
        "value": amount_words(target.measure, target.value),
        "met": target.met,
    }


def _crumbs(opened: Asked, *here: str) -> list[dict]:
    """The way down the tree; ``here`` are words for what lies below the figures."""
    wide = {"direct": False, "function": "", "state": ""}
    way = opened.scope.way_to(opened.wanted.unit)
    steps = [(opened.link("quick-wins", unit=unit, **wide), unit.short_name) for unit in way]
    if here:
        steps.insert(0, (opened.link("quick-wins", unit=way[0] if way else None, **wide), opened.period.name))
        steps = [*steps[:1], *steps[2:], *(("", word) for word in here)]
    if len(steps) < 2:
        return []
    return [{"url": url, "label": label} for url, label in steps[:-1]] + [{"label": steps[-1][1]}]


@role_required(READS_LEARNING)
def quick_wins_names(request, period):
    """The officers behind a figure, each once; of a counter also those who were asked for nothing."""
    data = request.GET.dict() | {"periode": str(period)}
    opened, state = period_names_asked(request.user, data, now=timezone.now())
    scope, reach = opened.scope, opened.reach()
    counts = None if opened.wanted.function else counted(scope, reach.wanted)
    page = _pages(reach, state, counts).get_page(request.GET.get("page"))
    page.object_list = people(reach, page.object_list)
    for person in page.object_list:
        person.is_mine, person.tag = person.posting.is_mine, STATE_TAGS[person.state]
    services.record_list_view(scope=scope, report="quick-wins", wanted=opened.noted, unit=opened.wanted.unit)
    context = {
        "opened": opened,
        "form": opened.form,
        "period": opened.period,
        "activity": opened.activity,
        "page": page,
        "scope": scope,
        "as_of": as_of(scope, opened.wanted, counts),
        "says": says(scope),
        "states": [
            {
                "label": label,
                "url": opened.link("quick-wins-names", opened.activity, state=value),
                "current": value == state,
            }
            for value, label in opened.states
        ],
        "unit_name": unit_name(scope, opened.wanted.unit),
        "crumbs": _crumbs(opened, opened.activity.code if opened.activity else "Seluruh periode"),
        "reset_url": opened.link("quick-wins-names", opened.activity, unit=None, function="", day=None),
        "downloads": downloads(
            "quick-wins-names-export", opened.wanted.but(state=state), **opened.more(opened.activity)
        ),
    }
    return render(request, "reports/quick_wins_names.html", context)


def _pages(reach: Reach, state: str, counts: Counted | None) -> Paginator:
    """The names in the order of the units; where the units were counted, a page is read from those that it shows."""

    def names(scope: Scope) -> QuerySet[Posting]:
        found = scope.with_mine(reach.within(scope).postings(state))
        return found.select_related("officer", "rank", "unit").prefetch_related("functions")

    per_unit = None
    if counts and not counts.since:
        per_unit = counts.asked_by_unit(reach.period, reach.activity.pk if reach.activity else None, state)
    if per_unit is None:
        return Paginator(names(reach.scope), PAGE_SIZE)
    return UnitPaginator(names, reach.scope, per_unit)


@role_required(READS_LEARNING)
def quick_wins_counters(request, period):
    """The counters that the period or an activity reached, those with somebody missing first."""
    data = request.GET.dict() | {"periode": str(period)}
    opened = period_asked(request.user, data, FILTER, now=timezone.now())
    lines = counters_reached(opened.reach())
    units = {unit.pk: unit for unit in opened.scope.units().filter(pk__in={line.unit_id for line in lines})}
    rows = []
    for line in lines:
        place = {"unit": units[line.unit_id], "direct": True, "function": line.function}
        names = _names(opened, opened.activity.pk if opened.activity else None, **place)
        not_asked = opened.link("quick-wins-names", opened.activity, state=NOT_ASKED, **place)
        rows.append({"line": line, "names": names, "not_asked": line.people - line.asked, "not_asked_url": not_asked})
    context = {
        "period": opened.period,
        "activity": opened.activity,
        "rows": rows,
        "complete": sum(1 for line in lines if line.is_complete),
        "scope": opened.scope,
        "as_of": opened.scope.as_of(opened.wanted.unit),
        "unit_name": unit_name(opened.scope, opened.wanted.unit),
        "crumbs": _crumbs(opened, "Loket"),
        "downloads": downloads("quick-wins-counters-export", opened.wanted, **opened.more(opened.activity)),
    }
    return render(request, "reports/quick_wins_counters.html", context)
