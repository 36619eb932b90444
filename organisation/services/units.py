"""The tree of units: made, renamed, moved and closed, with the place of every day kept."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from foundation import audit

from ..exceptions import UnitRefused
from ..models import MAXIMUM_DEPTH, PATH_STEP, Posting, RoleGrant, Unit, UnitPlacement

UNIT_FIELDS = ("code", "name", "short_name", "level", "kind", "zone", "place")


def lock_tree() -> None:
    """Make every other change of the tree, and every import, wait for the end of this transaction.

    The roots' rows are the lock; new postings and other references to them are not held up.
    """
    list(Unit.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk").values_list("pk"))


@transaction.atomic
def create_unit(*, parent: Unit | None, actor, at: datetime, active_from: datetime | None = None, **fields) -> Unit:
    """Hang a new unit under ``parent`` (None: a root). ``fields`` are of UNIT_FIELDS; ``code`` must be free."""
    _refuse_unknown(fields)
    # Lock first: the parent must not move while its path is copied.
    lock_tree()
    parent = parent and Unit.objects.get(pk=parent.pk)
    if Unit.objects.filter(code=fields["code"]).exists():
        raise UnitRefused(f"Kode satuan “{fields['code']}” sudah dipakai. Pilih kode lain.")
    if parent and parent.depth >= MAXIMUM_DEPTH:
        raise UnitRefused(f"Pohon satuan paling dalam {MAXIMUM_DEPTH} tingkat. Pilih induk yang lebih tinggi.")
    if parent and parent.active_to and parent.active_to <= at:
        raise UnitRefused(f"{parent} sudah ditutup. Pilih induk yang masih aktif.")
    unit = Unit.objects.create(parent=parent, active_from=active_from or at, **fields)
    unit.path = (parent.path if parent else "") + str(unit.pk).zfill(PATH_STEP)
    unit.save(update_fields=["path"])
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=unit.active_from, recorded_at=at)
    audit.record(
        verb="unit.created",
        actor=actor,
        at=at,
        obj=unit,
        unit_path=unit.path,
        detail={"code": unit.code, "name": unit.name},
    )
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, actor, at: datetime, **fields) -> bool:
    """Write the given fields of UNIT_FIELDS; return whether anything changed. Past papers keep the old name."""
    _refuse_unknown(fields)
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    changes = {name: [getattr(unit, name), value] for name, value in fields.items() if getattr(unit, name) != value}
    if not changes:
        return False
    if "code" in changes and Unit.objects.filter(code=fields["code"]).exists():
        raise UnitRefused(f"Kode satuan “{fields['code']}” sudah dipakai. Pilih kode lain.")
    Unit.objects.filter(pk=unit.pk).update(**{name: new for name, (_old, new) in changes.items()})
    audit.record(verb="unit.edited", actor=actor, at=at, obj=unit, unit_path=unit.path, detail=changes)
    return True


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit | None, actor, at: datetime) -> bool:
    """Hang ``unit`` and everything under it below ``parent`` from ``at`` on; return whether it moved."""
    # Lock first: two moves at once could otherwise hang two units under each other.
    lock_tree()
    unit, parent = Unit.objects.get(pk=unit.pk), parent and Unit.objects.get(pk=parent.pk)
    if unit.parent_id == (parent.pk if parent else None):
        return False
    if parent and unit.contains(parent):
        raise UnitRefused(f"{unit} tidak dapat dipindah ke bawah dirinya sendiri. Pilih induk lain.")
    if parent and parent.active_to and parent.active_to <= at:
        raise UnitRefused(f"{parent} sudah ditutup. Pilih induk yang masih aktif.")
    subtree = Unit.objects.filter(unit.subtree_of())
    below = max(len(path) for path in subtree.values_list("path", flat=True)) - len(unit.path)
    new_path = (parent.path if parent else "") + str(unit.pk).zfill(PATH_STEP)
    if len(new_path) + below > MAXIMUM_DEPTH * PATH_STEP:
        raise UnitRefused(f"Pohon satuan paling dalam {MAXIMUM_DEPTH} tingkat. Pilih induk yang lebih tinggi.")
    subtree.update(path=Concat(Value(new_path), Substr("path", len(unit.path) + 1)))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    UnitPlacement.objects.filter(unit=unit, valid_to=None).update(valid_to=at)
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=at, recorded_at=at)
    audit.record(
        verb="unit.moved",
        actor=actor,
        at=at,
        obj=unit,
        unit_path=new_path,
        detail={"from": unit.path, "to": new_path, "parent": parent.code if parent else None},
    )
    return True


@transaction.atomic
def close_unit(*, unit: Unit, actor, at: datetime) -> None:
    """End a unit's active time. Refused while it has active units below, posted officers or roles in force."""
    # Lock first: nothing may be hung under a unit while it is being closed.
    lock_tree()
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.active_to and unit.active_to <= at:
        raise UnitRefused(f"{unit} sudah ditutup.")
    if Unit.objects.in_force(at=at).filter(parent=unit).exists():
        raise UnitRefused("Masih ada satuan aktif di bawahnya. Pindahkan atau tutup satuan itu dahulu.")
    if count := Posting.objects.in_force(at=at).filter(unit=unit).count():
        raise UnitRefused(f"Masih ada {count} personel di satuan ini. Mutasikan mereka dahulu.")
    if count := RoleGrant.objects.in_force(at=at).filter(unit=unit).count():
        raise UnitRefused(f"Masih ada {count} peran atas satuan ini. Akhiri peran itu dahulu.")
    Unit.objects.filter(pk=unit.pk).update(active_to=at)
    UnitPlacement.objects.filter(unit=unit, valid_to=None).update(valid_to=at)
    audit.record(verb="unit.closed", actor=actor, at=at, obj=unit, unit_path=unit.path)


def _refuse_unknown(fields: dict) -> None:
    if unknown := set(fields) - set(UNIT_FIELDS):
        raise TypeError(f"not fields of a unit: {', '.join(sorted(unknown))}")
