"""What somebody asks for, read from the words of an address: the same for a page, a file and a report by mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.http import Http404

from foundation.formats import day_of
from organisation.models import Role
from organisation.permissions import ASSIGNS, READS_LEARNING

from . import chase, effect, expiring, jp, moves
from .core import NO_COUNTER, Wanted
from .forms import (
    AXIS_FIELD,
    DAY_FIELDS,
    DutyFilterForm,
    JpFilterForm,
    MovesFilterForm,
    scope_asked_for,
    year_asked_for,
)
from .lists import LISTS
from .permissions import Axis
from .scope import Scope, scope_of
from .spans import SPANS

GROUP_WORDS = [(key, word) for key, word, _order in chase.GROUPS]


@dataclass(frozen=True)
class Page:
    """A page of figures: what its filter knows, which answers it knows besides, and which file holds what it shows."""

    title: str
    file: str
    fields: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def shows_past_days(self) -> bool:
        return DAY_FIELDS[0] in self.fields


# By the name of the page's address.
PAGES = {
    "sdm-overview": Page("Ringkasan", "units", ("satuan", "loket", "pelatihan", "program", *DAY_FIELDS)),
    "chase-list": Page(
        "Penagihan", "chase", ("q", "satuan", "loket", "pelatihan", "pangkat", "program", "kelompok", *DAY_FIELDS)
    ),
    "completion": Page("Penyelesaian", "units", ("satuan", "loket", "pelatihan", "pangkat", "program", *DAY_FIELDS)),
    "completion-names": Page(
        "Daftar nama",
        "names",
        ("q", "satuan", "loket", "pelatihan", "pangkat", "program", *DAY_FIELDS, "keadaan", "perintah"),
    ),
    "trend": Page(
        "Penyelesaian terhadap target",
        "trend",
        ("satuan", "loket", "pelatihan", "pangkat", "program", AXIS_FIELD),
        ("rentang",),
    ),
    "effect": Page(
        "Dampak pelatihan", "effect", ("satuan", "loket", "pelatihan", "pangkat", "program", *DAY_FIELDS), ("per_apa",)
    ),
    "effect-names": Page(
        "Dampak pelatihan, nama",
        "effect-names",
        ("q", "satuan", "loket", "pelatihan", "pangkat", "program", *DAY_FIELDS),
        ("atas",),
    ),
    "readiness": Page("Kesiapan loket", "readiness", ("satuan", "loket", "pelatihan", DAY_FIELDS[0])),
    "matrix": Page("Matriks", "matrix", ("q", "satuan", "loket", "pangkat", "pelatihan", *DAY_FIELDS)),
    "expiring": Page(
        "Masa berlaku yang berakhir",
        "expiring",
        ("q", "satuan", "loket", "pangkat", "pelatihan", *DAY_FIELDS),
        ("dalam",),
    ),
    "move-changes": Page("Perubahan karena mutasi", "moves", ("q", "satuan"), ("dari", "sampai")),
    "jp-list": Page("Jam pelajaran", "jp", ("q", "satuan", "tahun", "capaian", "loket", "pangkat", *DAY_FIELDS)),
    "quick-wins": Page("Quick Wins", "quick-wins", ("periode", "satuan", *DAY_FIELDS), ("kegiatan",)),
}


def asked(
    actor,
    data: Mapping[str, str],
    fields: tuple[str, ...],
    *,
    now: datetime,
    roles: Iterable[Role] = READS_LEARNING,
    groups: Iterable = (),
    tabs: str = "",
) -> tuple[Scope, DutyFilterForm, Wanted]:
    """What ``actor`` may see, the filter, and the rows it asks for. Raises Http404 for what is not theirs."""
    if DAY_FIELDS[0] in fields:
        scope = scope_asked_for(actor, data, now=now, roles=roles)
    else:
        scope = scope_of(actor, at=now, roles=roles)
    form = DutyFilterForm(data, scope=scope, fields=fields, groups=groups, tabs=tabs)
    return scope, form, form.wanted()


def chase_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted]:
    return asked(actor, data, PAGES["chase-list"].fields, now=now, groups=GROUP_WORDS, tabs="loket")


def readiness_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted]:
    """As ``asked``, of a day as it was: which key an answer was marked with on a day is not kept."""
    said = {name: answer for name, answer in data.items() if name != AXIS_FIELD}
    scope, form, wanted = asked(actor, said, PAGES["readiness"].fields, now=now)
    # Who serves no counter cannot be ready for one.
    return scope, form, wanted.but(function="") if wanted.function == NO_COUNTER else wanted


def expiring_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted, str]:
    """As ``asked``, with a key of ``expiring.WITHIN``."""
    scope, form, wanted = asked(actor, data, PAGES["expiring"].fields, now=now)
    within = one_of(data, "dalam", [key for key, _words, _days in expiring.WITHIN])
    return scope, form, wanted, within


def jp_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted, int]:
    """As ``asked``, with the year; the filter form has ``capaian``. A past day says its year itself."""
    fields = PAGES["jp-list"].fields
    scope = scope_asked_for(actor, data, now=now, roles=READS_LEARNING)
    # A year begins with the day of the reader, hours before it does in UTC.
    this_year = day_of(now, scope.zone(None)).year
    years = jp.years_offered(this_year)
    if scope.day:
        year = scope.day.year
        data = dict(data.items()) | {"tahun": str(year)}
        form = JpFilterForm(data, scope=scope, fields=fields, years=dict.fromkeys([*years, year]))
        return scope, form, form.wanted(), year
    year = year_asked_for(data, this_year=this_year)
    scope = jp.scope_of_year(actor, year, now=now)
    form = JpFilterForm(data, scope=scope, fields=fields, years=years)
    return scope, form, form.wanted().but(day=None), year


def moves_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, MovesFilterForm, Wanted, moves.Days]:
    """As ``asked``, of whoever assigns, with the days that are looked at."""
    scope = scope_of(actor, at=now, roles=ASSIGNS)
    if not scope.roots:
        raise Http404
    form = MovesFilterForm(data, scope=scope, fields=PAGES["move-changes"].fields)
    wanted = form.wanted()
    zone = scope.zone(wanted.unit)
    return scope, form, wanted, moves.Days.asked(form.cleaned_data, zone=zone, now=now)


def trend_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted, str]:
    """As ``asked``, with a key of ``spans.SPANS``; ``wanted`` has the axis of the days that are looked at."""
    scope, form, wanted = asked(actor, data, PAGES["trend"].fields, now=now)
    axis = Axis(form.cleaned_data[AXIS_FIELD] or Axis.AS_IT_WAS)
    return scope, form, wanted.but(axis=axis), one_of(data, "rentang", list(SPANS))


def trend_link(wanted: Wanted, path: str, span: str) -> str:
    """The address of the line of ``span``, on the axis of ``wanted``."""
    return link(wanted, path, rentang=span, **{AXIS_FIELD: "" if wanted.axis == Axis.AS_IT_WAS else wanted.axis})


def effect_names_asked(actor, data: Mapping[str, str], *, now: datetime) -> tuple[Scope, DutyFilterForm, Wanted]:
    """As ``asked``; ``atas`` is an order that asks for the duties, which may come from above."""
    scope, form, wanted = asked(actor, data, PAGES["effect-names"].fields, now=now)
    if not data.get("atas"):
        return scope, form, wanted
    order = effect.order_in_scope(scope, data["atas"])
    if order is None:
        raise Http404
    return scope, form, wanted.but(order=order)


def one_of(data: Mapping[str, str], name: str, keys: list[str]) -> str:
    """The answer ``name`` of the address, the first of ``keys`` without one. Raises Http404 for what is not offered."""
    answer = data.get(name) or keys[0]
    if answer not in keys:
        raise Http404
    return answer


def link(wanted: Wanted, path: str, **more: str) -> str:
    """``wanted.link`` with answers that are no part of the filter."""
    url = wanted.link(path)
    query = urlencode({name: answer for name, answer in more.items() if answer})
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


# As long as the columns that keep it.
LONGEST_QUERY = 1000


def kept(query: str, page: Page | None = None) -> str:
    """Of the words of an address those that ``page`` (or any page or list) knows, always in the same order."""
    pages = [page] if page else PAGES.values()
    known = dict.fromkeys(name for one in pages for name in (*one.fields, "langsung", *one.more))
    if page is None:
        known |= dict.fromkeys(name for one in LISTS.values() for name in one.fields)
    answers = dict(parse_qsl(query[: 4 * LONGEST_QUERY]))
    return urlencode({name: answers[name] for name in known if answers.get(name)})
