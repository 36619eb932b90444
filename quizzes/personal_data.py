"""What this room holds about an officer, for the officer's own download, and its audit verbs in words."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes, names_verbs

from .models import Attempt, AttemptEvent, Dispute, LateDecision, Ruling

names_verbs(
    {
        "accommodation.approved": "menyetujui akomodasi kuis",
        "answer.marked": "menilai jawaban uraian tanpa melihat nama",
        "answer.opened_to_mark": "membuka jawaban untuk dinilai tanpa melihat nama",
        "attempt.disputed": "mempertanyakan hasil kuis",
        "attempt.extended": "memperpanjang waktu percobaan karena gangguan",
        "attempt.granted": "memberi percobaan tambahan",
        "attempt.regraded": "menghitung ulang hasil kuis karena kunci soal diperbaiki",
        "attempt.set_aside": "tidak lagi menghitung percobaan karena kuis berubah",
        "attempt.started": "memulai percobaan kuis",
        "attempt.submitted": "mengirim percobaan kuis",
        "attempt.viewed": "membuka percobaan kuis",
        "dispute.answered": "menjawab sanggahan atas hasil kuis",
        "duty.asked_again": "meminta mengulang pelatihan karena kuis berubah",
        "history.imported": "mengimpor hasil kuis lama",
        "item.reopened": "meminta mengulang satu bagian pelatihan",
        "late_answer.accepted": "menerima jawaban terlambat",
        "late_answer.refused": "menolak jawaban terlambat",
        "late_answer.viewed": "membuka jawaban terlambat",
    }
)


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
