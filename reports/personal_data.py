"""What this room holds about an officer, for the officer's own download."""

from datetime import datetime

from organisation.models import Officer
from organisation.personal_data import contributes

from .asking import PAGES
from .models import ExportJob, ReportName, SavedReport


@contributes("Laporan tersimpan")
def saved_reports(officer: Officer, *, at: datetime) -> list[dict]:
    rows = SavedReport.objects.filter(owner=officer.user_id).select_related("shared_with").prefetch_related("schedules")
    return [
        {
            "nama": report.name,
            "laporan": PAGES[report.page].title,
            "saringan": report.query,
            "dibagikan kepada SDM": report.shared_with.name if report.shared_with else "",
            "disimpan": report.saved_at,
            "dikirim berkala": [
                {
                    "irama": schedule.get_rhythm_display(),
                    "berkas": schedule.get_kind_display(),
                    "sejak": schedule.started_at,
                    "sampai": schedule.ended_at,
                    "sebab berakhir": schedule.ended_why,
                }
                for schedule in report.schedules.all()
            ],
        }
        for report in rows.order_by("pk")
    ]


@contributes("Berkas laporan yang diminta")
def export_jobs(officer: Officer, *, at: datetime) -> list[dict]:
    rows = ExportJob.objects.filter(owner=officer.user_id).order_by("pk")
    return [
        {
            "laporan": job.title,
            "jenis": job.kind,
            "baris": job.total,
            "keadaan": job.get_state_display(),
            "diminta": job.asked_at,
            "selesai": job.finished_at,
        }
        for job in rows
    ]


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
