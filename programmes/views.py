"""The page on which programmes, periods, activities and their targets are kept, for the level that owns them."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organisation.decorators import role_required

from . import permissions, services
from .exceptions import RowInUse
from .forms import FORMS
from .models import Indicator
from .permissions import MANAGES_PROGRAMMES, programmes_for_actor, programmes_to_manage
from .usage import why_not_deleted

# What an add link may choose beforehand: the field and the name in the address are the same.
CHOSEN = ("programme", "period", "activity", "measure")


@role_required(MANAGES_PROGRAMMES)
def programme_list(request):
    now = timezone.now()
    targets = Prefetch("periods__activities__indicators", Indicator.objects.select_related("unit"))
    programmes = programmes_for_actor(request.user, at=now).select_related("owner")
    context = {
        "programmes": programmes.prefetch_related("periods__activities", targets),
        "mine": set(programmes_to_manage(request.user, at=now).values_list("pk", flat=True)),
    }
    return render(request, "programmes/programme_list.html", context)


@role_required(MANAGES_PROGRAMMES)
def programme_edit(request, kind, pk=None):
    """Add or change a row of ``kind``: program, periode, kegiatan or indikator."""
    now = timezone.now()
    form_class, mine = _of_kind(kind, request.user, at=now)
    row = get_object_or_404(mine, pk=pk) if pk else None
    known = {name: request.GET[name] for name in CHOSEN if request.GET.get(name)}
    form = form_class(request.POST or None, instance=row, actor=request.user, at=now, initial=known)
    if request.method == "POST" and form.is_valid():
        services.save_row(row=form.save(commit=False), actor=request.user, at=now)
        messages.success(request, "Tersimpan.")
        return redirect("programme-list")
    return render(request, "programmes/programme_edit.html", {"form": form, "kind": kind, "row": row})


@role_required(MANAGES_PROGRAMMES)
def programme_delete(request, kind, pk):
    """Ask, then remove a row of ``kind``; say why not while something stands on it."""
    now = timezone.now()
    row = get_object_or_404(_of_kind(kind, request.user, at=now)[1], pk=pk)
    if request.method == "POST":
        try:
            services.delete_row(row=row, actor=request.user, at=now)
        except RowInUse as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{row} dihapus.")
        return redirect("programme-list")
    return render(
        request, "programmes/programme_delete.html", {"kind": kind, "row": row, "why_not": why_not_deleted(row)}
    )


def _of_kind(kind: str, actor, *, at):
    """The form of ``kind`` and the rows that ``actor`` may change with it."""
    if kind not in FORMS:
        raise Http404("no such kind of row")
    form_class = FORMS[kind]
    return form_class, getattr(permissions, form_class.finds)(actor, at=at)
