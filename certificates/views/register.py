"""SDM's register: find, export, look at one certificate's life, ask for its revocation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from certificates import services
from certificates.exceptions import CertificateError, MistypedIdentifier
from certificates.forms import ReasonForm, RegisterFilter
from certificates.identifiers import normalise
from certificates.models import Certificate, CertificateState
from certificates.permissions import MANAGES_LETTERHEADS, REVOKES, certificates_for_actor
from certificates.register import EXPORT_HEADER, export_row, filtered, has_open_request, timeline
from certificates.rendering.document import verification_url
from foundation import audit
from foundation.formats import date_medium
from foundation.spreadsheets import csv_response, xlsx_response
from organisation.decorators import fresh_login_required, role_required
from organisation.models import Zone
from organisation.permissions import READS_LEARNING, grants_of, has_role, units_for_actor

PAGE_SIZE = 50


def _zone_of(actor, *, at) -> str:
    """The zone in which days of the filter are meant: that of the actor's own granted unit."""
    grant = grants_of(actor, READS_LEARNING, at=at).first()
    return grant.unit.zone if grant else Zone.WIB


def _filtered(request, *, at):
    units = units_for_actor(request.user, at=at, roles=READS_LEARNING)
    form = RegisterFilter(request.GET, units=units)
    form.is_valid()
    rows = certificates_for_actor(request.user, at=at)
    wanted = getattr(form, "cleaned_data", {})
    return form, filtered(rows, wanted, at=at, zone=_zone_of(request.user, at=at)).for_register()


def _certificate(request, public_id, *, roles=READS_LEARNING) -> Certificate:
    mine = certificates_for_actor(request.user, at=timezone.now(), roles=roles)
    try:
        found = (
            mine.for_verification()
            .select_related("completion", "officer")
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
    form, rows = _filtered(request, at=now)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for certificate in page:
        certificate.shown_state = certificate.state_at(now)
    waiting = certificates_for_actor(request.user, at=now).in_state(CertificateState.WAITING, at=now).count()
    audit.record(verb="certificate.list_viewed", actor=request.user, at=now, detail={"count": page.paginator.count})
    context = {
        "form": form,
        "page": page,
        "waiting": waiting,
        "keeps_letterheads": has_role(request.user, MANAGES_LETTERHEADS, at=now),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "certificates/register.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def export(request, kind):
    """The rows that the screen shows, all pages of them."""
    now = timezone.now()
    _form, rows = _filtered(request, at=now)
    audit.record(verb="certificate.exported", actor=request.user, at=now, detail={"kind": kind, "count": rows.count()})
    lines = (export_row(certificate, at=now) for certificate in rows.iterator(chunk_size=1000))
    name = f"Sertifikat {date_medium(now, _zone_of(request.user, at=now))}.{kind}"
    answer = xlsx_response if kind == "xlsx" else csv_response
    return answer(name, EXPORT_HEADER, lines)


@role_required(READS_LEARNING)
def detail(request, public_id):
    certificate = _certificate(request, public_id)
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
        "may_revoke": not certificate.revoked_at and has_role(request.user, REVOKES, at=now),
        "asked": has_open_request(certificate),
    }
    return render(request, "certificates/detail.html", context)


@role_required(REVOKES)
@fresh_login_required
def ask_revocation(request, public_id):
    certificate = _certificate(request, public_id, roles=REVOKES)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_revocation(
                certificate=certificate, reason=form.cleaned_data["alasan"], actor=request.user, at=timezone.now()
            )
        except CertificateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Permintaan pencabutan terkirim. Orang lain yang berwenang harus menyetujuinya.")
        return redirect("certificate-detail", public_id=certificate.shown_id)
    return render(request, "certificates/revoke.html", {"certificate": certificate, "form": form})
