"""Where quizzes meet people in the CMS: Wagtail asks before it serves a page, and shows what waits for an author."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from quizzes.models import QuizPage

from . import admin_views
from .panels import ChangedQuizzesPanel
from .views import start_page


@hooks.register("register_admin_menu_item")
def marking_menu_item():
    return MenuItem("Penilaian", reverse("marking-queue"), name="marking", icon_name="edit", order=450)


@hooks.register("before_serve_page")
def serve_quiz_start(page, request, serve_args, serve_kwargs):
    """The start page of a quiz is personal: rules, attempts so far, one button."""
    if isinstance(page, QuizPage):
        return start_page.serve_quiz(request, page)
    return None


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("kuis/ulang/<uuid:uuid>/", admin_views.redo, name="quizzes-redo")]


@hooks.register("construct_homepage_panels")
def changed_quizzes_panel(request, panels):
    panels.append(ChangedQuizzesPanel())
