"""/sdm/satuan/: the tree, and one unit with what may be done to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from .. import services
from ..decorators import role_required
from ..exceptions import OrganisationError
from ..forms.choices import tree_order
from ..forms.units import ParentForm, UnitForm
from ..models import Posting, Unit, UnitLevel
from ..permissions import MANAGES_UNITS, READS_PEOPLE, has_role, units_for_actor

TREE = [{"url": "/sdm/satuan/", "label": "Satuan"}]


@role_required(READS_PEOPLE)
def units(request):
    now = timezone.now()
    found = tree_order(units_for_actor(request.user, at=now).in_force(at=now))
    posted = Posting.objects.in_force(at=now).filter(unit__in=units_for_actor(request.user, at=now))
    heads = dict(posted.values_list("unit").annotate(Count("pk")).order_by())
    context = {
        "nodes": _nodes(found, heads),
        "count": len(found),
        "people": sum(heads.values()),
        "may_manage": has_role(request.user, MANAGES_UNITS, at=now),
    }
    return render(request, "organisation/units.html", context)


@login_required
def unit(request, pk):
    now = timezone.now()
    unit = get_object_or_404(units_for_actor(request.user, at=now).select_related("parent"), pk=pk)
    may_manage = units_for_actor(request.user, at=now, roles=MANAGES_UNITS).filter(pk=pk).exists()
    if request.method == "POST" and not may_manage:
        raise PermissionDenied
    form = UnitForm(request.POST or None, instance=Unit.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.edit_unit(unit=unit, actor=request.user, at=now, **form.cleaned_data)
        except OrganisationError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, "Perubahan disimpan." if changed else "Tidak ada yang berubah.")
            return redirect("unit", pk)
    context = {
        "unit": unit,
        "form": form,
        "parent_form": ParentForm(unit=unit, actor=request.user, at=now),
        "children": unit.children.in_force(at=now).order_by("level", "name"),
        "people": Posting.objects.in_force(at=now).filter(unit=unit).count(),
        "placements": unit.placements.select_related("parent").order_by("-valid_from"),
        "may_manage": may_manage,
        "closed": bool(unit.active_to and unit.active_to <= now),
        "crumbs": [*TREE, {"label": unit.short_name}],
    }
    return render(request, "organisation/unit.html", context)


@login_required
def add(request, pk):
    now = timezone.now()
    parent = _managed(request, pk, at=now)
    level = min(parent.level + 1, UnitLevel.FUNCTION)
    form = UnitForm(request.POST or None, initial={"zone": parent.zone, "place": parent.place, "level": level})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_unit(parent=parent, actor=request.user, at=now, **form.cleaned_data)
        except OrganisationError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"{made} ditambahkan di bawah {parent}.")
            return redirect("unit", made.pk)
    url = f"/sdm/satuan/{parent.pk}/"
    crumbs = [*TREE, {"url": url, "label": parent.short_name}, {"label": "Tambah satuan"}]
    context = {
        "form": form,
        "title": f"Tambah satuan di bawah {parent.short_name}",
        "submit": "Tambah",
        "cancel_url": url,
        "crumbs": crumbs,
    }
    return render(request, "organisation/form_page.html", context)


@login_required
@require_POST
def move(request, pk):
    now = timezone.now()
    unit = _managed(request, pk, at=now)
    form = ParentForm(request.POST, unit=unit, actor=request.user, at=now)
    if not form.is_valid():
        messages.error(request, "Pilih induk baru dari daftar.")
        return redirect("unit", pk)
    try:
        services.move_unit(unit=unit, parent=form.cleaned_data["parent"], actor=request.user, at=now)
    except OrganisationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{unit} kini di bawah {form.cleaned_data['parent']}.")
    return redirect("unit", pk)


@login_required
@require_POST
def close(request, pk):
    now = timezone.now()
    unit = _managed(request, pk, at=now)
    try:
        services.close_unit(unit=unit, actor=request.user, at=now)
    except OrganisationError as refusal:
        messages.error(request, str(refusal))
        return redirect("unit", pk)
    messages.success(request, f"{unit} ditutup. Catatan lamanya tetap ada.")
    return redirect("units")


def _managed(request, pk: int, *, at) -> Unit:
    """404 for a stranger's unit, 403 for who may look but not change."""
    unit = get_object_or_404(units_for_actor(request.user, at=at), pk=pk)
    if not units_for_actor(request.user, at=at, roles=MANAGES_UNITS).filter(pk=pk).exists():
        raise PermissionDenied
    return unit


def _nodes(ordered: list[Unit], heads: dict[int, int]) -> list[dict]:
    """The tree as components/_tree.html wants it; parents stand before their children."""
    nodes: dict[int, dict] = {}
    roots: list[dict] = []
    for unit in ordered:
        node = {
            "label": unit.name,
            "url": f"/sdm/satuan/{unit.pk}/",
            "facts": f"{unit.code} · {heads.get(unit.pk, 0)} personel",
            # Said although there is none: to find out that a key is missing takes the template longer than the rest.
            "figure": "",
            "open": unit.parent_id not in nodes,
            "children": [],
        }
        nodes[unit.pk] = node
        (nodes[unit.parent_id]["children"] if unit.parent_id in nodes else roots).append(node)
    return roots
