"""What happens to the institution's keys: made, recorded, replaced, declared compromised. Each act is in the audit."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.db.models import Count

from certificates.exceptions import SealUnavailable
from certificates.models import SealCertificate
from foundation import audit

from . import keys


def create(*, name: str, years: int, passphrase: bytes | None, at: datetime) -> SealCertificate:
    """Make the first key and record its certificate. Raises SealUnavailable where there is one already."""
    if in_use := SealCertificate.objects.filter(in_use=True).first():
        raise SealUnavailable(f"Sudah ada segel yang dipakai: {in_use}. Untuk menggantinya: manage.py seal_key rotate")
    key = keys.make(name=name, at=at, years=years)
    keys.write(key, passphrase=passphrase)
    return record(key.certificate, at=at, note="")


@transaction.atomic
def record(certificate: x509.Certificate, *, at: datetime, note: str) -> SealCertificate:
    """Write down the public certificate of a key as the one in use; a second call changes nothing."""
    fingerprint = keys.fingerprint_of(certificate)
    known = SealCertificate.objects.filter(fingerprint=fingerprint).first()
    if known and not known.in_use:
        raise SealUnavailable(f"{known} pernah dipakai dan sudah diganti; kunci lama tidak dipakai lagi.")
    if known:
        return known
    if other := SealCertificate.objects.filter(in_use=True).first():
        raise SealUnavailable(f"{other} masih dipakai. Ganti dahulu: manage.py seal_key rotate")
    return _written_down(certificate, at=at, note=note)


@transaction.atomic
def adopt(pem: str, *, note: str, at: datetime) -> list[SealCertificate]:
    """Write down earlier public certificates of ours that the rows lost, as replaced ones; return the new ones.

    Only from our own record: whoever is written down here can make files that pass for ours.
    """
    try:
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise SealUnavailable("Berkas itu tidak berisi sertifikat (PEM).")
    known = set(SealCertificate.objects.values_list("fingerprint", flat=True))
    new = [one for one in certificates if keys.fingerprint_of(one) not in known]
    return [_written_down(one, at=at, note=note, in_use=False, retired_at=at) for one in new]


def _written_down(certificate: x509.Certificate, *, at: datetime, note: str, **state) -> SealCertificate:
    fingerprint = keys.fingerprint_of(certificate)
    made = SealCertificate.objects.create(
        fingerprint=fingerprint,
        name=str(certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value),
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        recorded_at=at,
        note=note[:300],
        **state,
    )
    audit.record(verb="seal.recorded", actor=None, at=at, obj=made, detail={"fingerprint": fingerprint})
    return made


@transaction.atomic
def retire(*, at: datetime, note: str) -> SealCertificate | None:
    """Let the certificate in use seal nothing more; what it sealed stays good."""
    old = SealCertificate.objects.select_for_update().filter(in_use=True).first()
    if old:
        old.in_use, old.retired_at, old.note = False, at, note[:300]
        old.save(update_fields=["in_use", "retired_at", "note"])
        audit.record(verb="seal.retired", actor=None, at=at, obj=old, detail={"reason": note})
    return old


def rotate(*, name: str, years: int, passphrase: bytes | None, note: str, at: datetime) -> SealCertificate:
    """Retire the key in use, set its files aside and make the next one."""
    retire(at=at, note=note)
    keys.set_aside(at=at)
    return create(name=name, years=years, passphrase=passphrase, at=at)


@transaction.atomic
def declare_compromised(*, fingerprint: str, note: str, at: datetime) -> SealCertificate:
    """Trust a key's seal no longer by itself: only files that the register knows by their hash stay genuine."""
    found = list(SealCertificate.objects.select_for_update().filter(fingerprint__startswith=plain(fingerprint)))
    if len(found) != 1:
        raise SealUnavailable("Sidik jari ini tidak menunjuk tepat satu sertifikat; lihat: manage.py seal_key show")
    leaked = found[0]
    if leaked.compromised_at is None:
        leaked.in_use, leaked.compromised_at, leaked.note = False, at, note[:300]
        leaked.save(update_fields=["in_use", "compromised_at", "note"])
        audit.record(verb="seal.compromised", actor=None, at=at, obj=leaked, detail={"reason": note})
    return leaked


def plain(fingerprint: str) -> str:
    return fingerprint.replace(":", "").strip().lower()


def overview() -> list[SealCertificate]:
    """Every certificate with ``sealed``, the number of files it sealed, newest first."""
    return list(SealCertificate.objects.annotate(sealed=Count("files")))


def exported() -> str:
    """Every public certificate as one PEM file, for whoever checks without us; each under a line that names it.

    The one in use comes first, since openssl reads the first alone. A compromised one is named and left out: its
    seal proves nothing to somebody who cannot ask the register.
    """
    rows = SealCertificate.objects.order_by("-in_use", "-valid_from", "-pk")
    leaked = "# Bocor, jangan dipercaya:\n"
    return "".join(
        (leaked if row.compromised_at else "")
        + f"# {row.name}\n# SHA-256 {row.shown_fingerprint}\n"
        + ("" if row.compromised_at else row.pem)
        for row in rows
    )


def ready(*, at: datetime) -> tuple[keys.SealKey, SealCertificate]:
    """Return the key that the worker may seal with and its row. Raises SealUnavailable with what to do."""
    key = keys.load()
    row = SealCertificate.objects.filter(fingerprint=key.fingerprint, in_use=True).first()
    if row is None:
        raise SealUnavailable(
            "Kunci segel ini tidak tercatat sebagai yang dipakai. Jalankan: manage.py seal_key register"
        )
    if row.valid_to <= at:
        raise SealUnavailable("Masa sertifikat segel habis. Jalankan: manage.py seal_key rotate")
    return key, row
