"""The start page of the CMS: what an author should look at next."""

from django.utils import timezone
from wagtail.admin.ui.components import Component

from .models import CoursePage
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


class CoursesPanel(Component):
    """Every course with its state, one click from its lessons; the newest change first."""

    name = "courses"
    template_name = "courses/admin/courses_panel.html"
    order = 240

    def get_context_data(self, parent_context):
        pages = CoursePage.objects.order_by("-latest_revision_created_at")
        return {"pages": pages[:SHOWN], "total": len(pages)}
