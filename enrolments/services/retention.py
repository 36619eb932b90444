"""Notices and proofs go after their time (TRUST.md §7): notices first, the proof of what was sent later."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from enrolments.models import Delivery, Message, Notice
from foundation import audit, retention, triggers

BATCH = 1000


@retention.removes("notices")
def remove_notices(*, at: datetime, dry_run: bool) -> int:
    old = Notice.objects.filter(created_at__lt=at - timedelta(days=settings.NOTICE_RETENTION_DAYS))
    if dry_run:
        return old.count()
    removed = 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        removed += Notice.objects.filter(pk__in=batch).delete()[0]
    return removed


@retention.removes("messages")
def remove_messages(*, at: datetime, dry_run: bool) -> int:
    """Remove messages past their period with their deliveries; one whose notice is still kept stays with it."""
    before = at - timedelta(days=settings.MESSAGE_RETENTION_DAYS)
    old = Message.objects.filter(created_at__lt=before, notice=None)
    if dry_run:
        return old.count()
    removed = 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with triggers.lifted(connection, Message._meta.db_table, Delivery._meta.db_table):
            Delivery.objects.filter(message__in=batch).delete()
            Message.objects.filter(pk__in=batch).delete()
            audit.record(verb="messages.removed", actor=None, at=at, detail={"messages": len(batch)})
        removed += len(batch)
    return removed
