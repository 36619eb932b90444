"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "certificate.downloaded": "mengunduh sertifikat",
        "certificate.corrected": "mengoreksi sertifikat dengan menerbitkan penggantinya",
        "certificate.ended_exported": "mengunduh daftar sertifikat dicabut dan diganti",
        "certificate.ended_viewed": "membuka daftar sertifikat dicabut dan diganti",
        "certificate.expiring_exported": "mengunduh daftar sertifikat yang berakhir masa berlakunya",
        "certificate.expiring_viewed": "membuka daftar sertifikat yang berakhir masa berlakunya",
        "certificate.granted": "menerbitkan sertifikat dengan persetujuan",
        "certificate.missing_exported": "mengunduh daftar penyelesaian tanpa sertifikat",
        "certificate.missing_viewed": "membuka daftar penyelesaian tanpa sertifikat",
        "certificate.mailed": "mengirim sertifikat lewat e-mail",
        "certificate.print_fetched": "mengunduh susunan cetak sertifikat",
        "certificate.work_asked": "meminta pekerjaan untuk banyak sertifikat",
        "certificate.work_finished": "selesai dengan pekerjaan untuk banyak sertifikat",
        "certificate.zipped": "mengunduh ZIP sertifikat",
        "certificate.reissued": "menerbitkan ulang sertifikat",
        "certificate.timeline_exported": "mengunduh riwayat sertifikat",
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
