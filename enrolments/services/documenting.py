"""Keeping the scan behind a request."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction

from enrolments.documents import extension_of
from enrolments.models import ReliefDocument
from organisation.models import Officer, User


@contextmanager
def kept_document(
    document: File | None, *, officer: Officer | None, actor: User, at: datetime
) -> Iterator[ReliefDocument | None]:
    """One transaction with the scan kept, if there is one; nothing is left behind when what is asked is refused.

    ``officer`` None where it names several.

    Raises ReliefRefused for what is neither PDF nor picture.
    """
    content = document.read() if document else b""
    stored = f"reliefs/{uuid4()}.{extension_of(content)}" if document else ""
    if stored:
        stored = storages["private"].save(stored, ContentFile(content))
    try:
        with transaction.atomic():
            yield _kept(document, content, stored, officer=officer, actor=actor, at=at) if document else None
    except BaseException:
        if stored:
            storages["private"].delete(stored)
        raise


def _kept(
    document: File, content: bytes, stored: str, *, officer: Officer | None, actor: User, at: datetime
) -> ReliefDocument:
    return ReliefDocument.objects.create(
        officer=officer,
        file_name=f"{PurePath(document.name or '').stem[:100] or 'dokumen'}{PurePath(stored).suffix}",
        storage_name=stored,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        uploaded_by=actor,
        uploaded_at=at,
    )
