"""What the public page answers about a certificate: what it says, its state, who sealed it, whose number it bears."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from foundation.formats import date_medium, date_range, datetime_zone, number

from .exceptions import MistypedIdentifier
from .identifiers import normalise
from .models import Certificate, CertificateState, SealKind
from .wording import Language, amount_words


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


def renewal_of(certificate: Certificate) -> Certificate | None:
    """The certificate of a later round of the same training that stands, if there is one."""
    return Certificate.objects.renewing(certificate).first()


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
    if state != CertificateState.VALID:
        return "Sertifikat ini sudah tercatat, tetapi berkasnya belum dibuat."
    until = f", berlaku sampai {day(certificate.expires_at)}" if certificate.expires_at else ""
    return f"Diterbitkan {day(certificate.issued_at)}{until}. Cocokkan isi di bawah dengan kertas atau berkas Anda."


def _public(certificate: Certificate, text: str) -> str:
    """A printed text as this page tells it: a template may name number and grade there, which are left out."""
    private = [certificate.holder_number]
    if certificate.grade is not None:
        private += {amount_words(certificate.grade, language) for language in Language}
    words = "|".join(re.escape(word) for word in private)
    return re.sub(rf"(?<![\w,.])(?:{words})(?!\w)", "…", text)


def facts(certificate: Certificate) -> list[Fact]:
    """Every printed fact except NRP/NIP and grade, in the order of the paper."""
    signer = ", ".join(part for part in (certificate.signer_name, certificate.signer_rank) if part)
    post = " ".join(part for part in (certificate.signer_capacity, certificate.signer_post) if part)
    above = (("u.b.", certificate.via_post), ("a.n.", certificate.on_behalf_of))
    post = ", ".join([post, *(f"{how} {who}" for how, who in above if who)]) if post else ""
    rows = [
        Fact("Nomor", certificate.number),
        Fact("Diberikan kepada", certificate.holder_name),
        Fact("Pangkat", certificate.holder_rank_full),
        Fact("Jabatan", certificate.holder_post),
        Fact("Kesatuan", certificate.unit_name),
        Fact("Pernyataan", _public(certificate, certificate.wording.get("statement", ""))),
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


def printed_texts(certificate: Certificate) -> list[str]:
    """The other texts of the paper, from its title to the foot of its back."""
    version = certificate.template_version
    names = ["title", "intro", "holder", "detail", "validity", "note"]
    if version and version.with_back:
        names += ["back_title", "back_note"]
    return [_public(certificate, text) for name in names if (text := certificate.wording.get(name))]


def materials(certificate: Certificate) -> list[Fact]:
    """The list on the back, with JP and without grades; empty where the paper has no back."""
    version = certificate.template_version
    if not (version and version.with_back):
        return []
    return [Fact(line["title"], number(Decimal(line["jp"])) if line["jp"] else "–") for line in certificate.materials]


def seal_facts(certificate: Certificate) -> list[Fact]:
    """Who sealed the newest file and when; what a seal is called says whether it is a certified signature."""
    file = certificate.file
    if file is None:
        return []
    seal = file.sealed_with
    rows = [Fact("Segel", SealKind(file.signed_by).label)]
    if seal:
        rows.append(Fact("Disegel oleh", seal.name))
    if seal and seal.compromised_at:
        leaked = date_medium(seal.compromised_at, certificate.zone)
        rows.append(
            Fact("Catatan segel", f"Kuncinya bocor sejak {leaked}; yang membuktikan berkas ini SHA-256 di atas.")
        )
    return [*rows, Fact("Berkas dibuat", datetime_zone(file.created_at, certificate.zone))]


def number_matches(certificate: Certificate, typed: str) -> bool:
    """Say whether who holds the paper typed the NRP/NIP that stands on it."""
    digits = "".join(character for character in typed if character.isdigit())
    return hmac.compare_digest(digits.encode(), certificate.holder_number.encode())
