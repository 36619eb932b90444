"""Every file that leaves this room: what its rows are, by key. Pages, jobs and mails read the same ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.shortcuts import get_object_or_404

from enrolments.order_figures import Seen, figures_of
from enrolments.order_tables import ORDER_HEADER, PATH_ORDER_HEADER, order_rows, path_order_rows
from enrolments.path_orders import path_figures
from enrolments.permissions import assignments_for_actor, path_orders_for_actor, reads_from
from foundation.formats import date_range, number
from foundation.spreadsheets import XLSX_MAXIMUM_ROWS
from organisation.listings import in_words
from organisation.models import User
from organisation.permissions import ASSIGNS

from . import chase, effect, expiring, exports, jp, matrix, moves
from . import readiness as ready
from . import trend as over_time
from .asking import (
    GROUP_WORDS,
    PAGES,
    asked,
    chase_asked,
    effect_names_asked,
    expiring_asked,
    jp_asked,
    moves_asked,
    one_of,
    readiness_asked,
    trend_asked,
)
from .completion import completion
from .core import BY_RANK, State, Wanted, duty_rows, figures, for_list
from .counting import Counted, counted
from .forms import REACH_WORDS
from .lists import LISTS
from .permissions import Axis
from .quick_wins import workbook
from .quick_wins.asking import FILTER as PERIOD_FILTER
from .quick_wins.asking import Asked, period_asked, period_names_asked
from .quick_wins.counted import board_of
from .quick_wins.figures import Board
from .quick_wins.sheet import basis_of
from .scope import Scope, scope_of
from .spans import SPANS

NAMES_ORDER = ("unit_path", BY_RANK, "officer__name", "officer__number", "course__code", "pk")


@dataclass(frozen=True)
class File:
    """What a file holds: ``count`` rows of ``table``, read only when they are written.

    ``length`` is that number, or counts it when it is asked for, where a CSV should not wait for it. ``name`` is that
    of the file without its ending, ``title`` that of the report; ``words`` are the figures for whoever only gets a
    letter, without a name of anybody. ``asked`` are answers of the filter that only this report knows, in words;
    ``noted`` are those that the trail keeps beside ``wanted``. ``since``: from when figures counted beforehand
    are, where they are older than what was asked for.
    """

    scope: Scope
    wanted: Wanted
    name: str
    title: str
    length: int | Callable[[], int]
    table: exports.Table
    words: tuple[str, ...]
    asked: Mapping[str, str] = field(default_factory=dict)
    noted: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None

    @cached_property
    def count(self) -> int:
        return self.length if isinstance(self.length, int) else self.length()

    @property
    def about(self) -> dict[str, str]:
        return exports.about(self.scope, self.wanted, self.title, self.asked, as_of=self.as_of)

    @property
    def as_of(self) -> str:
        return self.scope.as_of(self.wanted.unit, self.since)

    @property
    def file_name(self) -> str:
        """Without its ending; of a past day with the day, because a CSV has no other place for it."""
        return self.name + self.scope.file_words


Source = Callable[..., File]


def file_of(key: str, actor: User, data: Mapping[str, str], *, now: datetime) -> File:
    """The file ``key`` as ``actor`` may have it at ``now``. Raises Http404 for what is not theirs."""
    return FILES[key](actor, data, now)


def _duty_words(found) -> tuple[str, ...]:
    return (
        f"ditugaskan: {number(found.total)}",
        f"selesai: {number(found.done)} ({found.percent}%)",
        f"lewat batas waktu: {number(found.overdue)}",
        f"belum selesai: {number(found.open)}",
    )


def _counts(scope: Scope, wanted: Wanted) -> Counted | None:
    """What was counted beforehand, where it is the length of the list; a past day may have to be waited for."""
    counts = None if scope.past else counted(scope, wanted)
    return None if counts and counts.since else counts


def _chase(actor, data, now) -> File:
    scope, form, wanted = chase_asked(actor, data, now=now)
    wanted = wanted.but(state=State.OVERDUE)
    group = form.cleaned_data["kelompok"]
    rows = chase.late_rows(scope, wanted, group=group)
    counts = _counts(scope, wanted)
    count = counts.figures().overdue if counts else duty_rows(scope, wanted).count()
    told = counts and not (wanted.function or wanted.course)
    people = counts.late_officers() if counts and told else chase.officers_among(rows)
    words = (f"pelatihan lewat batas waktu: {number(count)}", f"pada personel: {number(people)}")
    table = exports.names_table(rows, scope)
    narrowed = {"Kelompok": dict(GROUP_WORDS).get(group, "")}
    return File(scope, wanted, "penagihan", "Daftar penagihan", count, table, words, narrowed)


def _names(actor, data, now) -> File:
    scope, _form, wanted = asked(actor, data, PAGES["completion-names"].fields, now=now, tabs="keadaan")
    rows = duty_rows(scope, wanted)
    counts = _counts(scope, wanted)
    found = counts.figures_in(wanted.state) if counts else figures(rows, scope)
    table = exports.names_table(for_list(rows, scope).order_by(*NAMES_ORDER), scope)
    return File(scope, wanted, "penyelesaian-nama", "Penyelesaian, nama", found.total, table, _duty_words(found))


def _units(actor, data, now) -> File:
    scope, _form, wanted = asked(actor, data, PAGES["completion"].fields, now=now)
    found = completion(scope, wanted)
    return File(
        scope,
        wanted,
        "penyelesaian-satuan",
        "Penyelesaian per satuan",
        len(found.lines),
        exports.units_table(found),
        _duty_words(found.figures),
    )


def _courses(actor, data, now) -> File:
    scope, _form, wanted = asked(actor, data, PAGES["completion"].fields, now=now)
    found = completion(scope, wanted)
    return File(
        scope,
        wanted,
        "penyelesaian-pelatihan",
        "Penyelesaian per pelatihan",
        len(found.courses),
        exports.courses_table(found),
        _duty_words(found.figures),
    )


def _trend(actor, data, now) -> File:
    scope, _form, wanted, span = trend_asked(actor, data, now=now)
    line = over_time.trend(scope, wanted, span=span)
    points, last = line.points, line.points[-1]
    words = (*_duty_words(last.figures), f"seharusnya selesai: {number(last.due)} ({last.target}%)")
    known = wanted.axis == Axis.AS_KNOWN
    name = "penyelesaian-target-menurut-catatan" if known else "penyelesaian-target"
    title = f"Penyelesaian terhadap target, {SPANS[span][0]}{', menurut catatan' if known else ''}"
    return File(scope, wanted, name, title, len(points), over_time.trend_table(points), words, since=line.since)


def _effect(actor, data, now) -> File:
    scope, _form, wanted = asked(actor, data, PAGES["effect"].fields, now=now)
    per = one_of(data, "per_apa", [effect.BY_COURSE, effect.BY_ORDER])
    counts = counted(scope, wanted) if per == effect.BY_COURSE else None
    lines = effect.by_course(scope, wanted, counts) if per == effect.BY_COURSE else effect.by_order(scope, wanted)
    words = tuple(
        f"{line.order.order_number if line.order else line.course}: "
        + (effect.TOO_FEW if line.gain.too_few else f"{number(line.gain.rise, 1)} poin, {line.gain.n} personel")
        for line in lines
    )
    table = effect.gains_table(lines)
    since = counts.since if counts else None
    return File(
        scope, wanted, f"dampak-per-{per}", f"Dampak pelatihan per {per}", len(lines), table, words, since=since
    )


def _effect_names(actor, data, now) -> File:
    scope, _form, wanted = effect_names_asked(actor, data, now=now)
    rows = effect.measured(scope, wanted)
    count = rows.count()
    table = effect.names_table(rows, scope)
    words = (f"personel dengan kedua nilai: {number(count)}",)
    return File(scope, wanted, "dampak-nama", "Dampak pelatihan, nama", count, table, words)


def _readiness(actor, data, now) -> File:
    scope, _form, wanted = readiness_asked(actor, data, now=now)
    found = ready.readiness(scope, wanted)
    counter = next((one.function.name for one in found.counters if one.function.code == wanted.function), "Semua loket")
    words = tuple(f"{line.name}: {ready.percent_words(line.share)}" for line in found.topics[:10])
    table = ready.readiness_table(counter, found.topics)
    count = len(found.topics)
    return File(scope, wanted, "kesiapan-loket", "Kesiapan loket", count, table, words, since=found.since)


def _matrix(actor, data, now) -> File:
    scope, _form, wanted = asked(actor, data, PAGES["matrix"].fields, now=now)
    count = matrix.officers_shown(scope, wanted).count()
    words = (f"personel: {number(count)}", f"pelatihan: {number(len(matrix.courses_shown(scope, wanted)))}")
    table = matrix.matrix_table(scope, wanted)
    return File(scope, wanted, "matriks", "Matriks personel × pelatihan", count, table, words)


def _expiring(actor, data, now) -> File:
    scope, _form, wanted, within = expiring_asked(actor, data, now=now)
    rows = expiring.expiring(scope, wanted, within)
    count = rows.count()
    words = (f"penyelesaian yang berakhir masa berlakunya: {number(count)}",)
    title = "Penyelesaian yang berakhir masa berlakunya"
    narrowed = {"Berakhir dalam": next(said for key, said, _days in expiring.WITHIN if key == within)}
    return File(scope, wanted, "kedaluwarsa", title, count, expiring.expiring_table(rows, scope), words, narrowed)


def _jp(actor, data, now) -> File:
    scope, form, wanted, year = jp_asked(actor, data, now=now)
    reached = form.cleaned_data["capaian"]
    rows = jp.jp_rows(scope, wanted, year, reached=reached)
    totals = jp.jp_totals(scope, wanted, year)
    words = (
        f"personel: {number(totals.officers)}",
        f"JP: {number(totals.jp)}",
        f"kurang dari target: {number(totals.short)} dari {number(totals.asked)}",
    )
    count = {"": totals.officers, jp.SHORT: totals.short, jp.REACHED: totals.reached}[reached]
    narrowed = {"Capaian": dict(REACH_WORDS)[reached] if reached else ""}
    return File(scope, wanted, f"jp-{year}", f"Jam pelajaran {year}", count, jp.jp_table(rows, year), words, narrowed)


def _moves(actor, data, now) -> File:
    scope, _form, wanted, days = moves_asked(actor, data, now=now)
    events = moves.changes(scope, wanted, days)
    count = events.count()
    words = (f"perubahan karena mutasi, {days.words}: {number(count)}",)
    table = moves.moves_table(events)
    return File(scope, wanted, "perubahan-mutasi", "Perubahan karena mutasi", count, table, words, {"Hari": days.words})


def _order(actor, data, now) -> File:
    mine = assignments_for_actor(actor, at=now).select_related("course", "unit", "path_order__version")
    order = get_object_or_404(mine, uuid=data["perintah"])
    seen = figures_of(order, actor=actor, at=now)
    table = ORDER_HEADER, order_rows(order, seen_from=seen.unit, at=now)
    return _of_order(actor, order, f"penugasan-{order.course.code}", seen, table, now)


def _path_order(actor, data, now) -> File:
    path_order = get_object_or_404(path_orders_for_actor(actor, at=now), uuid=data["perintah"])
    parts = assignments_for_actor(actor, at=now).select_related("course", "unit", "path_order__version")
    first = parts.filter(path_order=path_order).order_by("pk")[0]
    seen = path_figures(path_order, seen_from=reads_from(actor, first, at=now), at=now)
    table = PATH_ORDER_HEADER, path_order_rows(path_order, seen_from=seen.unit, at=now)
    return _of_order(actor, first, f"jalur-{path_order.recorded_at:%Y%m%d}", seen, table, now)


def _of_order(actor, order, name, seen: Seen, table, now) -> File:
    scope = scope_of(actor, at=now, roles=ASSIGNS)
    wanted = Wanted(unit=order.unit, order=order)
    found, beyond = seen.figures, {"Di luar daftar ini": seen.elsewhere_words}
    return File(scope, wanted, name, f"Penugasan: {order.title}", found.total, table, _duty_words(found), beyond)


def _list(key: str) -> Source:
    """A list of a room below."""
    kind = LISTS[key]

    def source(actor, data, now) -> File:
        made = kind.listed(actor, data, at=now)
        scope = scope_of(actor, at=now, roles=kind.roles)
        wanted = Wanted(unit=scope.opened(made.unit))
        # No sheet holds more.
        at_most = made.rows[: XLSX_MAXIMUM_ROWS + 1].count
        return File(
            scope,
            wanted,
            made.name,
            made.title,
            at_most if made.endless else made.rows.count(),
            (made.header, made.lines()),
            (),
            in_words(made.form),
            made.noted,
        )

    return source


def _board(name: str, title: str, table: Callable[[Board], tuple[Sequence[str], workbook.Rows]]) -> Source:
    """A table on the page of a period."""

    def source(actor, data, now) -> File:
        found = period_asked(actor, data, PERIOD_FILTER, now=now)
        counts = _counts(found.scope, found.wanted)
        board = board_of(found.scope, found.wanted, found.period, found.activities, counts)
        header, rows = table(board)
        whole = board.lines()[0].figures
        counters = f"loket lengkap: {number(whole.certified)} dari {number(whole.counters)}"
        words = (*_duty_words(whole.officers), counters)
        orders = basis_of(board.reaches[0], found.scope.zone(found.wanted.unit))
        narrowed = {f"Dasar {place}": ", ".join(order) for place, order in enumerate(orders, start=1)}
        return _of_period(found, name, title, len(rows), (header, rows), words, narrowed, activity=None)

    return source


def _counters(actor, data, now) -> File:
    found = period_asked(actor, data, PERIOD_FILTER, now=now)
    header, rows = workbook.counters_table(found.reach())
    words = (f"loket terjangkau: {number(len(rows))}",)
    return _of_period(found, "quick-wins-loket", "Quick Wins per loket", len(rows), (header, rows), words)


def _period_names(actor, data, now) -> File:
    found, state = period_names_asked(actor, data, now=now)
    reach = found.reach()
    counts = None if found.wanted.function else _counts(found.scope, reach.wanted)
    activity = found.activity.pk if found.activity else None
    per_unit = counts.asked_by_unit(found.period, activity, state) if counts else None
    count = reach.postings(state).count() if per_unit is None else sum(each for _unit, each in per_unit)
    narrowed = {"Keadaan": dict(found.states)[state] if state else ""}
    words = (f"personel: {number(count)}",)
    table = workbook.names_table(reach, state)
    return _of_period(found, "quick-wins-nama", "Quick Wins, nama", count, table, words, narrowed)


def _of_period(found: Asked, name, title, count, table, words, narrowed: Mapping[str, str] | None = None, **changes):
    narrowed = {"Periode": date_range(found.period.starts_on, found.period.ends_on)} | dict(narrowed or {})
    return File(found.scope, found.noted.but(**changes), name, title, count, table, words, narrowed)


FILES: dict[str, Source] = {
    "order": _order,
    "path-order": _path_order,
    "chase": _chase,
    "names": _names,
    "units": _units,
    "courses": _courses,
    "trend": _trend,
    "effect": _effect,
    "effect-names": _effect_names,
    "readiness": _readiness,
    "matrix": _matrix,
    "expiring": _expiring,
    "jp": _jp,
    "quick-wins": _board("quick-wins-kegiatan", "Quick Wins per kegiatan", workbook.lines_table),
    "quick-wins-targets": _board("quick-wins-target", "Quick Wins, target dan capaian", workbook.targets_table),
    "quick-wins-units": _board("quick-wins-satuan", "Quick Wins per satuan", workbook.units_table),
    "quick-wins-counters": _counters,
    "quick-wins-names": _period_names,
    "moves": _moves,
    **{key: _list(key) for key in LISTS},
}
