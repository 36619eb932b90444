"""/sdm/serah-terima/: let a deputy hold one's role for a time, or hand it over for good."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.models import ApprovalRequest

from .. import services
from ..decorators import fresh_login_required, role_required
from ..exceptions import OrganisationError
from ..forms.handover import HandoverForm
from ..models import Capacity
from ..permissions import APPROVES, HANDS_OVER, handovers_of, own_grants_to_hand_over, subtree_scope

SHOWN = 20


@role_required(HANDS_OVER)
@fresh_login_required
def handover(request):
    now = timezone.now()
    form = HandoverForm(request.POST or None, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            made = _hand_over(form, actor=request.user, at=now)
        except OrganisationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.given.user} dicatat sebagai {made.given.title}.")
            return redirect("handover")
    grants = list(own_grants_to_hand_over(request.user, at=now))
    waiting = ApprovalRequest.objects.filter(
        subtree_scope(request.user, APPROVES, at=now, prefix="unit_"), approval=None
    )
    tasks = {label: count for grant in grants for label, count in services.open_tasks(grant)}
    context = {
        "form": form,
        "grants": grants,
        "waiting": waiting.exclude(requested_by_id=request.user.pk).count(),
        "tasks": tasks.items(),
        "rows": [
            (row, not row.cancelled_at and (row.given.is_deputy or row.given.valid_from > now))
            for row in handovers_of(request.user)[:SHOWN]
        ],
        "now": now,
        "crumbs": [{"url": "/akun/", "label": "Akun"}, {"label": "Serah terima"}],
    }
    return render(request, "organisation/handover.html", context)


def _hand_over(form: HandoverForm, *, actor, at):
    answers = form.cleaned_data
    common = {
        "grant": answers["grant"],
        "first": answers["first"],
        "order_number": answers["order_number"],
        "with_tasks": answers["with_tasks"],
        "actor": actor,
        "at": at,
    }
    if answers["capacity"] == Capacity.DEFINITIVE:
        return services.hand_over(successor=form.receiver, **common)
    return services.name_deputy(
        deputy=form.receiver, capacity=Capacity(answers["capacity"]), last=answers["last"], **common
    )


@role_required(HANDS_OVER)
@fresh_login_required
@require_POST
def cancel(request, pk):
    row = get_object_or_404(handovers_of(request.user), pk=pk)
    try:
        services.cancel_handover(handover=row, actor=request.user, at=timezone.now())
    except OrganisationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Diakhiri. Aksesnya berhenti sekarang.")
    return redirect("handover")
