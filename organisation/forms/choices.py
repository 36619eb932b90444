"""Units and ranks as choices that show the tree and the order of ranks."""

from collections.abc import Iterable

from ..models import Rank, RankKind, Unit

Choices = list[tuple]


def tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Parents before children, siblings by level and name."""
    known = {unit.pk: unit for unit in units}
    children: dict[int | None, list[Unit]] = {}
    for unit in known.values():
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[Unit] = []
    stack = sorted(children.get(None, []), key=_place, reverse=True)
    while stack:
        unit = stack.pop()
        ordered.append(unit)
        stack += sorted(children.get(unit.pk, []), key=_place, reverse=True)
    return ordered


def unit_choices(units: Iterable[Unit], *, empty: str = "") -> Choices:
    """(pk, indented short name) in the order of the tree, with ``empty`` as the first choice if given."""
    ordered = tree_order(units)
    top = min((unit.depth for unit in ordered), default=0)
    # No-break spaces: a browser swallows plain ones in an option.
    choices: Choices = [(unit.pk, "\u00a0\u00a0" * (unit.depth - top) + unit.short_name) for unit in ordered]
    return [("", empty), *choices] if empty else choices


def rank_choices(*, empty: str = "") -> Choices:
    """Ranks grouped by kind, highest first."""
    groups: dict[str, Choices] = {}
    for rank in Rank.objects.all():
        groups.setdefault(RankKind(rank.kind).label, []).append((rank.pk, rank.short))
    grouped: Choices = list(groups.items())
    return [("", empty), *grouped] if empty else grouped


def _place(unit: Unit) -> tuple:
    return (unit.level, unit.name.casefold())
