"""The administrator's page of programmes, periods and activities."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organisation.decorators import role_required

from . import services
from .forms import FORMS
from .models import Programme
from .permissions import MANAGES_PROGRAMMES


@role_required(MANAGES_PROGRAMMES)
def programme_list(request):
    programmes = Programme.objects.prefetch_related("periods__activities")
    return render(request, "programmes/programme_list.html", {"programmes": programmes})


@role_required(MANAGES_PROGRAMMES)
def programme_edit(request, kind, pk=None):
    """Add or change a row of ``kind`` (program, periode, kegiatan)."""
    if kind not in FORMS:
        raise Http404("no such kind of row")
    form_class = FORMS[kind]
    row = get_object_or_404(form_class.Meta.model, pk=pk) if pk else None
    form = form_class(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        services.save_row(row=form.save(commit=False), actor=request.user, at=timezone.now())
        messages.success(request, "Tersimpan.")
        return redirect("programme-list")
    return render(request, "programmes/programme_edit.html", {"form": form, "kind": kind, "row": row})
