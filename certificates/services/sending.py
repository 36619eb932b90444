"""Sending certificates to the addresses of their owners: once each, the very bytes on record, with proof."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import storages

from certificates.archive import file_name
from certificates.models import Certificate, Mailing
from certificates.rendering.document import verification_url
from enrolments.models import Message
from enrolments.services import attaches, current_templates, write
from enrolments.wording import MessageKind
from foundation import audit
from organisation.models import User

from .telling import draft


class BytesChanged(Exception):
    """The stored file is not what was recorded; it is not sent."""


def send_files(certificates: Sequence[Certificate], *, actor: User, at: datetime) -> int:
    """Have the newest file of each mailed to its owner; the notification centre says so.

    The caller holds the transaction.
    """
    whole = Certificate.objects.filter(pk__in=[row.pk for row in certificates]).with_file()
    found = list(whole.select_related("officer__user", "unit", "replaced_by").order_by("pk"))
    mailings = [
        Mailing(certificate=certificate, file=certificate.file, asked_by=actor, asked_at=at)
        for certificate in found
        if certificate.file
    ]
    Mailing.objects.bulk_create(mailings, batch_size=500)
    template = current_templates()[MessageKind.CERTIFICATE_FILE]
    drafts = [
        draft(
            mailing.certificate,
            template,
            mailing.key,
            {"tautan": verification_url(mailing.certificate.public_id)},
            at=at,
        )
        for mailing in mailings
    ]
    write(drafts, at=at)
    audit.record_many(
        audit.event(
            verb="certificate.mailed",
            actor=actor,
            at=at,
            obj=mailing.certificate,
            subject_id=mailing.certificate.officer_id,
            unit_path=mailing.certificate.unit_path,
            detail={"number": mailing.certificate.number, "sha256": mailing.file.sha256},
        )
        for mailing in mailings
    )
    return len(mailings)


@attaches(MessageKind.CERTIFICATE_FILE)
def attachment(message: Message) -> tuple[str, bytes, str]:
    """The file that was asked to be sent, as it was recorded. Raises BytesChanged, so that nothing else goes out."""
    key = int(message.key.removeprefix("certificate-file-"))
    mailing = Mailing.objects.select_related("certificate", "file").get(certificate=key)
    with storages["private"].open(mailing.file.storage_name) as stored:
        content = stored.read()
    if hashlib.sha256(content).hexdigest() != mailing.file.sha256:
        raise BytesChanged(mailing.file.storage_name)
    return file_name(mailing.certificate), content, "application/pdf"
