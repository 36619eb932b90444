"""What this room holds about one officer beyond running attempts, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes, names_verbs

names_verbs({"history.imported": "mengimpor hasil kuis lama"})


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
