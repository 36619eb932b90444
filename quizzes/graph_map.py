"""A scenario drawn for its author: scenes in layers from the start downwards, choices as lines between them.

Plain arithmetic in whole pixels; the template draws it. Choices that lead on go down, those that lead back
or stay run along the right side, between the rows and never behind a scene.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from string import ascii_uppercase
from textwrap import wrap

from foundation.formats import number

from .choices import EndingTone
from .grading import rounded
from .graph import Scene, Way, problem_of_graph, scene_key

WIDTH, HEIGHT = 148, 46
ACROSS, DOWN = 28, 74
MARGIN = 26
LANE = 20
SWEEPS = 4
LETTERS = 18
PORT = 28
TURN = 16


@dataclass(frozen=True)
class Node:
    """``shape`` is ``start``, ``scene``, ``missing`` (named, but not written) or an EndingTone; x and y its middle."""

    name: str
    x: int
    y: int
    shape: str
    lines: list[tuple[int, str]]

    @property
    def left(self) -> int:
        return self.x - WIDTH // 2

    @property
    def top(self) -> int:
        return self.y - HEIGHT // 2


@dataclass(frozen=True)
class Edge:
    """A choice: the path of its line, where its letter stands, and its ``worth``: best, part, none or harm."""

    path: str
    x: int
    y: int
    letter: str
    worth: str


@dataclass(frozen=True)
class Telling:
    """A scene in words, for who reads the map instead of looking at it: (letter, choice, what it is worth)."""

    name: str
    ending: str
    choices: list[tuple[str, Way, str]]


@dataclass(frozen=True)
class StoryMap:
    problem: str
    width: int = 0
    height: int = 0
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)


@dataclass
class _Line:
    """A choice on its way: ``stops`` are its source, the gaps it passes between layers, and its target."""

    stops: list[str]
    letter: str
    worth: str
    goes_down: bool


def worth_of(way: Way) -> str:
    if way.fraction >= 1:
        return "best"
    if way.fraction > 0:
        return "part"
    return "harm" if way.fraction < 0 else "none"


def map_of(scenes: Sequence[Scene]) -> StoryMap:
    """Draw a scenario, sound or not; its first fault comes along in words."""
    if not scenes:
        return StoryMap("Skenario ini belum punya adegan.")
    known = {scene_key(scene.name): scene for scene in reversed(scenes)}
    order = list(dict.fromkeys(scene_key(scene.name) for scene in scenes))
    missing = [key for scene in scenes for way in scene.ways if (key := scene_key(way.to)) not in known]
    names = {scene_key(way.to): way.to for scene in scenes for way in scene.ways} | {
        key: scene.name for key, scene in known.items()
    }
    graph = {key: [scene_key(way.to) for way in known[key].ways] if key in known else [] for key in [*order, *missing]}
    layer = _layers(graph, order[0])
    lines = _lines(order, known, layer)
    rows = _rows(layer, lines)
    places, width = _places(rows)
    ports = _ports(lines, places)
    lanes = [line for line in lines if not line.goes_down]
    nodes = [_node(names[key] or "tanpa nama", *places[key], _shape(key, known, order[0])) for key in graph]
    edges = [
        _edge_down(line, port, places) if line.goes_down else _edge_back(line, port, places, lanes.index(line), width)
        for line, port in zip(lines, ports, strict=True)
    ]
    return StoryMap(
        problem=problem_of_graph(scenes),
        width=width + LANE * len(lanes),
        height=MARGIN * 2 + len(rows) * HEIGHT + (len(rows) - 1) * DOWN + (TURN * 3 if lanes else 0),
        nodes=nodes,
        edges=edges,
        tellings=[_telling(scene) for scene in scenes],
    )


def _layers(graph: dict[str, list[str]], start: str) -> dict[str, int]:
    """How deep each scene lies: below all that lead to it, save in a circle. A row at the bottom for the unreached."""
    turning_back: set[tuple[str, str]] = set()
    finished: list[str] = []

    def visit(key: str, above: tuple[str, ...]) -> None:
        for target in graph[key]:
            if target in (*above, key):
                turning_back.add((key, target))
            elif target not in finished:
                visit(target, (*above, key))
        finished.append(key)

    visit(start, ())
    layer = {start: 0}
    for key in reversed(finished):
        for target in graph[key]:
            if (key, target) not in turning_back:
                layer[target] = max(layer.get(target, 0), layer[key] + 1)
    bottom = max(layer.values()) + 1
    return {key: layer.get(key, bottom) for key in graph}


def _lines(order: list[str], known: dict[str, Scene], layer: dict[str, int]) -> list[_Line]:
    lines = []
    for key in order:
        for place, way in enumerate(known[key].ways):
            target = scene_key(way.to)
            passed = range(layer[key] + 1, layer[target])
            stops = [key, *(f"{key}\n{place}\n{depth}" for depth in passed), target]
            lines.append(_Line(stops, ascii_uppercase[place % 26], worth_of(way), layer[target] > layer[key]))
            if lines[-1].goes_down:
                layer.update(dict(zip(stops[1:-1], passed, strict=True)))
    return lines


def _rows(layer: dict[str, int], lines: list[_Line]) -> list[list[str]]:
    """The scenes of each layer, moved towards what they hang on so that few lines cross."""
    rows: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    for key, depth in layer.items():
        rows[depth].append(key)
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for line in lines:
        if line.goes_down:
            for upper, lower in pairwise(line.stops):
                above.setdefault(lower, []).append(upper)
                below.setdefault(upper, []).append(lower)
    for sweep in range(SWEEPS):
        near, neighbours = (above, rows[1:]) if sweep % 2 == 0 else (below, rows[-2::-1])
        for row in neighbours:
            place = {key: column / max(len(other), 1) for other in rows for column, key in enumerate(other)}
            pull = {key: _mean([place[other] for other in near.get(key, [key])]) for key in row}
            row.sort(key=pull.__getitem__)
    return rows


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _places(rows: list[list[str]]) -> tuple[dict[str, tuple[int, int]], int]:
    """The middle of each scene and each passing line; rows are centred."""
    sizes = [[ACROSS if "\n" in key else WIDTH for key in row] for row in rows]
    widths = [sum(row) + ACROSS * (len(row) - 1) for row in sizes]
    width = max(widths)
    places = {}
    for depth, row in enumerate(rows):
        x = MARGIN + (width - widths[depth]) // 2
        for key, size in zip(row, sizes[depth], strict=True):
            places[key] = (x + size // 2, MARGIN + HEIGHT // 2 + depth * (HEIGHT + DOWN))
            x += size + ACROSS
    return places, width + MARGIN * 2


def _shape(key: str, known: dict[str, Scene], start: str) -> str:
    if key not in known:
        return "missing"
    return known[key].ending or ("start" if key == start else "scene")


def _node(name: str, x: int, y: int, shape: str) -> Node:
    words = wrap(name, LETTERS)[:2] or [name]
    first = y + 5 - 8 * (len(words) - 1)
    return Node(name, x, y, shape, [(first + 16 * row, line) for row, line in enumerate(words)])


def _ports(lines: list[_Line], places: dict[str, tuple[int, int]]) -> list[int]:
    """Where under its scene each line begins: in the order of where they go, those that turn back last."""
    ports = {}
    for source in {line.stops[0] for line in lines}:
        leaving = [at for at, line in enumerate(lines) if line.stops[0] == source]
        leaving.sort(key=lambda at: (not lines[at].goes_down, places[lines[at].stops[1]][0]))
        for place, at in enumerate(leaving):
            ports[at] = places[source][0] + PORT * place - PORT * (len(leaving) - 1) // 2
    return [ports[at] for at in range(len(lines))]


def _edge_down(line: _Line, port: int, places: dict[str, tuple[int, int]]) -> Edge:
    foot = places[line.stops[0]][1] + HEIGHT // 2
    *passed, (x, y) = [places[stop] for stop in line.stops[1:]]
    path = f"M{port} {foot}v{TURN}"
    for (x1, y1), (x2, y2) in pairwise([(port, foot + TURN), *passed, (x, y - HEIGHT // 2 - 4)]):
        path += f"C{x1} {(y1 + y2) // 2} {x2} {(y1 + y2) // 2} {x2} {y2}"
    return Edge(path, port, foot + TURN, line.letter, line.worth)


def _edge_back(line: _Line, port: int, places: dict[str, tuple[int, int]], lane: int, width: int) -> Edge:
    """Down into the gap, out to a lane of its own, and into its scene from above; side by side with the others."""
    foot, aside = places[line.stops[0]][1] + HEIGHT // 2, lane % 4 * 5
    x, y = places[line.stops[-1]]
    top = y - HEIGHT // 2
    out = f"M{port} {foot}v{TURN * 2 + aside}H{width + LANE * lane}"
    path = f"{out}V{top - 14 - aside // 2}H{x + WIDTH // 2 - 14}V{top - 4}"
    return Edge(path, port, foot + TURN, line.letter, line.worth)


def _telling(scene: Scene) -> Telling:
    choices = [
        (ascii_uppercase[place % 26], way, number(rounded(way.fraction, places=5)))
        for place, way in enumerate(scene.ways)
    ]
    return Telling(scene.name, EndingTone(scene.ending).label if scene.ending else "", choices)
