"""What one officer owes, did and still lacks, and why: for whoever reads learning, and for oneself."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from certificates.rendering.press import PressFailed
from enrolments.overview import posting_of, zone_of
from enrolments.permissions import may_relieve
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, own_officer
from reports import jp, services
from reports import transcript as transcripts
from reports.permissions import with_old_results
from reports.record import learning_record
from reports.scope import scope_of

from .exporting import pdf_answer


def _opened(request, uuid):
    """The scope, the officer asked for and the posting; looking is written down."""
    scope = scope_of(request.user, at=timezone.now())
    posting = get_object_or_404(with_old_results(scope.postings.for_officer_list()), officer__uuid=uuid)
    services.record_learning_view(scope=scope, officer=posting.officer, unit=posting.unit)
    return scope, posting.officer, posting


@role_required(READS_LEARNING)
def record(request, uuid):
    scope, officer, posting = _opened(request, uuid)
    found = learning_record(officer, scope)
    for relief in found.reliefs:
        relief.shown_state = relief.state(at=scope.at)
    context = {
        "officer": officer,
        "posting": posting,
        "zone": posting.unit.zone,
        "now": scope.at,
        "courses": found.courses,
        "reliefs": found.reliefs,
        "paths": [(path, path.state(at=scope.at)) for path in found.paths],
        "may_relieve": may_relieve(request.user, posting, at=scope.at),
        "old": officer.imported_sittings.for_history() if posting.has_old else None,
        "crumbs": [
            {"url": f"/sdm/personel/{officer.uuid}/", "label": f"{posting.rank.short} {officer.full_name}"},
            {"label": "Riwayat belajar"},
        ],
    }
    return render(request, "reports/learning_record.html", context)


@role_required(READS_LEARNING)
def transcript(request, uuid):
    scope, officer, posting = _opened(request, uuid)
    record_url = {"url": f"/sdm/personel/{officer.uuid}/pelatihan/", "label": "Riwayat belajar"}
    context = _transcript(officer, posting, scope.at)
    context |= {"crumbs": [record_url, {"label": "Transkrip"}], "pdf_url": reverse("transcript-pdf", args=[uuid])}
    return render(request, "reports/transcript.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
@require_safe
def transcript_pdf(request, uuid):
    scope, officer, posting = _opened(request, uuid)
    rows = jp.ledger(officer, at=scope.at)
    answer = _pdf(request, officer, posting, rows, at=scope.at, back=reverse("transcript", args=[uuid]))
    if answer.status_code == HTTPStatus.OK:
        services.record_transcript_export(scope=scope, officer=officer, unit=posting.unit, rows=len(rows))
    return answer


@login_required
def own_transcript(request):
    officer = _own_officer(request)
    now = timezone.now()
    context = _transcript(officer, posting_of(officer, at=now), now) | {"pdf_url": reverse("own-transcript-pdf")}
    return render(request, "reports/own_transcript.html", context)


@login_required
@require_safe
def own_transcript_pdf(request):
    officer, now = _own_officer(request), timezone.now()
    rows = jp.ledger(officer, at=now)
    return _pdf(request, officer, posting_of(officer, at=now), rows, at=now, back=reverse("own-transcript"))


def _pdf(request, officer, posting, rows, *, at: datetime, back: str) -> HttpResponse:
    """The transcript as a file; without the press, ``back`` with a word about it."""
    try:
        pdf = transcripts.transcript_pdf(officer, posting, rows, actor=request.user, at=at)
    except PressFailed:
        messages.error(request, "PDF sedang tidak dapat dibuat. Coba lagi sebentar lagi.")
        return redirect(back)
    return pdf_answer(f"transkrip-{slugify(officer.name)}.pdf", pdf)


def _transcript(officer, posting, now) -> dict:
    rows = jp.ledger(officer, at=now)
    total = transcripts.hours(rows)
    return {"officer": officer, "posting": posting, "rows": rows, "total": total, "zone": zone_of(posting), "now": now}


@login_required
def own_why(request, slug):
    """/pelatihan/<slug>/mengapa/: why a course of mine is done or not."""
    officer = _own_officer(request)
    now = timezone.now()
    found = learning_record(officer, scope_of(request.user, at=now))
    course = next((entry for entry in found.courses if entry.standing.course.slug == slug), None)
    if course is None:
        raise Http404
    return render(request, "reports/why.html", {"course": course, "zone": zone_of(posting_of(officer, at=now))})


def _own_officer(request):
    officer = own_officer(request.user)
    if officer is None:
        raise Http404
    return officer
