"""One officer's ledger on paper."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from enrolments.overview import zone_of
from foundation.formats import date_medium, datetime_zone, day_of, number
from foundation.spreadsheets import Cell
from organisation.models import Officer, Posting, User

from .jp import LedgerRow
from .printing import Heading, printed

HEADER = ("Kode", "Pelatihan", "Selesai", "Nilai", "JP", "Keadaan", "Catatan")
NOTES = (
    "JP dijumlahkan dari penyelesaian yang berlaku atau pernah berlaku. Yang dikoreksi atau dicabut tetap tercatat dan "
    "tidak dihitung.",
)


def hours(rows: Sequence[LedgerRow]) -> Decimal:
    """The JP of what holds or held."""
    return sum((row.completion.jp for row in rows if row.counts), Decimal(0))


def transcript_pdf(
    officer: Officer, posting: Posting | None, rows: Sequence[LedgerRow], *, actor: User, at: datetime
) -> bytes:
    """``rows`` of ``officer`` as they stand at ``at``. Raises PressFailed."""
    zone = zone_of(posting)
    facts = {
        "Nama": f"{posting.rank.short} {officer.full_name}" if posting else officer.full_name,
        officer.get_number_kind_display(): officer.number,
        "Jabatan": posting.post if posting else "",
        "Jumlah JP": number(hours(rows)),
    }
    heading = Heading(
        title="Transkrip pelatihan",
        unit=posting.unit.name if posting else "",
        moment=f"Keadaan {datetime_zone(at, zone)}",
        facts={name: words for name, words in facts.items() if words},
        notes=[*NOTES, f"Keaslian sertifikat diperiksa di {settings.SITE_URL.rstrip('/')}/verifikasi/."],
        author=actor.name,
        at=at,
        zone=zone,
    )
    return printed(heading, HEADER, _lines(rows))


def _lines(rows: Sequence[LedgerRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        done = row.completion
        yield [
            done.course.code,
            done.course_version.title,
            day_of(done.completed_at, row.zone),
            done.grade,
            done.jp if row.counts else None,
            row.words,
            ". ".join(_remarks(row)),
        ]


def _remarks(row: LedgerRow) -> Iterator[str]:
    done = row.completion
    yield f"Diakui dari luar: {done.recognition.words}" if done.recognition else f"Versi {done.course_version.number}"
    if done.cycle > 1:
        yield f"Siklus {done.cycle}"
    yield f"{done.rank.short} di {done.unit_name}"
    if row.state == "superseded":
        yield f"Dikoreksi {date_medium(done.corrected_by.recorded_at, row.zone)}"
    elif done.expires_at:
        yield f"Berlaku sampai {date_medium(done.expires_at, row.zone)}"
