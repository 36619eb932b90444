"""Learning paths: /sdm/penugasan/jalur/ for who gave the order, /jalur/ for the officer."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enrolments import path_orders, services
from enrolments.assignment import Due
from enrolments.exceptions import EnrolmentError
from enrolments.forms import WithdrawForm
from enrolments.models import DutyReason, PathOrder
from enrolments.order_figures import with_figures
from enrolments.overview import posting_of, standings, zone_of
from enrolments.paths import StepStanding, locks, paths_of
from enrolments.permissions import assignments_for_actor, may_withdraw, path_orders_for_actor, reads_from
from foundation import audit
from foundation.paging import KnownPaginator
from organisation.decorators import role_required
from organisation.deputies import signature_of
from organisation.permissions import ASSIGNS, own_officer

PAGE_SIZE = 50
IN_BACKGROUND = "Penugasan jalur tidak berlaku lagi. Kewajibannya sedang ditarik; halaman ini boleh ditutup."


def _opened(request, uuid):
    """The order, and its parts with their figures; the first part says what holds for all of them."""
    now = timezone.now()
    order = get_object_or_404(path_orders_for_actor(request.user, at=now), uuid=uuid)
    mine = assignments_for_actor(request.user, at=now)
    parts = with_figures(mine.filter(path_order=order).for_list().order_by("pk"), actor=request.user, at=now)
    return order, parts, mine.for_detail().get(pk=parts[0].pk)


@role_required(ASSIGNS)
def path_order_detail(request, uuid):
    now = timezone.now()
    order, parts, first = _opened(request, uuid)
    seen = path_orders.path_figures(order, seen_from=reads_from(request.user, first, at=now), at=now)
    officers = path_orders.officers_under(order, seen_from=seen.unit, at=now)
    page = KnownPaginator(officers, PAGE_SIZE, count=seen.figures.total).get_page(request.GET.get("page"))
    rows = path_orders.read(order, page, at=now)
    audit.record(verb="path_order.viewed", actor=request.user, at=now, obj=order, unit_path=first.unit.path)
    may_withdraw_it = first.withdrawn_at is None and may_withdraw(request.user, first, at=now)
    context = {
        "order": order,
        "parts": _with_steps(order, parts),
        "assignment": first,
        "due": Due.of(first),
        "given_by": signature_of(first.assigned_by, at=first.recorded_at, unit_path=first.unit.path),
        "page": page,
        "rows": rows,
        "now": now,
        "figures": seen.figures,
        "seen": seen,
        "may_withdraw": may_withdraw_it,
        "may_undo": services.may_undo(request.user, first, at=now),
    }
    return render(request, "enrolments/path_order_detail.html", context)


def _with_steps(order: PathOrder, parts: list) -> list:
    by_course = {part.course_id: part for part in parts}
    return [(step, by_course[step.course_id]) for step in order.version.path_steps.all()]


@role_required(ASSIGNS)
def path_order_withdraw(request, uuid):
    return _take_back(request, uuid, services.withdraw_path, "Penugasan jalur dicabut; {} kewajiban berakhir.")


@role_required(ASSIGNS)
def path_order_undo(request, uuid):
    return _take_back(request, uuid, services.undo_path, "Penugasan jalur dibatalkan; {} kewajiban ditarik kembali.")


def _take_back(request, uuid, act, done: str):
    order, _parts, first = _opened(request, uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = act(order=order, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, IN_BACKGROUND if ended is None else done.format(ended))
        return redirect(first)
    context = {"assignment": first, "form": form, "undoing": act is services.undo_path}
    return render(request, "enrolments/assignment_withdraw.html", context)


@login_required
def own_path(request, uuid):
    """A path of one's own: the courses in their order, what is locked and why, and why it is asked."""
    now = timezone.now()
    officer = own_officer(request.user)
    paths = paths_of(officer, at=now) if officer else []
    path = next((path for path in paths if path.order.uuid == uuid), None)
    if officer is None or path is None:
        raise Http404
    courses = [standing.course for standing in path.progress.steps]
    locked = locks(officer, [one for one in paths if not one.completion])
    known = {standing.course.pk: standing for standing in standings(officer, courses, at=now, locked=locked)}
    context = {
        "path": path,
        "state": path.state(at=now),
        "steps": [(_as_open_as_it_is(step, locked), known[step.course.pk]) for step in path.progress.steps],
        "reason": DutyReason.objects.for_officer(path.reasons[0].duty).get(pk=path.reasons[0].pk),
        "zone": zone_of(posting_of(officer, at=now)),
        "now": now,
    }
    return render(request, "enrolments/path.html", context)


def _as_open_as_it_is(step: StepStanding, locked) -> StepStanding:
    """A course that another order asks for directly is open, whatever the path puts before it."""
    is_free = step.state == "locked" and step.course.pk not in locked
    return replace(step, state="open", waits_for=()) if is_free else step
