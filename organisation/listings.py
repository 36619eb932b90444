"""Lists of people, acts and papers that leave as files: the same rows for the page, for its file, and for a worker."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from foundation.formats import day_of, in_zone
from foundation.paging import in_pieces, newest_first
from foundation.spreadsheets import Cell

from .forms.audit import AuditFilter
from .forms.people import PeopleFilter
from .models import Posting, Unit, Zone
from .permissions import AUDITS, events_for_actor, held, postings_for_actor
from .trail import acts

PEOPLE_HEADER = ("NRP/NIP", "Pangkat", "Nama", "Jabatan", "Satuan", "Kode Satuan", "Fungsi Layanan", "TMT", "Akun")
TRAIL_HEADER = ("Waktu", "Pelaku", "Perbuatan", "Personel", "NRP/NIP", "Satuan", "Rincian")


@dataclass(frozen=True)
class Listing:
    """What somebody asked for by the filter of an address.

    ``rows`` as the page shows them; ``lines`` makes those of the file, read in pieces when they are written. ``name``
    is that of the file without its ending, ``unit`` the unit asked for, ``zone`` the clock on which days are meant.
    An ``endless`` list takes longer to be counted than anybody waits for its first row.
    """

    title: str
    name: str
    form: forms.Form
    rows: QuerySet[Any]
    header: Sequence[str]
    lines: Callable[[], Iterable[Sequence[Cell]]]
    unit: Unit | None = None
    zone: str = Zone.WIB
    endless: bool = False

    @property
    def noted(self) -> dict[str, str]:
        """The filter for the trail: of a name or a number that somebody searched for, only that they did."""
        typed = {str(field.label) for field in self.form.fields.values() if type(field) is forms.CharField}
        return {label: "…" if label in typed else answer for label, answer in in_words(self.form).items()}


def in_words(form: forms.Form) -> dict[str, str]:
    """``{"Satuan": "Polsek Contoh", "Terbit sejak": "2026-11-01"}``: what a filter was set to, by its labels."""
    given, said = getattr(form, "cleaned_data", {}), {}
    for name, field in form.fields.items():
        if value := given.get(name):
            word = dict(getattr(field, "choices", [])).get(value, value) if isinstance(value, str) else value
            said[str(field.label)] = str(word)
    return said


def people_listed(actor, data, *, at: datetime) -> Listing:
    """Who is posted below the units of ``actor``; ``data`` are the words of the address."""
    form = PeopleFilter(data, actor=actor, at=at)
    rows: Any = form.apply(postings_for_actor(actor, at=at))
    asked = form.cleaned_data if form.is_valid() else {}
    return Listing(
        "Daftar personel",
        f"personel-{at:%Y-%m-%d}",
        form,
        rows,
        PEOPLE_HEADER,
        lambda: map(_person, in_pieces(rows.for_officer_list())),
        asked.get("unit"),
    )


def _person(posting: Posting) -> Sequence[Cell]:
    officer = posting.officer
    return [
        officer.number,
        posting.rank.short,
        officer.full_name,
        posting.post,
        posting.unit.name,
        posting.unit.code,
        ", ".join(function.name for function in posting.functions.all()),
        day_of(posting.valid_from, posting.unit.zone),
        account_state(officer.user)["label"],
    ]


def account_state(user) -> dict[str, str]:
    """State and words for a tag."""
    if not user.is_active:
        return {"state": "expired", "label": "Akun ditutup"}
    if user.has_usable_password():
        return {"state": "done", "label": "Aktif"}
    return {"state": "waiting", "label": "Belum aktivasi"}


def trail_listed(actor, data, *, at: datetime) -> Listing:
    """What was done over the units of ``actor`` and about their officers, the newest first."""
    grants = sorted(held(actor, AUDITS, at=at), key=lambda grant: grant.unit.path)
    zone = grants[0].unit.zone if grants else Zone.WIB
    form = AuditFilter(data, zone=zone)
    events = form.apply(events_for_actor(actor, at=at))

    def lines() -> Iterable[Sequence[Cell]]:
        for act in acts(newest_first(events)):
            yield (in_zone(act.at, zone), act.who, act.did, act.about, act.number, act.unit, act.detail)

    name = f"jejak-audit-{at:%Y-%m-%d}"
    return Listing("Jejak audit", name, form, events, TRAIL_HEADER, lines, zone=zone, endless=True)
