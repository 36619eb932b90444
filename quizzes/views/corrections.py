"""Correcting a key: the form with its effect, what waits for a reviewer, the decision and the run after it."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder

from foundation import audit
from organisation.decorators import fresh_login_required, role_required
from quizzes import services
from quizzes.choices import Consequence, Treatment
from quizzes.corrections import effects_of
from quizzes.distribution import plain
from quizzes.effects import corrected
from quizzes.exceptions import CorrectionRefused
from quizzes.key_forms import CorrectionForm, key_words
from quizzes.models import KeyCorrection
from quizzes.permissions import (
    ANALYSES,
    attempts_named_for_actor,
    corrections_for_actor,
    may_decide_correction,
    quizzes_for_analysis,
)
from quizzes.services.correcting import proposal_in
from quizzes.services.drafting import draft_holds, source_of

from .analysis import question_of

PAGE = 25


class DecisionForm(forms.Form):
    consequence = forms.ChoiceField(
        label="Yang sudah lulus, tetapi tidak lulus dengan kunci baru",
        choices=[
            (Consequence.KEEP, "Kelulusan dan nilainya tetap berlaku (menguntungkan peserta)"),
            (
                Consequence.CORRECT,
                "Kelulusan dikoreksi: kewajiban dibuka lagi, pencabutan sertifikat diminta kepada SDM",
            ),
        ],
        initial=Consequence.KEEP,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Catatan", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@role_required(ANALYSES)
def correct(request, item, question):
    """Fill in the right key, look at what it would change, ask for it: three presses of one form."""
    now = timezone.now()
    item = get_object_or_404(quizzes_for_analysis(request.user, at=now).select_related("course"), uuid=item)
    asked = question_of(item, question)
    key = effects_of(item.pk).on(asked).key
    form = CorrectionForm(request.POST or None, question=asked, key=key, initial={"treatment": Treatment.KEY})
    context = {
        "item": item,
        "question": asked,
        "title": plain(asked.html, 90),
        "key": key_words(asked, key),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        try:
            correction = services.proposed_correction(
                question=asked, treatment=form.cleaned_data["treatment"], change=form.change()
            )
            if request.POST.get("tindakan") == "minta":
                request_row = services.ask_correction(
                    question=asked,
                    correction=correction,
                    reason=form.cleaned_data["reason"],
                    actor=request.user,
                    at=now,
                )
                messages.success(request, "Permintaan tercatat. Pemeriksa lain memutuskannya.")
                return redirect("key-correction", request_row.uuid)
        except CorrectionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            context |= _impact(request, correction, now) | {
                "new_key": _new_key(asked, correction),
                "sent": [
                    (name, value)
                    for name, values in request.POST.lists()
                    for value in values
                    if name not in ("csrfmiddlewaretoken", "tindakan")
                ],
            }
    return render(request, "quizzes/analysis/correct.html", context)


def _impact(request, correction: KeyCorrection, now) -> dict:
    named = attempts_named_for_actor(request.user, at=now)
    impact = services.impact_of(correction, named=named, at=now)
    if impact.names:
        audit.record(verb="attempt.list_viewed", actor=request.user, at=now, detail={"rows": len(impact.names)})
    return {"impact": impact}


def _new_key(question, correction: KeyCorrection) -> list[str]:
    if correction.treatment != Treatment.KEY:
        return [Treatment(correction.treatment).label]
    return key_words(question, corrected(question.answer_key, correction.key))


@role_required(ANALYSES)
def correction_list(request):
    rows = corrections_for_actor(request.user, at=timezone.now())
    waiting = rows.filter(approval=None)
    page = Paginator(rows.exclude(approval=None).select_related("approval"), PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/analysis/corrections.html", {"waiting": waiting, "page": page})


@role_required(ANALYSES)
@fresh_login_required
def correction(request, uuid):
    """What was asked, what it would change or has changed; a reviewer decides here."""
    now = timezone.now()
    rows = corrections_for_actor(request.user, at=now).select_related("approval")
    asked = get_object_or_404(rows, uuid=uuid)
    may_decide = may_decide_correction(request.user, asked, at=now)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = request.POST.get("putusan") == "setuju"
        try:
            services.decide_correction(
                asked=asked,
                approved=approved,
                consequence=form.cleaned_data["consequence"],
                note=form.cleaned_data["note"],
                actor=request.user,
                at=now,
            )
        except CorrectionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            words = "Disetujui. Semua percobaan sedang dihitung ulang." if approved else "Permintaan ditolak."
            messages.success(request, words)
        return redirect("key-correction", uuid)
    return render(
        request,
        "quizzes/analysis/correction.html",
        _correction_context(request, asked, now)
        | {"form": form, "may_decide": may_decide, "own": asked.requested_by_id == request.user.pk},
    )


def _correction_context(request, asked, now) -> dict:
    items = quizzes_for_analysis(request.user, at=now).select_related("course")
    item = get_object_or_404(items, pk=asked.payload["item"])
    question = question_of(item, asked.payload["question"])
    done = KeyCorrection.objects.filter(request=asked.uuid).select_related("regrade").first()
    context = {
        "asked": asked,
        "item": item,
        "question": question,
        "title": plain(question.html, 90),
        "new_key": _new_key(question, proposal_in(asked)),
        "done": done,
    }
    if done:
        source = source_of(done)
        return context | {
            "draft_holds": draft_holds(done, source),
            "source": source,
            "edit_url": AdminURLFinder(request.user).get_edit_url(source.owner) if source else None,
        }
    context["key"] = key_words(question, effects_of(item.pk).on(question).key)
    return context if hasattr(asked, "approval") else context | _impact(request, proposal_in(asked), now)
