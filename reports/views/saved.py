"""/sdm/laporan/: reports kept under a name, how they are sent, and the files that were asked for."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING
from organisation.zones import reading_zone
from reports import saving
from reports.asking import PAGES
from reports.exceptions import SavingRefused
from reports.models import Rhythm
from reports.models.files import XLSX
from reports.models.saved import KIND_WORDS
from reports.permissions import (
    export_jobs_for_actor,
    own_saved_reports,
    saved_reports_for_actor,
    units_to_share_with,
)

FILES_SHOWN = 20


class ReportForm(forms.Form):
    """Rename, and share with the SDM of one of the actor's units."""

    name = forms.CharField(label="Nama", max_length=80)
    shared_with = forms.ModelChoiceField(
        None,
        label="Bagikan kepada SDM satuan",
        required=False,
        empty_label="Hanya saya",
        to_field_name="code",
        help_text="Yang dibagikan hanya saringannya. Setiap orang melihat angka menurut wewenangnya sendiri.",
    )

    def __init__(self, *args, actor, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shared_with"].queryset = units_to_share_with(actor, at=at)


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label="Kirim kepada saya", choices=Rhythm.choices)
    kind = forms.TypedChoiceField(
        label="Berkas",
        choices=KIND_WORDS,
        initial=XLSX,
        required=False,
        empty_value=XLSX,
        help_text="PDF yang terlalu panjang atau terlalu lebar untuk A4 dikirim sebagai XLSX; suratnya menyebutkannya.",
    )


@role_required(READS_LEARNING)
@require_safe
def saved_reports(request):
    now = timezone.now()
    found = saved_reports_for_actor(request.user, at=now).select_related("owner", "shared_with")
    reports = [
        {
            "report": report,
            "page": PAGES[report.page].title,
            "mine": report.owner_id == request.user.pk,
            "schedule": next((one for one in report.schedules.all() if one.ended_at is None), None),
        }
        for report in found.prefetch_related("schedules").order_by("name", "pk")
    ]
    context = {
        "mine": [entry for entry in reports if entry["mine"]],
        "shared": [entry for entry in reports if not entry["mine"]],
        "jobs": export_jobs_for_actor(request.user).for_list()[:FILES_SHOWN],
        "zone": reading_zone(request.user),
    }
    return render(request, "reports/saved_reports.html", context)


@role_required(READS_LEARNING)
@require_POST
def save(request):
    """Keep the page somebody looks at; afterwards they are on it again."""
    try:
        saving.save_report(
            page=request.POST.get("page", ""),
            query=request.POST.get("query", "")[:4000],
            name=request.POST.get("name", ""),
            actor=request.user,
            at=timezone.now(),
        )
    except SavingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Laporan tersimpan di “Laporan”.")
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "saved-reports")


@role_required(READS_LEARNING)
@require_safe
def open_report(request, uuid):
    """The page with the filter of a saved report, in the scope of whoever opens it."""
    report = get_object_or_404(saved_reports_for_actor(request.user, at=timezone.now()), uuid=uuid)
    path = reverse(report.page)
    return redirect(f"{path}?{report.query}" if report.query else path)


def _own(request, uuid):
    return get_object_or_404(own_saved_reports(request.user).select_related("owner", "shared_with"), uuid=uuid)


@role_required(READS_LEARNING)
def edit(request, uuid):
    report, now = _own(request, uuid), timezone.now()
    initial = {"name": report.name, "shared_with": report.shared_with and report.shared_with.code}
    form = ReportForm(request.POST or None, initial=initial, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            saving.change_report(report=report, actor=request.user, at=now, **form.cleaned_data)
        except SavingRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "Perubahan tersimpan.")
            return redirect("saved-reports")
    context = {
        "report": report,
        "page": PAGES[report.page].title,
        "form": form,
        "schedule": saving.running_schedule(report),
        "ended": report.schedules.exclude(ended_at=None).order_by("-ended_at").first(),
        "rhythm_form": RhythmForm(),
        "has_address": bool(request.user.email),
        "zone": reading_zone(request.user),
    }
    return render(request, "reports/saved_report.html", context)


@role_required(READS_LEARNING)
@require_POST
def delete(request, uuid):
    saving.delete_report(report=_own(request, uuid), actor=request.user, at=timezone.now())
    messages.success(request, "Laporan dihapus dari daftar Anda.")
    return redirect("saved-reports")


@role_required(READS_LEARNING)
@require_POST
def schedule(request, uuid):
    report = _own(request, uuid)
    form = RhythmForm(request.POST)
    if form.is_valid():
        rhythm = Rhythm(form.cleaned_data["rhythm"])
        try:
            saving.schedule_report(
                report=report, rhythm=rhythm, kind=form.cleaned_data["kind"], actor=request.user, at=timezone.now()
            )
        except SavingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Laporan dikirim {rhythm.within_a_sentence}, mulai berikutnya.")
    return redirect("saved-report-edit", report.uuid)


@role_required(READS_LEARNING)
@require_POST
def stop(request, uuid):
    report = _own(request, uuid)
    running = saving.running_schedule(report)
    if running:
        saving.end_schedule(schedule=running, why="Dihentikan oleh pemiliknya.", actor=request.user, at=timezone.now())
        messages.success(request, "Laporan ini tidak dikirim lagi.")
    return redirect("saved-report-edit", report.uuid)
