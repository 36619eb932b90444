"""Where quizzes meet people in the CMS: Wagtail asks before it serves a page, and shows what waits for an author."""

from django.urls import path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from organisation.permissions import has_role
from quizzes.models import QuizPage

from . import admin_views
from .panels import ChangedQuizzesPanel
from .permissions import WRITES_QUESTIONS
from .views import exchange, start_page


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
    return [
        path("kuis/ulang/<uuid:uuid>/", admin_views.redo, name="quizzes-redo"),
        path("soal/impor/", exchange.upload, name="quizzes-import"),
        path("soal/impor/templat/", exchange.template_file, name="quizzes-import-template"),
        path("soal/impor/<uuid:uuid>/", exchange.preview, name="quizzes-import-preview"),
        path("soal/ekspor/", exchange.export, name="quizzes-export"),
        path("soal/ekspor/unduh/", exchange.download, name="quizzes-export-download"),
    ]


@hooks.register("construct_homepage_panels")
def changed_quizzes_panel(request, panels):
    panels.append(ChangedQuizzesPanel())


class ForWriters(SubmenuMenuItem):
    def is_shown(self, request):
        return has_role(request.user, WRITES_QUESTIONS, at=timezone.now())


@hooks.register("register_admin_menu_item")
def exchange_menu():
    items = [
        MenuItem("Impor soal", reverse("quizzes-import"), name="question-import", icon_name="upload", order=10),
        MenuItem("Ekspor soal", reverse("quizzes-export"), name="question-export", icon_name="download", order=20),
    ]
    return ForWriters("Impor & ekspor", Menu(items=items), name="question-exchange", icon_name="doc-full", order=350)
