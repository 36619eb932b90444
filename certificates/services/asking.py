"""What takes two people: asked by SDM with a reason and a paper, carried out when somebody else approves.

Neither of the two is the officer whom the certificate is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File

from certificates.exceptions import RulingRefused
from certificates.models import Certificate, Ruling, RulingKind
from certificates.permissions import ASKS, certificates_for_actor
from enrolments.exceptions import EnrolmentError
from enrolments.models import CourseCompletion
from enrolments.services.documenting import kept_document
from foundation import approvals
from foundation.models import ApprovalRequest
from organisation.models import Officer, User

REVOKE, CORRECT, REISSUE, GRANT = (
    "certificate.revoke",
    "certificate.correct",
    "certificate.reissue",
    "certificate.grant",
)
KINDS = (REVOKE, CORRECT, REISSUE, GRANT)
OWN = "atas nama Anda sendiri"
Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Paper:
    """On what a request rests: the number of a letter and its scan."""

    number: str
    scan: File | None


@dataclass(frozen=True)
class About:
    """Whom and what a request is about, as the one who decides reads it."""

    object_id: str
    officer: Officer
    unit_path: str
    title: str
    words: str
    url: str

    @classmethod
    def certificate(cls, certificate: Certificate, verb: str) -> "About":
        return cls(
            object_id=str(certificate.pk),
            officer=certificate.officer,
            unit_path=certificate.unit_path,
            title=f"{verb} sertifikat {certificate.number or certificate.shown_id}",
            words=f"{certificate.shown_holder}, {certificate.course_title}",
            url=f"/sdm/sertifikat/{certificate.shown_id}/",
        )


def ask(
    kind: str,
    about: About,
    *,
    reason: str,
    paper: Paper,
    actor: User,
    at: datetime,
    facts: Facts = (),
    carried: dict[str, Any] | None = None,
) -> ApprovalRequest:
    """Ask for it with its paper. Raises RulingRefused."""
    if about.officer.user_id == actor.pk:
        raise RulingRefused(f"Sertifikat ini {OWN}. Orang lain yang berwenang harus memintanya.")
    if not (paper.number.strip() and paper.scan):
        raise RulingRefused("Isi nomor dokumen dan unggah pindaiannya.")
    try:
        with kept_document(paper.scan, officer=about.officer, actor=actor, at=at) as kept:
            return put_request(
                kind,
                about,
                reason=reason,
                actor=actor,
                at=at,
                facts=[*facts, ("Nomor dokumen", paper.number.strip())],
                document=str(kept.uuid) if kept else "",
                document_id=kept.pk if kept else None,
                document_number=paper.number.strip(),
                **(carried or {}),
            )
    except (approvals.ApprovalRefused, EnrolmentError) as refusal:
        raise RulingRefused(str(refusal))


def put_request(
    kind: str, about: About, *, reason: str, actor: User, at: datetime, facts: Facts = (), **payload: Any
) -> ApprovalRequest:
    shown = {"title": about.title, "about": about.words, "url": about.url, "facts": list(facts)}
    return approvals.ask(
        kind=kind,
        object_id=about.object_id,
        unit_path=about.unit_path,
        reason=reason,
        actor=actor,
        at=at,
        payload=shown | payload,
    )


def may_ask(certificate: Certificate, *, actor: User, at: datetime) -> None:
    """Raises RulingRefused for whoever is not SDM of the unit where it was earned."""
    if not certificates_for_actor(actor, at=at, roles=ASKS).filter(pk=certificate.pk).exists():
        raise RulingRefused("Sertifikat ini di luar kewenangan Anda.")


def refuse_unless_standing(certificate: Certificate) -> None:
    """Raises RulingRefused for what was revoked or replaced."""
    if certificate.revoked_at:
        raise RulingRefused("Sertifikat ini sudah dicabut.")
    refuse_replaced(certificate)


def refuse_replaced(certificate: Certificate) -> None:
    if certificate.successor:
        raise RulingRefused(
            f"Sertifikat ini sudah diganti oleh sertifikat {certificate.successor.named}. Pakai yang itu."
        )


def refuse_while_revocation_waits(certificate: Certificate) -> None:
    """Raises RulingRefused: what may be about to be revoked must not come again under another number meanwhile."""
    if open_requests(certificate).filter(kind=REVOKE).exists():
        raise RulingRefused("Pencabutan sertifikat ini masih menunggu keputusan. Tunggu sampai diputus.")


def open_requests(certificate: Certificate):
    return ApprovalRequest.objects.filter(kind__in=KINDS, object_id=str(certificate.pk), approval=None).exclude(
        kind=GRANT
    )


# --- when it was approved -----------------------------------------------------


def locked(request: ApprovalRequest, *, actor: User) -> Certificate:
    """The certificate that was asked about, locked. Raises ApprovalRefused for its own holder."""
    # Lock first: another request about it may be approved at the same moment.
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("officer__user", "unit")
    certificate = rows.get(pk=request.object_id)
    refuse_own(certificate.officer, actor=actor)
    return certificate


def refuse_own(officer: Officer, *, actor: User) -> None:
    if officer.user_id == actor.pk:
        raise approvals.ApprovalRefused(f"Sertifikat ini {OWN}. Orang lain yang berwenang harus memutuskannya.")


def refused(refusal: RulingRefused) -> approvals.ApprovalRefused:
    """The same sentence for whoever decides."""
    return approvals.ApprovalRefused(f"{refusal} Tolak permintaan ini.")


def rule(kind: RulingKind, certificate: Certificate, request: ApprovalRequest, *, actor: User, at: datetime) -> Ruling:
    """Write down what was decided."""
    return Ruling.objects.create(
        certificate=certificate,
        kind=kind,
        request=request.uuid,
        reason=request.reason[:300],
        document_number=request.payload.get("document_number", ""),
        document_id=request.payload.get("document_id"),
        asked_by_name=request.requested_by_name,
        asked_at=request.requested_at,
        approved_by=actor,
        recorded_at=at,
    )


def standing_completion(certificate: Certificate) -> CourseCompletion | None:
    """The ledger row that holds today for what the certificate was issued for."""
    rows = CourseCompletion.objects.standing().filter(enrolment=certificate.completion.enrolment_id)
    return rows.select_related("rank", "unit", "enrolment", "recognition").first()
