"""SDM records when the network or the power of a unit was away, and says when it is over."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organisation.decorators import role_required
from quizzes import services
from quizzes.exceptions import OutageRefused
from quizzes.forms import OutageEndForm, OutageForm
from quizzes.permissions import RECORDS_OUTAGES, outages_for_actor

PAGE = 25


@role_required(RECORDS_OUTAGES)
def outages(request):
    rows = outages_for_actor(request.user, at=timezone.now()).for_list()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/outages.html", {"page": page})


@role_required(RECORDS_OUTAGES)
def record(request):
    now = timezone.now()
    form = OutageForm(request.POST or None, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            outage = services.record_outage(
                unit=answers["unit"],
                starts_at=answers["starts_at"],
                ends_at=answers["ends_at"],
                reason=answers["reason"],
                actor=request.user,
                at=now,
            )
        except OutageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = (
                "Waktu yang hilang sudah dikembalikan." if outage.ends_at else "Jam percobaan berhenti sampai ditutup."
            )
            messages.success(request, f"Gangguan dicatat. {said}")
            return redirect("outages")
    return render(request, "quizzes/outage.html", {"form": form})


@role_required(RECORDS_OUTAGES)
def end(request, uuid):
    now = timezone.now()
    mine = outages_for_actor(request.user, at=now).select_related("unit")
    outage = get_object_or_404(mine, uuid=uuid)
    form = OutageEndForm(request.POST or None, unit=outage.unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_outage(outage=outage, ends_at=form.cleaned_data["ends_at"], actor=request.user, at=now)
        except OutageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Gangguan ditutup. Jam percobaan berjalan lagi dengan sisa waktunya.")
            return redirect("outages")
    return render(request, "quizzes/outage_end.html", {"form": form, "outage": outage})
