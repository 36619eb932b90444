"""Where quiz pages meet people: Wagtail asks before it serves a page."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from quizzes.models import QuizPage

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
