"""Screens about a quiz page and the bank: copy its questions, the state of its draws, quizzes to publish anew."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from quizzes import services
from quizzes.content import summary_of
from quizzes.exceptions import BankRefused
from quizzes.models import QuizPage
from quizzes.panels import draws_context
from quizzes.permissions import may_use_bank
from quizzes.services.banking import QUESTION_TYPES
from quizzes.usage import changed_quizzes

PER_PAGE = 25


def _page_to_edit(request, page_id: int) -> QuizPage:
    page = get_object_or_404(QuizPage, pk=page_id)
    if not (page.permissions_for_user(request.user).can_edit() and may_use_bank(request.user)):
        raise PermissionDenied
    return page


def save_to_bank(request, page_id: int):
    """List the questions of the newest draft; copy those that were ticked."""
    page = _page_to_edit(request, page_id)
    draft = page.get_latest_revision_as_object()
    if request.method == "POST":
        try:
            made = services.save_to_bank(
                page=page,
                chosen=set(request.POST.getlist("soal")),
                replace="ganti" in request.POST,
                actor=request.user,
                at=timezone.now(),
            )
        except BankRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("quizzes-save-to-bank", page.pk)
        messages.success(request, f"{len(made)} soal masuk bank sebagai draf. Ajukan supaya diperiksa.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    known = services.already_in_bank(draft)
    questions = [
        {"id": child.id, "number": number, "summary": summary_of(child), "bank": known.get(child.id)}
        for number, child in enumerate(draft.questions, start=1)
        if child.block_type in QUESTION_TYPES
    ]
    lock = page.get_lock()
    context = {
        "page": page,
        "questions": questions,
        "any_left": any(question["bank"] is None for question in questions),
        "may_replace": not (lock and lock.for_user(request.user)),
    }
    return render(request, "quizzes/admin/save_to_bank.html", context)


def draws(request, page_id: int):
    """The panel about draws as the newest draft has it: the editor asks for it after each automatic save."""
    page = get_object_or_404(QuizPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "quizzes/panels/_draws.html", draws_context(page.get_latest_revision_as_object()))


def changed(request):
    """Live quizzes that hold an older state of the bank."""
    if not may_use_bank(request.user):
        raise PermissionDenied
    quizzes = Paginator(changed_quizzes(), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "quizzes/admin/changed.html", {"quizzes": quizzes})


@require_POST
def republish(request, page_id: int):
    page = _page_to_edit(request, page_id)
    if not page.permissions_for_user(request.user).can_submit_for_moderation():
        raise PermissionDenied
    try:
        services.republish(page=page, actor=request.user, at=timezone.now())
    except BankRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{page.title}” diajukan untuk diperiksa dengan soal bank yang terbaru.")
    return redirect("quizzes-changed-bank")
