"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "learning.viewed": "membuka catatan pelatihan personel",
        "report.exported": "mengunduh laporan",
        "report.viewed": "membuka laporan",
    }
)
