"""Setting a certificate once, signing it and keeping its bytes: the handler of ``certificate.render``.

Each step may be killed: what was set or signed before is thrown away, what was stored without a row
is an orphan that ``certificate_check --tidy`` removes, and the sweep does it all again.
"""

import hashlib
import os

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.models import Certificate, CertificateFile, SignatureOrder
from certificates.sealing import signers
from certificates.sealing.signers import Signed
from foundation import outbox

from .document import html_of
from .press import Sheet, print_sheet

RENDER = "certificate.render"
# The officer is told (services/telling.py).
READY = "certificate.ready"
FIRST_VERSION = 1


class UnknownAddress(Exception):
    """The page asked for something that the fetcher refuses: it would be printed with a hole."""


def sheet_of(certificate: Certificate, *, crest: bytes | None = None, room: int = 0) -> Sheet:
    """Set the pages of a certificate, with its stored crest unless another is given, and ``room`` for a signature.

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
        seal=room,
    )
    if sheet.refused:
        raise UnknownAddress(f"{len(sheet.refused)} alamat ditolak")
    return sheet


def _stored(name: str) -> bytes:
    with storages["private"].open(name) as file:
        return file.read()


def keep(name: str, content: bytes | File) -> str:
    """Write the bytes to the disk itself, so that no row ever outlives them; return the name they got."""
    storage = storages["private"]
    stored = storage.save(name, content if isinstance(content, File) else ContentFile(content))
    descriptor = os.open(storage.path(stored), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return stored


@outbox.handles(RENDER)
def render(payload: dict) -> None:
    """Set, sign, store and record one certificate. Doing it twice, or twice at once, leaves one file and one row."""
    certificate = Certificate.objects.select_related("template_version").get(pk=payload["certificate"])
    if certificate.files.exists():
        return
    signer = signers.signer()
    if signer is None:
        # A person signs: the certificate waits for that, and no bytes are kept before.
        SignatureOrder.objects.get_or_create(
            certificate=certificate,
            defaults={"signer_number": certificate.signer_number, "created_at": timezone.now()},
        )
        return
    pdf = sheet_of(certificate, room=signer.room).pdf
    keep_version(certificate, signer.sign(pdf, at=timezone.now()), version=FIRST_VERSION)


def keep_version(certificate: Certificate, signed: Signed, *, version: int) -> bool:
    """Store the bytes and then their row; returns False when another worker was quicker, whose row stands."""
    digest = hashlib.sha256(signed.pdf).hexdigest()
    name = f"certificates/{certificate.issued_at:%Y}/{certificate.public_id}-{digest[:12]}.pdf"
    stored = keep(name, signed.pdf)
    now = timezone.now()
    try:
        with transaction.atomic():
            CertificateFile.objects.create(
                certificate=certificate,
                version=version,
                sha256=digest,
                size=len(signed.pdf),
                storage_name=stored,
                created_at=now,
                signed_by=signed.signed_by,
                sealed_with=signed.sealed_with,
                proven_until=signed.proven_until,
            )
            if Certificate.objects.filter(pk=certificate.pk, rendered_at=None).update(rendered_at=now):
                outbox.put(kind=READY, key=str(certificate.pk), payload={"certificate": certificate.pk}, at=now)
    except IntegrityError:
        storages["private"].delete(stored)
        return False
    return True
