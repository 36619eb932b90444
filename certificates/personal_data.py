"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import Certificate


@contributes("Sertifikat")
def certificates(officer: Officer, *, at: datetime) -> list[dict]:
    return [
        {
            "nomor": row.number,
            "kode verifikasi": row.shown_id,
            "pelatihan": row.course_title,
            "nama": row.holder_name,
            "pangkat": row.holder_rank_full,
            "jabatan": row.holder_post,
            "satuan": row.unit_name,
            "diterbitkan": row.issued_at,
            "berlaku sampai": row.expires_at,
            "nilai": row.grade,
            "materi": row.materials,
            "dicabut": row.revoked_at,
            "alasan pencabutan": row.revoked_reason,
        }
        for row in Certificate.objects.filter(officer=officer).order_by("pk")
    ]
