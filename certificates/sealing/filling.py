"""Fill the place that the press left for a signature: PAdES (ETSI.CAdES.detached) over every other byte.

pyHanko builds the first signature of a key. The next ones differ from it in two places, the digest and
the signature itself, so they are put together from its pieces: a hundredth of the time.
"""

import asyncio
import hashlib
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.rendering.finishing import MOMENT, RANGE

from .keys import SealKey

CONTENTS = b"/Contents <"
DIGEST = "sha256"
# Deterministic (RFC 6979): no run of bad luck with random numbers can give the key away.
SIGNING = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class NoPlace(Exception):
    """The file was not set with a place for a signature, or the signature is longer than the place."""


class KeptKeySigner(Signer):
    """pyHanko's own signer parses its key at every signature, which takes longer than signing."""

    def __init__(self, key: SealKey) -> None:
        der = key.certificate.public_bytes(serialization.Encoding.DER)
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(der),
            cert_registry=SimpleCertificateStore(),
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self.key = key.private

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self.key.sign(data, SIGNING)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Let pyHanko's coroutine run to its end, in a thread of its own: the caller's may have a loop that runs."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def _by_pyhanko(key: SealKey, digest: bytes, timestamper: TimeStamper | None) -> bytes:
    attributes = PdfCMSSignedAttributes()
    return run(
        KeptKeySigner(key).async_sign(
            digest, DIGEST, use_pades=True, signed_attr_settings=attributes, timestamper=timestamper
        )
    ).dump()


def _wrapped(tag: int, *parts: bytes) -> bytes:
    """DER: tag, length, content."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


@lru_cache(maxsize=2)
def _mould(key: SealKey) -> tuple[bytes, bytes, bytes, bytes, bytes, bytes]:
    """The constant pieces of this key's signatures: all but the digest within the attributes, and the signature."""
    marker = hashlib.sha256(b"the place of the digest").digest()
    whole = cms.ContentInfo.load(_by_pyhanko(key, marker, None))
    data = whole["content"]
    signer = data["signer_infos"][0]
    before, after = signer["signed_attrs"].untag().dump().split(marker)
    return (
        whole["content_type"].dump(),
        b"".join(data[name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates")),
        b"".join(signer[name].dump() for name in ("version", "sid", "digest_algorithm")),
        before,
        after,
        signer["signature_algorithm"].dump(),
    )


def signature_over(digest: bytes, *, key: SealKey) -> bytes:
    """Return the signature (CMS, DER) of whoever holds ``key`` over bytes with this SHA-256."""
    kind, data, signer, before, after, algorithm = _mould(key)
    attributes = before + digest + after
    made = _wrapped(0x04, key.private.sign(attributes, SIGNING))
    # Signed as a SET (0x31), stored under the tag [0]: RFC 5652 §5.4.
    signer_info = _wrapped(0x30, signer, b"\xa0", attributes[1:], algorithm, made)
    return _wrapped(0x30, kind, _wrapped(0xA0, _wrapped(0x30, data, _wrapped(0x31, signer_info))))


def fill(pdf: bytes, *, key: SealKey, at: datetime, timestamper: TimeStamper | None = None) -> bytes:
    """Return ``pdf`` sealed at ``at``. Raises NoPlace; whatever the time stamp's server does wrong goes through."""
    file = bytearray(pdf)
    start = file.rfind(CONTENTS) + len(CONTENTS) - 1
    end = file.find(b">", start) + 1
    place, moment = file.rfind(RANGE), file.rfind(MOMENT)
    if min(start - len(CONTENTS), place, moment) < 0:
        raise NoPlace("no place for a signature")
    file[place : place + len(RANGE)] = b"[0 %010d %010d %010d]" % (start, end, len(file) - end)
    file[moment : moment + len(MOMENT)] = f"(D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z)".encode()
    hashed = hashlib.sha256(file[:start])
    hashed.update(file[end:])
    digest = hashed.digest()
    signed = _by_pyhanko(key, digest, timestamper) if timestamper else signature_over(digest, key=key)
    room = end - start - 2
    if 2 * len(signed) > room:
        raise NoPlace(f"the signature takes {len(signed)} of {room // 2} bytes")
    file[start + 1 : end - 1] = signed.hex().encode().ljust(room, b"0")
    return bytes(file)
