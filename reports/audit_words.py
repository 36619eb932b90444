"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "learning.viewed": "membuka catatan pelatihan personel",
        "period_report.prepared": "menyiapkan laporan periode",
        "period_report.rejected": "menolak laporan periode",
        "period_report.submitted": "mengajukan laporan periode",
        "period_report.verified": "memverifikasi laporan periode",
        "period_report.verified_above": "memverifikasi laporan periode di tingkat atas",
        "period_report.written": "menulis keterangan laporan periode",
        "report.asked": "meminta berkas laporan disiapkan",
        "report.exported": "mengunduh laporan",
        "report.fetched": "mengunduh berkas laporan yang disiapkan",
        "report.made": "menyiapkan berkas laporan",
        "report.refused": "ditolak mengambil berkas laporan",
        "report.saved": "menyimpan laporan",
        "report.changed": "mengubah laporan tersimpan",
        "report.deleted": "menghapus laporan tersimpan",
        "report.scheduled": "meminta laporan berkala",
        "report.unscheduled": "menghentikan laporan berkala",
        "report.viewed": "membuka laporan",
    }
)
