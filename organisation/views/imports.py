"""Importing a roster or a tree in two steps: upload and see, then apply exactly that file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.spreadsheets import xlsx_response

from ..decorators import role_required
from ..exceptions import ImportRefused
from ..forms.people import UploadForm
from ..imports import officers, uploads
from ..imports import units as unit_imports
from ..models import ImportKind, RosterImport, UnitLevel, Zone
from ..permissions import MANAGES_PEOPLE, has_role, imports_for_actor
from ..zones import reading_zone

PROBLEMS_PER_PAGE = 100
SHOWN = 100

# What differs between the kinds of file: words and addresses. A room above adds its own kind.
KINDS = {
    ImportKind.OFFICERS: {
        "title": "Impor personel",
        "home": "people",
        "page": "people-import",
        "preview": "people-import-preview",
        "template": "people-import-template",
        "noun": "personel",
        "columns": "NRP/NIP, Nama, Pangkat, dan Satuan atau Kode Satuan; bila ada juga gelar, jabatan, fungsi layanan, "
        "e-mail, dan TMT",
        "crumbs": [{"url": "/sdm/personel/", "label": "Personel"}],
        "headings": {"roles": "Peran yang berakhir", "new": "Personel baru", "changed": "Berubah", "moved": "Mutasi"},
    },
    ImportKind.UNITS: {
        "title": "Impor satuan",
        "home": "units",
        "page": "units-import",
        "preview": "units-import-preview",
        "template": "units-import-template",
        "noun": "satuan",
        "columns": "Kode, Nama, Tingkat, dan Induk (kode satuan di atasnya); bila ada juga nama singkat, tipe, zona, "
        "dan kota",
        "crumbs": [{"url": "/sdm/satuan/", "label": "Satuan"}],
        "headings": {"new": "Satuan baru", "changed": "Berubah", "moved": "Pindah induk"},
    },
}
COUNT_LABELS = {
    "baru": "Baru",
    "berubah": "Berubah",
    "mutasi": "Mutasi",
    "dipindah": "Pindah induk",
    "tetap": "Tetap",
    "peran_berakhir": "Peran berakhir",
    "bermasalah": "Bermasalah",
}


@role_required(MANAGES_PEOPLE)
def upload(request, kind):
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            staged = uploads.stage_upload(
                file=form.cleaned_data["file"], kind=kind, actor=request.user, at=timezone.now()
            )
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(KINDS[kind]["preview"], staged.uuid)
    words = KINDS[kind]
    context = {
        "form": form,
        "words": words,
        "recent": imports_for_actor(request.user).filter(kind=kind).exclude(applied_at=None)[:5],
        "zone": reading_zone(request.user),
        "crumbs": [*words["crumbs"], {"label": words["title"]}],
    }
    return render(request, "organisation/import.html", context)


@login_required
def preview(request, uuid, kind):
    now = timezone.now()
    staged = get_object_or_404(imports_for_actor(request.user).filter(kind=kind), uuid=uuid)
    # Who lost the role between upload and confirmation may no longer apply it.
    if not has_role(request.user, MANAGES_PEOPLE, at=now):
        raise Http404
    words = KINDS[kind]
    if staged.applied_at:
        return render(request, "organisation/import_done.html", _done(request, staged, words))
    # What a kind of file asks for besides, when it is confirmed.
    asks = words.get("form", Form)
    form = asks(request.POST, request.FILES) if request.method == "POST" else asks()
    try:
        if form.is_valid():
            done = uploads.confirm(upload=staged, at=now, **form.cleaned_data)
            said = words.get("done", "{} sudah diterapkan.").format(staged.file_name)
            messages.success(request, f"{said} {uploads.roles_ended(done)}".strip())
            return redirect(words["preview"], staged.uuid)
        plan = uploads.preview(upload=staged, at=now)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(*([words["preview"], staged.uuid] if refusal.problems else [words["page"]]))
    return render(request, "organisation/import_preview.html", _preview(request, staged, plan, words, form))


@role_required(MANAGES_PEOPLE)
def template(request, kind):
    """A workbook with the header, one example row and what each column means."""
    if kind == ImportKind.OFFICERS:
        example = [
            "85010001",
            "",
            "Budi Contoh",
            "S.H.",
            "Bripka",
            "Banit SPKT",
            "KODE-SATUAN",
            "SPKT",
            "",
            "21/11/2026",
        ]
        about = {
            "NRP/NIP": "8 atau 18 angka. Atur kolomnya sebagai Teks agar nol di depan tidak hilang.",
            "Pangkat": "Singkatan atau golongan: AKP, Bripka, Penda I, III/a.",
            "Kode Satuan": "Kode dari halaman Satuan, atau nama satuan yang tidak kembar.",
            "Fungsi Layanan": "Boleh lebih dari satu, dipisah koma: SPKT, SKCK, SIM.",
            "Sel kosong": "Tidak mengubah yang sudah tercatat. Tulis tanda - untuk mengosongkan.",
            "TMT": "Tanggal mulai penempatan. Kosong berarti hari impor.",
            "Baris contoh": "Hapus baris contoh sebelum mengunggah.",
        }
        return xlsx_response("templat-personel.xlsx", officers.TEMPLATE_HEADER, [example], about=about)
    example = ["POLSEK-01", "Polsek Contoh", "Polsek Contoh", "Polsek", "Polsek Urban", "KODE-INDUK", "WIB", "Contoh"]
    about = {
        "Tingkat": ", ".join(UnitLevel.labels),
        "Induk": "Kode satuan di atasnya, yang sudah tercatat atau ada dalam berkas ini.",
        "Zona": ", ".join(Zone.labels),
        "Sel kosong": "Tidak mengubah yang sudah tercatat.",
        "Baris contoh": "Hapus baris contoh sebelum mengunggah.",
    }
    return xlsx_response("templat-satuan.xlsx", unit_imports.TEMPLATE_HEADER, [example], about=about)


def _preview(request, staged: RosterImport, plan: uploads.Plan, words: dict, form: Form) -> dict:
    sections = [
        {
            "title": title,
            "column": "Peran" if name == "roles" else "Menjadi",
            "rows": getattr(plan, name)[:SHOWN],
            "more": max(len(getattr(plan, name)) - SHOWN, 0),
        }
        for name, title in words["headings"].items()
    ]
    return {
        "upload": staged,
        "words": words,
        "form": form,
        "tiles": _tiles(plan.counts),
        "problems": Paginator(plan.problems, PROBLEMS_PER_PAGE).get_page(request.GET.get("page")),
        "sections": [section for section in sections if section["rows"]],
        "missing": uploads.first_missing(plan, SHOWN),
        "missing_count": len(plan.missing),
        "does_something": plan.does_something,
        "crumbs": [*words["crumbs"], {"label": words["title"]}],
    }


def _done(request, staged: RosterImport, words: dict) -> dict:
    further = words.get("next")
    return {
        "upload": staged,
        "words": words,
        "tiles": _tiles(staged.counts),
        "crumbs": [*words["crumbs"], {"label": words["title"]}],
        # What follows from it in a room above, for whoever may look there.
        "next": further if further and has_role(request.user, further["roles"], at=timezone.now()) else None,
    }


def _tiles(counts: dict[str, int]) -> list[dict]:
    return [
        {"label": label, "value": counts[name], "tone": "late" if name == "bermasalah" and counts[name] else ""}
        for name, label in COUNT_LABELS.items()
        if name in counts
    ]
