"""The signed list with which anybody checks a certificate's state without asking us (docs/check-a-certificate.md).

In it stands what a file and its seal do not prove by themselves: which files belong to revoked or
replaced certificates, and which are genuine without a seal that covers and proves them. Hashes only:
a code would open the page with the name (decision 0031). ``tick`` asks for it, the worker signs it.

The first lines say who made it and when; each further one is ``sha256 state since until``, sorted, with ``-``
for what does not apply; the last one counts them.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone

from certificates.models import CertificateFile, Ruling, SealCertificate, StatusList
from certificates.rendering.store import keep
from foundation import outbox
from foundation.due import due
from foundation.models import OutboxEntry

from . import ceremony

KIND = "certificate.status_list"
FOLDER = "status-lists"
FORMAT = "presisi-daftar-status 1"
# New once a day, within an hour after something ended; good for a week, so that a mirror may be a little behind.
EVERY, SOON, HOLDS = timedelta(days=1), timedelta(hours=1), timedelta(days=7)
# What is written down a moment late must not be taken for known.
OVERLAP = timedelta(minutes=5)
# The one before stays for downloads that are under way.
KEPT = 2
REVOKED, REPLACED, GENUINE = "dicabut", "diganti", "asli"


@due("status list")
def ask_for_list(*, at: datetime) -> int:
    """Ask the worker for a new list when the last one is a day old, or an hour old and out of date."""
    seal = SealCertificate.objects.filter(in_use=True).first()
    if settings.SEAL_SIGNER == "none" or seal is None:
        return 0
    newest = StatusList.objects.first()
    if newest and at - newest.made_at < (SOON if _out_of_date(newest, seal) else EVERY):
        return 0
    if OutboxEntry.objects.filter(kind=KIND, done_at=None, tries__lt=outbox.MAXIMUM_TRIES).exists():
        return 0
    outbox.put(kind=KIND, key=f"{at:%Y-%m-%dT%H:%M}", payload={}, at=at)
    return 1


def _out_of_date(newest: StatusList, seal: SealCertificate) -> bool:
    since = newest.made_at - OVERLAP
    return (
        newest.sealed_with_id != seal.pk
        or Ruling.objects.ending().filter(recorded_at__gt=since).exists()
        or SealCertificate.objects.filter(compromised_at__gt=since).exists()
    )


@outbox.handles(KIND)
def publish(_payload: dict) -> None:
    """Write and sign the list as it is now, whenever that was asked for. Raises SealUnavailable."""
    now = timezone.now()
    key, seal = ceremony.ready(at=now)
    digest, entries = hashlib.sha256(), 0
    with TemporaryFile() as file:

        def write(line: str) -> None:
            file.write(f"{line}\n".encode())
            digest.update(f"{line}\n".encode())

        for line in _head(seal, at=now):
            write(line)
        for line in _entries():
            write(line)
            entries += 1
        write(f"-- {entries}")
        size = file.tell()
        file.seek(0)
        stored = keep(f"{FOLDER}/{now:%Y%m%dT%H%M%S}-{digest.hexdigest()[:12]}.txt", File(file))
    StatusList.objects.create(
        made_at=now,
        sealed_with=seal,
        entries=entries,
        sha256=digest.hexdigest(),
        size=size,
        storage_name=stored,
        signature=key.private.sign(digest.digest(), ec.ECDSA(Prehashed(hashes.SHA256()))),
    )
    _forget_old(at=now)


def _head(seal: SealCertificate, *, at: datetime) -> Iterator[str]:
    yield FORMAT
    yield f"penerbit: {seal.name}"
    yield f"dibuat: {_moment(at)}"
    yield f"berlaku-sampai: {_moment(at + HOLDS)}"
    yield f"kunci: {seal.fingerprint}"
    for leaked in SealCertificate.objects.exclude(compromised_at=None).order_by("pk"):
        yield f"kunci-bocor: {leaked.fingerprint} {_moment(leaked.compromised_at)}"
    yield "--"


def _entries() -> Iterator[str]:
    """A line per file, without holding the files: a nation's list does not fit into memory."""
    rows = CertificateFile.objects.for_status_list().values_list(
        "sha256", "certificate__revoked_at", "certificate__replaced_by__issued_at", "certificate__expires_at"
    )
    for sha256, revoked_at, replaced_at, expires_at in rows.iterator(chunk_size=2000):
        state = REVOKED if revoked_at else REPLACED if replaced_at else GENUINE
        yield f"{sha256} {state} {_moment(revoked_at or replaced_at)} {_moment(expires_at)}"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else "-"


def _forget_old(*, at: datetime) -> None:
    """Lists are made from the register at any time: only the newest stay, and nothing that a killed worker left."""
    storage = storages["private"]
    for old in StatusList.objects.all()[KEPT:]:
        old.delete()
        storage.delete(old.storage_name)
    known = set(StatusList.objects.values_list("storage_name", flat=True))
    for name in {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]} - known:
        if storage.get_modified_time(name) < at - EVERY:
            storage.delete(name)
