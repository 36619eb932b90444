"""Where quiz pages meet people: Wagtail asks before it serves a page."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from quizzes.models import QuizPage

from .views import start_page


@hooks.register("before_serve_page")
def serve_quiz_start(page, request, serve_args, serve_kwargs):
    """The start page of a quiz is personal: rules, attempts so far, one button."""
    if isinstance(page, QuizPage):
        return start_page.serve_quiz(request, page)
    return None


@hooks.register("register_reports_menu_item")
def analysis_menu_item():
    return MenuItem("Analisis soal", reverse("analysis"), name="item-analysis", icon_name="table", order=20)
