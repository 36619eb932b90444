"""The words of a certificate: which fields a template may name and what stands in them.

Plain text in, plain text out. The values come from a Certificate's own columns, saved or not, so the
preview of an invented officer and the real thing are worded by the same lines.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from foundation.formats import date_medium, date_range, number

from .fields import fill

if TYPE_CHECKING:
    from .models import Certificate

FIELDS = (
    "nama",
    "pangkat",
    "pangkat_lengkap",
    "jenis_nomor",
    "nrp",
    "jabatan",
    "kesatuan",
    "pelatihan",
    "kode_pelatihan",
    "jp",
    "menit",
    "tanggal",
    "tanggal_mulai",
    "tanggal_selesai",
    "tanggal_terbit",
    "berlaku_sampai",
    "nilai",
    "program",
    "nomor",
)

# Each text of the template with its label, default and hint.
TEXTS: dict[str, tuple[str, str, str]] = {
    "title": ("judul", "SERTIFIKAT", ""),
    "intro": ("di atas nama", "diberikan kepada", ""),
    "holder": (
        "di bawah nama",
        "{pangkat_lengkap}[ · {jenis_nomor} {nrp}] · {jabatan} {kesatuan}",
        "NRP Pati kosong; tulis bagiannya dalam kurung siku.",
    ),
    "passed": (
        "pernyataan lulus",
        "telah menyelesaikan dan dinyatakan LULUS pada pelatihan",
        "Untuk pelatihan yang nilainya ditentukan pos-tes.",
    ),
    "completed": ("pernyataan selesai", "telah menyelesaikan pelatihan", "Untuk pelatihan tanpa pos-tes."),
    "detail": ("di bawah nama pelatihan", "{jp} JP ({menit} menit), {tanggal}[, {program}]", ""),
    "validity": ("masa berlaku", "[Berlaku sampai {berlaku_sampai}]", ""),
    "note": ("di bawah alamat verifikasi", "Keadaan sertifikat ini dinyatakan oleh halaman verifikasi.", ""),
}

# The three shapes of name that every template must carry: key → (label, columns that differ).
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "short": ("Nama pendek", {"holder_name": "Sari"}),
    "long": ("Nama panjang", {"holder_name": "Yohanis Kristoforus Wamafma Rumbiak, S.H., M.H."}),
    "titles": (
        "Nama dua baris dengan tiga gelar",
        {
            "holder_name": "Dr. H. Muhammad Abdurrahman Kusumawardhana Prawirodirdjo, S.H., S.I.K., M.Si.",
            "course_title": "Pelayanan Prima dan Penanganan Pengaduan di Sentra Pelayanan Kepolisian Terpadu",
        },
    ),
}


def values_of(certificate: "Certificate") -> dict[str, str]:
    """Return what each field stands for on this certificate; empty where nothing is printed."""
    zone = certificate.zone
    return {
        "nama": certificate.holder_name,
        "pangkat": certificate.holder_rank,
        "pangkat_lengkap": certificate.holder_rank_full,
        "jenis_nomor": certificate.holder_number_kind.upper() if certificate.prints_number else "",
        "nrp": certificate.holder_number if certificate.prints_number else "",
        "jabatan": certificate.holder_post,
        "kesatuan": certificate.unit_name,
        "pelatihan": certificate.course_title,
        "kode_pelatihan": certificate.course_code,
        "jp": number(certificate.jp),
        "menit": number(certificate.minutes),
        "tanggal": date_range(certificate.started_on, certificate.completed_on, in_document=True),
        "tanggal_mulai": date_medium(certificate.started_on),
        "tanggal_selesai": date_medium(certificate.completed_on),
        "tanggal_terbit": date_medium(certificate.issued_at, zone),
        "berlaku_sampai": date_medium(certificate.expires_at, zone) if certificate.expires_at else "",
        "nilai": "" if certificate.grade is None else number(certificate.grade),
        "program": certificate.programme,
        "nomor": certificate.number,
    }


def worded(texts: Mapping[str, str], certificate: "Certificate") -> dict[str, str]:
    """Return the texts with the certificate's facts filled in; ``statement`` is the one of the two that holds."""
    values = values_of(certificate)
    filled = {name: fill(text, values) for name, text in texts.items()}
    passed, completed = filled.pop("passed"), filled.pop("completed")
    return {**filled, "statement": completed if certificate.grade is None else passed}


DEFAULT_TEXTS = {name: default for name, (_label, default, _hint) in TEXTS.items()}
