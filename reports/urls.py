"""Addresses of reports."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .models.files import CSV, FILE_KINDS, XLSX
from .views import (
    chase,
    completion,
    effect,
    expiring,
    exporting,
    head,
    jp,
    matrix,
    moves,
    overview,
    period_reports,
    quick_wins,
    readiness,
    record,
    remind,
    saved,
    trend,
)


class FileKind(StringConverter):
    regex = "|".join(FILE_KINDS)


class SheetKind(StringConverter):
    regex = f"{XLSX}|{CSV}"


register_converter(FileKind, "file_kind")
register_converter(SheetKind, "sheet_kind")


def _file(address: str, report: str, *, name: str = ""):
    """The download of a key of files.FILES."""
    return path(f"{address}.<file_kind:kind>", exporting.export, {"report": report}, name=name or f"{report}-export")


def _list(address: str, key: str, *, name: str):
    """The download of a key of lists.LISTS, whose page is in a room below."""
    return path(f"{address}.<sheet_kind:kind>", exporting.export, {"report": key}, name=name)


urlpatterns = [
    _list("sdm/personel/unduh", "people", name="people-export"),
    _list("sdm/audit/unduh", "audit", name="audit-export"),
    _list("sdm/sertifikat/ekspor", "certificates", name="certificate-export"),
    _list("sdm/sertifikat/berakhir/ekspor", "certificates-ending", name="certificates-expiring-export"),
    _list("sdm/sertifikat/dicabut/ekspor", "certificates-ended", name="certificates-ended-export"),
    _list("sdm/sertifikat/belum/ekspor", "certificates-missing", name="certificates-missing-export"),
    _list("sdm/sertifikat/nomor/<int:seri>/buku", "numbers", name="number-export"),
    _file("sdm/penugasan/<uuid:perintah>/unduh", "order"),
    _file("sdm/penugasan/jalur/<uuid:perintah>/unduh", "path-order"),
    path("sdm/penugasan/perubahan/", moves.move_changes, name="move-changes"),
    _file("sdm/penugasan/perubahan/unduh", "moves"),
    path("sdm/", overview.overview, name="sdm-overview"),
    path("sdm/penagihan/", chase.chase_list, name="chase-list"),
    _file("sdm/penagihan/unduh", "chase"),
    path("sdm/penagihan/ingatkan/", remind.remind_unit, name="remind-unit"),
    path("sdm/personel/<uuid:uuid>/ingatkan/", remind.remind_officer, name="remind-officer"),
    path("sdm/penyelesaian/", completion.completion_table, name="completion"),
    path("sdm/penyelesaian/nama/", completion.name_list, name="completion-names"),
    _file("sdm/penyelesaian/nama/unduh", "names", name="completion-names-export"),
    _file("sdm/penyelesaian/satuan", "units", name="completion-units-export"),
    _file("sdm/penyelesaian/pelatihan", "courses", name="completion-courses-export"),
    path("sdm/penyelesaian/target/", trend.trend_page, name="trend"),
    _file("sdm/penyelesaian/target/unduh", "trend"),
    path("sdm/penyelesaian/dampak/", effect.effect_page, name="effect"),
    _file("sdm/penyelesaian/dampak/unduh", "effect"),
    path("sdm/penyelesaian/dampak/nama/", effect.effect_names, name="effect-names"),
    _file("sdm/penyelesaian/dampak/nama/unduh", "effect-names"),
    path("sdm/kesiapan/", readiness.readiness_page, name="readiness"),
    _file("sdm/kesiapan/unduh", "readiness"),
    path("sdm/laporan/", saved.saved_reports, name="saved-reports"),
    path("sdm/laporan/simpan/", saved.save, name="saved-report-new"),
    path("sdm/laporan/<uuid:uuid>/", saved.open_report, name="saved-report"),
    path("sdm/laporan/<uuid:uuid>/ubah/", saved.edit, name="saved-report-edit"),
    path("sdm/laporan/<uuid:uuid>/hapus/", saved.delete, name="saved-report-delete"),
    path("sdm/laporan/<uuid:uuid>/kirim/", saved.schedule, name="saved-report-schedule"),
    path("sdm/laporan/<uuid:uuid>/berhenti/", saved.stop, name="saved-report-stop"),
    path("sdm/laporan/berkas/<uuid:uuid>/", exporting.job, name="export-job"),
    path("sdm/laporan/berkas/<uuid:uuid>/unduh/", exporting.fetch, name="export-job-file"),
    path("sdm/matriks/", matrix.matrix_page, name="matrix"),
    _file("sdm/matriks/unduh", "matrix"),
    path("sdm/kedaluwarsa/", expiring.expiring_list, name="expiring"),
    _file("sdm/kedaluwarsa/unduh", "expiring"),
    path("sdm/jp/", jp.jp_list, name="jp-list"),
    _file("sdm/jp/unduh", "jp"),
    path("sdm/jp/target/", jp.jp_targets, name="jp-targets"),
    path("jp/", jp.own_jp, name="own-jp"),
    path("transkrip/", record.own_transcript, name="own-transcript"),
    path("transkrip/unduh.pdf", record.own_transcript_pdf, name="own-transcript-pdf"),
    path("pelatihan/<slug:slug>/mengapa/", record.own_why, name="own-why"),
    path("sdm/personel/<uuid:uuid>/pelatihan/", record.record, name="learning-record"),
    path("sdm/personel/<uuid:uuid>/transkrip/", record.transcript, name="transcript"),
    path("sdm/personel/<uuid:uuid>/transkrip/unduh.pdf", record.transcript_pdf, name="transcript-pdf"),
    path("sdm/quick-wins/", quick_wins.quick_wins, name="quick-wins"),
    path("sdm/quick-wins/<int:period>/nama/", quick_wins.quick_wins_names, name="quick-wins-names"),
    path("sdm/quick-wins/<int:period>/loket/", quick_wins.quick_wins_counters, name="quick-wins-counters"),
    _file("sdm/quick-wins/unduh", "quick-wins"),
    _file("sdm/quick-wins/target", "quick-wins-targets"),
    _file("sdm/quick-wins/satuan", "quick-wins-units"),
    _file("sdm/quick-wins/loket", "quick-wins-counters"),
    _file("sdm/quick-wins/nama/unduh", "quick-wins-names"),
    path("sdm/quick-wins/<int:period>/siapkan/", period_reports.prepare, name="period-report-prepare"),
    path("sdm/quick-wins/laporan/", period_reports.report_list, name="period-reports"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/", period_reports.report, name="period-report"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/keterangan/", period_reports.write, name="period-report-write"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/ajukan/", period_reports.submit, name="period-report-submit"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/verifikasi/", period_reports.verify, name="period-report-verify"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/tolak/", period_reports.reject, name="period-report-reject"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/nama/", period_reports.names, name="period-report-names"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/unduh.xlsx", period_reports.xlsx, name="period-report-xlsx"),
    path("sdm/quick-wins/laporan/<uuid:uuid>/laporan.pdf", period_reports.pdf, name="period-report-pdf"),
    path("satuan/", head.head_page, name="head-page"),
]
