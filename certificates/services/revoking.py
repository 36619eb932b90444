"""Revoking: asked by one person, carried out when another approves."""

from datetime import datetime

from certificates.exceptions import RulingRefused
from certificates.models import Certificate, RulingKind
from enrolments.models import CourseCompletion
from foundation import approvals, audit
from foundation.models import ApprovalRequest
from organisation.models import User

from .asking import REVOKE, About, Paper, ask, locked, may_ask, put_request, refuse_unless_standing, refused, rule
from .telling import tell_revoked

VERB = "Cabut"


def ask_revocation(
    *, certificate: Certificate, reason: str, paper: Paper, actor: User, at: datetime
) -> ApprovalRequest:
    """Ask that a certificate be revoked; somebody else decides. Raises RulingRefused."""
    may_ask(certificate, actor=actor, at=at)
    refuse_unless_standing(certificate)
    about = About.certificate(certificate, VERB)
    return ask(REVOKE, about, reason=reason, paper=paper, actor=actor, at=at)


def ask_revocation_of_withdrawn(*, completion: CourseCompletion, reason: str, actor: User, at: datetime) -> None:
    """Ask that the certificate of a completion that was taken back be revoked; SDM of the unit decides, as always."""
    held = Certificate.objects.standing().filter(completion__enrolment=completion.enrolment_id)
    for certificate in held.select_related("officer"):
        asked = ApprovalRequest.objects.filter(kind=REVOKE, object_id=str(certificate.pk), approval=None)
        if not asked.exists():
            put_request(REVOKE, About.certificate(certificate, VERB), reason=reason, actor=actor, at=at)


@approvals.carries_out(REVOKE)
def revoke(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: the certificate says "dicabut" from now on and keeps its number and file."""
    certificate = locked(request, actor=actor)
    try:
        refuse_unless_standing(certificate)
    except RulingRefused as refusal:
        raise refused(refusal)
    certificate.revoked_at = at
    certificate.revoked_reason = request.reason[:300]
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    rule(RulingKind.REVOKED, certificate, request, actor=actor, at=at)
    tell_revoked(certificate, at=at)
    audit.record(
        verb="certificate.revoked",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={"number": certificate.number, "asked_by": request.requested_by_name, "reason": request.reason},
    )
