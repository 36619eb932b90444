"""What an officer earned, and the stored file."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from certificates.exceptions import MistypedIdentifier
from certificates.identifiers import normalise
from certificates.permissions import downloadable_for_actor, own_certificates
from certificates.rendering.document import verification_url
from certificates.sealing.signing_off import waiting_for_actor
from foundation import audit

PAGE_SIZE = 20


@login_required
def my_certificates(request):
    now = timezone.now()
    page = Paginator(own_certificates(request.user).for_officer(), PAGE_SIZE).get_page(request.GET.get("page"))
    for certificate in page:
        certificate.shown_state = certificate.state_at(now)
        certificate.verification_url = verification_url(certificate.public_id)
    to_sign = waiting_for_actor(request.user).count()
    context = {"page": page, "now": now, "to_sign": to_sign}
    return render(request, "certificates/my_certificates.html", context)


@login_required
def download(request, public_id):
    """Send the stored bytes, never a new print; somebody else's look is an audit event."""
    now = timezone.now()
    try:
        wanted = normalise(public_id)
    except MistypedIdentifier:
        raise Http404
    certificate = downloadable_for_actor(request.user, at=now).with_file().filter(public_id=wanted).first()
    if certificate is None or certificate.file is None:
        raise Http404
    if certificate.officer.user_id != request.user.pk:
        audit.record(
            verb="certificate.downloaded",
            actor=request.user,
            at=now,
            obj=certificate,
            subject_id=certificate.officer_id,
            unit_path=certificate.unit_path,
        )
    stored = storages["private"].open(certificate.file.storage_name)
    name = f"Sertifikat-{certificate.course_code}-{slugify(certificate.holder_name)}.pdf"
    return FileResponse(stored, as_attachment=True, filename=name, content_type="application/pdf")
