"""SDM keeps the letterheads of its units; a unit without its own uses the nearest above it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certificates import services
from certificates.crests import clean_crest
from certificates.exceptions import CertificateError
from certificates.forms import LetterheadForm
from certificates.models import Certificate, CertificateTemplateVersion, UnitLetterhead
from certificates.permissions import MANAGES_LETTERHEADS, units_with_letterhead_for_actor
from certificates.rendering.preview import data_address, example_pages
from certificates.wording import EXAMPLES
from organisation.decorators import role_required
from organisation.models import PATH_STEP

PAGE_SIZE = 50


@role_required(MANAGES_LETTERHEADS)
def letterhead_list(request):
    now = timezone.now()
    units = units_with_letterhead_for_actor(request.user, at=now).in_force(at=now).for_tree()
    page = Paginator(units, PAGE_SIZE).get_page(request.GET.get("page"))
    heads = {head.unit.path: head for head in UnitLetterhead.objects.in_force(at=now).select_related("unit")}
    for unit in page:
        ends = range(len(unit.path), 0, -PATH_STEP)
        unit.head = next((heads[unit.path[:end]] for end in ends if unit.path[:end] in heads), None)
    return render(request, "certificates/letterheads.html", {"page": page})


def _unit(request, pk):
    return get_object_or_404(units_with_letterhead_for_actor(request.user, at=timezone.now()), pk=pk)


def _template(unit):
    """What the unit's certificates are printed with, courses that have their own template aside."""
    return CertificateTemplateVersion.for_issue(unit=unit, course=None)


def _start_values(unit, nearest: UnitLetterhead | None) -> dict[str, str]:
    """What an empty form is filled with: the nearest letterhead, else what the tree knows."""
    if nearest:
        return {name: getattr(nearest, name) for name in LetterheadForm.Meta.fields}
    return {"heading": services.neutral_heading(unit), "place": unit.place}


@role_required(MANAGES_LETTERHEADS)
def letterhead_edit(request, pk):
    """Change the letterhead from now on; the button “Pratinjau” shows the print without storing anything."""
    unit, now = _unit(request, pk), timezone.now()
    nearest = UnitLetterhead.nearest_to(unit, at=now)
    form = LetterheadForm(request.POST or None, request.FILES or None, initial=_start_values(unit, nearest))
    picture = ""
    if request.method == "POST" and form.is_valid():
        try:
            crest = form.uploaded_crest()
            if "pratinjau" in request.POST:
                picture = data_address(_draft_png(unit, form, crest, nearest))
            else:
                services.save_letterhead(
                    unit=unit,
                    values=form.columns(),
                    crest=crest,
                    drop_crest=form.cleaned_data["tanpa_lambang"],
                    until=form.until(unit.zone),
                    actor=request.user,
                    at=now,
                )
                messages.success(request, f"Kop {unit.name} berlaku mulai sekarang.")
                return redirect("letterhead-edit", pk=unit.pk)
        except CertificateError as refusal:
            form.add_error("lambang" if form.cleaned_data.get("lambang") else None, str(refusal))
    context = {
        "unit": unit,
        "form": form,
        "nearest": nearest,
        "inherited": bool(nearest and nearest.unit_id != unit.pk),
        "picture": picture,
        "shapes": [(key, label) for key, (label, _columns) in EXAMPLES.items()],
        "waiting": Certificate.objects.filter(unit.subtree_of("unit__"), letterhead=None).count(),
    }
    return render(request, "certificates/letterhead.html", context)


def _draft_png(unit, form: LetterheadForm, crest: bytes | None, nearest: UnitLetterhead | None) -> bytes:
    draft = UnitLetterhead(unit=unit, **form.columns())
    if nearest and nearest.unit_id == unit.pk and not form.cleaned_data["tanpa_lambang"]:
        draft.crest = nearest.crest.name
    clean = clean_crest(crest)[1] if crest else None
    return example_pages(version=_template(unit), letterhead=draft, crest=clean)[0]


@role_required(MANAGES_LETTERHEADS)
def letterhead_picture(request, pk):
    """The print with the letterhead in force, as a picture."""
    unit = _unit(request, pk)
    nearest = UnitLetterhead.nearest_to(unit, at=timezone.now())
    shape = request.GET.get("bentuk", "short")
    shape = shape if shape in EXAMPLES else "short"
    png = example_pages(version=_template(unit), letterhead=nearest, shape=shape)[0]
    return HttpResponse(png, content_type="image/png")
