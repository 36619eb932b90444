"""Whoever chooses a unit sees the tree, however the units came into it."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test.html import parse_html

from organisation.forms.choices import LongSelect, UnitField
from organisation.models import Unit, UnitLevel
from tests.factories.organisation import UnitFactory


def names(field) -> list[str]:
    return [label.replace("\u00a0", ".") for _value, label in field.choices]


@pytest.mark.django_db
def test_units_stand_below_their_parents_and_in_order_of_their_names():
    polres = UnitFactory(level=UnitLevel.RESORT, short_name="Polres")
    for name in ("Wonosari", "Anyar"):
        UnitFactory(parent=polres, level=UnitLevel.SECTOR, name=f"Polsek {name}", short_name=name)
    field = UnitField(empty_label="Semua satuan")
    field.queryset = polres.children.all() | Unit.objects.filter(pk=polres.pk)

    assert names(field) == ["Semua satuan", "Polres", "..Anyar", "..Wonosari"]


@pytest.mark.django_db
def test_a_unit_outside_the_readers_own_is_no_choice():
    mine, foreign = UnitFactory(), UnitFactory()
    field = UnitField()
    field.queryset = Unit.objects.filter(pk=mine.pk)

    assert field.clean(str(mine.pk)) == mine
    with pytest.raises(ValidationError):
        field.clean(str(foreign.pk))


@pytest.mark.parametrize("value", ["", "2", None, 2])
def test_a_long_choice_is_written_as_any_other(value):
    choices = [("", "Semua"), (1, "Satu & lain"), (2, '<b>"Dua"')]
    attrs = {"id": "id_unit", "required": True, "aria-describedby": "id_unit_error"}

    long, plain = (kind(choices=choices).render("unit", value, attrs) for kind in (LongSelect, forms.Select))

    assert parse_html(long) == parse_html(plain)
