"""/sdm/pengecualian/: exemptions, deferrals and pauses; the decision falls under /sdm/persetujuan/."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enrolments import services
from enrolments.exceptions import EnrolmentError
from enrolments.models import Relief, ReliefDocument, ReliefKind
from enrolments.permissions import (
    READS_RELIEFS,
    RELIEVES,
    due_changes_of,
    officers_to_relieve,
    relief_documents_for_actor,
    reliefs_for_actor,
)
from enrolments.relief_forms import EndForm, ReliefFilter, WishForm, WithdrawReliefForm
from foundation import audit
from organisation.decorators import role_required
from organisation.permissions import has_role

PAGE_SIZE = 25
# Address word → kind, what it is called, what it does.
KINDS = {
    "jeda": (
        ReliefKind.PAUSE,
        "Jeda",
        "Batas waktu semua kewajiban berhenti selama tugas operasi, cuti, atau sakit, lalu berjalan lagi dengan sisa "
        "harinya. Yang sudah lewat sebelum jeda tetap lewat.",
    ),
    "penundaan": (
        ReliefKind.DEFERRAL,
        "Penundaan",
        "Batas waktu satu pelatihan menjadi lebih lambat. Batas waktu semula tetap tercatat.",
    ),
    "pengecualian": (
        ReliefKind.EXEMPTION,
        "Pengecualian",
        "Satu pelatihan tidak diminta dari personel ini. Ia tidak terhitung lewat dan tidak masuk pembagi persentase.",
    ),
}


def _relief(request, uuid) -> Relief:
    now = timezone.now()
    return get_object_or_404(reliefs_for_actor(request.user, at=now).for_list(at=now), uuid=uuid)


def _posting(relief: Relief):
    return next(iter(relief.officer.current_postings), None)


@role_required(READS_RELIEFS)
def relief_list(request):
    now = timezone.now()
    form = ReliefFilter(request.GET)
    rows = form.narrowed(reliefs_for_actor(request.user, at=now), at=now).for_list(at=now)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for relief in page:
        relief.shown_state = relief.state(at=now)
    audit.record(verb="relief.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    context = {
        "form": form,
        "page": page,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_ask": has_role(request.user, RELIEVES, at=now),
    }
    return render(request, "enrolments/relief_list.html", context)


@role_required(RELIEVES)
def relief_new(request):
    now = timezone.now()
    key = request.GET.get("jenis", "")
    kind, title, text = KINDS.get(key, KINDS["jeda"])
    known = {"number": request.GET.get("nrp", "")}
    form = WishForm(request.POST or None, request.FILES or None, kind=kind, actor=request.user, at=now, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_relief(
                officer=form.cleaned_data["number"],
                wish=form.wish(),
                document=form.cleaned_data["document"],
                actor=request.user,
                at=now,
            )
        except EnrolmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Permintaan terkirim. Berlaku setelah orang lain yang berwenang menyetujuinya.")
            return redirect("relief-list")
    tabs = [{"key": word, "label": label, "current": chosen == kind} for word, (chosen, label, _) in KINDS.items()]
    context = {"form": form, "title": title, "text": text, "tabs": tabs, "nrp": known["number"]}
    return render(request, "enrolments/relief_new.html", context)


@role_required(READS_RELIEFS)
def relief_detail(request, uuid):
    relief = _relief(request, uuid)
    now = timezone.now()
    posting = _posting(relief)
    audit.record(
        verb="relief.viewed",
        actor=request.user,
        at=now,
        obj=relief,
        subject_id=relief.officer_id,
        unit_path=posting.unit.path if posting else "",
    )
    state = relief.state(at=now)
    in_reach = officers_to_relieve(request.user, at=now).filter(pk=relief.officer_id)
    may_end = not relief.ending and relief.request is not None and in_reach.exists()
    context = {
        "relief": relief,
        "posting": posting,
        "state": state,
        "changes": due_changes_of(relief),
        "may_withdraw": may_end,
        "too_late": services.RAN_OUT if relief.ran_out else "",
        "may_end": may_end and state == "running" and relief.kind != ReliefKind.DEFERRAL,
    }
    return render(request, "enrolments/relief_detail.html", context)


@role_required(RELIEVES)
def relief_end(request, uuid):
    relief = _relief(request, uuid)
    form = EndForm(request.POST or None, kind=relief.kind)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_relief(
                relief=relief,
                last=form.last_day(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except EnrolmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Diakhiri. Batas waktu sudah dihitung ulang.")
            return redirect("relief-detail", uuid=relief.uuid)
    return render(request, "enrolments/relief_end.html", {"relief": relief, "form": form, "posting": _posting(relief)})


@role_required(RELIEVES)
def relief_withdraw(request, uuid):
    relief = _relief(request, uuid)
    form = WithdrawReliefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_relief(
                relief=relief, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except EnrolmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Dicabut. Batas waktu sudah dihitung ulang.")
            return redirect("relief-detail", uuid=relief.uuid)
    context = {"relief": relief, "form": form, "posting": _posting(relief), "withdraw": True}
    return render(request, "enrolments/relief_end.html", context)


@login_required
def document(request, uuid):
    """Send the scan to the officer it is about, or to who asks and decides; somebody else's look is an audit event."""
    now = timezone.now()
    found = get_object_or_404(relief_documents_for_actor(request.user, at=now).select_related("officer"), uuid=uuid)
    answer = as_file(found)
    if found.officer is None or found.officer.user_id != request.user.pk:
        audit.record(verb="relief.document_opened", actor=request.user, at=now, obj=found, subject_id=found.officer_id)
    return answer


def as_file(found: ReliefDocument) -> FileResponse:
    """A scan that was found in scope. Raises Http404 when its time was over."""
    storage = storages["private"]
    if not storage.exists(found.storage_name):
        raise Http404("removed when its time was over")
    return FileResponse(storage.open(found.storage_name), as_attachment=True, filename=found.file_name)
