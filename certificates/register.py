"""The register: which certificates a filter leaves, and the life of one of them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from foundation.models import ApprovalRequest

from .exceptions import MistypedIdentifier
from .identifiers import normalise
from .models import Certificate, CertificateState
from .models.rows import CertificateQuerySet
from .services import REVOKE


def filtered(rows: CertificateQuerySet, wanted: dict, *, at: datetime, zone: str) -> CertificateQuerySet:
    """Narrow ``rows`` by the cleaned answers of RegisterFilter; both days count, in ``zone``."""
    if text := wanted.get("cari"):
        match = Q(holder_name__icontains=text) | Q(number__icontains=text) | Q(holder_number=text.replace(" ", ""))
        with suppress(MistypedIdentifier):
            match |= Q(public_id=normalise(text))
        rows = rows.filter(match)
    if course := wanted.get("pelatihan"):
        rows = rows.filter(completion__course=course)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("unit_"))
    if state := wanted.get("keadaan"):
        rows = rows.in_state(state, at=at)
    midnight = time(tzinfo=ZoneInfo(zone))
    if first := wanted.get("dari"):
        rows = rows.filter(issued_at__gte=datetime.combine(first, midnight))
    if last := wanted.get("sampai"):
        rows = rows.filter(issued_at__lt=datetime.combine(last + timedelta(days=1), midnight))
    return rows


@dataclass(frozen=True)
class Step:
    """One thing that happened to a certificate; ``state`` names its tag."""

    at: datetime
    title: str
    text: str = ""
    state: str = "done"


def timeline(certificate: Certificate, *, at: datetime) -> list[Step]:
    """The life of a certificate, oldest first, up to ``at``."""
    completion = certificate.completion
    steps = [
        Step(completion.completed_at, "Pelatihan selesai", certificate.course_title, "done"),
        Step(certificate.issued_at, "Diterbitkan", certificate.number or "menunggu nomor", "certificate"),
    ]
    if certificate.replaces:
        steps.append(
            Step(certificate.issued_at, "Menggantikan sertifikat lain", certificate.replaces.number, "superseded")
        )
    steps += [
        Step(file.created_at, "Berkas dibuat", f"SHA-256 {file.sha256[:16]}…", "done")
        for file in certificate.files.all()
    ]
    requests = ApprovalRequest.objects.filter(kind=REVOKE, object_id=str(certificate.pk)).select_related("approval")
    for request in requests:
        steps.append(
            Step(
                request.requested_at, "Pencabutan diminta", f"{request.requested_by_name}: {request.reason}", "waiting"
            )
        )
        if decision := getattr(request, "approval", None):
            word, state = ("disetujui", "approved") if decision.approved else ("ditolak", "rejected")
            note = f": {decision.note}" if decision.note else ""
            steps.append(Step(decision.decided_at, f"Pencabutan {word}", f"{decision.decided_by_name}{note}", state))
    if certificate.revoked_at:
        steps.append(Step(certificate.revoked_at, "Dicabut", certificate.revoked_reason, "revoked"))
    if certificate.successor:
        steps.append(Step(certificate.successor.issued_at, "Diganti", certificate.successor.number, "superseded"))
    if certificate.expires_at and certificate.expires_at <= at:
        steps.append(Step(certificate.expires_at, "Masa berlaku berakhir", "", "expired"))
    return sorted(steps, key=lambda step: step.at)


def has_open_request(certificate: Certificate) -> bool:
    return ApprovalRequest.objects.filter(kind=REVOKE, object_id=str(certificate.pk), approval=None).exists()


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
