"""Granting by hand: a certificate for a ledger row that brought none, asked by one and approved by another.

What is earned here gets its certificate by itself, and in bulk when that failed (working.py). By hand it is for
training recognised from elsewhere; the certificate says from where.
"""

from datetime import datetime

from certificates.exceptions import RulingRefused
from certificates.models import RulingKind, without_certificate
from certificates.permissions import ASKS, uncertified_for_actor
from enrolments.models import CourseCompletion, Enrolment
from foundation import approvals, audit
from foundation.formats import date_medium
from foundation.models import ApprovalRequest
from organisation.models import User

from .asking import GRANT, About, Paper, ask, refuse_own, rule
from .issuing import write_certificate
from .telling import tell_granted


def ask_grant(*, completion: CourseCompletion, reason: str, paper: Paper, actor: User, at: datetime) -> ApprovalRequest:
    """Ask for a certificate for a completion that has none. Raises RulingRefused."""
    if not uncertified_for_actor(actor, at=at, roles=ASKS).filter(pk=completion.pk).exists():
        raise RulingRefused("Penyelesaian ini di luar kewenangan Anda, atau sudah bersertifikat.")
    about = About(
        object_id=str(completion.uuid),
        officer=completion.officer,
        unit_path=completion.unit_path,
        title=f"Terbitkan sertifikat {completion.course.title}",
        words=f"{completion.rank.short} {completion.full_name}, {completion.course.title}",
        url="",
    )
    facts = [
        ("Selesai", date_medium(completion.completed_at, completion.unit.zone)),
        ("Kesatuan", completion.unit_name),
    ]
    if completion.recognition:
        facts.append(("Diakui dari", completion.recognition.words))
    return ask(GRANT, about, reason=reason, paper=paper, actor=actor, at=at, facts=facts)


@approvals.carries_out(GRANT)
def grant(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved grant, if the completion still stands and still has no certificate."""
    row = CourseCompletion.objects.select_related("officer").get(uuid=request.object_id)
    refuse_own(row.officer, actor=actor)
    # Lock first: the completion may be on its way to be taken back, or issued by another request.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=row.enrolment_id)
    completion = without_certificate(CourseCompletion.objects.all()).filter(pk=row.pk).first()
    if completion is None:
        raise approvals.ApprovalRefused(
            "Penyelesaian ini sudah bersertifikat, sudah dikoreksi, atau sudah dicabut. Tolak permintaan ini."
        )
    certificate = write_certificate(completion=completion, at=at, actor=actor)
    rule(RulingKind.GRANTED, certificate, request, actor=actor, at=at)
    tell_granted([certificate], at=at)
    audit.record(
        verb="certificate.granted",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={"number": certificate.number, "asked_by": request.requested_by_name, "reason": request.reason},
    )
