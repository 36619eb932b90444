"""Tags that draw: each hands the geometry of foundation/pictures.py to one fragment in templates/components/."""

from collections.abc import Sequence
from typing import Any

from django import template

from foundation import pictures

register = template.Library()


@register.inclusion_tag("components/_ring.html")
def ring(done: int, total: int) -> dict[str, Any]:
    """{% ring 2 5 %}: a ring with the figure inside."""
    return {"ring": pictures.ring(done, total)}


@register.inclusion_tag("components/_meter.html")
def meter(done: int, total: int, words: str = "materi selesai") -> dict[str, Any]:
    """{% meter 2 5 %} or {% meter 14 20 "jam pelajaran" %}: a thin bar; write the figure beside it too."""
    return {"done": done, "total": total, "words": words, "width": f"{pictures.whole_percent(done, total)}%"}


@register.inclusion_tag("components/_segments.html")
def segments(number: int, total: int) -> dict[str, Any]:
    """{% segments 2 5 %}: the place of a lesson in its course, one piece per lesson."""
    return {"number": number, "total": total, "segments": pictures.segments(number, total)}


@register.inclusion_tag("components/_heat_map.html")
def heat_map(table: pictures.HeatTable) -> dict[str, Any]:
    """{% heat_map table %}: rows × columns of percent, each cell with its number and link."""
    return {"table": table, "rows": table.with_columns()}


@register.inclusion_tag("components/_trend.html")
def trend(
    points: Sequence[tuple[str, pictures.Number | None]],
    caption: str = "Kemajuan",
    unit: str = "%",
    target: pictures.Number | None = None,
    plan: Sequence[pictures.Number | None] = (),
) -> dict[str, Any]:
    """{% trend points caption="Penyelesaian per minggu" target=80 %}: points are (label, value) from old to new.

    With ``plan``, a second line of what each point should have been, the page has the table itself.
    """
    drawn = pictures.trend(points, unit=unit, target=target, plan=plan)
    return {"trend": drawn, "caption": caption}


@register.inclusion_tag("components/_bars.html")
def bars(rows: Sequence[pictures.Bar], target: pictures.Number | None = None) -> dict[str, Any]:
    """{% bars rows target=80 %}: one horizontal bar per row, with the target as a line and in words."""
    drawn = pictures.bars(rows, target=target)
    return {
        "rows": drawn,
        "target_text": pictures.percent_text(target) if target is not None else "",
        "target_x": f"{float(target):g}%" if target is not None else "",
    }


@register.inclusion_tag("components/_scatter.html")
def scatter(
    points: Sequence[tuple[str, pictures.Number, pictures.Number, bool]], caption: str, across: str, upright: str
) -> dict[str, Any]:
    """{% scatter points "Soal" "kesukaran" "daya beda" %}: (label, percent, correlation, marked)."""
    return {"scatter": pictures.scatter(points), "caption": caption, "across": across, "upright": upright}
