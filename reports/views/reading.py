"""What every report view begins with: the scope of today, the filter, the way back, one page of rows."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from enrolments.models import Duty
from foundation.formats import datetime_zone
from organisation.models import Role, Unit
from organisation.permissions import READS_LEARNING
from reports.asking import asked
from reports.core import Wanted, read
from reports.counting import Counted
from reports.forms import DutyFilterForm
from reports.scope import Scope

PAGE_SIZE = 50


def opened(
    request, fields: tuple[str, ...], *, roles: Iterable[Role] = READS_LEARNING, groups: Iterable = (), tabs: str = ""
) -> tuple[Scope, DutyFilterForm, Wanted]:
    """Read the address: what the person may see, the filter form, and the rows it asks for; 404 for a foreign unit."""
    return asked(request.user, request.GET, fields, now=timezone.now(), roles=roles, groups=groups, tabs=tabs)


def crumbs(scope: Scope, wanted: Wanted, path: str, *here: str) -> list[dict[str, Any]]:
    """The way down the tree, each step with the same filter; ``here`` are words for what lies below the unit."""
    wide = wanted.but(direct=False, state="", search="")
    steps = [(wide.link(path, unit=None), "Semua satuan saya")] if len(scope.roots) > 1 else []
    steps += [(wide.link(path, unit=unit), unit.short_name) for unit in scope.way_to(wanted.unit)]
    steps += [("", word) for word in here]
    if len(steps) == 1:
        return []
    return [{"url": url if place < len(steps) else "", "label": label} for place, (url, label) in enumerate(steps, 1)]


class KnownPaginator(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: QuerySet[Any], size: int, *, count: int) -> None:
        super().__init__(rows, size)
        # Django keeps the count there once it has asked for it.
        self.__dict__["count"] = count


def page_of(request, rows: QuerySet[Duty], scope: Scope, *, count: int | None = None) -> Page:
    """One page of ``rows`` with postings and states; ``count`` where it is known how many there are."""
    paginator = Paginator(rows, PAGE_SIZE) if count is None else KnownPaginator(rows, PAGE_SIZE, count=count)
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = read(page.object_list, scope)
    return page


def as_of(scope: Scope, wanted: Wanted, counts: Counted | None) -> str:
    """The moment that the figures describe; an older one while very many units wait to be counted again."""
    if counts and counts.since:
        return datetime_zone(counts.since, scope.zone(wanted.unit))
    return scope.as_of(wanted.unit)


def unit_name(scope: Scope, unit: Unit | None) -> str:
    return unit.name if unit else "Semua satuan Anda"
