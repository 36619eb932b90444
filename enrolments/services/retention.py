"""Scans of letters for what nobody approved do not stay."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages

from enrolments.models import ReliefDocument
from foundation import retention


@retention.removes("relief_documents")
def remove_unapproved_documents(*, at: datetime, dry_run: bool) -> int:
    """Delete the bytes of scans behind requests that were refused or forgotten; the row stays as the record."""
    before = at - timedelta(days=settings.UNAPPROVED_DOCUMENT_RETENTION_DAYS)
    storage = storages["private"]
    old = ReliefDocument.objects.filter(reliefs=None, uploaded_at__lt=before).values_list("storage_name", flat=True)
    stored = [name for name in old.iterator() if storage.exists(name)]
    if not dry_run:
        for name in stored:
            storage.delete(name)
    return len(stored)
