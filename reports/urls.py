"""Addresses of reports."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import chase, completion, expiring, head, jp, matrix, overview, period_reports, quick_wins, record, remind


class FileKind(StringConverter):
    regex = "xlsx|csv"


register_converter(FileKind, "file_kind")

urlpatterns = [
    path("sdm/", overview.overview, name="sdm-overview"),
    path("sdm/penagihan/", chase.chase_list, name="chase-list"),
    path("sdm/penagihan/unduh.<file_kind:kind>", chase.chase_export, name="chase-export"),
    path("sdm/penagihan/ingatkan/", remind.remind_unit, name="remind-unit"),
    path("sdm/personel/<uuid:uuid>/ingatkan/", remind.remind_officer, name="remind-officer"),
    path("sdm/penyelesaian/", completion.completion_table, name="completion"),
    path("sdm/penyelesaian/nama/", completion.name_list, name="completion-names"),
    path("sdm/penyelesaian/nama/unduh.<file_kind:kind>", completion.names_export, name="completion-names-export"),
    path("sdm/penyelesaian/satuan.<file_kind:kind>", completion.units_export, name="completion-units-export"),
    path("sdm/penyelesaian/pelatihan.<file_kind:kind>", completion.courses_export, name="completion-courses-export"),
    path("sdm/matriks/", matrix.matrix_page, name="matrix"),
    path("sdm/matriks/unduh.<file_kind:kind>", matrix.matrix_export, name="matrix-export"),
    path("sdm/kedaluwarsa/", expiring.expiring_list, name="expiring"),
    path("sdm/kedaluwarsa/unduh.<file_kind:kind>", expiring.expiring_export, name="expiring-export"),
    path("sdm/jp/", jp.jp_list, name="jp-list"),
    path("sdm/jp/unduh.<file_kind:kind>", jp.jp_export, name="jp-export"),
    path("sdm/jp/target/", jp.jp_targets, name="jp-targets"),
    path("jp/", jp.own_jp, name="own-jp"),
    path("transkrip/", record.own_transcript, name="own-transcript"),
    path("pelatihan/<slug:slug>/mengapa/", record.own_why, name="own-why"),
    path("sdm/personel/<uuid:uuid>/pelatihan/", record.record, name="learning-record"),
    path("sdm/personel/<uuid:uuid>/transkrip/", record.transcript, name="transcript"),
    path("sdm/quick-wins/", quick_wins.quick_wins, name="quick-wins"),
    path("sdm/quick-wins/<int:period>/nama/", quick_wins.quick_wins_names, name="quick-wins-names"),
    path("sdm/quick-wins/<int:period>/loket/", quick_wins.quick_wins_counters, name="quick-wins-counters"),
    path("sdm/quick-wins/<int:period>/unduh.xlsx", quick_wins.quick_wins_xlsx, name="quick-wins-xlsx"),
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
