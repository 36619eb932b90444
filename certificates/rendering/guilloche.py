"""The woven frame and the seal of the certificate, computed and written as PDF drawing operators.

They never change, so they are drawn once per process and put under every certificate as two form
XObjects: a tile of the frame that is repeated along each side, and the rose of the seal. Units are
millimetres from the lower left corner; ``POINTS`` scales them to the page.
"""

import math
from collections.abc import Callable

POINTS = 72 / 25.4
SHEET_WIDTH, SHEET_HEIGHT = 297, 210
BLUE, NAVY, GOLD = "0.122 0.294 0.69", "0.082 0.125 0.227", "0.604 0.42 0"

INSET, CORNER = 10.5, 9.0
STRANDS, SWING = 6, 3.2
# Whole waves along each straight side, so that the weave meets itself round every corner.
WAVES_ACROSS, WAVES_DOWN, WAVES_ROUND = 56, 37, 3
ACROSS = SHEET_WIDTH - 2 * (INSET + CORNER)
DOWN = SHEET_HEIGHT - 2 * (INSET + CORNER)

Point = tuple[float, float]


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-0.", "-.") or "0"


def _curve(at: Callable[[float], Point], start: float, stop: float, pieces: int) -> str:
    """Return ``at`` from ``start`` to ``stop`` as Bézier curves (Catmull-Rom, tangents taken from beyond the ends)."""
    step = (stop - start) / pieces
    points = [at(start + i * step) for i in range(-1, pieces + 2)]
    operators = ["{} {} m".format(*map(_number, points[1]))]
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(points, points[1:], points[2:], points[3:], strict=False):
        numbers = (bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
        operators.append(" ".join(map(_number, numbers)) + " c")
    return "\n".join(operators)


def _wave(phase: float) -> float:
    return SWING * math.sin(phase * math.tau)


def _tile(length: float) -> str:
    """One wave of every strand, running along x from 0 to ``length``."""
    strands = [
        _curve(lambda t, k=k: (t * length, _wave(t + k / STRANDS)), 0, 1, 6)  # type: ignore[misc]
        for k in range(STRANDS)
    ]
    return "\n".join(strands) + "\nS"


def _corner() -> str:
    """Every strand round a quarter circle about the origin, from pointing up to pointing right, run clockwise."""

    def at(t: float, k: int) -> Point:
        angle = math.pi / 2 * (1 - t)
        radius = CORNER + _wave(t * WAVES_ROUND + k / STRANDS)
        return radius * math.cos(angle), radius * math.sin(angle)

    strands = [
        _curve(lambda t, k=k: at(t, k), 0, 1, 6 * WAVES_ROUND)  # type: ignore[misc]
        for k in range(STRANDS)
    ]
    return "\n".join(strands) + "\nS"


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    bend = radius * 0.5523
    right, top = x + width, y + height
    corners = [
        (x + radius, y, "m"),
        (right - radius, y, "l"),
        (right - radius + bend, y, right, y + radius - bend, right, y + radius, "c"),
        (right, top - radius, "l"),
        (right, top - radius + bend, right - radius + bend, top, right - radius, top, "c"),
        (x + radius, top, "l"),
        (x + radius - bend, top, x, top - radius + bend, x, top - radius, "c"),
        (x, y + radius, "l"),
        (x, y + radius - bend, x + radius - bend, y, x + radius, y, "c"),
    ]
    return "\n".join(" ".join(v if isinstance(v, str) else _number(v) for v in part) for part in corners) + "\nh S"


def _rose(middle: float, swing: float, lobes: int, turns: int) -> str:
    """Return ``turns`` copies of a ring whose radius swings ``lobes`` times, each with its phase shifted."""
    rings = []
    for k in range(turns):

        def at(t: float, k: int = k) -> Point:
            radius = middle + swing * math.cos((lobes * t + k / turns) * math.tau)
            return radius * math.cos(t * math.tau), radius * math.sin(t * math.tau)

        rings.append(_curve(at, 0, 1, lobes * 6))
    return "\n".join(rings) + "\nS"


def forms() -> dict[str, tuple[str, tuple[float, float, float, float]]]:
    """The repeated drawings: name → (operators, bounding box in millimetres)."""
    across, down = ACROSS / WAVES_ACROSS, DOWN / WAVES_DOWN
    reach = SWING + 1
    radius = CORNER + reach
    seal = "\n".join(
        _rose(m, s, lobes, turns) for m, s, lobes, turns in ((14.6, 1.7, 24, 6), (9.6, 2.4, 18, 6), (4.9, 1.6, 12, 5))
    )
    return {
        "Across": (_tile(across), (-1, -reach, across + 1, reach)),
        "Down": (_tile(down), (-1, -reach, down + 1, reach)),
        "Corner": (_corner(), (-1, -1, radius, radius)),
        "Seal": (seal, (-17, -17, 17, 17)),
    }


def frame() -> str:
    """The page's own operators: both edges, the weave between them, and the seal between code and signature."""
    turned = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}
    left, right = INSET + CORNER, SHEET_WIDTH - INSET - CORNER
    bottom, top = INSET + CORNER, SHEET_HEIGHT - INSET - CORNER
    across, down = ACROSS / WAVES_ACROSS, DOWN / WAVES_DOWN

    def place(name: str, x: float, y: float, turn: int) -> str:
        return f"q {turned[turn]} {_number(x)} {_number(y)} cm /{name} Do Q"

    weave = [place("Across", left + i * across, SHEET_HEIGHT - INSET, 0) for i in range(WAVES_ACROSS)]
    weave += [place("Down", SHEET_WIDTH - INSET, top - i * down, 270) for i in range(WAVES_DOWN)]
    weave += [place("Across", right - i * across, INSET, 180) for i in range(WAVES_ACROSS)]
    weave += [place("Down", INSET, bottom + i * down, 90) for i in range(WAVES_DOWN)]
    weave += [
        place("Corner", x, y, turn)
        for x, y, turn in ((right, top, 0), (right, bottom, 270), (left, bottom, 180), (left, top, 90))
    ]
    scale = _number(POINTS)
    return "\n".join(
        [
            f"q {scale} 0 0 {scale} 0 0 cm 1 J 1 j",
            f"{NAVY} RG 0.35 w",
            _rounded(5.5, 5.5, 286, 199, 13),
            _rounded(16, 16, 265, 178, 5),
            f"{BLUE} RG 0.16 w",
            *weave,
            f"{GOLD} RG 0.11 w",
            place("Seal", SHEET_WIDTH / 2, 40, 0),
            "Q",
        ]
    )
