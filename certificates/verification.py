"""What the public page answers: which certificate, what it says, whether a number or a file belongs to it."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from foundation.formats import date_medium, date_range, number

from .exceptions import FileRefused, MistypedIdentifier
from .identifiers import normalise
from .models import Certificate, CertificateFile, CertificateState

MAXIMUM_FILE = 2 * 1024 * 1024


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


def find(typed: str) -> Certificate | None:
    """The certificate that an address or a typed code names; None for anything else, mistyped or unknown."""
    try:
        public_id = normalise(typed)
    except MistypedIdentifier:
        return None
    return Certificate.objects.for_verification().filter(public_id=public_id).first()


def verdict_text(certificate: Certificate, *, at: datetime) -> str:
    """The sentence under the state; the reason of a revocation is internal and stays out."""
    zone = certificate.zone

    def day(moment: datetime | None) -> str:
        return date_medium(moment, zone) if moment else ""

    state = certificate.state_at(at)
    if state == CertificateState.REVOKED:
        return f"Dicabut sejak {day(certificate.revoked_at)}. Sertifikat ini tidak dapat dipakai lagi."
    if state == CertificateState.REPLACED and certificate.successor:
        return f"Diganti oleh sertifikat {certificate.successor.named}."
    if state == CertificateState.EXPIRED:
        return f"Masa berlakunya berakhir {day(certificate.expires_at)}."
    if state in (CertificateState.QUEUED, CertificateState.WAITING, CertificateState.NUMBERLESS):
        return "Sertifikat ini sudah tercatat, tetapi berkasnya belum dibuat."
    until = f", berlaku sampai {day(certificate.expires_at)}" if certificate.expires_at else ""
    return f"Diterbitkan {day(certificate.issued_at)}{until}. Cocokkan isi di bawah dengan kertas atau berkas Anda."


def _statement(certificate: Certificate) -> str:
    """The printed statement; a template may name number and grade there, which this page does not tell."""
    private = [certificate.holder_number]
    if certificate.grade is not None:
        private.append(number(certificate.grade))
    words = "|".join(re.escape(word) for word in private)
    return re.sub(rf"(?<![\w,])(?:{words})(?!\w)", "…", certificate.wording.get("statement", ""))


def facts(certificate: Certificate) -> list[Fact]:
    """Every printed fact except NRP/NIP and grade, in the order of the paper."""
    signer = ", ".join(part for part in (certificate.signer_name, certificate.signer_rank) if part)
    post = certificate.signer_post
    if post and certificate.on_behalf_of:
        post = f"{post}, a.n. {certificate.on_behalf_of}"
    rows = [
        Fact("Nomor", certificate.number),
        Fact("Diberikan kepada", certificate.holder_name),
        Fact("Pangkat", certificate.holder_rank_full),
        Fact("Jabatan", certificate.holder_post),
        Fact("Kesatuan", certificate.unit_name),
        Fact("Pernyataan", _statement(certificate)),
        Fact("Pelatihan", certificate.course_title),
        Fact("Jam pelajaran", f"{number(certificate.jp)} JP ({number(certificate.minutes)} menit)"),
        Fact("Waktu", date_range(certificate.started_on, certificate.completed_on)),
        Fact("Program", certificate.programme),
        Fact("Penerbit", " · ".join(certificate.heading.splitlines())),
        Fact("Dikeluarkan di", certificate.place),
        Fact("Pada tanggal", date_medium(certificate.issued_at, certificate.zone)),
        Fact(
            "Berlaku sampai",
            date_medium(certificate.expires_at, certificate.zone) if certificate.expires_at else "tanpa batas waktu",
        ),
        Fact("Penanda tangan", signer),
        Fact("Jabatan penanda tangan", post),
    ]
    return [row for row in rows if row.value]


def number_matches(certificate: Certificate, typed: str) -> bool:
    """Say whether who holds the paper typed the NRP/NIP that stands on it."""
    digits = "".join(character for character in typed if character.isdigit())
    return hmac.compare_digest(digits.encode(), certificate.holder_number.encode())


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of an uploaded PDF; nothing of it is kept. Raises FileRefused."""
    content = file.read(MAXIMUM_FILE + 1)
    if len(content) > MAXIMUM_FILE:
        raise FileRefused("Berkas lebih besar dari 2 MB. Sertifikat kami tidak sebesar itu.")
    if not content.startswith(b"%PDF-"):
        raise FileRefused(
            "Ini bukan berkas PDF. Pilih berkas sertifikat yang Anda terima, bukan foto atau hasil pindai."
        )
    return hashlib.sha256(content).hexdigest()


def file_with(digest: str) -> CertificateFile | None:
    return CertificateFile.objects.select_related("certificate").filter(sha256=digest).first()
