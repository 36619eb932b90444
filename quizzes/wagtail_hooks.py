"""Where quizzes and their bank meet people in the CMS; each hook registers or asks, and decides nothing itself."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from quizzes import services
from quizzes.models import BankQuestion, QuizPage

from .cms import bank, pages
from .permissions import may_use_bank
from .views import start_page

register_snippet(bank.BankQuestionViewSet)


@hooks.register("before_serve_page")
def serve_quiz_start(page, request, serve_args, serve_kwargs):
    """The start page of a quiz is personal: rules, attempts so far, one button."""
    if isinstance(page, QuizPage):
        return start_page.serve_quiz(request, page)
    return None


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("kuis/<int:page_id>/simpan-ke-bank/", pages.save_to_bank, name="quizzes-save-to-bank"),
        path("kuis/<int:page_id>/pengambilan/", pages.draws, name="quizzes-draws"),
        path("kuis/<int:page_id>/terbitkan-ulang/", pages.republish, name="quizzes-republish"),
        path("laporan/soal-bank-berubah/", pages.changed, name="quizzes-changed-bank"),
    ]


class BankMenuItem(MenuItem):
    def is_shown(self, request):
        return may_use_bank(request.user)


@hooks.register("register_reports_menu_item")
def changed_bank_menu_item():
    url = reverse("quizzes-changed-bank")
    return BankMenuItem("Soal bank berubah", url, name="changed-bank", icon_name="resubmit", order=20)


@hooks.register("register_page_header_buttons")
def save_to_bank_button(page, user, view_name, next_url=None):
    if isinstance(page, QuizPage) and may_use_bank(user) and page.permissions_for_user(user).can_edit():
        url = reverse("quizzes-save-to-bank", args=[page.pk])
        yield Button("Simpan ke bank soal", url, icon_name="folder-open-1", priority=70)


@hooks.register("register_snippet_action_menu_item")
def withdraw_menu_item(model):
    return bank.WithdrawMenuItem(order=20) if model is BankQuestion else None


@hooks.register("before_delete_snippet")
def keep_used_questions(request, instances):
    services.refuse_deletion(question for question in instances if isinstance(question, BankQuestion))
