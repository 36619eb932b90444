"""Draw the guilloches, the brand mark and the favicon: python scripts/draw_guilloche.py

The one ornament of Presisi Belajar is computed, never a picture of an emblem. Same numbers in, same bytes out:
the files are committed and this script is their source.
"""

import math
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "elearning" / "static" / "img"
GOLD, SKY, NAVY = "#f0c766", "#9bbcff", "#15244a"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0"


def _curve(points: list[tuple[float, float]], *, closed: bool) -> str:
    """Return a smooth path (Catmull-Rom as cubic Béziers, relative) through ``points``."""
    count = len(points)

    def at(index: int) -> tuple[float, float]:
        return points[index % count] if closed else points[max(0, min(count - 1, index))]

    x0, y0 = points[0]
    path = [f"M{x0:.1f} {y0:.1f}c"]
    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        numbers = [(cx - ax) / 6, (cy - ay) / 6, cx - bx - (dx - bx) / 6, cy - by - (dy - by) / 6, cx - bx, cy - by]
        text = ""
        for number in map(_number, numbers):
            text += number if number.startswith("-") or not text else f" {number}"
        path.append(text if text.startswith("-") or i == 0 else f" {text}")
    return "".join(path) + ("z" if closed else "")


def ring_of_lobes(middle: float, swing: float, lobes: int, per_lobe: int = 6) -> str:
    """Return one closed curve whose radius swings ``lobes`` times around ``middle``."""
    points = []
    for i in range(lobes * per_lobe):
        angle = i * math.tau / (lobes * per_lobe)
        radius = middle + swing * math.cos(lobes * angle)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return _curve(points, closed=True)


def woven(name: str, lobes: int, turns: int) -> str:
    """Return ``turns`` copies of the curve ``name``; a turned copy is the same wave with a shifted phase."""
    step = 360 / lobes / turns
    return "".join(f'<use href="#{name}" transform="rotate({k * step:.2f})"/>' for k in range(turns))


def rose() -> str:
    bands = [("a", 91, 8, 24, 6), ("b", 68, 13, 18, 6), ("c", 40, 13, 12, 6), ("d", 17, 9, 8, 4)]
    defs = "".join(f'<path id="{n}" d="{ring_of_lobes(m, s, lobes)}"/>' for n, m, s, lobes, _t in bands)
    uses = "".join(woven(n, lobes, turns) for n, _m, _s, lobes, turns in bands)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200"><defs>{defs}</defs>'
        f'<g fill="none" stroke="{SKY}" stroke-opacity=".62" stroke-width=".45">{uses}</g></svg>\n'
    )


def band(width: int = 96, height: int = 12, strands: int = 6, periods: int = 3) -> str:
    """Return a strip that repeats without a seam: each strand swings a whole number of times in ``width``."""
    strips = []
    for k in range(strands):
        shift = k * math.tau / strands
        points = []
        # One point beyond each end keeps the tangent, so that neighbouring tiles meet smoothly.
        for i in range(-1, periods * 6 + 2):
            x = i * width / (periods * 6)
            points.append((x, height / 2 + 5 * math.sin(x / width * math.tau * periods + shift)))
        strips.append(_curve(points, closed=False))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<path d="{"".join(strips)}" fill="none" stroke="{SKY}" stroke-width=".6"/></svg>\n'
    )


def mark(scale: float = 1) -> str:
    """The brand mark: a plain shield, and in it two woven rings of three lobes."""
    curve = ring_of_lobes(43, 21, 3, per_lobe=12)
    shield = "M0-94 79-66V4C79 52 45 80 0 96-45 80-79 52-79 4V-66z"
    return (
        f'<defs><path id="m" d="{curve}"/></defs><g fill="none" stroke="{GOLD}" stroke-width="10" '
        f'transform="scale({scale:g})"><path stroke-linejoin="round" d="{shield}"/>'
        f'<g transform="translate(0 -4)">{woven("m", 3, 2)}</g></g>'
    )


def brand() -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200">{mark()}</svg>\n'


def favicon() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200">'
        f'<rect x="-100" y="-100" width="200" height="200" rx="46" fill="{NAVY}"/>{mark(0.74)}</svg>\n'
    )


if __name__ == "__main__":
    for name, draw in {"guilloche-rose": rose, "guilloche-band": band, "brand": brand, "favicon": favicon}.items():
        (IMAGES / f"{name}.svg").write_text(draw(), encoding="utf-8")
