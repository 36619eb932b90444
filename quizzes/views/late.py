"""Late answers: what stood, what came, how late; accepted or refused with a reason."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation import audit
from organisation.decorators import role_required
from organisation.models import Zone
from quizzes import services
from quizzes.exceptions import LateDecisionRefused
from quizzes.late_sheets import LateRow, LateSheet
from quizzes.permissions import DECIDES_LATE, DECIDES_LATE_BLIND, late_answers_for_actor
from quizzes.sittings import code_of

PAGE = 25


class LateForm(forms.Form):
    decision = forms.ChoiceField(
        label="Keputusan",
        choices=[
            ("terima", "Terima: jawaban ini menggantikan yang tersimpan"),
            ("tolak", "Tolak: yang tersimpan tetap"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        help_text="Misalnya: listrik satuan padam 14.10–14.25, dibenarkan Kasi Umum. Personel membacanya.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@role_required(DECIDES_LATE)
@require_safe
def late_answers(request):
    return _list(request, blind=False)


@role_required(DECIDES_LATE_BLIND)
@require_safe
def blind_late_answers(request):
    return _list(request, blind=True)


@role_required(DECIDES_LATE)
def late_answer(request, pk):
    return _detail(request, pk, blind=False)


@role_required(DECIDES_LATE_BLIND)
def blind_late_answer(request, pk):
    return _detail(request, pk, blind=True)


def _list(request, *, blind: bool):
    now = timezone.now()
    waiting = late_answers_for_actor(request.user, at=now, blind=blind).undecided()
    page = Paginator(waiting.for_late_list(at=now), PAGE).get_page(request.GET.get("page"))
    rows = [LateRow(late) for late in page.object_list]
    audit.record(verb="late_answer.list_viewed", actor=request.user, at=now, detail={"rows": len(rows), "blind": blind})
    context = {**_frame(blind), "page": page, "rows": rows, "zone": Zone.WIB}
    return render(request, "quizzes/late/list.html", context)


def _detail(request, pk, *, blind: bool):
    now = timezone.now()
    waiting = late_answers_for_actor(request.user, at=now, blind=blind).undecided()
    late = get_object_or_404(waiting.for_late_list(at=now).prefetch_related("response__question__options"), pk=pk)
    attempt = late.response.attempt
    form = LateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_late_answer(
                late=late,
                accepted=form.cleaned_data["decision"] == "terima",
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=now,
            )
        except LateDecisionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Keputusan tercatat dan diberitahukan kepada personel.")
        return redirect("blind-late-answers" if blind else "late-answers")
    officer = attempt.enrolment.officer
    posting = officer.current_postings[0]
    audit.record(verb="late_answer.viewed", actor=request.user, at=now, obj=late, subject_id=officer.pk)
    context = {
        **_frame(blind),
        "form": form,
        "sheet": LateSheet(late),
        "zone": Zone.WIB if blind else posting.unit.zone,
        "title": code_of(attempt) if blind else f"{posting.rank.short} {officer.full_name}",
        "crumbs": [
            {"url": reverse("blind-late-answers" if blind else "late-answers"), "label": "Jawaban terlambat"},
            {"label": f"Soal {late.response.position}"},
        ],
    }
    return render(request, "quizzes/late/detail.html", context)


def _frame(blind: bool) -> dict:
    return {
        "base": "quizzes/marking/base.html" if blind else "sdm/base.html",
        "blind": blind,
        "detail": "blind-late-answer" if blind else "late-answer",
        "back": reverse("blind-late-answers" if blind else "late-answers"),
    }
