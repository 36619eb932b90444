"""Where quizzes and their bank meet people in the CMS; each hook registers or asks, and decides nothing itself."""

from django.urls import path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from courses.models import CoursePage
from organisation.permissions import has_role
from quizzes import services
from quizzes.models import BankQuestion, QuizPage, unanswered_course_versions

from .cms import bank, exchange, pages, redo
from .panels import ChangedCoursesPanel, ChangedQuizzesPanel
from .permissions import WRITES_QUESTIONS, may_use_bank
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
        path("kuis/ulang/<uuid:uuid>/", redo.redo, name="quizzes-redo"),
        path("pelatihan/ulang/<uuid:uuid>/", redo.redo_course, name="quizzes-redo-course"),
        path("soal/impor/", exchange.upload, name="quizzes-import"),
        path("soal/impor/templat/", exchange.template_file, name="quizzes-import-template"),
        path("soal/impor/<uuid:uuid>/", exchange.preview, name="quizzes-import-preview"),
        path("soal/ekspor/", exchange.export, name="quizzes-export"),
        path("soal/ekspor/unduh/", exchange.download, name="quizzes-export-download"),
        path("kuis/<int:page_id>/simpan-ke-bank/", pages.save_to_bank, name="quizzes-save-to-bank"),
        path("kuis/<int:page_id>/pengambilan/", pages.draws, name="quizzes-draws"),
        path("kuis/<int:page_id>/terbitkan-ulang/", pages.republish, name="quizzes-republish"),
        path("laporan/soal-bank-berubah/", pages.changed, name="quizzes-changed-bank"),
    ]


@hooks.register("construct_homepage_panels")
def changed_quizzes_panel(request, panels):
    panels.extend([ChangedQuizzesPanel(), ChangedCoursesPanel()])


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


@hooks.register("register_admin_menu_item")
def marking_menu_item():
    return MenuItem("Penilaian", reverse("marking-queue"), name="marking", icon_name="edit", order=450)


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


@hooks.register("register_page_header_buttons")
def redo_course_button(page, user, view_name, next_url=None):
    """As long as nobody answered who must take a course with other rules again, its page asks."""
    if isinstance(page, CoursePage):
        for version in unanswered_course_versions():
            if version.course_id == page.course_id:
                url = reverse("quizzes-redo-course", args=[version.uuid])
                yield Button("Siapa yang harus mengulang?", url, icon_name="warning", priority=60)


@hooks.register("register_snippet_action_menu_item")
def withdraw_menu_item(model):
    return bank.WithdrawMenuItem(order=20) if model is BankQuestion else None


@hooks.register("before_delete_snippet")
def keep_used_questions(request, instances):
    services.refuse_deletion(question for question in instances if isinstance(question, BankQuestion))


@hooks.register("register_reports_menu_item")
def analysis_menu_item():
    return MenuItem("Analisis soal", reverse("analysis"), name="item-analysis", icon_name="table", order=30)
