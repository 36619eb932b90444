"""SDM assigns: whom, what and when, check, done; the list of orders, one order with its names, taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enrolments import services
from enrolments.assignment import Due
from enrolments.dry_run import count_effect
from enrolments.exceptions import EnrolmentError
from enrolments.forms import WhatForm, WhomForm, WithdrawForm
from enrolments.models import Assignment, AssignmentDraft, DutyReason
from enrolments.order_figures import figures_of, with_figures
from enrolments.path_orders import count_officers_of_paths
from enrolments.permissions import assignments_for_actor, changes_under, may_withdraw
from enrolments.whom import renewal_words
from foundation import audit
from foundation.paging import KnownPaginator, is_wide
from organisation.decorators import role_required
from organisation.deputies import signature_of
from organisation.permissions import ASSIGNS
from organisation.zones import reading_zone

PAGE_SIZE = 50
UNITS_SHOWN = 100
LOOK_AGAIN_SECONDS = "5"
IN_BACKGROUND = "Penugasan tidak berlaku lagi. Kewajibannya sedang ditarik; halaman ini boleh ditutup."
STEPS = ["Siapa", "Apa dan kapan", "Periksa"]


def _assignment(request, uuid) -> Assignment:
    mine = assignments_for_actor(request.user, at=timezone.now())
    return get_object_or_404(mine.for_detail(), uuid=uuid)


@role_required(ASSIGNS)
def assignment_list(request):
    now = timezone.now()
    mine = assignments_for_actor(request.user, at=now).one_per_path().order_by("-recorded_at", "-pk")
    page = Paginator(mine.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    # Their figures are counted for the orders of this page alone.
    page.object_list = with_figures(mine.filter(pk__in=list(page.object_list)).for_list(), actor=request.user, at=now)
    count_officers_of_paths(page.object_list, actor=request.user, at=now)
    counted_at = min((one.counted_at for one in page.object_list if one.counted_at), default=None)
    context = {"page": page, "now": now, "counted_at": counted_at, "zone": reading_zone(request.user)}
    return render(request, "enrolments/assignment_list.html", context)


@role_required(ASSIGNS)
def assignment_new(request):
    """The first of three steps; a draft holds the answers, and only the last step changes anything else."""
    return _whom(request, None)


@role_required(ASSIGNS)
def assignment_whom(request, uuid):
    return _whom(request, _draft(request, uuid))


def _draft(request, uuid) -> AssignmentDraft:
    return get_object_or_404(AssignmentDraft, actor=request.user, uuid=uuid)


def _whom(request, draft: AssignmentDraft | None):
    now = timezone.now()
    given = request.POST if request.method == "POST" else draft.data if draft else None
    form = WhomForm(given, request.FILES or None, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        draft = draft or AssignmentDraft(actor=request.user, created_at=now)
        draft.keep(request.POST, *(name for name in form.fields if name != "file"))
        if form.cleaned_data["file"]:
            draft.answers["numbers"] = [
                "\n".join([*request.POST.getlist("numbers"), *form.cleaned_data["file"]]).strip()
            ]
        draft.save()
        # What came from the file is judged like what was typed, where it can be corrected.
        whom = WhomForm(draft.data, actor=request.user, at=now)
        return redirect("assignment-what" if whom.is_valid() else "assignment-whom", draft.uuid)
    return render(request, "enrolments/assignment_whom.html", {"form": form, "steps": STEPS})


@role_required(ASSIGNS)
def assignment_what(request, uuid):
    now = timezone.now()
    draft = _draft(request, uuid)
    known = draft.data if "course" in draft.answers else None
    form = WhatForm(request.POST if request.method == "POST" else known, actor=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        draft.keep(request.POST, *form.fields)
        draft.save()
        return redirect("assignment-check", draft.uuid)
    return render(request, "enrolments/assignment_what.html", {"form": form, "draft": draft, "steps": STEPS})


@role_required(ASSIGNS)
def assignment_check(request, uuid):
    """What the order would do; pressing the button once more leads to the order that stands."""
    now = timezone.now()
    draft = _draft(request, uuid)
    if draft.assignment:
        return redirect(draft.assignment)
    whom = WhomForm(draft.data, actor=request.user, at=now)
    if not whom.is_valid():
        return redirect("assignment-whom", uuid)
    what = WhatForm(draft.data, actor=request.user, at=now)
    if not what.is_valid():
        return redirect("assignment-what", uuid)
    rule, due = whom.rule(), what.due(whom.cleaned_data["unit"])
    if request.method == "POST":
        try:
            assignment = services.assign_draft(
                draft=draft,
                **_what(what),
                rule=rule,
                due=due,
                order_number=what.cleaned_data["order_number"],
                issuer=what.cleaned_data["issuer"],
                reason=what.cleaned_data["reason"],
                activity=what.cleaned_data["activity"],
                follows=whom.cleaned_data["follows"],
                renews=what.asks_again,
                tells=what.cleaned_data["tells"],
                actor=request.user,
                at=now,
            )
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _given(assignment))
            return redirect(assignment)
    reached = count_effect(rule, what.cleaned_data["course"], due, at=now)
    context = {
        "draft": draft,
        "steps": STEPS,
        "whom": whom,
        "what": what,
        "reached": reached,
        "due": due,
        "renewal": "" if what.asks_again is None else renewal_words(what.asks_again),
        "rule": rule,
        "units": reached.units[:UNITS_SHOWN],
        "more_units": max(len(reached.units) - UNITS_SHOWN, 0),
    }
    return render(request, "enrolments/assignment_check.html", context)


def _given(assignment: Assignment) -> str:
    if assignment.open_work():
        return f"Penugasan {assignment.order_number} berlaku. Kewajibannya sedang diberikan; halaman ini boleh ditutup."
    return f"Penugasan {assignment.order_number} berlaku mulai sekarang."


def _what(form: WhatForm) -> dict:
    """What an order is for, as the service takes it."""
    if form.path:
        return {"give": services.assign_path_by_draft, "version": form.path}
    return {"course": form.cleaned_data["course"]}


@role_required(ASSIGNS)
def assignment_detail(request, uuid):
    assignment = _assignment(request, uuid)
    now = timezone.now()
    seen = figures_of(assignment, actor=request.user, at=now)
    rows = DutyReason.objects.for_assignment(assignment, seen_from=seen.unit, at=now)
    if is_wide(seen.figures.total):
        rows = rows.order_by("pk")
    page = KnownPaginator(rows, PAGE_SIZE, count=seen.figures.total).get_page(request.GET.get("page"))
    for reason in page:
        reason.shown_state = reason.state(at=now)
    audit.record(verb="assignment.viewed", actor=request.user, at=now, obj=assignment, unit_path=assignment.unit.path)
    context = {
        "assignment": assignment,
        "page": page,
        "now": now,
        "figures": seen.figures,
        "seen": seen,
        "work": assignment.open_work(),
        "may_withdraw": _stands_alone(assignment) and may_withdraw(request.user, assignment, at=now),
        "may_undo": _stands_alone(assignment) and services.may_undo(request.user, assignment, at=now),
        "due": Due.of(assignment),
        "given_by": signature_of(assignment.assigned_by, at=assignment.recorded_at, unit_path=assignment.unit.path),
    }
    answer = render(request, "enrolments/assignment_detail.html", context)
    if context["work"]:
        # The browser looks again by itself, also without JavaScript.
        answer.headers["Refresh"] = LOOK_AGAIN_SECONDS
    return answer


def _stands_alone(assignment: Assignment) -> bool:
    """In force, and no part of a path, which is taken back as a whole."""
    return assignment.withdrawn_at is None and assignment.path_order_id is None


@role_required(ASSIGNS)
def assignment_withdraw(request, uuid):
    return _take_back(request, uuid, services.withdraw_assignment, "Penugasan dicabut; {} kewajiban berakhir.")


@role_required(ASSIGNS)
def assignment_undo(request, uuid):
    return _take_back(request, uuid, services.undo_assignment, "Penugasan dibatalkan; {} kewajiban ditarik kembali.")


def _take_back(request, uuid, act, done: str):
    assignment = _assignment(request, uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = act(
                assignment=assignment, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, IN_BACKGROUND if ended is None else done.format(ended))
        return redirect("assignment-detail", uuid=assignment.uuid)
    undoing = act is services.undo_assignment
    context = {"assignment": assignment, "form": form, "undoing": undoing}
    return render(request, "enrolments/assignment_withdraw.html", context)


@role_required(ASSIGNS)
def assignment_changes(request, uuid):
    """What changed under an order since: whom moves brought or took, and who was asked again; who, what, when."""
    assignment = _assignment(request, uuid)
    changes = changes_under(assignment, request.user, at=timezone.now())
    page = Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "enrolments/assignment_changes.html", {"assignment": assignment, "page": page})
