"""Files outlive the certificates of time stamps: a new stamp over everything is a further version of the bytes."""

from datetime import datetime

from django.core.files.storage import storages
from django.db.models import F, Max, QuerySet
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError

from certificates.exceptions import SealUnavailable
from certificates.models import CertificateFile, SealKind
from certificates.rendering.store import keep_version
from foundation import audit

from . import stamps
from .signers import Signed


def ends_before(moment: datetime) -> QuerySet[CertificateFile]:
    """The newest version of each certificate whose last stamp proves nothing from ``moment`` on, the earliest first."""
    newest = CertificateFile.objects.annotate(newest=Max("certificate__files__version")).filter(version=F("newest"))
    return newest.filter(proven_until__lt=moment).select_related("certificate").order_by("proven_until", "pk")


def restamp_one(file: CertificateFile, *, at: datetime) -> bool:
    """Store the next version of a file; False when another worker did. Raises SealUnavailable."""
    timestamper = stamps.configured()
    if timestamper is None:
        raise SealUnavailable("SEAL_TIMESTAMP_URL belum diisi: tidak ada otoritas cap waktu.")
    with storages["private"].open(file.storage_name) as stored:
        before = stored.read()
    try:
        pdf = stamps.restamp(before, timestamper=timestamper, trusted=stamps.roots(), at=at)
    except (TimestampRequestError, SignatureValidationError, SigningError) as problem:
        raise SealUnavailable(f"{file.certificate}: cap waktu tidak dapat diperbarui: {problem}.") from problem
    signed = Signed(pdf, SealKind(file.signed_by), file.sealed_with, stamps.proven_until(pdf))
    made = keep_version(file.certificate, signed, version=file.version + 1)
    if made:
        audit.record(
            verb="certificate.restamped",
            actor=None,
            at=at,
            obj=file.certificate,
            subject_id=file.certificate.officer_id,
            unit_path=file.certificate.unit_path,
            detail={"version": file.version + 1},
        )
    return made
