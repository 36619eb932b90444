"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "certificate.downloaded": "mengunduh sertifikat",
        "certificate.exported": "mengunduh daftar sertifikat",
        "certificate.issued": "menerbitkan sertifikat",
        "certificate.list_viewed": "membuka daftar sertifikat",
        "certificate.revoked": "mencabut sertifikat",
        "certificate.viewed": "membuka sertifikat",
        "certificate_template.approved": "menyetujui templat sertifikat",
        "number.book_exported": "mengunduh buku nomor",
        "number.book_viewed": "membuka buku nomor",
        "number.cancelled": "membatalkan nomor",
        "number.given": "memberi nomor sertifikat",
        "number.reserved": "memesan nomor",
        "number.series_begun": "mengatur nomor awal seri",
        "certificate.restamped": "memperbarui cap waktu sertifikat",
        "certificate.signed_off": "menandatangani sertifikat (TTE)",
        "letterhead.saved": "menyimpan kop surat",
        "seal.compromised": "menyatakan kunci segel bocor",
        "seal.recorded": "mencatat sertifikat segel",
        "seal.retired": "mengganti kunci segel",
    }
)
