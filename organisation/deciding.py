"""Who may decide about somebody. A request can wait, so it is asked again in the moment of the decision."""

from collections.abc import Collection
from datetime import datetime

from foundation.approvals import ApprovalRefused

from .models import Officer, User
from .permissions import APPROVES, officers_for_actor

NAMED = 5


def refuse_decision_about(officers: Collection[Officer], *, actor: User, at: datetime) -> None:
    """Raise ApprovalRefused when ``actor`` is one of them, or one stands no longer below where ``actor`` approves."""
    if any(officer.user_id == actor.pk for officer in officers):
        raise ApprovalRefused("Permintaan ini tentang Anda sendiri. Orang lain yang harus menyetujui.")
    mine = officers_for_actor(actor, at=at, roles=APPROVES).filter(pk__in=[officer.pk for officer in officers])
    here = set(mine.values_list("pk", flat=True))
    gone = [officer.full_name for officer in officers if officer.pk not in here]
    if gone:
        more = f" (dan {len(gone) - NAMED} lagi)" if len(gone) > NAMED else ""
        raise ApprovalRefused(
            f"{', '.join(gone[:NAMED])}{more} tidak bertugas di satuan Anda lagi. Tolak permintaan ini; satuannya yang "
            "sekarang dapat memintanya kembali."
        )
