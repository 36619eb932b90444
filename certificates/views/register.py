"""SDM's register: find, export, look at one certificate's life."""

from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from certificates import services
from certificates.exceptions import MistypedIdentifier
from certificates.identifiers import normalise
from certificates.listings import register_listed
from certificates.models import Certificate, CertificateState
from certificates.permissions import ASKS, MANAGES_LETTERHEADS, certificates_for_actor
from certificates.rendering.document import verification_url
from certificates.timeline import HEADER, timeline, timeline_rows
from foundation import audit
from foundation.formats import zone_label
from foundation.spreadsheets import csv_response, xlsx_response
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, has_role

PAGE_SIZE = 50


def found_certificate(request, public_id, *, roles=READS_LEARNING) -> Certificate:
    """The certificate of the address, if the actor holds one of ``roles`` over its unit; 404 otherwise."""
    mine = certificates_for_actor(request.user, at=timezone.now(), roles=roles)
    try:
        found = (
            mine.for_verification()
            .select_related("completion__recognition", "officer__user", "mailing__asked_by", "mailing__file")
            .filter(public_id=normalise(public_id))
            .first()
        )
    except MistypedIdentifier:
        found = None
    if found is None:
        raise Http404
    return found


@role_required(READS_LEARNING)
def register(request):
    now = timezone.now()
    listed = register_listed(request.user, request.GET, at=now)
    form = listed.form
    page = Paginator(listed.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for certificate in page:
        certificate.shown_state = certificate.state_at(now)
    waiting = certificates_for_actor(request.user, at=now).in_state(CertificateState.WAITING, at=now).count()
    audit.record(verb="certificate.list_viewed", actor=request.user, at=now, detail={"count": page.paginator.count})
    context = {
        "form": form,
        "page": page,
        "waiting": waiting,
        "keeps_letterheads": has_role(request.user, MANAGES_LETTERHEADS, at=now),
        "day": form.cleaned_data.get("per"),
        "zone": listed.zone,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "certificates/register.html", context)


@role_required(READS_LEARNING)
def detail(request, public_id):
    certificate = found_certificate(request, public_id)
    now = timezone.now()
    audit.record(
        verb="certificate.viewed",
        actor=request.user,
        at=now,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
    )
    context = {
        "certificate": certificate,
        "state": certificate.state_at(now),
        "steps": timeline(certificate, at=now),
        "verification_url": verification_url(certificate.public_id),
        "may_ask": has_role(request.user, ASKS, at=now) and certificate.officer.user_id != request.user.pk,
        "waiting": services.open_requests(certificate),
    }
    return render(request, "certificates/detail.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def export_timeline(request, public_id, kind):
    """The life of one certificate as a file."""
    certificate, now = found_certificate(request, public_id), timezone.now()
    rows = timeline_rows(timeline(certificate, at=now), ZoneInfo(certificate.zone))
    audit.record(
        verb="certificate.timeline_exported",
        actor=request.user,
        at=now,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={"kind": kind},
    )
    name = f"Riwayat sertifikat {certificate.shown_id}.{kind}"
    if kind == "csv":
        return csv_response(name, HEADER, rows)
    about = {
        "Nomor": certificate.number,
        "Pemegang": certificate.shown_holder,
        "Pelatihan": certificate.course_title,
        "Zona waktu": zone_label(certificate.zone),
        "Diunduh oleh": request.user.name,
    }
    return xlsx_response(name, HEADER, rows, about=about)
