"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from django.db.models import Prefetch

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import (
    CourseCompletion,
    Delivery,
    Duty,
    Enrolment,
    Message,
    PathCompletion,
    Recognition,
    Relief,
    ReliefDocument,
)


@contributes("Kewajiban pelatihan")
def duties(officer: Officer, *, at: datetime) -> list[dict]:
    rows = (
        Duty.objects.filter(officer=officer)
        .select_related("course")
        .prefetch_related("reasons__assignment", "due_changes")
    )
    return [
        {
            "pelatihan": duty.course.title,
            "batas waktu": duty.due_at,
            "sejak": duty.valid_from,
            "sampai": duty.valid_to,
            "berakhir karena": duty.get_ended_as_display(),
            "alasan": [
                {
                    "nomor": reason.assignment.order_number,
                    "penerbit": reason.assignment.issuer,
                    "sejak": reason.added_at,
                    "sampai": reason.ended_at,
                }
                for reason in duty.reasons.all()
            ],
            "batas waktu berubah": [
                {"tanggal": change.recorded_at, "dari": change.before, "menjadi": change.after}
                for change in duty.due_changes.all()
            ],
        }
        for duty in rows.order_by("pk")
    ]


@contributes("Pengecualian, penundaan, dan jeda")
def reliefs(officer: Officer, *, at: datetime) -> list[dict]:
    rows = Relief.objects.filter(officer=officer).select_related("course", "approved_by", "document", "end")
    return [
        {
            "jenis": relief.get_kind_display(),
            "pelatihan": relief.course.title if relief.course else "semua",
            "alasan": relief.get_code_display(),
            "keterangan": relief.note,
            "nomor dokumen": relief.document_number,
            "mulai": relief.starts_at,
            "sampai": relief.ends_at,
            "diminta oleh": relief.asked_by_name,
            "disetujui oleh": relief.approved_by.name,
            "dicatat": relief.recorded_at,
            "berakhir": relief.ending and relief.ending.ends_at,
            "dicabut": bool(relief.ending and relief.ending.withdrawn),
            "alasan berakhir": relief.ending.reason if relief.ending else "",
        }
        for relief in rows.order_by("pk")
    ]


@contributes("Pengakuan pelatihan di luar")
def recognitions(officer: Officer, *, at: datetime) -> list[dict]:
    rows = Recognition.objects.filter(officer=officer).for_list(at=at).order_by("pk")
    return [
        {
            "pelatihan": row.course.title,
            "selesai": row.day,
            "penyelenggara": row.organiser,
            "nomor dokumen": row.document_number,
            "pindaian": row.document.file_name if row.document else "",
            "diminta oleh": row.asked_by_name,
            "disetujui oleh": row.approved_by.name,
            "dicatat": row.recorded_at,
            "dicabut": not row.stands,
        }
        for row in rows
    ]


@contributes("Jalur pembelajaran")
def paths(officer: Officer, *, at: datetime) -> list[dict]:
    """The ledger of paths with its corrections, oldest first."""
    rows = PathCompletion.objects.filter(officer=officer).select_related("path_order__version", "corrects")
    return [
        {
            "jalur": row.path_order.version.title,
            "selesai": row.completed_at,
            "dicatat": row.recorded_at,
            "dicabut": row.withdrawn,
            "mengoreksi catatan tanggal": row.corrects and row.corrects.recorded_at,
        }
        for row in rows.order_by("pk")
    ]


@contributes("Dokumen yang diunggah tentang Anda")
def relief_documents(officer: Officer, *, at: datetime) -> list[dict]:
    rows = ReliefDocument.objects.filter(officer=officer).order_by("pk")
    return [{"berkas": row.file_name, "ukuran": row.size, "diunggah": row.uploaded_at} for row in rows]


@contributes("Pelatihan yang diikuti")
def enrolments(officer: Officer, *, at: datetime) -> list[dict]:
    rows = Enrolment.objects.filter(officer=officer).select_related("course")
    return [
        {
            "pelatihan": enrolment.course.title,
            "siklus": enrolment.cycle,
            "mulai": enrolment.started_at,
            "selesai": enrolment.completed_at,
            "bagian": [
                {"selesai": fact.completed_at, "nilai": fact.grade, "diulang": hasattr(fact, "reopening")}
                for fact in enrolment.item_completions.all()
            ],
        }
        for enrolment in rows.prefetch_related("item_completions__reopening").order_by("pk")
    ]


@contributes("Penyelesaian pelatihan")
def completions(officer: Officer, *, at: datetime) -> list[dict]:
    """The ledger with its corrections, oldest first."""
    rows = CourseCompletion.objects.filter(officer=officer).select_related("course", "corrects", "rank", "recognition")
    return [
        {
            "pelatihan": row.course.title,
            "nama": row.full_name,
            "nomor": row.number,
            "pangkat": row.rank.full,
            "jabatan": row.post,
            "satuan": row.unit_name,
            "selesai": row.completed_at,
            "dicatat": row.recorded_at,
            "berlaku sampai": row.expires_at,
            "nilai": row.grade,
            "JP": row.jp,
            "diakui dari": row.recognition.words if row.recognition else "",
            "dicabut": row.withdrawn,
            "mengoreksi catatan tanggal": row.corrects and row.corrects.recorded_at,
        }
        for row in rows.order_by("pk")
    ]


@contributes("Pengingat dan pemberitahuan")
def messages(officer: Officer, *, at: datetime) -> list[dict]:
    """What the officer was told, word by word, and how it went out."""
    stands = Prefetch("deliveries", queryset=Delivery.objects.newest(), to_attr="newest")
    rows = Message.objects.filter(recipient=officer.user_id).select_related("notice", "shared_by")
    return [
        {
            "judul": message.title,
            "isi": message.text,
            "ditulis": message.created_at,
            "dibaca": message.notice.read_at if hasattr(message, "notice") else None,
            "dikirim oleh": message.shared_by.name if message.shared_by else "sistem",
            "lewat": [
                {"cara": row.get_way_display(), "keadaan": row.get_state_display(), "waktu": row.at}
                for row in message.newest
            ],
        }
        for message in rows.prefetch_related(stands).order_by("pk")
    ]
