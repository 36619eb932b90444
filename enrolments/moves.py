"""What moves of people, and time, changed under orders, and why: read from the audit trail and the postings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.dateparse import parse_datetime

from foundation.formats import date_medium, time_zone
from foundation.models import AuditEvent
from organisation.models import PATH_STEP, Officer, Posting, UnitPlacement

from .models import Assignment

OPENED, ENDED, DATED = "duty.opened_by_move", "duty.ended_by_move", "duty.dated_by_move"
# The same day of the order by another clock.
DATED_BY_ZONE = "duty.dated_by_zone"
RENEWED = "duty.renewed"
MOVES = (OPENED, ENDED, DATED, DATED_BY_ZONE)


def changes_by_moves(assignment: Assignment) -> QuerySet[AuditEvent]:
    """Newest first, each with the officer's ``name`` and ``number``."""
    officer = Officer.objects.filter(pk=OuterRef("subject_id"))
    events = AuditEvent.objects.filter(
        verb__in=(*MOVES, RENEWED), object_type="enrolments.assignment", object_id=str(assignment.pk)
    )
    named = events.annotate(name=Subquery(officer.values("name")[:1]), number=Subquery(officer.values("number")[:1]))
    return named.order_by("-pk")


def of_officers_like(events: QuerySet[AuditEvent], search: str) -> QuerySet[AuditEvent]:
    """Those about officers whose number begins with ``search``, or whose name holds it."""
    number = "".join(search.split())
    wanted = {"number__startswith": number} if number.isdigit() else {"name__icontains": search}
    return events.filter(subject_id__in=Officer.objects.filter(**wanted).values("pk"))


@dataclass(frozen=True)
class MoveChange:
    """One change, with the officer's places on both sides of the move.

    ``left`` None: there was none, or the officer stayed and something else about the place changed. ``came`` None: the
    officer stands nowhere any more. ``placed``: not the officer moved but a unit, with everybody in it.
    """

    event: AuditEvent
    officer: Officer
    order: Assignment
    left: Posting | None
    came: Posting | None
    placed: UnitPlacement | None

    @property
    def posting(self) -> Posting:
        """Whose rank and clock are those of the officer."""
        found = self.came or self.left
        if found is None:
            raise ValueError("whom a move concerned stood somewhere")
        return found

    @property
    def zone(self) -> str:
        return self.posting.unit.zone

    @property
    def left_words(self) -> str:
        return _place_words(self.left)

    @property
    def came_words(self) -> str:
        return _place_words(self.came)

    @property
    def since(self) -> datetime:
        """From when the new place counts, or the old one does no more."""
        if self.placed:
            return self.placed.valid_from
        posting = self.posting
        return posting.valid_from if self.came else posting.valid_to or self.event.at

    @property
    def what(self) -> str:
        """``Kewajiban baru, batas waktu 5 Desember 2026``"""
        before, until = (self._date(name) for name in ("due_before", "due_at"))
        if self.event.verb == ENDED:
            return "Kewajiban berakhir"
        if self.event.verb == DATED_BY_ZONE and (moment := self._moment("due_at")):
            return f"Batas waktu {until}, kini pukul {time_zone(moment, self.zone)}"
        if self.event.verb == DATED:
            return f"Batas waktu {before} menjadi {until}"
        return f"Kewajiban baru, batas waktu {until}" if until else "Kewajiban baru"

    def _moment(self, name: str) -> datetime | None:
        """An older event says nothing of dates."""
        return parse_datetime(self.event.detail.get(name, ""))

    def _date(self, name: str) -> str:
        moment = self._moment(name)
        return date_medium(moment, self.zone) if moment else ""

    @property
    def _comes_sooner(self) -> bool:
        before, until = self._moment("due_before"), self._moment("due_at")
        return bool(before and until and until < before)

    @property
    def why(self) -> str:
        """In one sentence what happened to the officer, and what it means under the order."""
        named = self.order.order_number
        if self.order.path_order:
            named += f" (jalur {self.order.path_order.version.title})"
        asks, asks_no_more = f"perintah {named} berlaku baginya", f"perintah {named} tidak berlaku lagi baginya"
        follows = {
            OPENED: asks,
            ENDED: asks_no_more,
            # One more order can only bring the date forward; one less, only put it off.
            DATED_BY_ZONE: f"batas waktu perintah {named} mengikuti zona waktu tempatnya",
            DATED: asks if self._comes_sooner else f"{asks_no_more} dan yang diminta perintah lain tinggal",
        }
        return f"{self._happened()}, sehingga {follows[self.event.verb]}."

    def _happened(self) -> str:
        day = date_medium(self.since, self.zone)
        if self.placed:
            parent = self.placed.parent.short_name if self.placed.parent else "satuan teratas"
            return f"{self.placed.unit.short_name} dipindahkan ke bawah {parent} {day}"
        if self.came is None:
            return f"Penempatannya berakhir {day}"
        if self.left is None:
            return f"Mulai bertugas {day}"
        if self.left.unit_id != self.came.unit_id:
            return f"Pindah satuan {day}"
        if self.left.rank_id != self.came.rank_id:
            return f"Pangkatnya menjadi {self.came.rank.short} {day}"
        if self.left.post != self.came.post:
            return f"Jabatannya menjadi {self.came.post or 'kosong'} {day}"
        return f"Loket layanannya berubah {day}"


def _place_words(posting: Posting | None) -> str:
    """``Banit SPKT, Polsek Contoh``; empty for none."""
    return ", ".join(part for part in (posting.post, posting.unit.short_name) if part) if posting else ""


def read_changes(events: Sequence[AuditEvent]) -> list[MoveChange]:
    """``events`` of MOVES with what they speak of, in four queries however many there are."""
    ids = {event.subject_id for event in events if event.subject_id}
    officers = Officer.objects.in_bulk(ids)
    orders = Assignment.objects.select_related("course", "unit", "path_order__version").in_bulk(
        {int(event.object_id) for event in events}
    )
    postings: dict[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(officer__in=ids).select_related("rank", "unit").order_by("valid_from", "pk")
    for posting in rows:
        postings[posting.officer_id].append(posting)
    placements = _placements(posting.unit.path for places in postings.values() for posting in places)
    found = []
    for event in events:
        officer = officers[event.subject_id or 0]
        left, came = _places(postings[officer.pk], at=event.at)
        placed = _placed(placements, came, at=event.at) if came else None
        found.append(MoveChange(event, officer, orders[int(event.object_id)], None if placed else left, came, placed))
    return found


def _places(places: Sequence[Posting], *, at: datetime) -> tuple[Posting | None, Posting | None]:
    """Where the officer stood before the last change that ``at`` knew, and where since."""
    begun = [posting for posting in places if posting.valid_from <= at]
    last, before = (begun[-1] if begun else None), (begun[-2] if len(begun) > 1 else None)
    if last and last.valid_to and last.valid_to <= at:
        return last, None
    return before, last


def _placements(paths: Iterable[str]) -> dict[str, list[UnitPlacement]]:
    """Path of a unit → when and where it was hung, of the units at ``paths`` and all above them."""
    lines = {path[:length] for path in paths for length in range(PATH_STEP, len(path) + 1, PATH_STEP)}
    found: dict[str, list[UnitPlacement]] = defaultdict(list)
    rows = UnitPlacement.objects.filter(unit__path__in=lines).select_related("unit", "parent")
    for placement in rows.order_by("valid_from", "pk"):
        found[placement.unit.path].append(placement)
    return found


def _placed(placements: dict[str, list[UnitPlacement]], came: Posting, *, at: datetime) -> UnitPlacement | None:
    """The last time that the unit, or one above it, was hung elsewhere while the officer stood there already."""
    since, path = max(came.valid_from, came.recorded_at), came.unit.path
    hung = [
        placement
        for length in range(PATH_STEP, len(path) + 1, PATH_STEP)
        for placement in placements.get(path[:length], ())
        if since < placement.valid_from <= at
    ]
    return max(hung, key=lambda placement: (placement.valid_from, placement.pk), default=None)
