"""Correcting and issuing again: a new certificate that points back to the old one, which stays.

What is wrong about the holder is corrected in the ledger first, by a row that points back; the certificate always
says what its ledger row says.
"""

from datetime import datetime
from typing import Any

from certificates.exceptions import RulingRefused
from certificates.models import Certificate, RulingKind
from certificates.permissions import ASKS
from enrolments.corrections import Holder, correct_holder
from enrolments.models import CourseCompletion, Enrolment
from foundation import approvals, audit
from foundation.models import ApprovalRequest
from organisation.models import Officer, Rank, Unit, User
from organisation.permissions import APPROVES, units_for_actor

from .asking import (
    CORRECT,
    REISSUE,
    About,
    Facts,
    Paper,
    ask,
    locked,
    may_ask,
    refuse_replaced,
    refuse_unless_standing,
    refuse_while_revocation_waits,
    refused,
    rule,
    standing_completion,
)
from .issuing import write_certificate
from .telling import tell_replaced

TAKEN_BACK = "Penyelesaian pelatihannya sudah dicabut, jadi sertifikatnya tidak diterbitkan lagi."
LABELS = {"full_name": "Nama", "number": "NRP/NIP", "rank": "Pangkat", "post": "Jabatan", "unit": "Kesatuan"}


# --- correct ------------------------------------------------------------------


def ask_correction(
    *, certificate: Certificate, holder: Holder, reason: str, paper: Paper, actor: User, at: datetime
) -> ApprovalRequest:
    """Ask that name, rank, post or unit be put right by a new certificate. Raises RulingRefused."""
    may_ask(certificate, actor=actor, at=at)
    refuse_unless_standing(certificate)
    refuse_while_revocation_waits(certificate)
    before = _completion(certificate)
    _refuse_foreign_unit(holder.unit, before, actor=actor, at=at)
    _refuse_number_of_another(holder, certificate.officer)
    changes = differences(Holder.of(before), holder)
    if not changes:
        raise RulingRefused("Tidak ada yang berubah. Untuk mencetak lagi dengan isi yang sama, minta penerbitan ulang.")
    return ask(
        CORRECT,
        About.certificate(certificate, "Koreksi"),
        reason=reason,
        paper=paper,
        actor=actor,
        at=at,
        facts=changes,
        carried={"holder": _carried(holder), "completion": before.pk},
    )


def differences(before: Holder, after: Holder) -> Facts:
    """What changes, each as label and ``Bripda → Briptu``."""
    old, new = _shown(before), _shown(after)
    return [(label, f"{old[name]} → {new[name]}") for name, label in LABELS.items() if old[name] != new[name]]


def _shown(holder: Holder) -> dict[str, str]:
    return {name: str(getattr(holder, name)) or "–" for name in LABELS}


def _carried(holder: Holder) -> dict[str, Any]:
    named = {"full_name": holder.full_name, "number": holder.number, "post": holder.post}
    return named | {"rank": holder.rank.pk, "unit": holder.unit.pk}


def _completion(certificate: Certificate) -> CourseCompletion:
    """The ledger row to go by. Raises RulingRefused when it was taken back or another certificate stands for it."""
    completion = standing_completion(certificate)
    if completion is None:
        raise RulingRefused(TAKEN_BACK)
    others = Certificate.objects.standing().filter(completion__enrolment=completion.enrolment_id)
    if other := others.exclude(pk=certificate.pk).first():
        raise RulingRefused(f"Untuk penyelesaian ini sudah berlaku sertifikat {other.named}.")
    return completion


def _refuse_foreign_unit(unit: Unit, before: CourseCompletion, *, actor: User, at: datetime, roles=ASKS) -> None:
    if unit.pk != before.unit_id and not units_for_actor(actor, at=at, roles=roles).filter(pk=unit.pk).exists():
        raise RulingRefused(f"{unit.name} di luar kewenangan Anda. SDM di atasnya yang dapat memindahkannya.")


def _refuse_number_of_another(holder: Holder, officer: Officer) -> None:
    if holder.number != officer.number:
        raise RulingRefused("NRP/NIP hanya dapat dikoreksi menurut data personel. Perbaiki data personelnya dulu.")


@approvals.carries_out(CORRECT)
def correct(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved correction: ledger row, new certificate, and the old one says "diganti"."""
    certificate = locked(request, actor=actor)
    carried = request.payload["holder"]
    try:
        refuse_unless_standing(certificate)
        refuse_while_revocation_waits(certificate)
        before = _completion(certificate)
        if before.pk != request.payload["completion"]:
            raise RulingRefused("Catatan penyelesaiannya sudah dikoreksi sejak permintaan ini dibuat.")
        holder = Holder(
            full_name=carried["full_name"],
            number=carried["number"],
            rank=Rank.objects.get(pk=carried["rank"]),
            post=carried["post"],
            unit=Unit.objects.get(pk=carried["unit"]),
        )
        _refuse_foreign_unit(holder.unit, before, actor=actor, at=at, roles=APPROVES)
        _refuse_number_of_another(holder, certificate.officer)
    except RulingRefused as refusal:
        raise refused(refusal)
    completion = correct_holder(enrolment=before.enrolment, holder=holder, actor=actor, reason=request.reason, at=at)
    if completion is None:
        raise approvals.ApprovalRefused(f"{TAKEN_BACK} Tolak permintaan ini.")
    _replace(certificate, completion, RulingKind.CORRECTED, request, actor=actor, at=at)


# --- issue again --------------------------------------------------------------


def ask_reissue(*, certificate: Certificate, reason: str, paper: Paper, actor: User, at: datetime) -> ApprovalRequest:
    """Ask for a new certificate in the place of one that is standing or was revoked. Raises RulingRefused."""
    may_ask(certificate, actor=actor, at=at)
    refuse_replaced(certificate)
    refuse_while_revocation_waits(certificate)
    _completion(certificate)
    about = About.certificate(certificate, "Terbitkan ulang")
    # Whoever decides must see which it was: what is revoked meanwhile needs a new request.
    state = "dicabut" if certificate.revoked_at else "belum dicabut"
    return ask(
        REISSUE,
        about,
        reason=reason,
        paper=paper,
        actor=actor,
        at=at,
        facts=[("Keadaan saat diminta", state)],
        carried={"revoked": bool(certificate.revoked_at)},
    )


@approvals.carries_out(REISSUE)
def reissue(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: what the ledger says today, with the letterhead and signer of today."""
    certificate = locked(request, actor=actor)
    try:
        if bool(certificate.revoked_at) != request.payload["revoked"]:
            raise RulingRefused("Sertifikat ini dicabut sesudah permintaan ini dibuat.")
        refuse_replaced(certificate)
        refuse_while_revocation_waits(certificate)
        # Lock first: the completion may be on its way to be taken back.
        Enrolment.objects.select_for_update(of=("self",)).get(pk=certificate.completion.enrolment_id)
        completion = _completion(certificate)
    except RulingRefused as refusal:
        raise refused(refusal)
    _replace(certificate, completion, RulingKind.REISSUED, request, actor=actor, at=at)


def _replace(
    certificate: Certificate,
    completion: CourseCompletion,
    kind: RulingKind,
    request: ApprovalRequest,
    *,
    actor: User,
    at: datetime,
) -> None:
    new = write_certificate(completion=completion, at=at, replaces=certificate, actor=actor)
    rule(kind, certificate, request, actor=actor, at=at)
    tell_replaced(certificate, new, at=at)
    audit.record(
        verb=f"certificate.{kind}",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={
            "number": certificate.number,
            "new": new.number,
            "asked_by": request.requested_by_name,
            "reason": request.reason,
        },
    )
