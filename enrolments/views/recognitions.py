"""/sdm/pengakuan/: training done elsewhere; the decision falls under /sdm/persetujuan/."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enrolments import services
from enrolments.exceptions import EnrolmentError
from enrolments.forms import WithdrawForm
from enrolments.permissions import (
    READS_RELIEFS,
    RELIEVES,
    officers_to_relieve,
    recognition_requests_for_actor,
    recognitions_for_actor,
)
from enrolments.recognition_forms import PastForm, RecognitionFilter, ScanForm
from enrolments.recognition_import import TEMPLATE_HEADER
from foundation import audit
from foundation.spreadsheets import xlsx_response
from organisation.decorators import role_required
from organisation.models import ImportKind
from organisation.permissions import has_role
from organisation.views.imports import KINDS

from .reliefs import as_file

PAGE_SIZE, ROWS_PER_PAGE = 25, 100

KINDS[ImportKind.RECOGNISED] = {
    "title": "Impor pelatihan di luar",
    "home": "recognition-list",
    "page": "recognition-import",
    "preview": "recognition-import-preview",
    "template": "recognition-import-template",
    "noun": "pelatihan",
    "columns": "NRP/NIP, Pelatihan (kode), Tanggal Selesai, Penyelenggara, Nomor Dokumen, dan bila ada JP",
    "note": "Belum dicatat sebelum orang lain yang berwenang menyetujui seluruh berkas. Sertifikat dari sini tidak "
    "terbit sendiri; yang berlaku dokumen penyelenggaranya.",
    "crumbs": [{"url": "/sdm/pengakuan/", "label": "Pengakuan"}],
    "headings": {"new": "Yang akan diminta"},
    "form": ScanForm,
    "check": "Periksa, lalu minta persetujuan",
    "apply": "Kirim untuk disetujui",
    "done": "{} dikirim. Tercatat setelah orang lain yang berwenang menyetujuinya.",
    "receipt": "Sudah dikirim untuk disetujui. Berkasnya tidak disimpan lagi; barisnya ada pada permintaannya.",
}


@role_required(READS_RELIEFS)
def recognition_list(request):
    now = timezone.now()
    form = RecognitionFilter(request.GET)
    rows = form.narrowed(recognitions_for_actor(request.user, at=now)).for_list(at=now)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    audit.record(verb="recognition.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    context = {
        "form": form,
        "page": page,
        "filtered": bool(request.GET.get("q")),
        "may_ask": has_role(request.user, RELIEVES, at=now),
    }
    return render(request, "enrolments/recognition_list.html", context)


@role_required(RELIEVES)
def recognition_new(request):
    now = timezone.now()
    known = {"number": request.GET.get("nrp", "")}
    form = PastForm(request.POST or None, request.FILES or None, actor=request.user, at=now, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_recognition(
                past=form.past(), document=form.cleaned_data["document"], actor=request.user, at=now
            )
        except EnrolmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Permintaan terkirim. Tercatat setelah orang lain yang berwenang menyetujuinya.")
            return redirect("recognition-list")
    return render(request, "enrolments/recognition_new.html", {"form": form})


@role_required(READS_RELIEFS)
def recognition_detail(request, uuid):
    now = timezone.now()
    recognition = get_object_or_404(recognitions_for_actor(request.user, at=now).for_list(at=now), uuid=uuid)
    posting = next(iter(recognition.officer.current_postings), None)
    audit.record(
        verb="recognition.viewed",
        actor=request.user,
        at=now,
        obj=recognition,
        subject_id=recognition.officer_id,
        unit_path=posting.unit.path if posting else "",
    )
    in_reach = officers_to_relieve(request.user, at=now).filter(pk=recognition.officer_id)
    context = {
        "recognition": recognition,
        "posting": posting,
        "rows": recognition.completions.select_related("unit").order_by("pk"),
        "may_withdraw": recognition.stands and in_reach.exists(),
    }
    return render(request, "enrolments/recognition_detail.html", context)


@role_required(READS_RELIEFS)
def recognition_document(request, uuid):
    """The scan that proves it; one may prove many, and whose it was opened for is written down."""
    now = timezone.now()
    mine = recognitions_for_actor(request.user, at=now).exclude(document=None).select_related("document")
    recognition = get_object_or_404(mine, uuid=uuid)
    answer = as_file(recognition.document)
    audit.record(
        verb="recognition.document_opened",
        actor=request.user,
        at=now,
        obj=recognition,
        subject_id=recognition.officer_id,
    )
    return answer


@role_required(RELIEVES)
def recognition_withdraw(request, uuid):
    now = timezone.now()
    recognition = get_object_or_404(recognitions_for_actor(request.user, at=now).for_list(at=now), uuid=uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_recognition(
                recognition=recognition, reason=form.cleaned_data["reason"], actor=request.user, at=now
            )
        except EnrolmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Pengakuan dicabut dengan catatan koreksi; catatan lamanya tetap ada.")
            return redirect("recognition-detail", uuid=recognition.uuid)
    return render(request, "enrolments/recognition_withdraw.html", {"recognition": recognition, "form": form})


@role_required(READS_RELIEFS)
def recognition_request(request, uuid):
    """The rows of a request, for whoever asked and whoever decides."""
    now = timezone.now()
    asked = get_object_or_404(recognition_requests_for_actor(request.user, at=now), uuid=uuid)
    page = Paginator(asked.payload["rows"], ROWS_PER_PAGE).get_page(request.GET.get("page"))
    audit.record(verb="recognition.list_viewed", actor=request.user, at=now, detail={"rows": len(page.object_list)})
    rows = [row | {"day": date.fromisoformat(row["day"])} for row in page]
    return render(request, "enrolments/recognition_request.html", {"asked": asked, "page": page, "rows": rows})


@role_required(RELIEVES)
def import_template(request):
    """A workbook with the header, one example row and what each column means."""
    example = ["85010001", "C1", "21/11/2025", "Pusdik Contoh", "SERT/12/XI/2025", "4"]
    about = {
        "NRP/NIP": "8 atau 18 angka. Atur kolomnya sebagai Teks agar nol di depan tidak hilang.",
        "Pelatihan": "Kode atau judul pelatihan di katalog yang setara.",
        "Tanggal Selesai": "Hari/bulan/tahun. Masa berlakunya dihitung dari tanggal ini.",
        "JP": "Boleh kosong: sama dengan pelatihan itu.",
        "Baris contoh": "Hapus baris contoh sebelum mengunggah.",
    }
    return xlsx_response("templat-pengakuan.xlsx", TEMPLATE_HEADER, [example], about=about)
