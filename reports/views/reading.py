"""What every report view begins with: the scope of today, the filter, the way back, one page of rows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from enrolments.models import Duty
from foundation.paging import KnownPaginator, is_wide
from organisation.models import Role, Unit
from organisation.permissions import READS_LEARNING
from reports.asking import asked, link
from reports.core import Wanted, read
from reports.counting import Counted
from reports.forms import DutyFilterForm
from reports.models.files import FILE_KINDS
from reports.readiness import Readiness
from reports.scope import Scope
from reports.trend import Line

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


class UnitPaginator(KnownPaginator):
    """Pages of rows that stand in the order of their units: a page is read from the few units that it shows.

    ``rows_of`` gives the rows of a scope in their order, ``of_great`` those of one unit that has too many to be sorted
    so; ``per_unit`` says how many each unit has, in that order.
    """

    def __init__(
        self,
        rows_of: Callable[[Scope], QuerySet[Any]],
        scope: Scope,
        per_unit: list[tuple[int, int]],
        *,
        of_great: Callable[[Scope], QuerySet[Any]] | None = None,
    ) -> None:
        super().__init__(Duty.objects.none(), PAGE_SIZE, count=sum(number for _unit, number in per_unit))
        self.rows_of, self.scope, self.per_unit = rows_of, scope, per_unit
        self.of_great = of_great or rows_of

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        shown, skip, before = [], 0, 0
        for unit, length in self.per_unit:
            if before < first + self.per_page and before + length > first:
                skip = skip if shown else first - before
                shown.append((unit, is_wide(length)))
            before += length
        found: list[Any] = []
        # A great unit stands alone, the smaller ones beside it together.
        for _great, together in groupby(shown, key=lambda one: one[0] if one[1] else None):
            units, great = zip(*together, strict=True)
            near = replace(self.scope, stand=self.scope.stand & Q(unit__in=units))
            rows = _without_units(self.of_great(near)) if any(great) else _sorted_anew(self.rows_of(near))
            found += rows[skip : skip + self.per_page - len(found)]
            skip = 0
        return Page(found, number, self)


class LongestLatePaginator(KnownPaginator):
    """Pages of what is late for longest; ``first`` gives the list with so many rows at least."""

    def __init__(self, first: Callable[[int], QuerySet[Any]], count: int) -> None:
        super().__init__(Duty.objects.none(), PAGE_SIZE, count=count)
        self.first = first

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        end = number * self.per_page
        return Page(self.first(end)[end - self.per_page : end], number, self)


PLACES = ("unit_path", "unit__path")


def _sorted_anew(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same order. To save sorting a few units, PostgreSQL would walk through the whole tree along its index."""
    order = rows.query.order_by
    return rows.order_by(*(Concat(F(name), Value("")) if name in PLACES else name for name in order))


def _without_units(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same order of the rows of one unit. What thousands are sorted by next may have an index."""
    return rows.order_by(*(name for name in rows.query.order_by if name not in PLACES))


def page_of(request, rows: QuerySet[Duty] | Paginator, scope: Scope, *, count: int | None = None) -> Page:
    """One page of ``rows`` with postings and states; ``count`` where it is known how many there are."""
    if isinstance(rows, Paginator):
        paginator = rows
    else:
        paginator = Paginator(rows, PAGE_SIZE) if count is None else KnownPaginator(rows, PAGE_SIZE, count=count)
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = read(page.object_list, scope)
    return page


def as_of(scope: Scope, wanted: Wanted, counts: Counted | Readiness | Line | None) -> str:
    """The moment that the figures describe; an older one while very many units wait to be counted again."""
    return scope.as_of(wanted.unit, counts.since if counts else None)


def downloads(name: str, wanted: Wanted, **more: str) -> list[tuple[str, str]]:
    """(word, address) of the rows of ``wanted`` as each kind of file; ``name`` is that of the address."""
    return [(kind.upper(), link(wanted, reverse(name, args=[kind]), **more)) for kind in FILE_KINDS]


def unit_name(scope: Scope, unit: Unit | None) -> str:
    return unit.name if unit else "Semua satuan Anda"
