"""The registrar's pages: number series, the book of each, and what is done with single numbers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certificates import book, services
from certificates.exceptions import CertificateError, MistypedIdentifier
from certificates.forms import CancelNumberForm, FirstNumberForm, GiveNumberForm, ReserveForm
from certificates.identifiers import normalise
from certificates.listings import book_asked
from certificates.models import NumberSeries, UnitLetterhead
from certificates.permissions import (
    KEEPS_NUMBERS,
    certificates_for_actor,
    series_for_actor,
    series_to_keep,
    units_with_letterhead_for_actor,
)
from certificates.rendering import book_pdf
from certificates.rendering.press import PressFailed
from foundation import audit
from foundation.formats import in_zone
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, has_role

PAGE_SIZE = 50
WAITING_SHOWN = 50


@role_required(READS_LEARNING)
def series_list(request):
    now = timezone.now()
    rows = series_for_actor(request.user, at=now).for_list()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "keeps": has_role(request.user, KEEPS_NUMBERS, at=now)}
    return render(request, "certificates/number_series.html", context)


def _series(request, pk) -> NumberSeries:
    return get_object_or_404(series_for_actor(request.user, at=timezone.now()), pk=pk)


@role_required(READS_LEARNING)
def book_page(request, pk):
    series, now = _series(request, pk), timezone.now()
    form, numbers = book_asked(series, request.GET)
    page = Paginator(numbers, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = series.certificates.filter(number="", revoked_at=None).order_by("issued_at", "pk")
    audit.record(verb="number.book_viewed", actor=request.user, at=now, obj=series, unit_path=series.unit.path or "")
    parts = -(-book.sequences(series).count() // book_pdf.NUMBERS_IN_PART)
    context = {
        "series": series,
        "form": form,
        "page": page,
        "entries": book.entries(series, page.object_list, at=now),
        "figures": book.figures(series),
        "waiting": waiting[:WAITING_SHOWN],
        "waiting_count": waiting.count(),
        "parts": range(1, parts + 1),
        "keeps": series_to_keep(request.user, at=now).filter(pk=series.pk).exists(),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "certificates/number_book.html", context)


@role_required(READS_LEARNING)
@fresh_login_required
def print_part(request, pk, part):
    """One part of the book as a PDF, to be bound."""
    series, now = _series(request, pk), timezone.now()
    pages = Paginator(book.sequences(series), book_pdf.NUMBERS_IN_PART)
    if not pages.count or part not in pages.page_range:
        raise Http404
    letterhead = UnitLetterhead.nearest_to(series.unit, at=now)
    entries = book.entries(series, pages.page(part).object_list, at=now)
    try:
        pdf = book_pdf.printed(
            series=series, entries=entries, part=part, parts=pages.num_pages, letterhead=letterhead, at=now
        )
    except PressFailed:
        messages.error(request, "Pencetakan sedang tidak dapat dijalankan. Coba lagi sebentar lagi.")
        return redirect("number-book", pk=series.pk)
    audit.record(
        verb="number.book_exported",
        actor=request.user,
        at=now,
        obj=series,
        unit_path=series.unit.path or "",
        detail={"kind": "pdf", "count": len(entries)},
    )
    headers = {"Content-Disposition": f'attachment; filename="buku-nomor-{series.pk}-{part}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _form_page(request, form, *, title, text, submit, back, danger=False):
    context = {"form": form, "title": title, "text": text, "submit_label": submit, "back": back, "danger": danger}
    return render(request, "certificates/number_form.html", context)


def _done(request, act, words: str) -> bool:
    """Whether ``act`` was done; what refuses it is told in its own words."""
    try:
        act()
    except CertificateError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, words)
    return True


@role_required(KEEPS_NUMBERS)
@fresh_login_required
def begin(request):
    now = timezone.now()
    units = units_with_letterhead_for_actor(request.user, at=now).in_force(at=now)
    form = FirstNumberForm(request.POST or None, units=units, initial={"tahun": in_zone(now, "Asia/Jakarta").year})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        words = f"Seri {given['jenis']} {given['tahun']} mulai dari nomor {given['pertama']}."

        def act():
            services.begin_series(
                unit=given["satuan"],
                kind=given["jenis"],
                year=given["tahun"],
                first=given["pertama"],
                reason=given["alasan"],
                actor=request.user,
                at=now,
            )

        if _done(request, act, words):
            return redirect("number-series")
    text = "Seri yang belum berjalan mulai dari nomor ini, misalnya untuk meneruskan buku kertas. Tanpa ini: dari 1."
    return _form_page(
        request, form, title="Nomor awal seri", text=text, submit="Simpan nomor awal", back="/sdm/sertifikat/nomor/"
    )


def _kept_series(request, pk) -> NumberSeries:
    return get_object_or_404(series_to_keep(request.user, at=timezone.now()), pk=pk)


@role_required(KEEPS_NUMBERS)
@fresh_login_required
def reserve(request, pk):
    series, form = _kept_series(request, pk), ReserveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act():
            services.reserve(
                series=series,
                count=given["jumlah"],
                first=given["pertama"],
                reason=given["alasan"],
                actor=request.user,
                at=timezone.now(),
            )

        if _done(request, act, f"{given['jumlah']} nomor dipesan."):
            return redirect("number-book", pk=series.pk)
    text = f"{series}. Nomor yang dipesan dilewati oleh seri: untuk kertas di luar platform, atau diketik sendiri."
    return _form_page(
        request, form, title="Pesan nomor", text=text, submit="Pesan nomor", back=f"/sdm/sertifikat/nomor/{series.pk}/"
    )


@role_required(KEEPS_NUMBERS)
@fresh_login_required
def cancel(request, pk):
    series = _kept_series(request, pk)
    form = CancelNumberForm(request.POST or None, initial={"nomor": request.GET.get("nomor")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act():
            services.cancel_number(
                series=series,
                sequence=given["nomor"],
                reason=given["alasan"],
                actor=request.user,
                at=timezone.now(),
            )

        if _done(request, act, f"Nomor {given['nomor']} dibatalkan."):
            return redirect("number-book", pk=series.pk)
    text = f"{series}. Hanya nomor yang dipesan dapat dibatalkan; sertifikat yang keliru dicabut, nomornya tetap."
    return _form_page(
        request,
        form,
        title="Batalkan nomor",
        text=text,
        submit="Batalkan nomor",
        back=f"/sdm/sertifikat/nomor/{series.pk}/",
        danger=True,
    )


@role_required(KEEPS_NUMBERS)
@fresh_login_required
def give(request, public_id):
    """Type the number of a certificate that waits for it."""
    now = timezone.now()
    try:
        wanted = normalise(public_id)
    except MistypedIdentifier:
        raise Http404
    mine = certificates_for_actor(request.user, at=now, roles=KEEPS_NUMBERS).filter(
        series__in=series_to_keep(request.user, at=now), number=""
    )
    certificate = get_object_or_404(mine.select_related("series__unit"), public_id=wanted)
    form = GiveNumberForm(request.POST or None)
    back = f"/sdm/sertifikat/nomor/{certificate.series_id}/"
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act():
            services.give_number(
                certificate=certificate,
                sequence=given["urut"],
                reason=given["alasan"],
                actor=request.user,
                at=now,
            )

        if _done(request, act, f"Sertifikat {certificate.shown_holder} bernomor urut {given['urut']}."):
            return redirect(back)
    text = f"{certificate.shown_holder}, {certificate.course_title}. Seri {certificate.series}."
    return _form_page(request, form, title="Beri nomor", text=text, submit="Simpan nomor", back=back)
