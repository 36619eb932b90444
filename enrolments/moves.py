"""What moves of people changed under an order, read from the audit trail."""

from django.db.models import OuterRef, QuerySet, Subquery

from foundation.models import AuditEvent
from organisation.models import Officer

from .models import Assignment

VERBS = ("duty.opened_by_move", "duty.ended_by_move", "duty.renewed")


def changes_by_moves(assignment: Assignment) -> QuerySet[AuditEvent]:
    """Newest first, each with the officer's ``name`` and ``number``."""
    officer = Officer.objects.filter(pk=OuterRef("subject_id"))
    events = AuditEvent.objects.filter(
        verb__in=VERBS, object_type="enrolments.assignment", object_id=str(assignment.pk)
    )
    named = events.annotate(name=Subquery(officer.values("name")[:1]), number=Subquery(officer.values("number")[:1]))
    return named.order_by("-pk")
