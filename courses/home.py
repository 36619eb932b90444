"""The start page of the CMS: what an author should look at next."""

from django.utils import timezone
from wagtail.admin.ui.components import Component

from .review import content_to_review

SHOWN = 5


class LegalReviewPanel(Component):
    """The first pages whose legal basis needs a look; the report has them all."""

    name = "legal_review"
    template_name = "courses/admin/legal_review_panel.html"
    order = 230

    def get_context_data(self, parent_context):
        rows = [row for row in content_to_review(on=timezone.localdate()) if row.is_page]
        return {"rows": rows[:SHOWN], "total": len(rows)}
