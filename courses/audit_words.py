"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "course.archived": "mengarsipkan pelatihan",
        "course.published": "menerbitkan pelatihan",
        "path.published": "menerbitkan jalur pembelajaran",
    }
)
