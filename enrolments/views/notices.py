"""/pemberitahuan/: what the platform has told the person who looks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from enrolments import services
from enrolments.permissions import notices_for_actor
from organisation.zones import reading_zone

PAGE_SIZE = 20


@login_required
def notice_list(request):
    mine = notices_for_actor(request.user)
    context = {
        "page": Paginator(mine.for_list(), PAGE_SIZE).get_page(request.GET.get("page")),
        "unread": mine.unread().count(),
        "zone": reading_zone(request.user),
    }
    return render(request, "enrolments/notice_list.html", context)


@login_required
def notice_open(request, pk):
    """Follow a notice to what it is about."""
    notice = get_object_or_404(notices_for_actor(request.user).for_list(), pk=pk)
    return redirect(services.open_notice(notice=notice, at=timezone.now()))


@login_required
@require_POST
def notices_read(request):
    count = services.mark_read(notices=notices_for_actor(request.user), at=timezone.now())
    if count:
        messages.success(request, "Semua pemberitahuan ditandai sudah dibaca.")
    return redirect("notice-list")
