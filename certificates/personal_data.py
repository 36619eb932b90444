"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import Certificate, Ruling


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
            "diganti oleh": row.successor.number if row.successor else "",
            "dikirim ke e-mail": row.mailing.asked_at if hasattr(row, "mailing") else None,
        }
        for row in Certificate.objects.filter(officer=officer).select_related("replaced_by", "mailing").order_by("pk")
    ]


@contributes("Putusan tentang sertifikat")
def rulings(officer: Officer, *, at: datetime) -> list[dict]:
    return [
        {
            "nomor": row.certificate.number,
            "putusan": row.get_kind_display(),
            "alasan": row.reason,
            "nomor dokumen": row.document_number,
            "diminta oleh": row.asked_by_name,
            "disetujui oleh": row.approved_by.name,
            "diputus": row.recorded_at,
        }
        for row in Ruling.objects.filter(certificate__officer=officer).for_list().order_by("pk")
    ]
