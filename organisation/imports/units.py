"""The tree from a file: each row is a new unit, an edit, a move, the same, or a problem.

Rows may stand in any order; a parent is named by its code, in the file or already recorded. An empty
cell leaves what is recorded. Units that the file does not name are only listed, never closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from foundation import audit

from ..exceptions import ImportRefused, UnitRefused
from ..models import Unit, UnitLevel, Zone
from ..permissions import MANAGES_UNITS, units_for_actor
from ..services.units import UNIT_FIELDS, create_unit, edit_unit, lock_tree, move_unit
from .columns import Cells, PlannedRow, Problem, longest, plain, read_cells

ALIASES = {
    "code": ("Kode", "Kode Satuan", "Kode Kesatuan", "Kode Satker"),
    "name": ("Nama", "Nama Satuan", "Satuan", "Kesatuan", "Nama Kesatuan"),
    "short_name": ("Nama Singkat", "Singkatan", "Nama Pendek"),
    "level": ("Tingkat", "Level", "Jenjang"),
    "kind": ("Tipe", "Jenis", "Tipe Satuan"),
    "parent": ("Induk", "Kode Induk", "Satuan Induk", "Satuan Atas"),
    "zone": ("Zona", "Zona Waktu"),
    "place": ("Kota/Tempat", "Kota", "Tempat", "Kedudukan"),
}
REQUIRED = ((("code",), "Kode"), (("name",), "Nama"), (("level",), "Tingkat"), (("parent",), "Induk"))
TEMPLATE_HEADER = ("Kode", "Nama", "Nama Singkat", "Tingkat", "Tipe", "Induk", "Zona", "Kota/Tempat")
LEVELS = {plain(label): value for value, label in UnitLevel.choices} | {
    "mabes": UnitLevel.NATIONAL,
    "polresta": UnitLevel.RESORT,
    "polrestabes": UnitLevel.RESORT,
    "polres metro": UnitLevel.RESORT,
    "satfung": UnitLevel.FUNCTION,
    "fungsi": UnitLevel.FUNCTION,
    **{str(value): UnitLevel(value) for value in UnitLevel.values},
}
LABELS = {
    "name": "Nama",
    "short_name": "Nama singkat",
    "level": "Tingkat",
    "kind": "Tipe",
    "zone": "Zona",
    "place": "Kota/tempat",
}


@dataclass
class UnitPlan:
    """A tree file compared with what is recorded; ``steps`` stand parents first."""

    new: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    moved: list[PlannedRow] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    missing: list[Unit] = field(default_factory=list)
    steps: list["_Row"] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "baru": len(self.new),
            "berubah": len(self.changed),
            "dipindah": len(self.moved),
            "tetap": self.unchanged,
            "bermasalah": len({problem.row for problem in self.problems}),
            "tidak_ada_dalam_berkas": len(self.missing),
        }

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed or self.moved)


@dataclass(frozen=True)
class _Row:
    cells: Cells
    code: str
    parent: str
    values: dict


def plan_units(rows: Sequence[Sequence[str]], *, actor, at: datetime) -> UnitPlan:
    """Compare a tree file with what is recorded; writes nothing. ``actor`` None reaches the whole tree."""
    cells = read_cells(rows, aliases=ALIASES, required=REQUIRED)
    if not cells:
        raise ImportRefused("Berkas tidak memuat satu baris satuan pun di bawah baris judul.")
    plan = UnitPlan()
    scope = Unit.objects.all() if actor is None else units_for_actor(actor, at=at, roles=MANAGES_UNITS)
    reach = {unit.code.casefold(): unit for unit in scope.select_related("parent")}
    taken = {code.casefold() for code in Unit.objects.values_list("code", flat=True)}
    asked: dict[str, _Row] = {}
    for row in filter(None, (_read(cell, plan) for cell in cells)):
        key = row.code.casefold()
        if key in asked:
            message = f"Kode ini sudah ada di baris {asked[key].cells.row}. Hapus salah satu baris."
            plan.problems.append(row.cells.problem("code", message))
        elif key in taken and key not in reach:
            plan.problems.append(row.cells.problem("code", "Satuan ini di luar wewenang Anda. Hapus barisnya."))
        else:
            asked[key] = row
    # A unit hangs below the units of the file or of the scope; only the operator makes a root.
    for row in asked.values():
        _check_parent(row, asked, reach, plan, may_make_roots=actor is None)
    if not plan.problems:
        plan.steps = _parents_first(asked, plan)
    for row in plan.steps:
        _note(row, reach.get(row.code.casefold()), plan)
    named = set(asked)
    in_force = (unit for code, unit in reach.items() if unit.active_to is None or unit.active_to > at)
    plan.missing = sorted((unit for unit in in_force if unit.code.casefold() not in named), key=lambda unit: unit.path)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


@transaction.atomic
def import_units(rows: Sequence[Sequence[str]], *, actor, at: datetime) -> UnitPlan:
    """Apply a tree file as a whole; a second run finds nothing to do. Raises ImportRefused when any row is bad."""
    # Lock first: two imports at once must each compare with what the other has written.
    lock_tree()
    plan = plan_units(rows, actor=actor, at=at)
    if plan.problems:
        raise ImportRefused(
            f"{plan.counts['bermasalah']} baris bermasalah, jadi tidak ada yang diterapkan. "
            "Perbaiki, lalu unggah lagi.",
            plan.problems,
            plan.counts,
        )
    units = {unit.code.casefold(): unit for unit in Unit.objects.all()}
    for row in plan.steps:
        parent = units.get(row.parent.casefold()) if row.parent else None
        unit = units.get(row.code.casefold())
        try:
            if unit is None:
                values = {"short_name": row.values["name"], **row.values}
                values.setdefault("zone", parent.zone if parent else Zone.WIB)
                units[row.code.casefold()] = create_unit(parent=parent, code=row.code, actor=actor, at=at, **values)
            else:
                edit_unit(unit=unit, actor=actor, at=at, **row.values)
                if row.parent:
                    move_unit(unit=unit, parent=parent, actor=actor, at=at)
        except UnitRefused as refusal:
            problem = row.cells.problem("code", str(refusal))
            raise ImportRefused(f"Baris {row.cells.row} ({row.code}): {refusal}", [problem])
    if plan.does_something:
        audit.record(verb="units.imported", actor=actor, at=at, detail=plan.counts)
    return plan


def _read(cells: Cells, plan: UnitPlan) -> _Row | None:
    wrong = []
    values: dict = {name: cells[name] for name in UNIT_FIELDS if cells[name] and name != "code"}
    if not cells["code"]:
        wrong.append(cells.problem("code", "Kode kosong. Isi kode satuan yang tidak dipakai satuan lain."))
    if not cells["name"]:
        wrong.append(cells.problem("name", "Nama kosong. Isi nama satuan."))
    if plain(cells["level"]) in LEVELS:
        values["level"] = LEVELS[plain(cells["level"])]
    else:
        choices = ", ".join(UnitLevel.labels)
        wrong.append(cells.problem("level", f"Tingkat “{cells['level']}” tidak dikenal. Pilih dari: {choices}."))
    if cells["zone"]:
        zones = {label: value for value, label in Zone.choices}
        if cells["zone"].upper() in zones:
            values["zone"] = zones[cells["zone"].upper()]
        else:
            wrong.append(cells.problem("zone", "Zona harus WIB, WITA, atau WIT."))
    for name in ("code", "name", "short_name", "kind", "place"):
        limit = longest(Unit, name)
        if len(cells[name]) > limit:
            wrong.append(cells.problem(name, f"Terlalu panjang: {len(cells[name])} huruf, paling banyak {limit}."))
    plan.problems += wrong
    if wrong:
        return None
    if len(cells["name"]) > longest(Unit, "short_name"):
        values.setdefault("short_name", cells["name"][:60])
    return _Row(cells, cells["code"], cells["parent"], values)


def _check_parent(
    row: _Row, asked: dict[str, _Row], reach: dict[str, Unit], plan: UnitPlan, *, may_make_roots: bool
) -> None:
    key, recorded = row.parent.casefold(), reach.get(row.code.casefold())
    if key in asked or key in reach:
        return
    if recorded and (not key or (recorded.parent and recorded.parent.code.casefold() == key)):
        return
    if not key and may_make_roots:
        return
    message = (
        f"Induk “{row.parent}” tidak ada dalam berkas maupun dalam wewenang Anda. Isi kode satuan induk."
        if key
        else "Induk kosong. Isi kode satuan induk."
    )
    plan.problems.append(row.cells.problem("parent", message))


def _parents_first(asked: dict[str, _Row], plan: UnitPlan) -> list[_Row]:
    """Order the rows so that every parent comes before its children; a circle is a problem."""
    ordered: dict[str, _Row] = {}
    for row in asked.values():
        chain = []
        step: _Row | None = row
        while step and step.code.casefold() not in ordered:
            if step in chain:
                message = "Induk berputar: satuan ini berada di bawah dirinya sendiri. Perbaiki kolom Induk."
                plan.problems.append(row.cells.problem("parent", message))
                return []
            chain.append(step)
            step = asked.get(step.parent.casefold()) if step.parent else None
        for waiting in reversed(chain):
            ordered[waiting.code.casefold()] = waiting
    return list(ordered.values())


def _note(row: _Row, recorded: Unit | None, plan: UnitPlan) -> None:
    if recorded is None:
        does = f"di bawah {row.parent}" if row.parent else "satuan teratas"
        plan.new.append(PlannedRow(row.cells.row, row.code, row.values["name"], does))
        return
    words = [
        f"{LABELS[name]}: {getattr(recorded, name) or '–'} → {value}"
        for name, value in row.values.items()
        if getattr(recorded, name) != value
    ]
    old = recorded.parent.code if recorded.parent else "–"
    if row.parent and row.parent.casefold() != old.casefold():
        words.append(f"Induk: {old} → {row.parent}")
        plan.moved.append(PlannedRow(row.cells.row, row.code, recorded.name, "; ".join(words)))
    elif words:
        plan.changed.append(PlannedRow(row.cells.row, row.code, recorded.name, "; ".join(words)))
    else:
        plan.unchanged += 1
