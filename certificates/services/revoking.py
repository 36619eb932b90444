"""Revoking: asked by one person, carried out when another approves."""

from datetime import datetime

from django.db import transaction

from certificates.exceptions import RevocationRefused
from certificates.models import Certificate
from certificates.permissions import REVOKES, certificates_for_actor
from enrolments.models import CourseCompletion
from foundation import approvals, audit
from foundation.models import ApprovalRequest
from organisation.models import User

REVOKE = "certificate.revoke"


@transaction.atomic
def ask_revocation(*, certificate: Certificate, reason: str, actor: User, at: datetime) -> ApprovalRequest:
    """Ask that a certificate be revoked; somebody else decides. Raises RevocationRefused."""
    mine = certificates_for_actor(actor, at=at, roles=REVOKES)
    if not mine.filter(pk=certificate.pk).exists():
        raise RevocationRefused("Sertifikat ini di luar kewenangan Anda.")
    if certificate.revoked_at:
        raise RevocationRefused("Sertifikat ini sudah dicabut.")
    try:
        return _ask_revocation(certificate, reason=reason, actor=actor, at=at)
    except approvals.ApprovalRefused as refusal:
        raise RevocationRefused(str(refusal))


def ask_revocation_of_withdrawn(*, completion: CourseCompletion, reason: str, actor: User, at: datetime) -> None:
    """Ask that the certificate of a completion that was taken back be revoked; SDM of the unit decides, as always."""
    held = Certificate.objects.filter(completion__enrolment=completion.enrolment_id, revoked_at=None)
    for certificate in held:
        asked = ApprovalRequest.objects.filter(kind=REVOKE, object_id=str(certificate.pk), approval=None)
        if not asked.exists():
            _ask_revocation(certificate, reason=reason, actor=actor, at=at)


def _ask_revocation(certificate: Certificate, *, reason: str, actor: User, at: datetime) -> ApprovalRequest:
    return approvals.ask(
        kind=REVOKE,
        object_id=str(certificate.pk),
        unit_path=certificate.unit_path,
        reason=reason,
        actor=actor,
        at=at,
        payload={
            "title": f"Cabut sertifikat {certificate.number}",
            "about": f"{certificate.shown_holder}, {certificate.course_title}",
            "url": f"/sdm/sertifikat/{certificate.shown_id}/",
        },
    )


@approvals.carries_out(REVOKE)
def revoke(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: the certificate says "dicabut" from now on and keeps its number and file."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=request.object_id)
    if certificate.revoked_at:
        return
    certificate.revoked_at = at
    certificate.revoked_reason = request.reason[:300]
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record(
        verb="certificate.revoked",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={"number": certificate.number, "asked_by": request.requested_by_name, "reason": request.reason},
    )
