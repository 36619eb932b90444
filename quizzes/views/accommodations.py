"""SDM's list of accommodations, and the form that asks for one; the decision falls under /sdm/persetujuan/."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone

from foundation import audit
from organisation.decorators import role_required
from quizzes import services
from quizzes.exceptions import AccommodationRefused
from quizzes.forms import AccommodationForm
from quizzes.permissions import ACCOMMODATES, accommodations_for_actor

PAGE = 25


@role_required(ACCOMMODATES)
def accommodations(request):
    now = timezone.now()
    rows = accommodations_for_actor(request.user, at=now).for_list(at=now)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    audit.record(verb="accommodation.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    return render(request, "quizzes/accommodations.html", {"page": page})


@role_required(ACCOMMODATES)
def ask(request):
    now = timezone.now()
    form = AccommodationForm(request.POST or None, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.ask_accommodation(
                officer=answers["number"],
                item=answers["version"].item,
                extra_minutes=answers["extra_minutes"] or 0,
                extra_attempts=answers["extra_attempts"] or 0,
                closes_at=answers["closes_at"],
                reason=answers["reason"],
                actor=request.user,
                at=now,
            )
        except AccommodationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Permintaan terkirim. Berlaku setelah orang lain yang berwenang menyetujuinya.")
            return redirect("accommodations")
    return render(request, "quizzes/accommodation.html", {"form": form})
