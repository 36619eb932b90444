"""/sdm/personel/: the list, one officer's record, and what SDM does there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation import audit
from foundation.paging import KeysFirstPaginator, KnownPaginator, is_wide

from .. import services
from ..decorators import role_required
from ..exceptions import OrganisationError
from ..forms.people import NameForm, PlaceForm, ReasonForm
from ..listings import account_state, people_listed
from ..models import Officer, Posting, Unit
from ..permissions import (
    GRANTS_ROLES,
    MANAGES_PEOPLE,
    READS_LEARNING,
    READS_PEOPLE,
    accounts_for_slips,
    has_role,
    held,
    officers_to_manage,
    postings_for_actor,
)

PER_PAGE = 50
LIST = [{"url": "/sdm/personel/", "label": "Personel"}]


@role_required(READS_PEOPLE)
def people(request):
    now = timezone.now()
    found = people_listed(request.user, request.GET, at=now)
    form, postings = found.form, found.rows
    count = postings.count()
    pages = (
        KeysFirstPaginator(postings.for_wide_list(), PER_PAGE, count=count)
        if is_wide(count)
        else KnownPaginator(postings.for_officer_list(), PER_PAGE, count=count)
    )
    page = pages.get_page(request.GET.get("page"))
    _record_list(request, found.unit, at=now)
    context = {
        "form": form,
        "page": page,
        "rows": [{"posting": posting, "account": account_state(posting.officer.user)} for posting in page],
        "may_manage": has_role(request.user, MANAGES_PEOPLE, at=now),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": request.GET.urlencode(),
    }
    return render(request, "organisation/people.html", context)


@login_required
def person(request, uuid):
    now = timezone.now()
    officer, posting = _officer(request, uuid, at=now)
    if officer.user_id != request.user.pk:
        with transaction.atomic():
            audit.record(
                verb="officer.viewed",
                actor=request.user,
                at=now,
                obj=officer,
                subject_id=officer.pk,
                unit_path=posting.unit.path,
            )
    context = {
        "officer": officer,
        "posting": posting,
        "postings": officer.postings.for_history(),
        "grants": officer.user.role_grants.select_related("unit"),
        "account": account_state(officer.user),
        "may_manage": _manages(request, officer, at=now),
        "may_print": accounts_for_slips(request.user, at=now).filter(pk=officer.user_id).exists(),
        "may_grant": has_role(request.user, GRANTS_ROLES, at=now),
        "reads_learning": has_role(request.user, READS_LEARNING, at=now),
        "crumbs": [*LIST, {"label": officer.full_name}],
    }
    return render(request, "organisation/person.html", context)


@role_required(MANAGES_PEOPLE)
def add(request):
    now = timezone.now()
    name = NameForm(request.POST or None)
    place = PlaceForm(request.POST or None, actor=request.user, at=now)
    if request.method == "POST" and name.is_valid() & place.is_valid():
        try:
            officer = services.create_officer(actor=request.user, at=now, **name.values(), **place.values())
        except OrganisationError as refusal:
            name.add_error("number", str(refusal))
        else:
            messages.success(request, f"{officer} dicatat. Cetak slip aktivasinya agar dapat masuk.")
            return redirect("person", officer.uuid)
    context = {"name": name, "place": place, "crumbs": [*LIST, {"label": "Tambah personel"}]}
    return render(request, "organisation/person_add.html", context)


@login_required
def correct(request, uuid):
    now = timezone.now()
    officer, _posting = _managed(request, uuid, at=now)
    form = NameForm(request.POST or None, instance=Officer.objects.select_related("user").get(pk=officer.pk))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.correct_officer(officer=officer, actor=request.user, at=now, **form.values())
        except OrganisationError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, "Perbaikan disimpan." if changed else "Tidak ada yang berubah.")
            return redirect("person", officer.uuid)
    note = "Sertifikat dan catatan yang sudah terbit tetap memakai nama pada hari itu."
    return _form(request, form, officer, title="Perbaiki nama atau nomor", note=note)


@login_required
def change_posting(request, uuid):
    now = timezone.now()
    officer, posting = _managed(request, uuid, at=now)
    initial = {
        "unit": posting.unit_id,
        "rank": posting.rank_id,
        "post": posting.post,
        "functions": [function.pk for function in posting.functions.all()],
    }
    form = PlaceForm(request.POST or None, actor=request.user, at=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        to = form.values()
        move = services.Move(officer.user_id, posting.unit, to["unit"], to["valid_from"])
        ending = [role.words for role in services.roles_ending([move], at=now)]
        try:
            new = services.change_posting(officer=officer, actor=request.user, at=now, **to)
        except OrganisationError as refusal:
            form.add_error(None, str(refusal))
        else:
            words = "Tidak ada yang berubah." if new == posting else f"{officer} kini di {new.unit}."
            messages.success(request, f"{words} {services.told(ending)}".strip())
            return redirect("person", officer.uuid)
    note = (
        "Penempatan yang sekarang ditutup pada TMT dan tetap tercatat dalam riwayat. Peran atas satuan lama berakhir "
        "bila satuan itu tidak di atas, di bawah, atau sama dengan satuan baru."
    )
    return _form(request, form, officer, title="Mutasi, pangkat, jabatan, atau layanan", note=note)


@login_required
def release(request, uuid):
    now = timezone.now()
    officer, _posting = _managed(request, uuid, at=now)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_posting(officer=officer, reason=form.cleaned_data["reason"], actor=request.user, at=now)
        except OrganisationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Penempatan {officer} diakhiri dan akunnya ditutup. Catatannya tetap ada.")
            return redirect("people")
    note = (
        "Untuk yang pindah ke luar wewenang Anda, pensiun, atau berhenti. Peran berakhir, akun ditutup, tidak ada "
        "yang dihapus. Satuan tujuan dapat mencatatnya kembali dengan nomor yang sama."
    )
    return _form(request, form, officer, title="Akhiri penempatan", note=note, submit="Akhiri", danger=True)


@login_required
@require_POST
def switch_account(request, uuid):
    now = timezone.now()
    officer, _posting = _managed(request, uuid, at=now)
    if officer.user_id == request.user.pk:
        messages.error(request, "Akun sendiri tidak dapat ditutup dari sini.")
    elif officer.user.is_active:
        services.disable_account(user=officer.user, reason="ditutup SDM", actor=request.user, at=now)
        messages.success(request, f"Akun {officer} ditutup. Semua sesinya berakhir.")
    else:
        services.enable_account(user=officer.user, actor=request.user, at=now)
        messages.success(request, f"Akun {officer} dibuka kembali.")
    return redirect("person", officer.uuid)


def _record_list(request, unit: Unit | None, *, at) -> None:
    """One event for the list, over the unit asked for or the only one granted."""
    grants = held(request.user, READS_PEOPLE, at=at)
    unit = unit or (grants[0].unit if len(grants) == 1 else None)
    with transaction.atomic():
        audit.record(verb="officers.listed", actor=request.user, at=at, unit_path=unit.path if unit else "")


def _officer(request, uuid, *, at) -> tuple[Officer, Posting]:
    postings = postings_for_actor(request.user, at=at).for_officer_list()
    posting = get_object_or_404(postings, officer__uuid=uuid)
    return posting.officer, posting


def _manages(request, officer: Officer, *, at) -> bool:
    return officers_to_manage(request.user, at=at).filter(pk=officer.pk).exists()


def _managed(request, uuid, *, at) -> tuple[Officer, Posting]:
    """404 for a stranger's officer, 403 for who may look but not change."""
    officer, posting = _officer(request, uuid, at=at)
    if not _manages(request, officer, at=at):
        raise PermissionDenied
    return officer, posting


def _form(request, form, officer: Officer, *, title: str, note: str, submit: str = "Simpan", danger: bool = False):
    url = f"/sdm/personel/{officer.uuid}/"
    crumbs = [*LIST, {"url": url, "label": officer.full_name}, {"label": title}]
    context = {
        "form": form,
        "title": title,
        "note": note,
        "submit": submit,
        "danger": danger,
        "cancel_url": url,
        "crumbs": crumbs,
    }
    return render(request, "organisation/form_page.html", context)
