"""The life of one certificate, from its rows, the requests about it, what was sent and the audit trail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrolments.models import Delivery, DeliveryState, Way
from foundation.models import ApprovalRequest, AuditEvent
from foundation.spreadsheets import Cell

from .models import Certificate
from .services import CORRECT, GRANT, KINDS, REISSUE, REVOKE

ACTS = {REVOKE: "Pencabutan", CORRECT: "Koreksi", REISSUE: "Penerbitan ulang", GRANT: "Penerbitan"}
DOWNLOADED = "certificate.downloaded"
# Of the looks of others at the file, the newest so many.
DOWNLOADS_SHOWN = 50
HEADER = ("Waktu", "Peristiwa", "Keterangan", "Oleh")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a certificate; ``state`` names its tag, ``document`` the request with a scan."""

    at: datetime
    title: str
    text: str = ""
    who: str = ""
    state: str = ""
    document: str = ""
    url: str = ""


def timeline(certificate: Certificate, *, at: datetime) -> list[Step]:
    """Everything that is known of its life, oldest first, up to ``at``; six queries however long it is."""
    steps = [
        *_birth(certificate),
        *_requests(certificate),
        *_mailing(certificate),
        *_downloads(certificate),
        *_end(certificate, at=at),
    ]
    return sorted(steps, key=lambda step: step.at)


def _birth(certificate: Certificate) -> Iterator[Step]:
    completion = certificate.completion
    if completion.recognition:
        yield Step(completion.recorded_at, "Pelatihan di luar diakui", completion.recognition.words, state="done")
    else:
        yield Step(completion.completed_at, "Pelatihan selesai", certificate.course_title, state="done")
    yield Step(certificate.issued_at, "Diterbitkan", certificate.number or "menunggu nomor", state="certificate")
    if before := certificate.replaces:
        url = f"/sdm/sertifikat/{before.shown_id}/"
        yield Step(certificate.issued_at, "Menggantikan sertifikat lain", str(before), state="superseded", url=url)
    if order := getattr(certificate, "signature_order", None):
        yield Step(order.created_at, "Menunggu tanda tangan elektronik", certificate.signer_name, state="waiting")
    for file in sorted(certificate.files.all(), key=lambda file: file.version):
        # A later version has the same pages and a younger proof of time (sealing/renewal.py).
        title = "Berkas dibuat" if file.version == 1 else f"Berkas versi {file.version}, bukti waktu diperbarui"
        text = f"{file.get_signed_by_display()}; SHA-256 {file.sha256[:16]}…"
        yield Step(file.created_at, title, text, state="done")


def _requests(certificate: Certificate) -> Iterator[Step]:
    about = {str(certificate.pk), str(certificate.completion.uuid)}
    asked = ApprovalRequest.objects.filter(kind__in=KINDS, object_id__in=about).select_related("approval")
    # A completion has its grant once, whatever replaced the certificate that it brought.
    for request in asked:
        if (request.kind == GRANT) != (request.object_id == str(certificate.completion.uuid)):
            continue
        act, document = ACTS[request.kind], str(request.uuid) if request.payload.get("document") else ""
        facts = "; ".join(f"{label}: {value}" for label, value in request.payload.get("facts", []))
        text = f"{request.reason} ({facts})" if facts else request.reason
        yield Step(
            request.requested_at, f"{act} diminta", text, request.requested_by_name, state="waiting", document=document
        )
        if decision := getattr(request, "approval", None):
            word, state = ("disetujui", "approved") if decision.approved else ("ditolak", "rejected")
            yield Step(decision.decided_at, f"{act} {word}", decision.note, decision.decided_by_name, state=state)


def _mailing(certificate: Certificate) -> Iterator[Step]:
    mailing = getattr(certificate, "mailing", None)
    if mailing is None:
        return
    text = f"SHA-256 {mailing.file.sha256[:16]}…"
    yield Step(mailing.asked_at, "Diminta dikirim lewat e-mail", text, mailing.asked_by.name, state="queued")
    rows = Delivery.objects.filter(message__key=mailing.key, way=Way.MAIL).exclude(state=DeliveryState.QUEUED)
    for row in rows.order_by("number"):
        yield Step(row.at, f"E-mail: {row.get_state_display().lower()}", row.why, state=row.state)


def _downloads(certificate: Certificate) -> Iterator[Step]:
    looks = AuditEvent.objects.filter(
        object_type="certificates.certificate", object_id=str(certificate.pk), verb=DOWNLOADED
    )
    for event in looks[:DOWNLOADS_SHOWN]:
        yield Step(event.at, "Berkas diunduh orang lain", who=event.actor_name)


def _end(certificate: Certificate, *, at: datetime) -> Iterator[Step]:
    if certificate.revoked_at:
        yield Step(certificate.revoked_at, "Dicabut", certificate.revoked_reason, state="revoked")
    if after := certificate.successor:
        url = f"/sdm/sertifikat/{after.shown_id}/"
        yield Step(after.issued_at, "Diganti", str(after), state="superseded", url=url)
    if newer := Certificate.objects.renewing(certificate).first():
        url = f"/sdm/sertifikat/{newer.shown_id}/"
        yield Step(newer.issued_at, "Diperbarui", str(newer), state="certificate", url=url)
    if certificate.expires_at and certificate.expires_at <= at:
        yield Step(certificate.expires_at, "Masa berlaku berakhir", state="expired")


def timeline_rows(steps: Sequence[Step], zone) -> Iterator[Sequence[Cell]]:
    """The steps as a file has them, on the clock of ``zone``."""
    for step in steps:
        yield [step.at.astimezone(zone), step.title, step.text, step.who]
