"""What waits for a second person: acts of every room that ask for one, over the units of the actor."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certificates.forms import DecisionForm
from certificates.permissions import approval_requests_for_actor
from foundation import approvals
from foundation.models import ApprovalRequest
from organisation.decorators import fresh_login_required, role_required
from organisation.deputies import capacities, signed
from organisation.permissions import APPROVES

PAGE_SIZE = 50


@role_required(APPROVES)
def waiting_list(request):
    rows = approval_requests_for_actor(request.user, at=timezone.now())
    waiting = Paginator(rows.filter(approval=None), PAGE_SIZE).get_page(request.GET.get("page"))
    decided = rows.exclude(approval=None).select_related("approval").order_by("-approval__decided_at")[:10]
    return render(request, "certificates/approvals.html", {"page": waiting, "decided": decided})


@role_required(APPROVES)
@fresh_login_required
def decide(request, uuid):
    """Read the request; approve or refuse it."""
    now = timezone.now()
    asked = get_object_or_404(approval_requests_for_actor(request.user, at=now).select_related("approval"), uuid=uuid)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = request.POST.get("putusan") == "setuju"
        try:
            approvals.decide(
                request=asked, approved=approved, note=form.cleaned_data["catatan"], actor=request.user, at=now
            )
        except approvals.ApprovalRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "Permintaan disetujui dan sudah dijalankan." if approved else "Permintaan ditolak."
            )
        return redirect("approvals")
    context = {"asked": asked, "form": form, "own": asked.requested_by_id == request.user.pk, **_signatures(asked)}
    return render(request, "certificates/approval.html", context)


def _signatures(asked: ApprovalRequest) -> dict[str, str]:
    """Who asked and who decided, with the capacity in which a deputy did."""
    approval = getattr(asked, "approval", None)
    capacity = capacities([asked.requested_by_id, approval.decided_by_id if approval else None])
    found = {
        "asker": signed(asked.requested_by_name, capacity(asked.requested_by_id, asked.requested_at, asked.unit_path))
    }
    if approval:
        words = capacity(approval.decided_by_id, approval.decided_at, asked.unit_path)
        found["decider"] = signed(approval.decided_by_name, words)
    return found
