"""The page where the signer printed on certificates signs a batch of them off with a certified provider."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone

from certificates.exceptions import SealUnavailable
from certificates.forms import SignOffForm
from certificates.rendering.press import PressFailed
from certificates.sealing import signers
from certificates.sealing.signing_off import BATCH, sign_off, waiting_for_actor
from foundation.formats import number
from organisation.decorators import fresh_login_required


@login_required
@fresh_login_required
def waiting_signatures(request):
    """What waits for this signer; a POST signs off the first page."""
    provider = signers.provider()
    page = Paginator(waiting_for_actor(request.user), BATCH).get_page(request.GET.get("page"))
    missing = provider.missing() if provider else ""
    form = SignOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = sign_off(
                orders=list(page),
                identity=form.cleaned_data["nik"],
                passphrase=form.cleaned_data["frasa"],
                actor=request.user,
                at=timezone.now(),
            )
        except SealUnavailable as refusal:
            messages.error(request, str(refusal))
        except PressFailed:
            messages.error(request, "Halaman sertifikat belum dapat dicetak. Coba lagi sebentar lagi.")
        else:
            messages.success(request, f"{number(batch.count)} sertifikat ditandatangani dan terbit.")
        return redirect("signatures")
    context = {"page": page, "provider": provider, "missing": missing, "form": form}
    return render(request, "certificates/signatures.html", context)
