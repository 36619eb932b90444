"""/sdm/peran/: who holds which role over which unit, from when to when; given and ended by administrators."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from .. import services
from ..decorators import fresh_login_required, role_required
from ..exceptions import OrganisationError
from ..forms.units import GrantForm
from ..permissions import GRANTS_ROLES, grants_for_actor

LIST = [{"url": "/sdm/personel/", "label": "Personel"}]


@role_required(GRANTS_ROLES)
@fresh_login_required
def roles(request):
    now = timezone.now()
    form = GrantForm(request.POST or None, actor=request.user, at=now, initial={"login": request.GET.get("nrp", "")})
    if request.method == "POST" and form.is_valid():
        try:
            grant = services.grant_role(actor=request.user, at=now, **form.values())
        except OrganisationError as refusal:
            form.add_error(None, str(refusal))
        else:
            hint = "" if grant.user.has_usable_password() else " Cetak slip aktivasi baru untuknya."
            messages.success(request, f"{grant.user} kini {grant.get_role_display()} untuk {grant.unit}.{hint}")
            return redirect("roles")
    grants = grants_for_actor(request.user, at=now).select_related("user", "unit")
    current = list(grants.in_force(at=now).order_by("unit__path", "role", "user__name"))
    elsewhere = services.standing_elsewhere(current, at=now)
    context = {
        "form": form,
        "current": [(grant, elsewhere.get(grant.pk, "")) for grant in current],
        "elsewhere_count": len(elsewhere),
        "to_come": grants.filter(valid_from__gt=now).exclude(valid_to__lte=F("valid_from")).order_by("valid_from"),
        "ended": grants.filter(valid_to__lte=now).order_by("-valid_to")[:50],
        "crumbs": [*LIST, {"label": "Peran"}],
    }
    return render(request, "organisation/roles.html", context)


@role_required(GRANTS_ROLES)
@fresh_login_required
@require_POST
def end(request, pk):
    now = timezone.now()
    grant = get_object_or_404(grants_for_actor(request.user, at=now), pk=pk)
    try:
        services.end_grant(grant=grant, actor=request.user, at=now)
    except OrganisationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Peran itu sudah diakhiri.")
    return redirect("roles")
