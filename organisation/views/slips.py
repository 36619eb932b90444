"""/sdm/slip/: activation slips on paper. The codes are on the answer to this one POST and nowhere else."""

from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from ..decorators import fresh_login_required, role_required
from ..forms.units import SlipForm
from ..models import Posting
from ..permissions import MANAGES_PEOPLE, accounts_for_slips, units_for_actor
from ..services import issue_slips

LIST = [{"url": "/sdm/personel/", "label": "Personel"}]
PER_SHEET = 8
QR_BORDER = 2


@role_required(MANAGES_PEOPLE)
@fresh_login_required
@never_cache
def slips(request):
    now = timezone.now()
    units = units_for_actor(request.user, at=now, roles=MANAGES_PEOPLE).in_force(at=now)
    one = _uuid(request.POST.get("officer", ""))
    form = SlipForm(request.POST if request.POST and not one else None, units=units)
    if request.method == "POST" and (one or form.is_valid()):
        accounts = accounts_for_slips(request.user, at=now)
        postings = Posting.objects.in_force(at=now).filter(officer__user__in=accounts.values("pk"))
        if one:
            postings = postings.filter(officer__uuid=one)
        else:
            postings = postings.below(form.cleaned_data["unit"])
            if not form.cleaned_data["everyone"]:
                postings = postings.filter(officer__user__password__startswith="!")  # noqa: S106
        ordered = list(postings.for_officer_list().order_by("unit__path", "rank__order", "officer__name"))
        if ordered:
            return _printed(request, ordered, at=now)
        messages.info(request, "Tidak ada slip yang perlu dicetak: semua akun sudah aktif atau di luar wewenang Anda.")
        return redirect("slips")
    crumbs = [*LIST, {"label": "Slip aktivasi"}]
    return render(request, "organisation/slips.html", {"form": form, "crumbs": crumbs})


def _printed(request, postings: list[Posting], *, at: datetime):
    printed = issue_slips(users=[posting.officer.user for posting in postings], actor=request.user, at=at)
    rows = [{"slip": slip, "posting": posting} for slip, posting in zip(printed, postings, strict=True)]
    address = f"{settings.SITE_URL}{reverse('activation')}"
    path, size = _qr(address)
    context = {
        "sheets": [rows[start : start + PER_SHEET] for start in range(0, len(rows), PER_SHEET)],
        "count": len(rows),
        "address": address.split("://", 1)[1].rstrip("/"),
        "qr_path": path,
        "qr_size": size,
        "crumbs": [*LIST, {"url": "/sdm/slip/", "label": "Slip aktivasi"}, {"label": "Cetak"}],
    }
    return render(request, "organisation/slips_print.html", context)


def _qr(address: str) -> tuple[str, int]:
    """The dark modules as one SVG path, drawn once and reused by every slip; and the side with its border."""
    code = segno.make(address, error="m", micro=False)
    path = "".join(
        f"M{x + QR_BORDER} {y + QR_BORDER}h1v1h-1z"
        for y, row in enumerate(code.matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return path, code.symbol_size(border=QR_BORDER)[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
