"""Setting a certificate once and keeping its bytes: the handler of ``certificate.render``."""

import hashlib
import os

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.models import Certificate, CertificateFile
from foundation import outbox

from .document import html_of
from .press import Sheet, print_sheet

RENDER = "certificate.render"
FIRST_VERSION = 1


class UnknownAddress(Exception):
    """The page asked for something that the fetcher refuses: it would be printed with a hole."""


def sheet_of(certificate: Certificate, *, crest: bytes | None = None) -> Sheet:
    """Set the pages of a certificate, with its stored crest unless another is given.

    Raises PressFailed, or UnknownAddress for a page that asks for more than it may.
    """
    if certificate.crest and crest is None:
        crest = _stored(certificate.crest)
    version = certificate.template_version
    chosen = {"logo": version.logo, "background": version.background} if version else {}
    sheet = print_sheet(
        html_of(certificate),
        crest=crest,
        at=certificate.issued_at,
        style="certificate" if version is None or version.is_woven else "certificate-bare",
        pictures={kind: _stored(name) for kind, name in chosen.items() if name},
    )
    if sheet.refused:
        raise UnknownAddress(f"{len(sheet.refused)} alamat ditolak")
    return sheet


def _stored(name: str) -> bytes:
    with storages["private"].open(name) as file:
        return file.read()


def keep(name: str, content: bytes) -> str:
    """Write the bytes to the disk itself, so that no row ever outlives them; return the name they got."""
    storage = storages["private"]
    stored = storage.save(name, ContentFile(content))
    descriptor = os.open(storage.path(stored), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return stored


@outbox.handles(RENDER)
def render(payload: dict) -> None:
    """Set, store and record one certificate. Doing it twice, or twice at once, leaves one file and one row."""
    certificate = Certificate.objects.select_related("template_version").get(pk=payload["certificate"])
    if certificate.files.exists():
        return
    pdf = sheet_of(certificate).pdf
    digest = hashlib.sha256(pdf).hexdigest()
    name = f"certificates/{certificate.issued_at:%Y}/{certificate.public_id}-{digest[:12]}.pdf"
    stored = keep(name, pdf)
    now = timezone.now()
    try:
        with transaction.atomic():
            CertificateFile.objects.create(
                certificate=certificate,
                version=FIRST_VERSION,
                sha256=digest,
                size=len(pdf),
                storage_name=stored,
                created_at=now,
            )
            Certificate.objects.filter(pk=certificate.pk).update(rendered_at=now)
    except IntegrityError:
        # Another worker was quicker: its row stands, our copy of the bytes goes.
        storages["private"].delete(stored)
