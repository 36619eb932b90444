"""The words of a certificate: which fields a template may name and what stands in them.

Plain text in, plain text out. The values come from a Certificate's own columns, saved or not, so the
preview of an invented officer and the real thing are worded by the same lines.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from foundation.formats import date_medium, date_range, day_of, number

from .fields import fill

if TYPE_CHECKING:
    from .models import Certificate


class Language(models.TextChoices):
    """What the words of a certificate are written in; ranks, posts and names stay as they are."""

    INDONESIAN = "id", "Bahasa Indonesia"
    ENGLISH = "en", "Bahasa Inggris"


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
        "{pangkat_lengkap}[ · {jenis_nomor} {nrp}][ · {jabatan}] {kesatuan}",
        "NRP Pati kosong; tulis bagiannya dalam kurung siku.",
    ),
    "passed": (
        "pernyataan lulus",
        "telah menyelesaikan dan dinyatakan LULUS pada pelatihan",
        "Untuk pelatihan yang nilainya ditentukan pos-tes. Kata berhuruf kapital dicetak tebal.",
    ),
    "completed": ("pernyataan selesai", "telah menyelesaikan pelatihan", "Untuk pelatihan tanpa pos-tes."),
    "detail": ("di bawah nama pelatihan", "{jp} JP ({menit} menit), {tanggal}[, {program}]", ""),
    "validity": ("masa berlaku", "[Berlaku sampai {berlaku_sampai}]", ""),
    "note": ("di bawah alamat verifikasi", "Keadaan sertifikat ini dinyatakan oleh halaman verifikasi.", ""),
    "back_title": ("judul halaman belakang", "DAFTAR MATERI", ""),
    "back_note": (
        "di bawah daftar materi",
        "1 JP (jam pelajaran) = 45 menit. Daftar ini bagian yang tidak terpisahkan dari sertifikat nomor {nomor}.",
        "",
    ),
}
DEFAULT_TEXTS = {name: default for name, (_label, default, _hint) in TEXTS.items()}
ENGLISH_TEXTS = {
    "title": "CERTIFICATE",
    "intro": "is awarded to",
    "holder": DEFAULT_TEXTS["holder"],
    "passed": "has completed and PASSED the training course",
    "completed": "has completed the training course",
    "detail": "{jp} lesson hours ({menit} minutes), {tanggal}[, {program}]",
    "validity": "[Valid until {berlaku_sampai}]",
    "note": "The verification page states whether this certificate still stands.",
    "back_title": "LIST OF MATERIAL",
    "back_note": "One lesson hour is 45 minutes. This list is an integral part of certificate number {nomor}.",
}
DEFAULTS = {Language.INDONESIAN: DEFAULT_TEXTS, Language.ENGLISH: ENGLISH_TEXTS}

# What stands on every certificate around the texts of its template. Official abbreviations (a.n., u.b.) are not
# translated: they belong to the signature.
LABELS: dict[str, dict[str, str]] = {
    Language.INDONESIAN: {
        "number": "Nomor",
        "crest": "Lambang satuan",
        "logo": "Logo",
        "check": "Periksa keaslian di",
        "qr": "Kode QR ke halaman verifikasi",
        "place": "Dikeluarkan di",
        "day": "pada tanggal",
        "row": "No.",
        "material": "Materi",
        "jp": "JP",
        "grade": "Nilai",
        "total": "Jumlah JP",
        "total_graded": "Jumlah JP dan nilai akhir",
        "done": "selesai",
        "issued_to": "Diberikan kepada",
        "course": "Pelatihan",
        "code": "Kode verifikasi",
    },
    Language.ENGLISH: {
        "number": "Number",
        "crest": "Crest of the unit",
        "logo": "Logo",
        "check": "Check it at",
        "qr": "QR code that opens the verification page",
        "place": "Issued at",
        "day": "on",
        "row": "No.",
        "material": "Material",
        "jp": "Lesson hours",
        "grade": "Grade",
        "total": "Total hours",
        "total_graded": "Total hours and final grade",
        "done": "completed",
        "issued_to": "Awarded to",
        "course": "Course",
        "code": "Verification code",
    },
}
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()


def in_language(texts: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the texts with those that nobody changed from a default exchanged for the default of ``language``."""
    others = [defaults for key, defaults in DEFAULTS.items() if key != language]
    return {
        name: DEFAULTS[Language(language)][name] if text in [other[name] for other in others] else text
        for name, text in texts.items()
    }


def day_words(value: date | datetime, zone: str | None = None, *, language: str = Language.INDONESIAN) -> str:
    """``14 November 2026``; the months of the language."""
    if language == Language.INDONESIAN:
        return date_medium(value, zone)
    day = day_of(value, zone)
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def days_words(first: date, last: date, *, language: str = Language.INDONESIAN) -> str:
    """``3 s.d. 14 November 2026`` or ``3 to 14 November 2026``; what both ends share is written once."""
    if language == Language.INDONESIAN:
        return date_range(first, last, in_document=True)
    end = day_words(last, language=language)
    if first == last:
        return end
    shared = 2 if first.year == last.year and first.month == last.month else 1 if first.year == last.year else 0
    opening = day_words(first, language=language).split(" ")[: 3 - shared]
    return f"{' '.join(opening)} to {end}"


def amount_words(value, language: str = Language.INDONESIAN) -> str:
    """``4,5`` or ``4.5``"""
    text = number(value)
    return text if language == Language.INDONESIAN else text.translate(str.maketrans(",.", ".,"))


def values_of(certificate: "Certificate") -> dict[str, str]:
    """Return what each field stands for on this certificate; empty where nothing is printed."""
    zone, language = certificate.zone, certificate.language

    def day(value: date | datetime) -> str:
        return day_words(value, zone, language=language)

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
        "jp": amount_words(certificate.jp, language),
        "menit": amount_words(certificate.minutes, language),
        "tanggal": days_words(certificate.started_on, certificate.completed_on, language=language),
        "tanggal_mulai": day(certificate.started_on),
        "tanggal_selesai": day(certificate.completed_on),
        "tanggal_terbit": day(certificate.issued_at),
        "berlaku_sampai": day(certificate.expires_at) if certificate.expires_at else "",
        "nilai": "" if certificate.grade is None else amount_words(certificate.grade, language),
        "program": certificate.programme,
        "nomor": certificate.number,
    }


def worded(texts: Mapping[str, str], certificate: "Certificate") -> dict[str, str]:
    """Return the texts with the certificate's facts filled in; ``statement`` is the one of the two that holds."""
    values = values_of(certificate)
    filled = {name: fill(text, values) for name, text in texts.items()}
    passed, completed = filled.pop("passed"), filled.pop("completed")
    return {**filled, "statement": completed if certificate.grade is None else passed}


def _many_materials() -> list[dict]:
    return [
        {"title": f"{title} {part}", "kind": "lesson", "minutes": 45, "jp": "1", "grade": None}
        for part in ("I", "II", "III", "IV")
        for title in (
            "Salam, senyum, dan sikap melayani di loket",
            "Mendengarkan pemohon yang marah atau cemas",
            "Hak dan kewajiban pemohon menurut UU 25/2009",
            "Empat belas komponen standar pelayanan",
            "Maklumat pelayanan dan cara menjelaskannya",
            "Menolak gratifikasi dan mencatatnya",
        )
    ]


# The hard cases that a template must carry: key → (label, columns that differ from the invented officer's).
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "short": ("Nama pendek", {"holder_name": "Sari"}),
    "long": ("Nama panjang", {"holder_name": "Yohanis Kristoforus Wamafma Rumbiak, S.H., M.H."}),
    "titles": (
        "Nama dua baris dengan tiga gelar",
        {
            "holder_name": "Dr. H. Muhammad Abdurrahman Kusumawardhana Prawirodirdjo, S.H., S.I.K., M.Si.",
            "holder_post": "Kepala Sentra Pelayanan Kepolisian Terpadu",
            "course_title": "Pelayanan Prima dan Penanganan Pengaduan di Sentra Pelayanan Kepolisian Terpadu",
        },
    ),
    "materials": ("Banyak materi", {"materials": _many_materials(), "jp": Decimal(24), "minutes": 1080}),
    "general": (
        "Perwira tinggi, tanpa NRP",
        {"holder_rank": "Brigjen Pol", "holder_rank_full": "Brigadir Jenderal Polisi", "prints_number": False},
    ),
    "english": ("Bahasa Inggris, kata-kata bawaan", {"course_title": "Ethics of Public Service"}),
}
