"""Time stamps of a foreign authority (RFC 3161), and what proves seal and stamp when both certificates have ended.

A stamp over the signature goes into the signature itself. With the authority's roots the file also
gets their certificates and revocation answers, and a stamp over all of it: PAdES B-LTA. Before that
last stamp's certificate ends, ``restamp`` adds another; those bytes are a further version of the file.
"""

import urllib.request
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import tsp, x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko_certvalidator import ValidationContext

from certificates.exceptions import SealUnavailable

from .filling import DIGEST, run
from .keys import SealKey

SECONDS = 20
# What a stamp over the whole file may take.
ROOM = 8192
LARGEST_ANSWER = 64 * 1024
REPLY = "application/timestamp-reply"


class HttpTimeStamper(TimeStamper):
    """Asks the authority of ``SEAL_TIMESTAMP_URL``; pyHanko's own would bring a second HTTP library into the worker."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SealUnavailable("SEAL_TIMESTAMP_URL harus diawali http:// atau https://.")
        super().__init__()
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": REPLY}
        question = urllib.request.Request(self.url, data=req.dump(), headers=headers)  # noqa: S310 (checked above)
        try:
            with urllib.request.urlopen(question, timeout=SECONDS) as answer:  # noqa: S310
                if answer.headers.get("Content-Type") != REPLY:
                    raise TimestampRequestError("the answer is no time stamp")
                return tsp.TimeStampResp.load(answer.read(LARGEST_ANSWER))
        except (OSError, ValueError) as error:
            raise TimestampRequestError(f"the time stamp authority does not answer: {error}") from error


def configured() -> TimeStamper | None:
    """The authority to ask; a new one for each file, because it caches what it was answered."""
    return HttpTimeStamper(settings.SEAL_TIMESTAMP_URL) if settings.SEAL_TIMESTAMP_URL else None


def roots() -> list:
    """The certificates in ``SEAL_TIMESTAMP_ROOTS``; without them a stamp is put on but nothing that proves it later."""
    if not settings.SEAL_TIMESTAMP_ROOTS:
        return []
    try:
        return list(load_certs_from_pemder([str(Path(settings.SEAL_TIMESTAMP_ROOTS))]))
    except (OSError, ValueError):
        raise SealUnavailable(f"Sertifikat akar {settings.SEAL_TIMESTAMP_ROOTS} tidak dapat dibaca.")


def _context(trusted: list, at: datetime) -> ValidationContext:
    # What the authority cannot be asked is left out of the proof; what it says against a certificate is not.
    return ValidationContext(trust_roots=trusted, allow_fetching=True, revocation_mode="soft-fail", moment=at)


def with_lasting_proof(pdf: bytes, *, key: SealKey, timestamper: TimeStamper, trusted: list, at: datetime) -> bytes:
    """Add certificates, revocation answers and a stamp over everything to a sealed and stamped file."""
    own = x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER))
    proven, stamped = BytesIO(), BytesIO()

    async def prove() -> None:
        context = _context([own, *trusted], at)
        sealed = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
        try:
            await async_add_validation_info(sealed, context, output=proven, add_vri_entry=False)
            writer = IncrementalPdfFileWriter(proven)
            stamper = PdfTimeStamper(timestamper)
            await stamper.async_timestamp_pdf(writer, DIGEST, context, bytes_reserved=2 * ROOM, output=stamped)
        finally:
            await context.aclose()

    run(prove())
    return stamped.getvalue()


def restamp(pdf: bytes, *, timestamper: TimeStamper, trusted: list, at: datetime) -> bytes:
    """Return ``pdf`` with the proof of its last stamp and a new stamp over everything."""
    target = BytesIO()

    async def stamp() -> None:
        context = _context(trusted, at)
        reader = PdfFileReader(BytesIO(pdf))
        try:
            await PdfTimeStamper(timestamper).async_update_archival_timestamp_chain(
                reader, context, in_place=False, output=target
            )
        finally:
            await context.aclose()

    run(stamp())
    return target.getvalue()


def proven_until(pdf: bytes) -> datetime | None:
    """When the certificate behind the last stamp over the whole file ends; None without such a stamp."""
    stamps = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures
    return stamps[-1].signer_cert.not_valid_after if stamps else None
