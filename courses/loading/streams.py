"""Raw StreamField values with stable ids.

A list item without an id is read as an older format and silently becomes empty, so every block and item gets
one here; the same place in the same file always gets the same, so that comments and statistics stay with it.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from courses.rich_text import from_markdown


def block_id(*place: str | int) -> str:
    """Return the uuid that belongs to a place, e.g. ``block_id("C1", "pos-tes", "c1-post-001")``."""
    return str(uuid5(NAMESPACE_URL, "presisi-belajar:" + "/".join(str(part) for part in place)))


def block(kind: str, value: Any, *place: str | int) -> dict[str, Any]:
    """A block of a StreamField at ``place``."""
    return {"type": kind, "value": value, "id": block_id(*place)}


def listed(values: list[Any], *place: str | int) -> list[dict[str, Any]]:
    """The items of a ListBlock at ``place``."""
    return [{"type": "item", "value": value, "id": block_id(*place, n)} for n, value in enumerate(values, start=1)]


def rich_text(markdown: str) -> str:
    return from_markdown(markdown)
