"""Where quiz pages meet people: Wagtail asks before it serves a page; trainers find import and export in the menu."""

from django.urls import path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from organisation.permissions import has_role
from quizzes.models import QuizPage

from .permissions import WRITES_QUESTIONS
from .views import exchange, start_page


@hooks.register("before_serve_page")
def serve_quiz_start(page, request, serve_args, serve_kwargs):
    """The start page of a quiz is personal: rules, attempts so far, one button."""
    if isinstance(page, QuizPage):
        return start_page.serve_quiz(request, page)
    return None


@hooks.register("register_admin_urls")
def exchange_urls():
    return [
        path("soal/impor/", exchange.upload, name="quizzes-import"),
        path("soal/impor/templat/", exchange.template_file, name="quizzes-import-template"),
        path("soal/impor/<uuid:uuid>/", exchange.preview, name="quizzes-import-preview"),
        path("soal/ekspor/", exchange.export, name="quizzes-export"),
        path("soal/ekspor/unduh/", exchange.download, name="quizzes-export-download"),
    ]


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
