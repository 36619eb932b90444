"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from django.db.models import Prefetch

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import CourseCompletion, Delivery, Duty, Enrolment, Message


@contributes("Kewajiban pelatihan")
def duties(officer: Officer, *, at: datetime) -> list[dict]:
    rows = Duty.objects.filter(officer=officer).select_related("course").prefetch_related("reasons__assignment")
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
        }
        for duty in rows.order_by("pk")
    ]


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
    rows = CourseCompletion.objects.filter(officer=officer).select_related("course", "corrects", "rank")
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
