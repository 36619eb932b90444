"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "activity.changed": "mengubah kegiatan program",
        "activity.created": "mencatat kegiatan program",
        "activity.deleted": "menghapus kegiatan program",
        "indicator.changed": "mengubah target kegiatan program",
        "indicator.created": "mencatat target kegiatan program",
        "indicator.deleted": "menghapus target kegiatan program",
        "period.changed": "mengubah periode program",
        "period.created": "mencatat periode program",
        "period.deleted": "menghapus periode program",
        "programme.changed": "mengubah program",
        "programme.created": "mencatat program",
        "programme.deleted": "menghapus program",
    }
)
