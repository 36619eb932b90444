"""What goes after its time (TRUST.md §7): scans that nobody approved, notices, later the proof of what was sent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from enrolments.models import Delivery, Message, Notice, ReliefDocument
from foundation import audit, retention, triggers

BATCH = 1000


@retention.removes("relief_documents")
def remove_unapproved_documents(*, at: datetime, dry_run: bool) -> int:
    """Delete the bytes of scans behind requests that were refused or forgotten; the row stays as the record."""
    before = at - timedelta(days=settings.UNAPPROVED_DOCUMENT_RETENTION_DAYS)
    storage = storages["private"]
    # Whatever was approved points at its scan, in this room or in one above.
    unused = {str(relation.name): None for relation in ReliefDocument._meta.related_objects}
    old = ReliefDocument.objects.filter(uploaded_at__lt=before, **unused).values_list("storage_name", flat=True)
    stored = [name for name in old.iterator() if storage.exists(name)]
    if not dry_run:
        for name in stored:
            storage.delete(name)
    return len(stored)


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
