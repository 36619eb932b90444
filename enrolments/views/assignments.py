"""SDM assigns: whom, what and when, check, done; the list of orders, one order with its names, taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enrolments import services
from enrolments.assignment import preview
from enrolments.exceptions import EnrolmentError
from enrolments.forms import WhatForm, WhomForm, WithdrawForm
from enrolments.models import STATE_WORDS, Assignment, DutyReason
from enrolments.permissions import assignments_for_actor, may_withdraw
from foundation import audit
from foundation.formats import date_medium
from foundation.spreadsheets import csv_response, xlsx_response
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import ASSIGNS

PAGE_SIZE = 50
FIRST_NAMES = 10


def _assignment(request, uuid) -> Assignment:
    mine = assignments_for_actor(request.user, at=timezone.now())
    return get_object_or_404(mine.for_detail(), uuid=uuid)


@role_required(ASSIGNS)
def assignment_list(request):
    rows = assignments_for_actor(request.user, at=timezone.now()).for_list(at=timezone.now())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "enrolments/assignment_list.html", {"page": page, "now": timezone.now()})


@role_required(ASSIGNS)
def assignment_new(request):
    """Three steps whose answers travel in the address, so that Back works; only the last one changes anything."""
    now = timezone.now()
    answers = request.POST if request.method == "POST" else request.GET
    wanted = answers.get("langkah", "")
    whom = WhomForm(answers if "unit" in answers else None, actor=request.user, at=now)
    what = WhatForm(answers if "due_on" in answers else None, actor=request.user)
    context = {"whom": whom, "what": what, "answers": answers, "steps": ["Siapa", "Apa dan kapan", "Periksa"]}
    if wanted == "1" or not whom.is_valid():
        return render(request, "enrolments/assignment_whom.html", context)
    if wanted == "2" or not what.is_valid():
        return render(request, "enrolments/assignment_what.html", context)
    rule, due_at = whom.rule(), what.due_at(whom.cleaned_data["unit"])
    if request.method == "POST":
        try:
            assignment = services.assign_course(
                actor=request.user,
                course=what.cleaned_data["course"],
                rule=rule,
                due_at=due_at,
                order_number=what.cleaned_data["order_number"],
                issuer=what.cleaned_data["issuer"],
                reason=what.cleaned_data["reason"],
                activity=what.cleaned_data["activity"],
                at=now,
            )
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Penugasan {assignment.order_number} berlaku mulai sekarang.")
            return redirect("assignment-detail", uuid=assignment.uuid)
    reached = preview(rule, what.cleaned_data["course"], at=now)
    context |= {
        "reached": reached,
        "due_at": due_at,
        "rule": rule,
        "first_names": [*reached.gains, *reached.already_owes, *reached.already_complete][:FIRST_NAMES],
    }
    return render(request, "enrolments/assignment_check.html", context)


@role_required(ASSIGNS)
def assignment_detail(request, uuid):
    assignment = _assignment(request, uuid)
    now = timezone.now()
    page = Paginator(DutyReason.objects.for_assignment(assignment), PAGE_SIZE).get_page(request.GET.get("page"))
    for reason in page:
        reason.shown_state = reason.state(at=now)
    audit.record(verb="assignment.viewed", actor=request.user, at=now, obj=assignment, unit_path=assignment.unit.path)
    context = {
        "assignment": assignment,
        "page": page,
        "now": now,
        "figures": assignment.figures(at=now),
        "may_withdraw": may_withdraw(request.user, assignment, at=now),
    }
    return render(request, "enrolments/assignment_detail.html", context)


@role_required(ASSIGNS)
def assignment_withdraw(request, uuid):
    assignment = _assignment(request, uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = services.withdraw_assignment(
                assignment=assignment, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Penugasan dicabut; {ended} kewajiban berakhir.")
        return redirect("assignment-detail", uuid=assignment.uuid)
    return render(request, "enrolments/assignment_withdraw.html", {"assignment": assignment, "form": form})


@role_required(ASSIGNS)
@fresh_login_required
def assignment_export(request, uuid, kind):
    """The names under an order, as the screen shows them."""
    assignment = _assignment(request, uuid)
    now = timezone.now()
    audit.record(verb="assignment.exported", actor=request.user, at=now, obj=assignment, unit_path=assignment.unit.path)
    header = ["NRP/NIP", "Nama", "Satuan", "Batas waktu", "Keadaan", "Selesai pada"]
    rows = (
        [
            reason.duty.officer.number,
            reason.duty.officer.full_name,
            reason.unit_name or "",
            date_medium(reason.duty.due_at, assignment.unit.zone),
            STATE_WORDS[reason.state(at=now)],
            date_medium(reason.duty.valid_to, assignment.unit.zone) if reason.duty.is_done else "",
        ]
        for reason in DutyReason.objects.for_assignment(assignment).iterator(chunk_size=1000)
    )
    respond = xlsx_response if kind == "xlsx" else csv_response
    return respond(f"penugasan-{assignment.course.code}.{kind}", header, rows)
