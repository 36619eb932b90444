"""What the CMS shows and offers; each hook registers or asks, and decides nothing itself."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from . import admin_views
from .home import CoursesPanel, LegalReviewPanel
from .models import CoursePage
from .models.pages import ContentPage
from .reports import LegalReviewReport
from .snippets import LearningPathViewSet, LegalGroup, TopicViewSet

register_snippet(LegalGroup)
register_snippet(TopicViewSet)
register_snippet(LearningPathViewSet)

# What of Wagtail's own menus is out of a trainer's and a reviewer's way; entries of our rooms stay.
WAGTAILS_MENU = {"settings", "help"}
WAGTAILS_REPORTS = {"locked-pages", "site-history", "aging-pages", "page-types-usage"}
WAGTAILS_PANELS = {"upgrade_notification", "whats_new_in_wagtail_version", "locked_pages"}


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        # Before Wagtail's own: its catalogue for scripts does not look into the project's locale folder.
        path("jsi18n/", admin_views.ScriptCatalog.as_view(packages=["wagtail.admin"]), name="courses-script-catalog"),
        path("arsipkan/<int:page_id>/", admin_views.archive, name="courses-archive"),
        path("laporan/dasar-hukum/", LegalReviewReport.as_view(), name="courses-legal-review"),
        path(
            "laporan/dasar-hukum/hasil/",
            LegalReviewReport.as_view(results_only=True),
            name="courses-legal-review-results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def legal_review_menu_item():
    url = reverse("courses-legal-review")
    return MenuItem("Dasar hukum perlu diperiksa", url, name="legal-review", icon_name="warning", order=10)


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("courses/admin.css"))


@hooks.register("construct_homepage_summary_items")
def no_counters(request, items):
    """How many pages and pictures there are helps nobody to do the next thing."""
    items.clear()


@hooks.register("construct_main_menu")
def trim_main_menu(request, items):
    items[:] = [item for item in items if item.name not in WAGTAILS_MENU]


@hooks.register("construct_reports_menu")
def trim_reports_menu(request, items):
    items[:] = [item for item in items if item.name not in WAGTAILS_REPORTS]


@hooks.register("construct_homepage_panels")
def home_panels(request, panels):
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in WAGTAILS_PANELS]
    panels += [LegalReviewPanel(), CoursesPanel()]


@hooks.register("register_page_header_buttons")
def archive_button(page, user, view_name, next_url=None):
    if isinstance(page, CoursePage) and page.permissions_for_user(user).can_unpublish():
        yield Button("Arsipkan", reverse("courses-archive", args=[page.pk]), icon_name="folder", priority=60)


@hooks.register("before_copy_page")
def copies_are_drafts(request, page):
    """A copy that is published at once, or follows its original, would go around the workflow."""
    if isinstance(page.specific, ContentPage) and ("publish_copies" in request.POST or "alias" in request.POST):
        messages.error(request, "Salinan selalu menjadi draf dan terbit lewat pemeriksaan. Hapus tandanya.")
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def hint_at_minutes(request, page):
    if isinstance(page, CoursePage) and not request.headers.get("accept", "").startswith("application/json"):
        draft = page.get_latest_revision_as_object()
        if draft.minutes_hint:
            messages.warning(request, draft.minutes_hint)
