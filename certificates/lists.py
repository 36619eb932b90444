"""What ends when, what ended and by whom, and what was completed without a certificate: filters and rows of files."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from enrolments.models import CourseCompletion, DutyReason
from foundation.formats import date_range, day_of
from foundation.spreadsheets import Cell

from .models import Certificate, Ruling, RulingKind
from .models.life import RulingQuerySet
from .models.rows import CertificateQuerySet

# (key, words, quarters ahead of the present one)
QUARTERS = (("ini", "Triwulan ini", 0), ("depan", "Triwulan depan", 1), ("berikut", "Triwulan sesudahnya", 2))
PAST = "lewat"
NEXT = "depan"


def quarter(ahead: int, *, at: datetime, zone: str) -> tuple[datetime, datetime]:
    """Beginning and end (exclusive) of the calendar quarter so many ``ahead`` of the one of ``at``, in ``zone``."""
    today = day_of(at, zone)
    first = today.year * 4 + (today.month - 1) // 3 + ahead
    return _beginning(first, zone), _beginning(first + 1, zone)


def _beginning(number: int, zone: str) -> datetime:
    return datetime(number // 4, number % 4 * 3 + 1, 1, tzinfo=ZoneInfo(zone))


def quarter_words(ahead: int, *, at: datetime, zone: str) -> str:
    """``1 Januari – 31 Maret 2027``"""
    starts, ends = quarter(ahead, at=at, zone=zone)
    return date_range(starts.date(), ends.date() - timedelta(days=1))


def expiring(rows: CertificateQuerySet, within: str, *, at: datetime, zone: str) -> CertificateQuerySet:
    """The standing ones that end in a quarter (a key of QUARTERS), or have ended; each with ``renewed``."""
    standing = rows.standing().with_renewed()
    if within == PAST:
        found = standing.filter(expires_at__lte=at).order_by("-expires_at", "-pk")
    else:
        starts, ends = quarter({key: ahead for key, _words, ahead in QUARTERS}[within], at=at, zone=zone)
        found = standing.filter(expires_at__gte=starts, expires_at__lt=ends).order_by("expires_at", "pk")
    return found.select_related("unit", "replaced_by")


EXPIRING_HEADER = (
    "Nomor",
    "Kode verifikasi",
    "Nama",
    "Pangkat",
    "NRP/NIP",
    "Kesatuan",
    "Pelatihan",
    "Terbit",
    "Berlaku sampai",
    "Sudah diperbarui",
)


def expiring_row(certificate: Certificate) -> Sequence[Cell]:
    zone = certificate.zone
    return [
        certificate.number,
        certificate.shown_id,
        certificate.holder_name,
        certificate.holder_rank,
        certificate.holder_number,
        certificate.unit_name,
        certificate.course_title,
        day_of(certificate.issued_at, zone),
        day_of(certificate.expires_at, zone) if certificate.expires_at else None,
        "Ya" if certificate.renewed else "Belum",
    ]


def between(field: str, first: date | None, last: date | None, *, zone: str) -> Q:
    """A condition for moments from ``first`` to ``last``, both days counted, on the clock of ``zone``."""
    midnight, condition = time(tzinfo=ZoneInfo(zone)), Q()
    if first:
        condition &= Q(**{f"{field}__gte": datetime.combine(first, midnight)})
    if last:
        condition &= Q(**{f"{field}__lt": datetime.combine(last + timedelta(days=1), midnight)})
    return condition


# --- what ended, and by whom --------------------------------------------------


def ended(rows: RulingQuerySet, wanted: dict, *, zone: str) -> RulingQuerySet:
    """The rulings that took something out of force, narrowed by the cleaned answers of EndedFilter."""
    rows = rows.ending()
    if text := wanted.get("cari"):
        rows = rows.filter(
            Q(certificate__holder_name__icontains=text)
            | Q(certificate__number__icontains=text)
            | Q(certificate__holder_number=text.replace(" ", ""))
        )
    if kind := wanted.get("putusan"):
        rows = rows.filter(kind=kind)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("certificate__unit_"))
    return rows.filter(between("recorded_at", wanted.get("dari"), wanted.get("sampai"), zone=zone)).for_list()


ENDED_HEADER = (
    "Nomor",
    "Kode verifikasi",
    "Nama",
    "Pangkat",
    "NRP/NIP",
    "Kesatuan",
    "Pelatihan",
    "Putusan",
    "Tanggal",
    "Alasan",
    "Nomor dokumen",
    "Diminta oleh",
    "Disetujui oleh",
    "Pengganti",
)


def ended_row(ruling: Ruling) -> Sequence[Cell]:
    certificate = ruling.certificate
    return [
        certificate.number,
        certificate.shown_id,
        certificate.holder_name,
        certificate.holder_rank,
        certificate.holder_number,
        certificate.unit_name,
        certificate.course_title,
        RulingKind(ruling.kind).label,
        day_of(ruling.recorded_at, certificate.zone),
        ruling.reason,
        ruling.document_number,
        ruling.asked_by_name,
        ruling.approved_by.name,
        certificate.successor.number if certificate.successor else "",
    ]


# --- what has no certificate ----------------------------------------------------


HERE, ELSEWHERE = "di-sini", "diakui"


def uncertified(rows: QuerySet[CourseCompletion], wanted: dict, *, zone: str) -> QuerySet[CourseCompletion]:
    """Completions without a certificate, narrowed by the cleaned answers of UncertifiedFilter."""
    if text := wanted.get("cari"):
        rows = rows.filter(Q(full_name__icontains=text) | Q(number=text.replace(" ", "")))
    if course := wanted.get("pelatihan"):
        rows = rows.filter(course=course)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("unit_"))
    if order := wanted.get("perintah"):
        asked = DutyReason.objects.filter(
            assignment__order_number__iexact=order.strip(),
            duty__officer=OuterRef("officer"),
            duty__course=OuterRef("course"),
            duty__cycle=OuterRef("cycle"),
        )
        rows = rows.filter(Exists(asked))
    if origin := wanted.get("asal"):
        rows = rows.filter(recognition__isnull=origin == HERE)
    return rows.filter(between("completed_at", wanted.get("dari"), wanted.get("sampai"), zone=zone))


def earned_here(rows: QuerySet[CourseCompletion]) -> QuerySet[CourseCompletion]:
    """What may be issued in bulk: the platform itself saw that it was earned."""
    return rows.filter(recognition=None)


UNCERTIFIED_HEADER = ("NRP/NIP", "Pangkat", "Nama", "Kesatuan", "Kode", "Pelatihan", "Selesai", "Diakui dari")


def uncertified_row(completion: CourseCompletion) -> Sequence[Cell]:
    return [
        completion.number,
        completion.rank.short,
        completion.full_name,
        completion.unit_name,
        completion.course.code,
        completion.course.title,
        day_of(completion.completed_at, completion.unit.zone),
        completion.recognition.words if completion.recognition else "",
    ]
