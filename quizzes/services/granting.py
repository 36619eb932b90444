"""Another attempt for somebody who used up all of them."""

from datetime import datetime

from django.db import transaction

from foundation import audit
from organisation.models import User
from quizzes.choices import EventKind
from quizzes.exceptions import GrantRefused
from quizzes.models import Attempt, AttemptGrant

from .timeline import note


@transaction.atomic
def grant_attempt(*, attempt: Attempt, reason: str, actor: User, at: datetime) -> AttemptGrant:
    """Allow one more attempt after ``attempt``, the last of all allowed. Raises GrantRefused."""
    if not reason.strip():
        raise GrantRefused("Tuliskan alasannya.")
    # Lock first: two SDM officers granting together must not give two.
    Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not Attempt.objects.used_up().filter(pk=attempt.pk).exists():
        raise GrantRefused("Personel ini masih punya percobaan, sudah lulus, atau sudah diberi percobaan tambahan.")
    grant = AttemptGrant.objects.create(
        enrolment=attempt.enrolment,
        item=attempt.item,
        after=attempt,
        reason=reason.strip(),
        granted_by=actor,
        granted_at=at,
    )
    note(attempt, EventKind.GRANTED, at=at, actor=actor)
    audit.record(
        verb="attempt.granted",
        actor=actor,
        at=at,
        obj=grant,
        subject_id=attempt.enrolment.officer_id,
        detail={"course": attempt.enrolment.course.code, "reason": grant.reason},
    )
    return grant
