"""What somebody asks for of Quick Wins, read from the words of an address: the same for a page and a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.urls import reverse

from foundation.formats import day_of
from organisation.models import User, Zone
from organisation.permissions import READS_LEARNING
from programmes.models import Activity, Period
from programmes.permissions import activities_for_actor
from reports.asking import PAGES, link
from reports.core import State, Wanted
from reports.forms import DAY_FIELDS, QuickWinsFilterForm, scope_asked_for, unit_asked_for
from reports.scope import Scope

from .figures import NOT_ASKED, Reach

FILTER = PAGES["quick-wins"].fields
NAMES_FILTER = ("satuan", "loket", *DAY_FIELDS)
STATES = (("", "Semua"), *State.choices)
# Pages below a period, whose address names it.
OF_A_PERIOD = ("quick-wins-names", "quick-wins-counters")


@dataclass(frozen=True)
class Asked:
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
        more = self.more(activity)
        args = [more.pop("periode")] if name in OF_A_PERIOD else []
        return link(self.wanted.but(**changes), reverse(name, args=args), **more)

    def more(self, activity: Activity | int | None = None) -> dict[str, str]:
        """What an address says beside the filter: period, ``activity``, and the day where it must be said."""
        said = {"periode": str(self.period.pk)}
        if activity:
            said["kegiatan"] = str(activity.pk if isinstance(activity, Activity) else activity)
        if self.scope.day is None and self.period.ends_on < _today(self.scope.now):
            # Without a day a period that is over is shown as on its last day.
            said["per"] = day_of(self.scope.now, self.scope.zone(None)).isoformat()
        return said

    def reach(self) -> Reach:
        return Reach(self.scope, self.wanted.but(state="", search=""), self.period, self.activity)

    @property
    def noted(self) -> Wanted:
        """``wanted`` with the period or the activity of it, as it is written down of who read or took it."""
        return self.wanted.but(period=self.period, activity=self.activity, state="")

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states of names (key, word); at a counter also of those who were asked for nothing."""
        return [*STATES, (NOT_ASKED, "Tidak ditugaskan")] if self.wanted.function else list(STATES)


def _today(now: datetime) -> date:
    return day_of(now, Zone.WIT)


def quick_wins_asked(actor: User, data: Mapping[str, str], fields: tuple[str, ...], *, now: datetime) -> Asked | None:
    """None where no period is written down. Raises Http404 for a period, activity or unit out of reach."""
    activities = list(activities_for_actor(actor, at=now))
    periods = {one.period_id: one.period for one in activities}
    asked = data.get("periode", "")
    if asked and not (asked.isdigit() and int(asked) in periods):
        raise Http404
    chosen = periods[int(asked)] if asked else next(iter(periods.values()), None)
    if chosen is None:
        unit_asked_for(scope_asked_for(actor, data, now=now, roles=READS_LEARNING), data.get("satuan", ""))
        return None
    if "per" not in data and chosen.ends_on < _today(now):
        data = dict(data.items()) | {"per": chosen.ends_on.isoformat()}
    scope = scope_asked_for(actor, data, now=now, roles=READS_LEARNING)
    form = QuickWinsFilterForm(data, scope=scope, fields=fields)
    own = sorted((one for one in activities if one.period_id == chosen.pk), key=lambda one: one.code)
    wanted_activity = data.get("kegiatan", "")
    activity = next((one for one in own if str(one.pk) == wanted_activity), None)
    if wanted_activity and activity is None:
        raise Http404
    return Asked(scope, form, form.wanted(), list(periods.values()), chosen, own, activity)


def period_asked(actor: User, data: Mapping[str, str], fields: tuple[str, ...], *, now: datetime) -> Asked:
    """As ``quick_wins_asked``. Raises Http404 also where no period is written down."""
    found = quick_wins_asked(actor, data, fields, now=now)
    if found is None:
        raise Http404
    return found


def period_names_asked(actor: User, data: Mapping[str, str], *, now: datetime) -> tuple[Asked, str]:
    """As ``period_asked``, with a key of ``Asked.states``. Raises Http404 for one that is not offered."""
    found = period_asked(actor, data, NAMES_FILTER, now=now)
    state = data.get("keadaan", "")
    if state not in dict(found.states):
        raise Http404
    return found, state
