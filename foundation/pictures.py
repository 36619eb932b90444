"""The geometry of the pictures: plain numbers in, plain numbers out; no database, no request, no HTML.

Coordinates leave as strings with a dot, because Indonesian localisation would turn 12.5 into 12,5 inside an SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .formats import Number, percent

HEAT_STEPS = 5


def _coordinate(value: Number) -> str:
    return f"{float(value):.1f}".rstrip("0").rstrip(".")


def whole_percent(done: int, total: int) -> int:
    """Return the share of ``total`` that is done, 0..100, rounded down: 299 of 300 is not yet 100.

    An empty total counts as 0. Raises ValueError when ``done`` is negative.
    """
    if done < 0:
        raise ValueError("done cannot be negative")
    if total <= 0:
        return 0
    return min(100, done * 100 // total)


def percent_text(value: Number | None) -> str:
    """Return ``value`` (0..100) as ``formats.percent`` writes it; an unknown value is a dash."""
    return "–" if value is None else percent(value)


def heat_step(percent: Number | None) -> int | None:
    """Return the tint 0 (weakest) .. 4 (strongest) for ``percent`` 0..100; None stays None."""
    if percent is None:
        return None
    return max(0, min(HEAT_STEPS - 1, int(percent) * HEAT_STEPS // 100))


# --- ring and meter ---------------------------------------------------------


@dataclass(frozen=True)
class Ring:
    done: int
    total: int
    percent: int
    complete: bool


def ring(done: int, total: int) -> Ring:
    """Return a ring for ``done`` of ``total`` items; its circle has pathLength 100, so the dash is the percent."""
    return Ring(done=done, total=total, percent=whole_percent(done, total), complete=total > 0 and done >= total)


@dataclass(frozen=True)
class Segment:
    x: str
    width: str
    reached: bool


def segments(number: int, total: int) -> list[Segment]:
    """Return ``total`` pieces of one line, as SVG percentages; those up to ``number`` (from 1) are reached."""
    if total <= 0:
        return []
    gap = min(1.2, 40 / total)
    width = (100 - gap * (total - 1)) / total
    return [Segment(f"{i * (width + gap):.2f}%", f"{width:.2f}%", i < number) for i in range(total)]


# --- heat map ---------------------------------------------------------------


@dataclass(frozen=True)
class HeatColumn:
    label: str
    title: str = ""


@dataclass(frozen=True)
class HeatCell:
    """``percent`` None means that nothing was assigned here, which is not the same as 0."""

    percent: Number | None
    url: str = ""
    detail: str = ""

    @property
    def step(self) -> str:
        step = heat_step(self.percent)
        return "x" if step is None else str(step)

    @property
    def text(self) -> str:
        return percent_text(self.percent)


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: Sequence[HeatCell]
    url: str = ""

    @property
    def mean(self) -> float:
        known = [float(cell.percent) for cell in self.cells if cell.percent is not None]
        return sum(known) / len(known) if known else 101.0


@dataclass(frozen=True)
class HeatTable:
    caption: str
    columns: Sequence[HeatColumn]
    rows: Sequence[HeatRow]
    row_heading: str = "Satuan"
    # What a cell without a figure means.
    unknown: str = "belum ditugaskan"

    def weakest_first(self) -> "HeatTable":
        """Return the table with its weakest row on top; rows with nothing assigned come last."""
        rows = sorted(self.rows, key=lambda row: row.mean)
        return replace(self, rows=rows)

    def with_columns(self) -> list[tuple[HeatRow, list[tuple[HeatColumn, HeatCell]]]]:
        """Return each row with its cells paired to their columns, for reading aloud."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]


# --- trend ------------------------------------------------------------------

TREND_WIDTH, TREND_HEIGHT = 300, 158
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 254, 16, 130


@dataclass(frozen=True)
class TrendTick:
    text: str
    position: str
    anchor: str = ""


@dataclass(frozen=True)
class TrendTarget:
    text: str
    y: str
    text_y: str


@dataclass(frozen=True)
class Trend:
    """A line in a box of ``width`` × ``height``; ``lines`` has one string of points per unbroken stretch."""

    width: int
    height: int
    lines: list[str]
    ticks: list[TrendTick]
    labels: list[TrendTick]
    first: str
    last: str
    last_x: str
    last_y: str
    last_label: TrendTick
    last_label_y: str
    rows: list[tuple[str, str]]
    target: TrendTarget | None
    # The way it should have gone, where that is known: lines as above, and the last value in words.
    plan: list[str]
    plan_last: str


def nice_top(values: Sequence[Number]) -> int:
    """Return a round figure at or above the largest value, for the top of an axis: 68 → 80, 1.284 → 2.000."""
    largest = max((float(value) for value in values), default=0)
    step = 1
    while True:
        for factor in (1, 2, 4, 5, 8, 10):
            if factor * step >= largest:
                return factor * step
        step *= 10


def _figure(value: Number | None, unit: str) -> str:
    if unit == "%":
        return percent_text(value)
    if value is None:
        return "–"
    rounded = round(float(value), 1)
    text = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"
    text = text.translate(str.maketrans(",.", ".,"))
    return f"{text} {unit}".strip()


def trend(
    points: Sequence[tuple[str, Number | None]],
    *,
    unit: str = "%",
    target: Number | None = None,
    plan: Sequence[Number | None] = (),
) -> Trend | None:
    """Return the line through ``points``, (label, value) from old to new; None when no value is known.

    A value of None breaks the line. With ``unit`` "%" the axis runs 0..100, otherwise from 0 to a round figure.
    ``plan`` has the value each point should have had: a second line.
    """
    known = [value for _label, value in points if value is not None]
    if not known:
        return None
    planned = [value for value in plan if value is not None]
    top = 100 if unit == "%" else nice_top([*known, *planned, *([target] if target is not None else [])])

    def x_of(index: int) -> float:
        return _LEFT if len(points) == 1 else _LEFT + (_RIGHT - _LEFT) * index / (len(points) - 1)

    def y_of(value: Number) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * max(0.0, min(1.0, float(value) / top))

    def lines_of(values: Sequence[Number | None]) -> list[str]:
        stretches: list[list[str]] = [[]]
        for index, value in enumerate(values):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append(f"{_coordinate(x_of(index))},{_coordinate(y_of(value))}")
        return [" ".join(stretch) for stretch in stretches if stretch]

    values = [value for _label, value in points]
    last_index = max(index for index, value in enumerate(values) if value is not None)
    final = len(points) - 1
    shown = {0: "", final: "e"} if final else {0: ""}
    if final >= 4:
        shown[final // 2] = "m"
    mark = None
    if target is not None:
        y = y_of(target)
        mark = TrendTarget(
            f"target {_figure(target, unit)}", _coordinate(y), _coordinate(y - 5 if y > _TOP + 8 else y + 13)
        )
    last_value = next(value for _label, value in reversed(points) if value is not None)
    last_text = _figure(last_value, unit)
    tick_unit = "%" if unit == "%" else ""
    # A short figure stands to the right of its point, a long one above it, so neither leaves the box.
    beside = len(last_text) <= 4
    last_label = TrendTick(last_text, _coordinate(x_of(last_index) + (10 if beside else 8)), "" if beside else "e")
    return Trend(
        width=TREND_WIDTH,
        height=TREND_HEIGHT,
        lines=lines_of(values),
        ticks=[TrendTick(_figure(value, tick_unit), _coordinate(y_of(value))) for value in (0, top / 2, top)],
        labels=[TrendTick(points[i][0], _coordinate(x_of(i)), anchor) for i, anchor in sorted(shown.items())],
        first=_figure(known[0], unit),
        last=last_text,
        last_x=_coordinate(x_of(last_index)),
        last_y=_coordinate(y_of(last_value)),
        last_label=last_label,
        last_label_y=_coordinate(max(y_of(last_value) + (5 if beside else -12), 12)),
        rows=[(label, _figure(value, unit)) for label, value in points],
        target=mark,
        plan=lines_of(plan),
        plan_last=_figure(planned[-1], unit) if planned else "",
    )


# --- scatter ----------------------------------------------------------------

SCATTER_WIDTH, SCATTER_HEIGHT = 360, 252
MOST_LABELS = 12
_SCATTER_LEFT, _SCATTER_RIGHT, _SCATTER_TOP, _SCATTER_BOTTOM = 34, 346, 10, 216


@dataclass(frozen=True)
class ScatterPoint:
    label: str
    x: str
    y: str
    text_x: str
    text_y: str
    marked: bool


@dataclass(frozen=True)
class Scatter:
    """Points in a box of ``width`` × ``height``; ``baseline`` is where the upright axis is 0."""

    width: int
    height: int
    points: list[ScatterPoint]
    x_ticks: list[TrendTick]
    y_ticks: list[TrendTick]
    left: str
    right: str
    bottom: str
    baseline: str
    name_y: str


def scatter(points: Sequence[tuple[str, Number, Number, bool]]) -> Scatter | None:
    """Return ``points`` (label, percent 0..100, correlation −1..1, marked) as a picture; None without any.

    The upright axis reaches from −0.5, or −1 where a point lies so low, to 1. Of many points only the marked
    ones carry their label.
    """
    if not points:
        return None
    lowest = -1.0 if min(float(y) for _label, _x, y, _marked in points) < -0.5 else -0.5

    def x_of(value: Number) -> float:
        return _SCATTER_LEFT + (_SCATTER_RIGHT - _SCATTER_LEFT) * max(0.0, min(100.0, float(value))) / 100

    def y_of(value: Number) -> float:
        return _SCATTER_BOTTOM - (_SCATTER_BOTTOM - _SCATTER_TOP) * (float(value) - lowest) / (1 - lowest)

    anchors = {0: "", 50: "m", 100: "e"}
    ticks = [lowest, 0.0, 0.5, 1.0]
    return Scatter(
        width=SCATTER_WIDTH,
        height=SCATTER_HEIGHT,
        points=[
            ScatterPoint(
                label if marked or len(points) <= MOST_LABELS else "",
                _coordinate(x_of(x)),
                _coordinate(y_of(y)),
                _coordinate(x_of(x) + (7 if float(x) < 92 else -7)),
                _coordinate(y_of(y) + 4),
                marked,
            )
            for label, x, y, marked in points
        ],
        x_ticks=[TrendTick(f"{value}%", _coordinate(x_of(value)), anchor) for value, anchor in anchors.items()],
        y_ticks=[TrendTick(_figure(value, ""), _coordinate(y_of(value))) for value in ticks],
        left=_coordinate(_SCATTER_LEFT),
        right=_coordinate(_SCATTER_RIGHT),
        bottom=_coordinate(_SCATTER_BOTTOM + 15),
        baseline=_coordinate(y_of(0)),
        name_y=_coordinate(_SCATTER_BOTTOM + 32),
    )


# --- bars -------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """What a caller gives: ``percent`` 0..100 or None, and a ``note`` such as "306 dari 450"."""

    label: str
    percent: Number | None
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class DrawnBar:
    label: str
    note: str
    url: str
    text: str
    width: str
    below_target: bool


def bars(rows: Sequence[Bar], *, target: Number | None = None) -> list[DrawnBar]:
    """Return each row with its width as an SVG percentage and whether it stays below ``target`` (0..100)."""
    drawn = []
    for row in rows:
        share = max(0.0, min(100.0, float(row.percent or 0)))
        below = target is not None and row.percent is not None and float(row.percent) < float(target)
        drawn.append(DrawnBar(row.label, row.note, row.url, percent_text(row.percent), f"{_coordinate(share)}%", below))
    return drawn
