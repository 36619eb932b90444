"""The report “Dasar hukum perlu diperiksa” of the CMS."""

from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from foundation.spreadsheets import csv_response, xlsx_response

from .review import content_to_review

HEADER = ["Isi", "Jenis", "Pelatihan", "Dasar hukum", "Mengapa", "Di mana", "Periksa ulang sebelum"]


class PlacesColumn(Column):
    """Links to each place in the editor of the thing itself."""

    cell_template_name = "courses/admin/places_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        url = AdminURLFinder(parent_context["request"].user).get_edit_url(instance.content)
        return {**super().get_cell_context_data(instance, parent_context), "url": url}


class LegalReviewReport(ReportView):
    page_title = "Dasar hukum perlu diperiksa"
    header_icon = "warning"
    index_url_name = "courses-legal-review"
    index_results_url_name = "courses-legal-review-results"
    list_export = HEADER
    default_ordering = None

    def get_base_queryset(self):
        return content_to_review(on=timezone.localdate())

    def order_queryset(self, queryset):
        return queryset

    @property
    def columns(self):
        urls = AdminURLFinder(self.request.user)
        return [
            TitleColumn("title", label="Isi", get_url=lambda row: urls.get_edit_url(row.content)),
            Column("kind", label="Jenis"),
            Column("course", label="Pelatihan"),
            TitleColumn(
                "source",
                label="Dasar hukum",
                accessor=lambda row: row.source.short,
                get_url=lambda row: urls.get_edit_url(row.source),
            ),
            Column("reason", label="Mengapa"),
            PlacesColumn("places", label="Di mana"),
        ]

    def as_spreadsheet(self, queryset, spreadsheet_format):
        rows = (
            [
                row.title,
                row.kind,
                row.course,
                row.source.short,
                row.reason,
                ", ".join(label for label, _path in row.places),
                row.source.review_by,
            ]
            for row in queryset
        )
        respond = xlsx_response if spreadsheet_format == self.FORMAT_XLSX else csv_response
        return respond("dasar-hukum-perlu-diperiksa", HEADER, rows)
