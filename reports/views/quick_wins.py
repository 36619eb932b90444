"""/sdm/quick-wins/: what a period reached in a unit, live or on a past day; counters and names behind it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.formats import day_of, number
from organisation.decorators import fresh_login_required, role_required
from organisation.models import Posting, Zone
from organisation.permissions import READS_LEARNING
from programmes.models import Activity, Period
from programmes.permissions import activities_for_actor
from reports import services
from reports.core import State, Wanted
from reports.counting import Counted, counted
from reports.forms import DAY_FIELDS, QuickWinsFilterForm, scope_asked_for, unit_asked_for
from reports.past import says
from reports.permissions import period_reports_for_actor, units_to_report
from reports.quick_wins.behind import people, unit_lines
from reports.quick_wins.counted import board_of
from reports.quick_wins.figures import NOT_ASKED, Board, Reach
from reports.quick_wins.sheet import STATE_TAGS, amount_words, live_sheet, target_words
from reports.quick_wins.workbook import download
from reports.scope import Scope

from .reading import PAGE_SIZE, UnitPaginator, as_of, unit_name

FILTER = ("periode", "satuan", *DAY_FIELDS)
NAMES_FILTER = ("satuan", "loket", *DAY_FIELDS)
STATES = (("", "Semua"), *State.choices)


@dataclass(frozen=True)
class Opened:
    """What the address asks for; every link of the page carries it on."""

    scope: Scope
    form: QuickWinsFilterForm
    wanted: Wanted
    periods: list[Period]
    period: Period
    activities: list[Activity]
    activity: Activity | None

    def link(self, name: str, activity: Activity | int | None = None, **changes) -> str:
        """The address of a page about this period: figures, names or counters."""
        here = name == "quick-wins"
        path = reverse(name) if here else reverse(name, args=[self.period.pk])
        query = self.wanted.but(**changes).parameters()
        if here:
            query["periode"] = str(self.period.pk)
        if activity:
            query["kegiatan"] = str(activity.pk if isinstance(activity, Activity) else activity)
        if self.scope.day is None and self.period.ends_on < _today(self.scope.now):
            # Without a day a period that is over is shown as on its last day.
            query["per"] = day_of(self.scope.now, self.scope.zone(None)).isoformat()
        return f"{path}?{urlencode(query)}" if query else path

    def reach(self) -> Reach:
        return Reach(self.scope, self.wanted.but(state="", search=""), self.period, self.activity)


def _today(now) -> date:
    return day_of(now, Zone.WIT)


def _opened(request, fields: tuple[str, ...], period: int | None = None) -> Opened | None:
    """Read the address; None where no period is written down, 404 for a period, activity or unit out of reach."""
    now = timezone.now()
    activities = list(activities_for_actor(request.user, at=now))
    periods = {one.period_id: one.period for one in activities}
    asked = str(period or request.GET.get("periode", ""))
    if asked and not (asked.isdigit() and int(asked) in periods):
        raise Http404
    chosen = periods[int(asked)] if asked else next(iter(periods.values()), None)
    data = request.GET.copy()
    if chosen is None:
        unit_asked_for(scope_asked_for(request.user, data, now=now, roles=READS_LEARNING), data.get("satuan", ""))
        return None
    if "per" not in data and chosen.ends_on < _today(now):
        data["per"] = chosen.ends_on.isoformat()
    scope = scope_asked_for(request.user, data, now=now, roles=READS_LEARNING)
    form = QuickWinsFilterForm(data, scope=scope, fields=fields)
    own = sorted((one for one in activities if one.period_id == chosen.pk), key=lambda one: one.code)
    wanted_activity = request.GET.get("kegiatan", "")
    activity = next((one for one in own if str(one.pk) == wanted_activity), None)
    if wanted_activity and activity is None:
        raise Http404
    return Opened(scope, form, form.wanted(), list(periods.values()), chosen, own, activity)


@role_required(READS_LEARNING)
def quick_wins(request):
    opened = _opened(request, FILTER)
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
        "xlsx_url": opened.link("quick-wins-xlsx"),
        "crumbs": _crumbs(opened),
        **_report(request, opened),
    }
    return render(request, "reports/quick_wins.html", context)


def _period_link(opened: Opened, period: Period) -> str:
    query = {"periode": str(period.pk)} | ({"satuan": opened.wanted.unit.code} if opened.wanted.unit else {})
    return f"{reverse('quick-wins')}?{urlencode(query)}"


def _report(request, opened: Opened) -> dict:
    """The report of the unit looked at, and whether one may be prepared."""
    unit, now = opened.wanted.unit, opened.scope.now
    if unit is None:
        return {"report": None, "may_report": False}
    report = period_reports_for_actor(request.user, at=now).filter(period=opened.period, unit=unit).first()
    may = report is None and units_to_report(request.user, at=now).filter(pk=unit.pk).exists()
    return {"report": report, "may_report": may}


def _tiles(opened: Opened, lines) -> list[dict]:
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


def _names(opened: Opened, activity: int | None = None, **changes) -> dict[str, str]:
    """Where the figures of a row lead."""
    link = opened.link
    return {
        "all": link("quick-wins-names", activity, **changes),
        "done": link("quick-wins-names", activity, state=State.DONE, **changes),
        "overdue": link("quick-wins-names", activity, state=State.OVERDUE, **changes),
        "open": link("quick-wins-names", activity, state=State.OPEN, **changes),
    }


def _line_row(opened: Opened, line) -> dict:
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


def _crumbs(opened: Opened, *here: str) -> list[dict]:
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
    opened = _opened(request, NAMES_FILTER, period)
    state = request.GET.get("keadaan", "")
    states = [*STATES, (NOT_ASKED, "Tidak ditugaskan")] if opened.wanted.function else list(STATES)
    if state not in dict(states):
        raise Http404
    scope, reach = opened.scope, opened.reach()
    counts = None if opened.wanted.function else counted(scope, reach.wanted)
    page = _pages(reach, state, counts).get_page(request.GET.get("page"))
    page.object_list = people(reach, page.object_list)
    for person in page.object_list:
        person.is_mine, person.tag = person.posting.is_mine, STATE_TAGS[person.state]
    noted = opened.wanted.but(period=opened.period, activity=opened.activity, state="")
    services.record_list_view(scope=scope, report="quick-wins", wanted=noted, unit=opened.wanted.unit)
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
            for value, label in states
        ],
        "unit_name": unit_name(scope, opened.wanted.unit),
        "crumbs": _crumbs(opened, opened.activity.code if opened.activity else "Seluruh periode"),
        "reset_url": opened.link("quick-wins-names", opened.activity, unit=None, function="", day=None),
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
    opened = _opened(request, FILTER, period)
    chosen = [opened.activity] if opened.activity else []
    lines = Board(opened.scope, opened.wanted, opened.period, chosen).counters[-1]
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
    }
    return render(request, "reports/quick_wins_counters.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def quick_wins_xlsx(request, period):
    """Figures, targets, units, counters and names as the page shows them."""
    opened = _opened(request, FILTER, period)
    scope = opened.scope
    sheet = live_sheet(scope, opened.wanted, opened.period)
    wanted = opened.wanted.but(period=opened.period)
    rows = sheet.whole.figures.total
    services.record_rows_export(scope=scope, report="quick-wins", wanted=wanted, kind="xlsx", rows=rows)
    notes = {f"Catatan {place}": sentence for place, sentence in enumerate(says(scope), start=1)}
    about = {"Cara menghitung": scope.axis_words, **notes, "Diunduh oleh": request.user.name}
    return download(sheet, about=about, suffix=scope.file_words)
