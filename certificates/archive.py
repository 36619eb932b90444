"""The certificates of a unit as one ZIP, written while it is read: no copy on the disk, one file in memory."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.storage import storages

from foundation.formats import in_zone

from .models import Certificate
from .models.rows import CertificateQuerySet

MISSING = "BELUM-ADA-BERKAS.txt"
AT_ONCE = 100
NAME_LENGTH, NUMBER_LENGTH = 60, 80
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


def file_name(certificate: Certificate) -> str:
    """``85010001-Andi-Pratama-S.H-Sertif-27-XI-DIK.2.6-2026.pdf``: safe on every system; of Pati without NRP."""
    number = certificate.holder_number if certificate.prints_number else ""
    parts = (number, _safe(certificate.holder_name, NAME_LENGTH), _safe(certificate.number, NUMBER_LENGTH))
    return "-".join(part for part in parts if part) + ".pdf"


def _safe(words: str, length: int) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain)[:length].strip("-.")


class _Window:
    """What the archive writes, until it is taken: it can be sought in as far as nothing of it was taken yet."""

    def __init__(self) -> None:
        self._taken = 0
        self._buffer = BytesIO()

    def write(self, data: bytes) -> int:
        return self._buffer.write(data)

    def tell(self) -> int:
        return self._taken + self._buffer.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        if whence or place < self._taken:
            raise OSError("only what was not taken yet can be sought")
        self._buffer.seek(place - self._taken)
        return place

    def seekable(self) -> bool:
        return True

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        data = self._buffer.getvalue()
        self._taken += len(data)
        self._buffer = BytesIO()
        return data


def stream(rows: CertificateQuerySet, *, at: datetime) -> Iterator[bytes]:
    """The bytes of the ZIP. What has no file (yet) is named in a list inside it instead of being left out silently."""
    # It writes, seeks and tells, which is all that is asked of it.
    window: Any = _Window()
    missing: list[str] = []
    # The files are compressed already.
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for certificate in _pieces(rows):
            content = _stored(certificate)
            if content is None:
                missing.append(_line(certificate))
                continue
            entry = zipfile.ZipInfo(_free(file_name(certificate), archive), _dos_time(certificate))
            archive.writestr(entry, content)
            yield window.take()
        if missing:
            words = "\r\n".join(["Sertifikat berikut belum ada berkasnya:", *missing, ""])
            archive.writestr(zipfile.ZipInfo(MISSING, in_zone(at, "Asia/Jakarta").timetuple()[:6]), words)
    yield window.take()


def _pieces(rows: CertificateQuerySet) -> Iterator[Certificate]:
    """By their ids first, so that no query stays open while somebody downloads slowly."""
    ids = list(rows.order_by("unit_path", "holder_name", "pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        piece = ids[start : start + AT_ONCE]
        found = rows.model.objects.filter(pk__in=piece).prefetch_related("files").in_bulk()
        yield from (found[pk] for pk in piece)


def _stored(certificate: Certificate) -> bytes | None:
    if certificate.file is None:
        return None
    try:
        with storages["private"].open(certificate.file.storage_name) as stored:
            return stored.read()
    except OSError:
        return None


def _line(certificate: Certificate) -> str:
    why = "berkas hilang dari penyimpanan" if certificate.file else "berkas belum dibuat"
    if not certificate.letterhead_id:
        why = "menunggu kop dan penanda tangan satuan"
    elif not certificate.number:
        why = "menunggu nomor"
    return f"{certificate}; {certificate.shown_holder}; {certificate.unit_name}: {why}"


def _free(name: str, archive: zipfile.ZipFile) -> str:
    """``name``, counted on where two certificates of one officer bear the same number of different units."""
    stem, place, free = name.removesuffix(".pdf"), 2, name
    while free in archive.NameToInfo:
        free = f"{stem}-{place}.pdf"
        place += 1
    return free


def _dos_time(certificate: Certificate) -> tuple[int, int, int, int, int, int]:
    moment = in_zone(certificate.issued_at, certificate.zone)
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
