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
        "report.exported": "mengunduh laporan",
        "report.viewed": "membuka laporan",
    }
)
