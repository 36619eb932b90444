"""A file that somebody brings, told in words (the page) and in stable keys (``check_certificate --json``).

What the file is, sealing/inspection.py decides; here it becomes sentences. Nothing of the file is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from foundation.formats import date_medium

from .exceptions import FileRefused
from .identifiers import grouped
from .models import Certificate, CertificateState, SealKind
from .sealing.inspection import Inspection, Verdict
from .verification import verdict_text

MAXIMUM_FILE = 2 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """``state`` is one of {% verdict %}: its colour and picture."""

    state: str
    title: str
    text: str


def content_of(file: IO[bytes]) -> bytes:
    """Return the bytes of a PDF that somebody brings. Raises FileRefused."""
    content = file.read(MAXIMUM_FILE + 1)
    if len(content) > MAXIMUM_FILE:
        raise FileRefused("Berkas lebih besar dari 2 MB. Sertifikat kami tidak sebesar itu.")
    if not content.startswith(b"%PDF-"):
        raise FileRefused(
            "Ini bukan berkas PDF. Pilih berkas sertifikat yang Anda terima, bukan foto atau hasil pindai."
        )
    return content


# What each kind of difference means to who brought the file. {signer}, {leaked} and {added} are filled in.
DIFFERENCES = {
    Verdict.EXTENDED: Answer(
        "superseded",
        "Berkas ditambahi",
        "Di dalamnya ada berkas asli kami, tetapi di belakangnya ditambahkan {added} bita yang bukan dari kami. "
        "Tambahan itu dapat mengubah apa yang tampak. Percayai hanya isi yang tertulis di halaman sertifikatnya, "
        "dan minta berkas aslinya.",
    ),
    Verdict.LOST: Answer(
        "superseded",
        "Asli, tidak tercatat",
        "Segelnya segel kami, utuh atas seluruh isi: berkas ini kami buat dan tidak diubah. Namun catatannya tidak ada "
        "di sini, jadi keadaannya sekarang tidak dapat kami sebut. Tanyakan kepada satuan penerbit.",
    ),
    Verdict.ALTERED: Answer(
        "revoked",
        "Isi diubah",
        "Berkas ini membawa segel kami, tetapi segel itu tidak cocok dengan isinya: sesudah disegel, isinya diubah, "
        "ditambahi, atau dipotong, atau segelnya dipindah dari berkas lain.",
    ),
    Verdict.DISTRUSTED: Answer(
        "revoked",
        "Tidak dapat dipercaya",
        "Segelnya memakai kunci yang dinyatakan bocor sejak {leaked}, dan berkas ini tidak tercatat. "
        "Siapa pun yang memegang kunci itu dapat membuatnya.",
    ),
    Verdict.FOREIGN: Answer(
        "revoked",
        "Segel pihak lain",
        "Berkas ini ditandatangani atau disegel pihak lain yang menyebut diri “{signer}”, bukan dengan kunci kami. "
        "Nama pada segel dapat ditulis siapa saja.",
    ),
    Verdict.UNSEALED: Answer(
        "revoked",
        "Berkas tidak dikenal",
        "Tidak satu pun berkas yang kami terbitkan berisi sama, dan tidak ada segel di dalamnya: diubah lalu disimpan "
        "ulang, atau tidak pernah kami buat. Hasil pindai dan cetak ulang ke PDF juga begitu; untuk itu cocokkan "
        "kertasnya dengan halaman sertifikatnya.",
    ),
}


def answer(found: Inspection, *, size: int, at: datetime, asked: Certificate | None = None) -> Answer:
    """Say what the file is; ``asked`` is the certificate whose code was opened, ``size`` the length of the file."""
    if found.file and asked and found.file.certificate_id != asked.pk:
        return Answer(
            "superseded",
            "Berkas sertifikat lain",
            "Isi berkas ini milik sertifikat lain, bukan yang kodenya Anda buka.",
        )
    if found.verdict != Verdict.GENUINE or found.file is None:
        difference = DIFFERENCES[found.verdict]
        filled = difference.text.format(
            signer=found.signature.signer if found.signature else "",
            leaked=date_medium(found.seal.compromised_at, "Asia/Jakarta")
            if found.seal and found.seal.compromised_at
            else "",
            added=size - found.signature.end if found.signature else 0,
        )
        return Answer(difference.state, difference.title, filled)
    certificate = found.file.certificate
    state = certificate.state_at(at)
    same = "Isinya sama persis dengan yang kami terbitkan, bita demi bita; nama berkas tidak dibandingkan."
    if state == CertificateState.VALID:
        return Answer("valid", "Berkas asli", f"{same} {sealed_words(found)}")
    # Bytes that stay the same say nothing about today: a revoked certificate must not look green.
    warning = f"{same} Namun sertifikatnya tidak berlaku lagi. {verdict_text(certificate, at=at)}"
    return Answer(state, f"Berkas asli, sertifikat {state.label.lower()}", warning)


def sealed_words(found: Inspection) -> str:
    """Who sealed a genuine file."""
    file = found.file
    if file is None or file.signed_by == SealKind.NONE:
        return "Berkas ini tanpa segel elektronik; yang membuktikannya catatan kami."
    label = SealKind(file.signed_by).label
    return f"{label}: {file.sealed_with.name}." if file.sealed_with else f"{label}."


def refused(refusal: FileRefused) -> dict[str, Any]:
    """The report about what is no PDF, or too large to be a certificate."""
    return {
        "genuine": False,
        "verdict": "refused",
        "sha256": None,
        "explanation": str(refusal),
        "certificate": None,
        "signature": None,
    }


def report(found: Inspection, *, size: int, at: datetime) -> dict[str, Any]:
    """The same in stable keys (docs/check-a-certificate.md): keys are added, never renamed or taken away."""
    certificate = found.file.certificate if found.file else None
    signature = found.signature
    return {
        "genuine": found.verdict == Verdict.GENUINE,
        "verdict": found.verdict.value,
        "sha256": found.sha256,
        "explanation": answer(found, size=size, at=at).text,
        "certificate": certificate
        and {
            "code": certificate.shown_id,
            "number": certificate.number,
            "state": certificate.state_at(at).value,
            "issued_at": certificate.issued_at.isoformat(),
            "expires_at": certificate.expires_at and certificate.expires_at.isoformat(),
            "revoked_at": certificate.revoked_at and certificate.revoked_at.isoformat(),
            "replaced_by": certificate.successor and grouped(certificate.successor.public_id),
            "file_version": found.file and found.file.version,
        },
        "signature": signature
        and {
            "signer": signature.signer,
            "fingerprint": signature.fingerprint,
            "ours": found.seal is not None,
            "intact": signature.intact,
            "covers_whole_file": signature.covers_whole_file,
            "label": SealKind(found.file.signed_by).label
            if found.file
            else SealKind.LOCAL.label
            if found.seal
            else None,
        },
    }
