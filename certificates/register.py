"""The register: which certificates a filter leaves, and how they stand in a file."""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from foundation.formats import end_of_day

from .exceptions import MistypedIdentifier
from .identifiers import normalise
from .lists import between
from .models import Certificate, CertificateState
from .models.rows import CertificateQuerySet


def filtered(rows: CertificateQuerySet, wanted: dict, *, at: datetime, zone: str) -> CertificateQuerySet:
    """Narrow ``rows`` by the cleaned answers of RegisterFilter; days count, or end, in ``zone``."""
    if text := wanted.get("cari"):
        match = Q(holder_name__icontains=text) | Q(number__icontains=text) | Q(holder_number=text.replace(" ", ""))
        with suppress(MistypedIdentifier):
            match |= Q(public_id=normalise(text))
        rows = rows.filter(match)
    if course := wanted.get("pelatihan"):
        rows = rows.filter(completion__course=course)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("unit_"))
    if day := wanted.get("per"):
        rows = rows.in_force_on(min(at, end_of_day(day, zone)))
    # Of those that were in force on a day: what became of them since.
    if state := wanted.get("keadaan"):
        rows = rows.in_state(state, at=at)
    return rows.filter(between("issued_at", wanted.get("dari"), wanted.get("sampai"), zone=zone))


EXPORT_HEADER = (
    "Nomor",
    "Kode verifikasi",
    "Nama",
    "Pangkat",
    "NRP/NIP",
    "Jabatan",
    "Kesatuan",
    "Pelatihan",
    "JP",
    "Selesai",
    "Terbit",
    "Berlaku sampai",
    "Keadaan",
)


def export_row(certificate: Certificate, *, at: datetime) -> list:
    zone = ZoneInfo(certificate.zone)
    return [
        certificate.number,
        certificate.shown_id,
        certificate.holder_name,
        certificate.holder_rank,
        certificate.holder_number,
        certificate.holder_post,
        certificate.unit_name,
        certificate.course_title,
        certificate.jp,
        certificate.completed_on,
        certificate.issued_at.astimezone(zone).date(),
        certificate.expires_at.astimezone(zone).date() if certificate.expires_at else None,
        CertificateState(certificate.state_at(at)).label,
    ]
