"""The roster: each row is a new officer, a change, a transfer (mutasi), the same, or a problem.

An empty cell, like a missing column, leaves what is recorded; ``-`` clears post, functions, degrees or
e-mail. A name with degrees in one column is cut at its first comma when the file has no suffix column.
People of the file's units who are not in the file are only listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from foundation import audit
from foundation.formats import date_short

from ..exceptions import ImportRefused, OfficerRefused
from ..models import Officer, Posting, ServiceFunction, Unit
from ..numbers import officer_number
from ..permissions import MANAGES_PEOPLE, administrators_beyond, units_for_actor
from ..pieces import pieces
from ..services.movers import roles_ending
from ..services.officers import (
    Correction,
    OfficerDraft,
    PostingChange,
    change_postings,
    correct_officers,
    create_officers,
    is_at,
    last_ends,
    moves_of,
    returns_on,
    starts_on,
)
from ..services.units import lock_tree
from .columns import Cells, PlannedRow, Problem, longest, parse_day, read_cells
from .lookups import FunctionLookup, RankLookup, UnitLookup

ALIASES = {
    "number": ("NRP/NIP", "NRP NIP", "NRP atau NIP", "NIP/NRP", "Nomor", "No NRP/NIP", "NRP/NIP/NIPPPK"),
    "nrp": ("NRP", "No NRP", "Nomor NRP"),
    "nip": ("NIP", "No NIP", "Nomor NIP", "NIPPPK"),
    "name": ("Nama", "Nama Lengkap", "Nama Personel", "Nama Anggota", "Nama dan Gelar"),
    "name_prefix": ("Gelar Depan", "Gelar di Depan"),
    "name_suffix": ("Gelar Belakang", "Gelar", "Gelar di Belakang"),
    "rank": ("Pangkat", "Pangkat/Golongan", "Pangkat/Gol", "Pkt", "Golongan", "Pangkat Gol Ruang"),
    "post": ("Jabatan", "Jab", "Jabatan Sekarang"),
    "unit_code": ("Kode Satuan", "Kode Kesatuan", "Kode Satker", "Kode Unit"),
    "unit": ("Satuan", "Kesatuan", "Satker", "Satuan Kerja", "Unit", "Unit Kerja"),
    "functions": ("Fungsi Layanan", "Fungsi", "Layanan"),
    "email": ("E-mail", "Email", "Surel", "Alamat E-mail"),
    "valid_from": ("TMT", "TMT Jabatan", "TMT Satuan", "Terhitung Mulai Tanggal", "Mulai Bertugas"),
}
REQUIRED = (
    (("number", "nrp", "nip"), "NRP/NIP"),
    (("name",), "Nama"),
    (("rank",), "Pangkat"),
    (("unit", "unit_code"), "Satuan"),
)
TEMPLATE_HEADER = (
    "NRP/NIP",
    "Gelar Depan",
    "Nama",
    "Gelar Belakang",
    "Pangkat",
    "Jabatan",
    "Kode Satuan",
    "Fungsi Layanan",
    "E-mail",
    "TMT",
)
CLEAR = "-"


@dataclass
class OfficerPlan:
    """A roster compared with what is recorded at one moment."""

    new: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    moved: list[PlannedRow] = field(default_factory=list)
    roles: list[PlannedRow] = field(default_factory=list)  # those that end with a move
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)  # postings, by id: beside a list of movers nearly everybody
    drafts: list[OfficerDraft] = field(default_factory=list)
    changes: list[PostingChange] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        ended = {"peran_berakhir": len(self.roles)} if self.roles else {}
        return ended | {
            "baru": len(self.new),
            "berubah": len(self.changed),
            "mutasi": len(self.moved),
            "tetap": self.unchanged,
            "bermasalah": len({problem.row for problem in self.problems}),
            "tidak_ada_dalam_berkas": len(self.missing),
        }

    @property
    def does_something(self) -> bool:
        return bool(self.drafts or self.changes or self.corrections)


def plan_officers(rows: Sequence[Sequence[str]], *, actor, at: datetime) -> OfficerPlan:
    """Compare a file's rows with what is recorded; writes nothing.

    ``actor`` None is the operator at the server, who may reach every unit. Raises ImportRefused when the
    file has no usable header.
    """
    cells = read_cells(rows, aliases=ALIASES, required=REQUIRED)
    if not cells:
        raise ImportRefused("Berkas tidak memuat satu baris personel pun di bawah baris judul.")
    return _Planner(actor=actor, at=at).plan(cells)


@transaction.atomic
def import_officers(rows: Sequence[Sequence[str]], *, actor, at: datetime) -> OfficerPlan:
    """Apply a roster as a whole; a second run finds nothing to do. Raises ImportRefused when any row is bad."""
    # Lock first: two imports at once must each compare with what the other has written.
    lock_tree()
    plan = plan_officers(rows, actor=actor, at=at)
    if plan.problems:
        raise ImportRefused(
            f"{plan.counts['bermasalah']} baris bermasalah, jadi tidak ada yang diterapkan. "
            "Perbaiki, lalu unggah lagi.",
            plan.problems,
            plan.counts,
        )
    if plan.does_something:
        try:
            create_officers(drafts=plan.drafts, actor=actor, at=at)
            correct_officers(corrections=plan.corrections, actor=actor, at=at)
            change_postings(changes=plan.changes, actor=actor, at=at)
        except OfficerRefused as refusal:
            raise ImportRefused(f"{refusal} Tidak ada yang diterapkan.")
        audit.record(verb="roster.imported", actor=actor, at=at, detail=plan.counts)
    return plan


class _Planner:
    def __init__(self, *, actor, at: datetime) -> None:
        self.at = at
        scope = Unit.objects.all() if actor is None else units_for_actor(actor, at=at, roles=MANAGES_PEOPLE)
        self.scope = set(scope.values_list("pk", flat=True))
        self.beyond = set(administrators_beyond(actor, at=at).values_list("user", flat=True)) if actor else set()
        self.all_units = Unit.objects.in_bulk()
        reachable = (self.all_units[pk] for pk in self.scope)
        active = (unit for unit in reachable if unit.active_to is None or unit.active_to > at)
        self.units = UnitLookup(active)
        self.ranks = RankLookup()
        self.functions = FunctionLookup()
        self.result = OfficerPlan()
        self.first_seen: dict[str, int] = {}

    def plan(self, rows: Sequence[Cells]) -> OfficerPlan:
        numbers: dict[int, str] = {}
        for cells in rows:
            if number := self._number(cells):
                numbers[cells.row] = number
        self.officers, self.postings, self.serves = _recorded(numbers.values())
        everybody = {officer.pk for officer in self.officers.values()}
        self.left = last_ends(everybody - self.postings.keys())
        for posting in self.postings.values():
            # One object per unit and rank, not one per officer: a roster names few of them many times.
            posting.unit, posting.rank = self.all_units[posting.unit_id], self.ranks.by_pk[posting.rank_id]
        touched: set[int] = set()
        for cells in rows:
            if cells.row in numbers:
                self._plan_row(cells, numbers[cells.row], touched)
        self._note_roles()
        self.result.missing = self._missing(touched, set(self.first_seen))
        self.result.problems.sort(key=lambda problem: problem.row)
        return self.result

    def _note_roles(self) -> None:
        officers = {change.officer.user_id: change.officer for change in self.result.changes}
        for ending in roles_ending(moves_of(self.result.changes), at=self.at):
            officer = officers[ending.move.user_id]
            row = self.first_seen[officer.number]
            self.result.roles.append(PlannedRow(row, officer.number, officer.name, ending.words))

    def _number(self, cells: Cells) -> str | None:
        column = _number_column(cells)
        try:
            number, _kind = officer_number(cells[column])
        except ValueError as wrong:
            self.result.problems.append(cells.problem(column, str(wrong)))
            return None
        if number in self.first_seen:
            message = f"Nomor ini sudah ada di baris {self.first_seen[number]}. Hapus salah satu baris."
            self.result.problems.append(cells.problem(column, message))
            return None
        self.first_seen[number] = cells.row
        return number

    def _plan_row(self, cells: Cells, number: str, touched: set[int]) -> None:
        problems = len(self.result.problems)
        unit = self._find(cells, "unit_code" if cells["unit_code"] else "unit", self.units)
        rank = self._find(cells, "rank", self.ranks)
        functions = self._find(cells, "functions", self.functions) if cells["functions"] else None
        valid_from = self._valid_from(cells, unit)
        names = self._names(cells)
        if unit:
            touched.add(unit.pk)
        officer = self.officers.get(number)
        current = self.postings.get(officer.pk) if officer else None
        self._check_reach(cells, current)
        if unit and officer and (ended := self.left.get(officer.pk)):
            valid_from = self._returns(cells, unit, ended, valid_from or self.at)
        if valid_from and current and valid_from < current.valid_from and unit and unit.pk != current.unit_id:
            since = date_short(current.valid_from, current.unit.zone)
            message = f"TMT lebih awal daripada penempatan sekarang (sejak {since}). Periksa tanggalnya."
            self.result.problems.append(cells.problem("valid_from", message))
        if len(self.result.problems) > problems or unit is None or rank is None:
            return
        place: dict[str, Any] = {
            "unit": unit,
            "rank": rank,
            "post": _kept(cells["post"], current.post if current else ""),
            "functions": self._serves(current) if functions is None else functions,
        }
        if officer is None:
            self.result.drafts.append(OfficerDraft(number=number, valid_from=valid_from or self.at, **names, **place))
            self._note(self.result.new, cells, number, names["name"], f"{rank.short}, {unit.short_name}")
        else:
            self._compare(cells, officer, current, names, place, valid_from)

    def _compare(self, cells: Cells, officer: Officer, current: Posting | None, names, place, valid_from) -> None:
        recorded = {
            "name_prefix": officer.name_prefix,
            "name": officer.name,
            "name_suffix": officer.name_suffix,
            "email": officer.user.email,
        }
        corrected = {key: value for key, value in names.items() if value != recorded[key] and cells_say(cells, key)}
        stays = current is not None and is_at(current, self._serves(current), **place)
        if officer.user_id in self.beyond and (corrected or not stays):
            message = "Personel ini administrator: perubahannya dicatat oleh administrator. Hapus barisnya."
            self.result.problems.append(cells.problem(_number_column(cells), message))
            return
        if corrected:
            self.result.corrections.append(Correction(officer, corrected))
        words = [f"{LABELS[key]}: {recorded[key] or '–'} → {value or '–'}" for key, value in corrected.items()]
        words += _posting_words(current, self._serves(current), place)
        if not stays:
            starts = valid_from or self.at
            if current and starts < current.valid_from:
                # A rank or post corrected with the old TMT: the change counts from the posting's own day.
                starts = current.valid_from
            self.result.changes.append(PostingChange(officer, current, valid_from=starts, **place))
        elif not corrected:
            self.result.unchanged += 1
            return
        rows = self.result.changed if current and current.unit_id == place["unit"].pk else self.result.moved
        self._note(rows, cells, officer.number, officer.name, "; ".join(words))

    def _check_reach(self, cells: Cells, current: Posting | None) -> None:
        if current and current.unit_id not in self.scope:
            message = (
                "Personel ini tercatat di satuan di luar wewenang Anda. Minta SDM satuan asal mengakhiri "
                "penempatannya, atau minta SDM tingkat atas mencatat mutasinya."
            )
            self.result.problems.append(cells.problem(_number_column(cells), message))

    def _find(self, cells: Cells, column: str, lookup):
        try:
            return lookup.find(cells[column])
        except LookupError as unknown:
            known = column if column in cells.titles else "unit_code"
            self.result.problems.append(cells.problem(known, str(unknown)))
            return None

    def _names(self, cells: Cells) -> dict[str, Any]:
        name, suffix = cells["name"], cells["name_suffix"]
        if "name_suffix" not in cells.titles and "," in name:
            name, suffix = (part.strip() for part in name.split(",", 1))
        names = {
            "name_prefix": _kept(cells["name_prefix"], ""),
            "name": name,
            "name_suffix": _kept(suffix, ""),
            "email": _kept(cells["email"], ""),
        }
        if not name:
            self.result.problems.append(cells.problem("name", "Nama kosong. Isi nama tanpa pangkat."))
        for key, value in names.items():
            limit = 254 if key == "email" else longest(Officer, key)
            if len(value) > limit:
                message = f"{LABELS[key]} terlalu panjang: {len(value)} huruf, paling banyak {limit}."
                self.result.problems.append(cells.problem(key, message))
        if len(cells["post"]) > longest(Posting, "post"):
            self.result.problems.append(cells.problem("post", "Jabatan terlalu panjang, paling banyak 120 huruf."))
        if names["email"]:
            try:
                validate_email(names["email"])
            except ValidationError:
                message = "Alamat e-mail tidak lengkap. Contoh: nama@polri.go.id."
                self.result.problems.append(cells.problem("email", message))
        return names

    def _valid_from(self, cells: Cells, unit: Unit | None) -> datetime | None:
        if not cells["valid_from"]:
            return None
        try:
            day = parse_day(cells["valid_from"])
        except ValueError as wrong:
            self.result.problems.append(cells.problem("valid_from", str(wrong)))
            return None
        if unit is None:
            return None
        starts = starts_on(day, unit=unit, at=self.at)
        if starts > self.at:
            message = "TMT belum tiba. Impor baris ini pada atau sesudah tanggalnya."
            self.result.problems.append(cells.problem("valid_from", message))
        return starts

    def _returns(self, cells: Cells, unit: Unit, ended: datetime, starts: datetime) -> datetime:
        starts = returns_on(starts, ended=ended, unit=unit)
        if starts < ended:
            until = date_short(ended, unit.zone)
            message = f"TMT lebih awal daripada akhir penempatan lama ({until}). Tulis {until} atau sesudahnya."
            self.result.problems.append(cells.problem("valid_from", message))
        return starts

    def _serves(self, posting: Posting | None) -> frozenset[ServiceFunction]:
        return frozenset(self.serves.get(posting.pk, ())) if posting else frozenset()

    def _missing(self, unit_ids: set[int], numbers: set[str]) -> list[int]:
        posted = Posting.objects.in_force(at=self.at).filter(unit__in=unit_ids).order_by("pk")
        rows = posted.values_list("pk", "officer__number").iterator(chunk_size=5_000)
        return [pk for pk, number in rows if number not in numbers]

    def _note(self, rows: list[PlannedRow], cells: Cells, number: str, name: str, does: str) -> None:
        rows.append(PlannedRow(cells.row, number, name, does))


LABELS = {"name_prefix": "Gelar depan", "name": "Nama", "name_suffix": "Gelar belakang", "email": "E-mail"}


def cells_say(cells: Cells, key: str) -> bool:
    """Say whether the file speaks of this part of the name at all."""
    if key == "name_suffix" and "name_suffix" not in cells.titles:
        return "," in cells["name"]
    return bool(cells[key])


def _recorded(
    numbers: Iterable[str],
) -> tuple[dict[str, Officer], dict[int, Posting], dict[int, list[ServiceFunction]]]:
    """The officers behind ``numbers``, their open postings by officer id, and these postings' functions."""
    officers: dict[str, Officer] = {}
    postings: dict[int, Posting] = {}
    serves: dict[int, list[ServiceFunction]] = defaultdict(list)
    functions = ServiceFunction.objects.in_bulk()
    for some in pieces(numbers):
        found = Officer.objects.filter(number__in=some).select_related("user")
        officers |= {officer.number: officer for officer in found}
        open_ones = Posting.objects.filter(officer__number__in=some, valid_to=None)
        postings |= {posting.officer_id: posting for posting in open_ones}
        links = Posting.functions.through.objects.filter(posting__in=open_ones)
        for posting_id, function_id in links.values_list("posting_id", "servicefunction_id"):
            serves[posting_id].append(functions[function_id])
    return officers, postings, serves


def _number_column(cells: Cells) -> str:
    """The column that holds this row's number: files have one for both kinds, or one for each."""
    columns = [name for name in ("number", "nrp", "nip") if name in cells.titles]
    return next((name for name in columns if cells[name]), columns[0])


def _kept(text: str, recorded: str) -> str:
    return "" if text == CLEAR else text or recorded


def _posting_words(current: Posting | None, serves: frozenset, place: dict) -> list[str]:
    if current is None:
        return [f"masuk kembali di {place['unit'].short_name}"]
    words = []
    if current.unit_id != place["unit"].pk:
        words.append(f"{current.unit.short_name} → {place['unit'].short_name}")
    if current.rank_id != place["rank"].pk:
        words.append(f"{current.rank.short} → {place['rank'].short}")
    if current.post != place["post"]:
        words.append(f"Jabatan: {current.post or '–'} → {place['post'] or '–'}")
    if serves != place["functions"]:
        names = ", ".join(sorted(function.name for function in place["functions"]))
        words.append(f"Layanan: {names or '–'}")
    return words
