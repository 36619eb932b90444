"""Acts that need two people: a request by one, a decision by another."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from . import audit
from .models import Approval, ApprovalRequest

Carrier = Callable[..., None]
_carriers: dict[str, Carrier] = {}


class ApprovalRefused(Exception):
    """The request cannot be made or decided this way; the message says why."""


def carries_out(kind: str) -> Callable[[Carrier], Carrier]:
    """Register what an approved request of ``kind`` does: ``carrier(request, actor=…, at=…)``, same transaction."""

    def register(carrier: Carrier) -> Carrier:
        _carriers[kind] = carrier
        return carrier

    return register


@transaction.atomic
def ask(
    *, kind: str, object_id: str, unit_path: str, reason: str, actor, at: datetime, payload: dict | None = None
) -> ApprovalRequest:
    """Ask for an act. Raises ApprovalRefused when the same act already waits for a decision."""
    if kind not in _carriers:
        raise ValueError(f"nobody carries out {kind}")
    if not reason.strip():
        raise ApprovalRefused("Tuliskan alasannya.")
    if ApprovalRequest.objects.filter(kind=kind, object_id=object_id, approval=None).exists():
        raise ApprovalRefused("Permintaan yang sama sudah menunggu persetujuan.")
    request = ApprovalRequest.objects.create(
        kind=kind,
        object_id=object_id,
        unit_path=unit_path,
        payload=payload or {},
        reason=reason.strip(),
        requested_by_id=actor.pk,
        requested_by_name=actor.name,
        requested_at=at,
    )
    audit.record(verb="approval.asked", actor=actor, at=at, obj=request, unit_path=unit_path, detail={"kind": kind})
    return request


@transaction.atomic
def decide(*, request: ApprovalRequest, approved: bool, note: str, actor, at: datetime, **choices: object) -> Approval:
    """Approve or refuse, and carry out what was approved. Raises ApprovalRefused for the asker or a second decision.

    ``choices`` are what the decider settles besides yes or no; they go to the carrier, which keeps them.
    """
    # Lock first: two deciders must not both pass the check below.
    request = ApprovalRequest.objects.select_for_update().get(pk=request.pk)
    if request.requested_by_id == actor.pk:
        raise ApprovalRefused("Permintaan ini Anda buat sendiri. Orang lain yang harus menyetujui.")
    if Approval.objects.filter(request=request).exists():
        raise ApprovalRefused("Permintaan ini sudah diputus.")
    approval = Approval.objects.create(
        request=request,
        approved=approved,
        note=note,
        decided_by_id=actor.pk,
        decided_by_name=actor.name,
        decided_at=at,
    )
    if approved:
        _carriers[request.kind](request, actor=actor, at=at, **choices)
    audit.record(
        verb="approval.approved" if approved else "approval.refused",
        actor=actor,
        at=at,
        obj=request,
        unit_path=request.unit_path,
        detail={"kind": request.kind},
    )
    return approval
