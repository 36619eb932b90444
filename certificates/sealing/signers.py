"""Who signs: nobody, the institution's own key, or a person through a certified provider; a setting chooses.

A seal is put on by the worker, by itself. A certified signature is a person's: the certificate
waits ("menunggu TTE") until the signer printed on it signs off a batch with a passphrase that is
handed on and never stored (views/signing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from certificates.exceptions import SealUnavailable
from certificates.models import SealCertificate, SealKind

from . import ceremony

# A signature with its certificate takes about 1 KB, a time stamp with the authority's certificates up to 6.
ROOM, ROOM_FOR_STAMP = 2048, 10240


@dataclass(frozen=True)
class Signed:
    """The bytes to be stored and what their row says about them."""

    pdf: bytes
    signed_by: SealKind
    sealed_with: SealCertificate | None = None
    proven_until: datetime | None = None


class Signer(Protocol):
    """Signs without asking anybody. ``room``: bytes that the press leaves for it."""

    @property
    def room(self) -> int: ...

    def sign(self, pdf: bytes, *, at: datetime) -> Signed:
        """Raises SealUnavailable, or what the time stamp's authority fails with: the work stays queued."""


class Provider(Protocol):
    """A certified provider: signs many files for one person who proves it with a passphrase."""

    name: SealKind
    title: str
    room: int

    def missing(self) -> str:
        """Say what is missing before anything can be signed; empty when it is ready."""

    def sign_all(self, pdfs: Sequence[bytes], *, identity: str, passphrase: str) -> list[bytes]:
        """Return the files signed, in their order. Raises SealUnavailable with a sentence for the signer."""


class NoSigner:
    room = 0

    def sign(self, pdf: bytes, *, at: datetime) -> Signed:
        return Signed(pdf, SealKind.NONE)


class LocalSeal:
    """The institution's own key: proves origin and integrity, and is no certified electronic signature."""

    @property
    def room(self) -> int:
        return ROOM_FOR_STAMP if settings.SEAL_TIMESTAMP_URL else ROOM

    def sign(self, pdf: bytes, *, at: datetime) -> Signed:
        # Here, because pyHanko takes 25 MB and most processes never seal.
        from . import filling, stamps

        key, public = ceremony.ready(at=at)
        timestamper, trusted = stamps.configured(), stamps.roots()
        sealed = filling.fill(pdf, key=key, at=at, timestamper=timestamper)
        if not (timestamper and trusted):
            return Signed(sealed, SealKind.LOCAL, public)
        proven = stamps.with_lasting_proof(sealed, key=key, timestamper=timestamper, trusted=trusted, at=at)
        return Signed(proven, SealKind.LOCAL, public, stamps.proven_until(proven))


class Bsre:
    """Balai Sertifikasi Elektronik (BSSN): its client is written when the institution has its API document."""

    name = SealKind.BSRE
    title = "BSrE (Balai Sertifikasi Elektronik, BSSN)"
    room = 0

    def missing(self) -> str:
        return (
            "Sambungan ke BSrE belum tersedia: dokumen API dan akun layanannya belum diterima dari BSSN. "
            "Sertifikat tetap antre dan tidak ada yang hilang. "
            "Selama menunggu, pengelola server dapat memakai segel instansi (SEAL_SIGNER=local)."
        )

    def sign_all(self, pdfs: Sequence[bytes], *, identity: str, passphrase: str) -> list[bytes]:
        raise SealUnavailable(self.missing())


SIGNERS: dict[str, type[Signer]] = {"none": NoSigner, "local": LocalSeal}
PROVIDERS: dict[str, type[Provider]] = {"bsre": Bsre}


def signer() -> Signer | None:
    """Who signs by itself; None when people sign through ``provider``."""
    _check()
    made = SIGNERS.get(settings.SEAL_SIGNER)
    return made() if made else None


def provider() -> Provider | None:
    """The certified provider in use, if the setting names one."""
    _check()
    made = PROVIDERS.get(settings.SEAL_SIGNER)
    return made() if made else None


def _check() -> None:
    if settings.SEAL_SIGNER not in SIGNERS | PROVIDERS:
        known = ", ".join([*SIGNERS, *PROVIDERS])
        raise SealUnavailable(f"SEAL_SIGNER={settings.SEAL_SIGNER} tidak dikenal; yang ada: {known}.")
