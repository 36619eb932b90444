"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import Attempt, AttemptEvent, Dispute, LateDecision, Ruling


@contributes("Percobaan kuis")
def attempts(officer: Officer, *, at: datetime) -> list[dict]:
    """Attempts with their results, and what people decided about them; markers stay unnamed."""
    rows = Attempt.objects.filter(enrolment__officer=officer).select_related("version", "enrolment__course")
    return [
        {
            "pelatihan": attempt.enrolment.course.title,
            "kuis": attempt.version.title,
            "percobaan": attempt.number,
            "mulai": attempt.started_at,
            "dikirim": attempt.submitted_at,
            "nilai": attempt.grade,
            "jawaban dihapus": attempt.answers_purged_at,
        }
        for attempt in rows.order_by("pk")
    ]


@contributes("Sanggahan dan penilaian kuis")
def decisions(officer: Officer, *, at: datetime) -> list[dict]:
    own = {"attempt__enrolment__officer": officer}
    disputes = [
        {"waktu": dispute.asked_at, "jenis": "sanggahan", "isi": dispute.text}
        for dispute in Dispute.objects.filter(**own).order_by("pk")
    ]
    rulings = [
        {"waktu": ruling.ruled_at, "jenis": ruling.get_origin_display(), "isi": ruling.reason}
        for ruling in Ruling.objects.filter(response__attempt__enrolment__officer=officer).order_by("pk")
    ]
    late = LateDecision.objects.filter(late__response__attempt__enrolment__officer=officer).order_by("pk")
    decided = [
        {
            "waktu": decision.decided_at,
            "jenis": "jawaban terlambat diterima" if decision.accepted else "jawaban terlambat ditolak",
            "isi": decision.reason,
        }
        for decision in late
    ]
    return sorted([*disputes, *rulings, *decided], key=lambda row: row["waktu"])


@contributes("Catatan peristiwa percobaan kuis")
def events(officer: Officer, *, at: datetime) -> list[dict]:
    rows = AttemptEvent.objects.filter(attempt__enrolment__officer=officer).order_by("pk")
    return [
        {
            "waktu": event.at,
            "percobaan": event.attempt_id,
            "peristiwa": event.get_kind_display(),
            "soal": event.position,
        }
        for event in rows
    ]


@contributes("Hasil kuis dari aplikasi lama")
def imported_sittings(officer: Officer, *, at: datetime) -> list[dict]:
    return [
        {
            "kuis": sitting.quiz,
            "kategori": sitting.category,
            "nilai": sitting.score,
            "jumlah soal": sitting.questions,
            "persen": sitting.percent,
            "lulus": sitting.passed,
            "mulai": sitting.started_at,
            "selesai": sitting.ended_at,
        }
        for sitting in officer.imported_sittings.for_history()
    ]
