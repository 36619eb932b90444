"""The names under an order as rows for a file: those of its page, all of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from foundation.formats import day_of
from foundation.spreadsheets import Cell
from organisation.models import Unit

from .models import STATE_WORDS, Assignment, DutyReason, PathOrder
from .path_orders import read_all

ORDER_HEADER = ("NRP/NIP", "Nama", "Satuan", "Batas waktu", "Keadaan", "Selesai pada")
PATH_ORDER_HEADER = ("NRP/NIP", "Nama", "Satuan", "Selesai", "Dari", "Keadaan", "Batas waktu", "Berikutnya")
CHUNK = 1000


def order_rows(order: Assignment, *, seen_from: Unit, at: datetime) -> Iterator[Sequence[Cell]]:
    """One row per duty that the order asks for, late ones first; days are those of the officer's unit."""
    for reason in DutyReason.objects.for_assignment(order, seen_from=seen_from, at=at).iterator(chunk_size=CHUNK):
        duty = reason.duty
        yield [
            duty.officer.number,
            duty.officer.full_name,
            reason.unit_name or "",
            day_of(duty.due_at, reason.zone),
            STATE_WORDS[reason.state(at=at)],
            day_of(duty.valid_to, reason.zone) if duty.is_done else None,
        ]


def path_order_rows(order: PathOrder, *, seen_from: Unit, at: datetime) -> Iterator[Sequence[Cell]]:
    """One row per officer under the order, with how many of its courses are done; days are those of their unit."""
    for row in read_all(order, seen_from=seen_from, at=at):
        yield [
            row.officer.number,
            row.officer.full_name,
            row.officer.unit_name or "",
            row.progress.done,
            row.progress.total,
            STATE_WORDS[row.state],
            day_of(row.officer.due_at, row.officer.zone) if row.officer.due_at else None,
            row.progress.next_step.course.title if row.progress.next_step else "",
        ]
