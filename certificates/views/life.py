"""/sdm/sertifikat/…: what two people do to one certificate. This side asks; /sdm/persetujuan/ decides."""

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certificates import services
from certificates.exceptions import CertificateError
from certificates.forms_life import CorrectionForm, PaperForm
from certificates.permissions import ASKS, approval_requests_for_actor, uncertified_for_actor
from certificates.services.asking import standing_completion
from enrolments.corrections import Holder
from enrolments.models import ReliefDocument
from foundation import audit
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import APPROVES, units_for_actor

from .register import found_certificate

SENT = "Permintaan terkirim. Orang lain yang berwenang harus menyetujuinya."


@role_required(ASKS)
@fresh_login_required
def ask_revocation(request, public_id):
    certificate = found_certificate(request, public_id, roles=ASKS)
    form = PaperForm(request.POST or None, request.FILES or None)
    if _asked(request, form, lambda **given: services.ask_revocation(certificate=certificate, **given)):
        return redirect("certificate-detail", public_id=certificate.shown_id)
    return render(request, "certificates/revoke.html", {"certificate": certificate, "form": form})


@role_required(ASKS)
@fresh_login_required
def ask_reissue(request, public_id):
    certificate = found_certificate(request, public_id, roles=ASKS)
    form = PaperForm(request.POST or None, request.FILES or None)
    if _asked(request, form, lambda **given: services.ask_reissue(certificate=certificate, **given)):
        return redirect("certificate-detail", public_id=certificate.shown_id)
    return render(request, "certificates/reissue.html", {"certificate": certificate, "form": form})


@role_required(ASKS)
@fresh_login_required
def ask_correction(request, public_id):
    certificate, now = found_certificate(request, public_id, roles=ASKS), timezone.now()
    completion = standing_completion(certificate)
    if completion is None:
        messages.error(request, "Penyelesaian pelatihannya sudah dicabut, jadi tidak ada yang dikoreksi.")
        return redirect("certificate-detail", public_id=certificate.shown_id)
    form = CorrectionForm(
        request.POST or None,
        request.FILES or None,
        before=Holder.of(completion),
        number=certificate.officer.number,
        units=units_for_actor(request.user, at=now, roles=ASKS),
    )
    if _asked(
        request,
        form,
        lambda **given: services.ask_correction(certificate=certificate, holder=form.holder(), **given),
    ):
        return redirect("certificate-detail", public_id=certificate.shown_id)
    return render(request, "certificates/correct.html", {"certificate": certificate, "form": form})


@role_required(ASKS)
@fresh_login_required
def ask_grant(request, uuid):
    mine = uncertified_for_actor(request.user, at=timezone.now(), roles=ASKS)
    completion = get_object_or_404(mine.select_related("rank", "unit", "course", "officer", "recognition"), uuid=uuid)
    form = PaperForm(request.POST or None, request.FILES or None)
    if _asked(request, form, lambda **given: services.ask_grant(completion=completion, **given)):
        return redirect("certificates-missing")
    return render(request, "certificates/grant.html", {"completion": completion, "form": form})


def _asked(request, form: PaperForm, ask) -> bool:
    """Whether the request was sent; otherwise the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        ask(reason=form.cleaned_data["alasan"], paper=form.paper(), actor=request.user, at=timezone.now())
    except CertificateError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, SENT)
    return True


@role_required(APPROVES)
def document(request, uuid):
    """The scan behind a request, for those who ask and decide over its unit."""
    now = timezone.now()
    asked = get_object_or_404(approval_requests_for_actor(request.user, at=now), uuid=uuid)
    kept = ReliefDocument.objects.filter(uuid=asked.payload.get("document") or None).first()
    if kept is None or not storages["private"].exists(kept.storage_name):
        raise Http404
    audit.record(
        verb="approval.document_opened",
        actor=request.user,
        at=now,
        obj=asked,
        subject_id=kept.officer_id,
        unit_path=asked.unit_path,
    )
    return FileResponse(storages["private"].open(kept.storage_name), as_attachment=True, filename=kept.file_name)
