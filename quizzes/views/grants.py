"""SDM's list of officers without an attempt left, and the form that gives another."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from foundation import audit
from organisation.decorators import role_required
from quizzes import services
from quizzes.exceptions import GrantRefused
from quizzes.permissions import GRANTS_ATTEMPTS, used_up_attempts_for_actor

PAGE = 25


class GrantForm(forms.Form):
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        help_text="Misalnya: sudah mengulang materi bersama Kanit pada 20 November. Tercatat atas nama Anda.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@role_required(GRANTS_ATTEMPTS)
def used_up(request):
    now = timezone.now()
    rows = used_up_attempts_for_actor(request.user, at=now).for_grant_list(at=now)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    audit.record(verb="attempt.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    return render(request, "quizzes/used_up.html", {"page": page})


@role_required(GRANTS_ATTEMPTS)
def grant(request, uuid):
    now = timezone.now()
    attempt = used_up_attempts_for_actor(request.user, at=now).for_grant_list(at=now).filter(uuid=uuid).first()
    if attempt is None:
        raise Http404("not in scope, or not used up")
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_attempt(attempt=attempt, reason=form.cleaned_data["reason"], actor=request.user, at=now)
        except GrantRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{attempt.enrolment.officer} mendapat satu percobaan tambahan.")
        return redirect("used-up-attempts")
    return render(request, "quizzes/grant.html", {"form": form, "attempt": attempt})
