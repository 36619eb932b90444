"""What a file that somebody brings says about itself, judged by its bytes alone: nothing in it is unpacked or run.

``inspect`` is what pages and commands ask. A hash that is known settles everything. Otherwise a
signature counts only when it is by a key of ours, over every byte of the file but itself: then, and
only then, each byte of the file is one that we sealed.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.models import CertificateFile, SealCertificate

from .keys import fingerprint_of

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
MAXIMUM_SIGNATURES = 8
OBJECT_DIGEST, SIGNING_TIME_STAMP = "message_digest", "signature_time_stamp_token"


class Verdict(StrEnum):
    """The strongest true sentence about a file."""

    GENUINE = "genuine"  # the bytes are ones that we issued
    EXTENDED = "extended"  # bytes that we issued, with something appended afterwards
    LOST = "lost"  # sealed by us, whole and unchanged, but the register does not know it (an old backup restored)
    ALTERED = "altered"  # carries a seal of ours that these bytes do not match
    DISTRUSTED = "distrusted"  # sealed with a key of ours that was compromised, and the register does not know it
    FOREIGN = "foreign"  # signed, but not by us
    UNSEALED = "unsealed"  # neither known nor signed


@dataclass(frozen=True)
class Signature:
    """One signature as found in the bytes. ``end``: where the version of the file that it covers ends."""

    certificate: x509.Certificate
    intact: bool
    covers_whole_file: bool
    end: int

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    @property
    def signer(self) -> str:
        """The name in the certificate; anybody can write any name there."""
        names = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()


@dataclass(frozen=True)
class Inspection:
    """``file`` is the row of the known bytes (its ``certificate`` is loaded), ``seal`` our public certificate."""

    verdict: Verdict
    sha256: str
    file: CertificateFile | None = None
    signature: Signature | None = None
    seal: SealCertificate | None = None


def inspect(content: bytes) -> Inspection:
    """Say what ``content`` is. Reads the register and writes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    found = signatures_in(content)
    seals = SealCertificate.objects.in_bulk([one.fingerprint for one in found], field_name="fingerprint")
    ours = next((one for one in found if one.fingerprint in seals), None)
    signature = ours or (found[0] if found else None)
    seal = seals.get(signature.fingerprint) if signature else None

    def answer(verdict: Verdict, file: CertificateFile | None = None) -> Inspection:
        return Inspection(verdict, sha256, file, signature, seal)

    if file := _known(sha256):
        return answer(Verdict.GENUINE, file)
    if not signature:
        return answer(Verdict.UNSEALED)
    beginning = hashlib.sha256(content[: signature.end]).hexdigest()
    if signature.end < len(content) and (file := _known(beginning)):
        return answer(Verdict.EXTENDED, file)
    if not seal:
        return answer(Verdict.FOREIGN)
    if not (signature.intact and signature.covers_whole_file):
        return answer(Verdict.ALTERED)
    return answer(Verdict.DISTRUSTED if seal.compromised_at else Verdict.LOST)


def _known(sha256: str) -> CertificateFile | None:
    return CertificateFile.objects.select_related("certificate", "sealed_with").filter(sha256=sha256).first()


def is_sealed_by(content: bytes, fingerprint: str) -> bool:
    """Say whether the first signature of the file is a whole one by this certificate; stamps may follow it."""
    first = next(iter(signatures_in(content)), None)
    return first is not None and first.intact and first.fingerprint == fingerprint


def signatures_in(content: bytes) -> list[Signature]:
    """Every signature that can be read, in the order of the file; what cannot be read is none."""
    places = list(BYTE_RANGE.finditer(content))[:MAXIMUM_SIGNATURES]
    return [one for place in places if (one := _signature(content, *map(int, place.groups())))]


def _signature(content: bytes, start: int, after: int, length: int) -> Signature | None:
    end = after + length
    gap = content[start:after]
    if not (0 < start < after <= end <= len(content) and gap[:1] == b"<" and gap[-1:] == b">"):
        return None
    try:
        padded = bytes.fromhex(gap[1:-1].decode("ascii"))
        parsed = cms.ContentInfo.load(padded)
        signed = parsed["content"]
        signer = signed["signer_infos"][0]
        certificate = _of_signer(signed, signer)
        digest = hashlib.sha256(content[:start])
        digest.update(content[after:end])
        # The room behind the signature is covered by nothing: it must be empty.
        tight = not padded[len(parsed.dump()) :].strip(b"\0") and gap == gap.lower()
        intact = tight and _matches(signer, certificate, digest.digest())
    except Exception:  # asn1crypto raises whatever it stumbles over: then it is no signature that we could have made.
        return None
    return Signature(certificate, intact, end == len(content), end)


def _of_signer(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    serial = signer["sid"].chosen["serial_number"].native
    der = next(one.chosen.dump() for one in signed["certificates"] if one.chosen.serial_number == serial)
    return x509.load_der_x509_certificate(der)


def _matches(signer: cms.SignerInfo, certificate: x509.Certificate, digest: bytes) -> bool:
    """Say whether a P-256 signature is over attributes that name this digest; other kinds are never ours."""
    attributes = signer["signed_attrs"]
    named = [one["values"][0].native for one in attributes if one["type"].native == OBJECT_DIGEST]
    public = certificate.public_key()
    if named != [digest] or not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    if any(one["type"].native != SIGNING_TIME_STAMP for one in signer["unsigned_attrs"] or []):
        return False
    try:
        public.verify(signer["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
