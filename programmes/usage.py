"""What stands on a row of a programme? This room knows no order and no report, so higher rooms register what they say.

    @programmes.usage.finds_uses
    def _orders(row: Row) -> str: ...

The answer is such as ``3 penugasan``; empty where nothing stands on it.
"""

from collections.abc import Callable

from foundation.formats import number

from .models import Activity, Indicator, Period, Programme

Row = Programme | Period | Activity | Indicator
Finder = Callable[[Row], str]
_finders: list[Finder] = []


def finds_uses(finder: Finder) -> Finder:
    """Register ``finder``; any answer keeps the row from being deleted."""
    _finders.append(finder)
    return finder


def why_not_deleted(row: Row) -> str:
    """A sentence while something stands on ``row``; empty when it can go. A report keeps its own copy of a target."""
    uses = [words for finder in _finders if (words := finder(row))]
    if not uses:
        return ""
    return f"Tidak dapat dihapus: {', '.join(uses)} memakainya. Yang keliru namanya atau kodenya dapat diubah."


@finds_uses
def rows_below(row: Row) -> str:
    if isinstance(row, Programme):
        return counted(row.periods.count(), "periode")
    if isinstance(row, Period):
        return counted(row.activities.count(), "kegiatan")
    return counted(row.indicators.count(), "target") if isinstance(row, Activity) else ""


def counted(how_many: int, what: str) -> str:
    """``3 penugasan``; empty for none."""
    return f"{number(how_many)} {what}" if how_many else ""
