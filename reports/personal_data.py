"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes

from .models import ReportName


@contributes("Laporan periode Quick Wins")
def period_reports(officer: Officer, *, at: datetime) -> list[dict]:
    """Where the officer stands by name in a report that was handed up."""
    rows = ReportName.objects.filter(officer=officer).select_related("submission", "activity")
    return [
        {
            "periode": f"{name.submission.programme_name}, {name.submission.period_name}",
            "satuan pelapor": name.submission.unit_name,
            "data per": name.submission.data_at,
            "kegiatan": name.activity.code if name.activity else "seluruh periode",
            "nama": name.full_name,
            "nomor": name.number,
            "pangkat": name.rank,
            "jabatan": name.post,
            "satuan": name.unit_name,
            "loket": name.functions,
            "pelatihan diminta": name.asked,
            "pelatihan selesai": name.finished,
            "keadaan": name.state,
            "nilai pre-tes": name.mean_before,
            "nilai pos-tes": name.mean_after,
        }
        for name in rows.order_by("pk")
    ]
