"""The institution's own key: made once, kept encrypted where only the worker reads it, kept parsed while it works."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from certificates.exceptions import SealUnavailable

KEY_FILE, PASSPHRASE_FILE, CERTIFICATE_FILE = "seal-key.pem", "seal-passphrase", "seal-certificate.pem"
# A seal is put on for two years; what it has sealed stays checkable for ever.
YEARS = 2
OTHERS = 0o077


@dataclass(frozen=True)
class SealKey:
    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a public certificate in 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def folder() -> Path:
    return Path(settings.SEAL_DIR)


def make(*, name: str, at: datetime, years: int = YEARS) -> SealKey:
    """Return a new P-256 key with its self-signed certificate in the name of the institution."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Segel Elektronik {name}"[:64]),
        ]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return SealKey(private, certificate)


def write(key: SealKey, *, passphrase: bytes | None = None) -> None:
    """Put the key, encrypted, and its certificate into ``SEAL_DIR``; never over files that are there.

    Without a ``passphrase`` one is drawn and written beside them. Raises SealUnavailable.
    """
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if passphrase is None:
        passphrase = secrets.token_urlsafe(32).encode()
        _write_once(place / PASSPHRASE_FILE, passphrase)
    encrypted = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    _write_once(place / KEY_FILE, encrypted)
    _write_once(place / CERTIFICATE_FILE, key.pem.encode())


def set_aside(*, at: datetime) -> None:
    """Rename what lies in ``SEAL_DIR``, so that a new key can take its place and the old one can be destroyed."""
    for name in (KEY_FILE, PASSPHRASE_FILE, CERTIFICATE_FILE):
        if (folder() / name).exists():
            (folder() / name).rename(folder() / f"{name}.until-{at:%Y%m%dT%H%M%SZ}")
    _parsed.cache_clear()


def _write_once(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SealUnavailable(
            f"Berkas {path} sudah ada. Kunci lama tidak ditimpa; pakai seal_key rotate untuk menggantinya."
        )
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def load() -> SealKey:
    """Return the key in use, parsed once per change of its file. Raises SealUnavailable with what to do."""
    path = folder() / KEY_FILE
    try:
        state = path.stat()
    except OSError:
        raise SealUnavailable(f"Kunci segel {path} tidak ada atau tidak dapat dibaca. Buat: manage.py seal_key create")
    # What systemd handed to the worker alone is guarded by an access list, which shows as a group's right.
    handed = str(folder()) == os.environ.get("CREDENTIALS_DIRECTORY")
    if state.st_mode & OTHERS and not handed:
        raise SealUnavailable(f"Kunci segel {path} dapat dibaca akun lain. Jalankan: chmod 600 {path}")
    return _parsed(path, state.st_mtime_ns)


@lru_cache(maxsize=1)
def _parsed(path: Path, _changed: int) -> SealKey:
    passphrase = Path(settings.SEAL_PASSPHRASE_FILE or path.with_name(PASSPHRASE_FILE))
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), passphrase.read_bytes().strip())
        certificate = x509.load_pem_x509_certificate(path.with_name(CERTIFICATE_FILE).read_bytes())
    except (OSError, ValueError, TypeError):
        raise SealUnavailable(
            f"Kunci segel {path} tidak dapat dibuka: periksa kata sandinya ({passphrase}) dan sertifikat di sampingnya."
        )
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != certificate.public_key():
        raise SealUnavailable(f"Sertifikat di samping {path} bukan milik kunci itu.")
    return SealKey(private, certificate)
