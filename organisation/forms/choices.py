"""Units and ranks as choices that show the tree and the order of ranks."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ..models import PATH_STEP, Rank, RankKind, Unit

Choices = list[tuple]
SELECTED = mark_safe(" selected")
# A unit, or a row of one with pk, parent_id, level and name.
Node = TypeVar("Node", bound=Any)


def tree_order(units: Iterable[Node]) -> list[Node]:
    """Parents before children, siblings by level and name."""
    known = {unit.pk: unit for unit in units}
    children: dict[int | None, list[Node]] = {}
    for unit in known.values():
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[Node] = []
    stack = sorted(children.get(None, []), key=_place, reverse=True)
    while stack:
        unit = stack.pop()
        ordered.append(unit)
        stack += sorted(children.get(unit.pk, []), key=_place, reverse=True)
    return ordered


def unit_choices(units: QuerySet[Unit]) -> Choices:
    """(pk, indented short name) in the order of the tree."""
    names = ("pk", "parent_id", "level", "name", "short_name", "path")
    ordered = tree_order(units.order_by().values_list(*names, named=True))
    top = min((len(unit.path) for unit in ordered), default=0)
    # No-break spaces: a browser swallows plain ones in an option.
    return [(unit.pk, "\u00a0\u00a0" * ((len(unit.path) - top) // PATH_STEP) + unit.short_name) for unit in ordered]


class LongSelect(forms.Select):
    """One of many, written in one go: a template for each of 1,500 units takes longer than all else on the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) in chosen else "", words) for key, words in self.choices),
        )
        written = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", written, options)


class _UnitChoices(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from unit_choices(self.queryset)


class UnitField(forms.ModelChoiceField):
    """A unit of ``queryset``, which the form narrows to those of its reader; each stands at its place in the tree."""

    widget = LongSelect
    iterator = _UnitChoices

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Unit.objects.none(), "empty_label": "Pilih satuan"} | kwargs)


class UnitsField(forms.ModelMultipleChoiceField):
    """Several of them."""

    iterator = _UnitChoices

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Unit.objects.none()} | kwargs)


def rank_choices(*, empty: str = "") -> Choices:
    """Ranks grouped by kind, highest first."""
    groups: dict[str, Choices] = {}
    for rank in Rank.objects.all():
        groups.setdefault(RankKind(rank.kind).label, []).append((rank.pk, rank.short))
    grouped: Choices = list(groups.items())
    return [("", empty), *grouped] if empty else grouped


def _place(unit: Unit) -> tuple:
    return (unit.level, unit.name.casefold())
