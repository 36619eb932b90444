"""SDM and administrators shape the tree of units."""

from datetime import UTC, datetime

import pytest

from foundation.models import AuditEvent
from organisation.exceptions import UnitRefused
from organisation.models import Unit, UnitLevel, UnitPlacement
from organisation.services import close_unit, create_unit, edit_unit, move_unit
from tests.factories.organisation import OfficerFactory, UnitFactory

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
FIELDS = {"name": "Polsek Uji", "short_name": "Polsek Uji", "level": UnitLevel.SECTOR}

pytestmark = pytest.mark.django_db


def test_a_new_unit_hangs_under_its_parent_with_a_placement_and_an_event():
    polres = UnitFactory()

    polsek = create_unit(parent=polres, code="POLSEK-1", actor=None, at=NOON, **FIELDS)

    assert polres.contains(polsek)
    assert list(Unit.objects.below([polres])) == [polres, polsek]
    assert UnitPlacement.objects.get(unit=polsek).parent == polres
    assert AuditEvent.objects.get(verb="unit.created").object_id == str(polsek.pk)


def test_a_code_is_used_once():
    UnitFactory(code="POLSEK-1")

    with pytest.raises(UnitRefused, match="sudah dipakai"):
        create_unit(parent=None, code="POLSEK-1", actor=None, at=NOON, **FIELDS)


def test_a_moved_unit_takes_everything_under_it_along_and_keeps_its_old_place_on_record():
    here, there = UnitFactory(), UnitFactory()
    polsek = UnitFactory(parent=here)
    pospol = UnitFactory(parent=polsek)

    assert move_unit(unit=polsek, parent=there, actor=None, at=NOON)

    pospol.refresh_from_db()
    assert there.contains(pospol)
    assert not here.contains(pospol)
    old, new = UnitPlacement.objects.filter(unit=polsek).order_by("valid_from")
    assert (old.parent, old.valid_to, new.parent, new.valid_to) == (here, NOON, there, None)


def test_a_unit_cannot_hang_under_itself():
    polres = UnitFactory()
    polsek = UnitFactory(parent=polres)

    with pytest.raises(UnitRefused, match="dirinya sendiri"):
        move_unit(unit=polres, parent=polsek, actor=None, at=NOON)


def test_a_moved_unit_that_already_hangs_there_changes_nothing():
    polres = UnitFactory()
    polsek = UnitFactory(parent=polres)

    assert not move_unit(unit=polsek, parent=polres, actor=None, at=NOON)
    assert not AuditEvent.objects.exists()


def test_an_edit_records_old_and_new():
    unit = UnitFactory(name="Polres Lama")

    assert edit_unit(unit=unit, actor=None, at=NOON, name="Polresta Baru")
    assert not edit_unit(unit=unit, actor=None, at=NOON, name="Polresta Baru")

    assert AuditEvent.objects.get(verb="unit.edited").detail == {"name": ["Polres Lama", "Polresta Baru"]}


def test_a_unit_with_people_or_units_below_cannot_be_closed():
    polres = UnitFactory()
    polsek = UnitFactory(parent=polres)
    OfficerFactory(posting__unit=polsek)

    with pytest.raises(UnitRefused, match="satuan aktif"):
        close_unit(unit=polres, actor=None, at=NOON)
    with pytest.raises(UnitRefused, match="1 personel"):
        close_unit(unit=polsek, actor=None, at=NOON)


def test_a_closed_unit_is_no_longer_in_force_but_stays():
    unit = UnitFactory()

    close_unit(unit=unit, actor=None, at=NOON)

    assert unit not in Unit.objects.in_force(at=NOON)
    assert Unit.objects.filter(pk=unit.pk).exists()
