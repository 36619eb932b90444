"""/sdm/pengingat/: what was sent, what goes out tomorrow, when, and in which words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from enrolments import services
from enrolments.exceptions import EnrolmentError
from enrolments.forms_reminders import RulesForm, SentFilterForm, StepFormSet, TemplateForm, step_words
from enrolments.models import MessageTemplate, current_rules, current_steps
from enrolments.permissions import (
    deliveries_for_actor,
    may_write_reminders,
    tomorrows_duties,
    tomorrows_postings,
    tomorrows_rounds,
    tomorrows_windows,
)
from enrolments.reminders import DAY, Window
from enrolments.wording import WORDINGS, MessageKind, fill
from foundation.formats import date_long
from foundation.paging import PartsPaginator, is_wide
from organisation.decorators import role_required
from organisation.models import Role
from organisation.permissions import READS_LEARNING, has_role
from organisation.zones import reading_zone

PAGE_SIZE = 50
# Who sees the schedule and the words; whether they may change them says ``may_write_reminders``.
READS_RULES = (*READS_LEARNING, Role.ADMINISTRATOR)


@role_required(READS_LEARNING)
def sent_list(request):
    """The proof: each message and way of one day, as it stands."""
    now, zone = timezone.now(), reading_zone(request.user)
    form = SentFilterForm(request.GET, zone=zone, at=now)
    rows = form.filtered(deliveries_for_actor(request.user, at=now).for_list())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    services.record_messages_view(actor=request.user, page="sent", at=now)
    context = {"page": page, "form": form, "zone": zone, "day": date_long(form.day), "here": "terkirim"}
    return render(request, "enrolments/reminders/sent.html", context)


@role_required(READS_LEARNING)
def tomorrow(request):
    """Whom the platform will remind tomorrow, as things stand now."""
    now = timezone.now()
    windows = tomorrows_windows(at=now)
    groups = tomorrows_duties(request.user, windows, at=now).order_by().values_list("step", "zone")
    totals = {(step, zone): total for step, zone, total in groups.annotate(total=Count("pk"))}
    rounds = tomorrows_rounds(request.user, at=now)
    again = rounds.order_by().count()
    page = _tomorrows_pages(request.user, windows, totals, (again, rounds), at=now).get_page(request.GET.get("page"))
    postings = tomorrows_postings(request.user, page.object_list, at=now)
    words = services.tomorrows_words(page.object_list, postings, at=now)
    for duty in page.object_list:
        duty.posting = postings[duty.posting_pk]
        duty.step_words = step_words(duty.step)
        duty.title, duty.text = words[duty.pk]
    steps: Counter[int | None] = Counter()
    for (step, _zone), total in sorted(totals.items()):
        steps[step] += total
    if again:
        steps[None] = again
    services.record_messages_view(actor=request.user, page="tomorrow", at=now)
    context = {
        "page": page,
        "tiles": [{"label": step_words(step), "value": total} for step, total in steps.items()],
        "day": date_long(now + DAY, reading_zone(request.user)),
        "rules": current_rules(),
        "here": "besok",
    }
    return render(request, "enrolments/reminders/tomorrow.html", context)


def _tomorrows_pages(
    actor,
    windows: Sequence[Window],
    totals: Mapping[tuple[int, str], int],
    again: tuple[int, QuerySet[Any]],
    *,
    at: datetime,
) -> Paginator:
    """By step, the earliest date first; of very many, a page is read from the steps and zones that it shows.

    ``again``: how many rounds are asked for again, and which; they come last.
    """

    def rows(wanted: Sequence[Window]) -> QuerySet[Any]:
        return tomorrows_duties(actor, wanted, at=at).select_related("officer", "course")

    count, (rounds, asked) = sum(totals.values()), again
    parts = [(count, lambda: rows(windows).order_by("step", "due_at", "pk"))]
    if is_wide(count):
        parts = [
            (totals.get((one.days, one.zone), 0), partial(lambda one: rows([one]).order_by("due_at", "pk"), one))
            for one in windows
        ]
    last = asked.select_related("officer", "course").order_by("due_at", "pk")
    return PartsPaginator([*parts, (rounds, lambda: last)], PAGE_SIZE)


@role_required(READS_RULES)
def rules(request):
    """The schedule and the quiet hours; a form for those who may change them."""
    now, current = timezone.now(), current_rules()
    may_write = may_write_reminders(request.user, at=now)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = RulesForm(request.POST or None, initial=RulesForm.answers_of(current))
    steps = StepFormSet(request.POST or None, initial=StepFormSet.answers_of(current_steps()), prefix="langkah")
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            services.change_rules(**form.cleaned_data, steps=steps.steps(), actor=request.user, at=now)
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Jadwal dan jam tenang disimpan. Berlaku untuk pesan berikutnya.")
            return redirect("reminder-rules")
    context = {
        "form": form,
        "steps": steps,
        "may_write": may_write,
        "rules": current,
        "schedule": [StepFormSet.in_words(step) for step in current_steps()],
        "here": "jadwal",
        "reads_names": has_role(request.user, READS_LEARNING, at=now),
    }
    return render(request, "enrolments/reminders/rules.html", context)


@role_required(READS_RULES)
def template_list(request):
    context = {
        "templates": _in_order(MessageTemplate.objects.current()),
        "may_write": may_write_reminders(request.user, at=timezone.now()),
        "zone": reading_zone(request.user),
        "here": "templat",
        "reads_names": has_role(request.user, READS_LEARNING, at=timezone.now()),
    }
    return render(request, "enrolments/reminders/templates.html", context)


def _in_order(templates) -> list[MessageTemplate]:
    places = {kind: place for place, kind in enumerate(WORDINGS)}
    return sorted(templates.select_related("recorded_by"), key=lambda template: places[template.kind])


@role_required(READS_RULES)
def template_edit(request, kind):
    """One kind of message: its words with an example, and every version there was."""
    if kind not in MessageKind.values:
        raise Http404
    now = timezone.now()
    may_write = may_write_reminders(request.user, at=now)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    versions = list(MessageTemplate.objects.filter(kind=kind).select_related("recorded_by").order_by("-number"))
    current = versions[0]
    answers = {"title": current.title, "text": current.text, "seen": current.number}
    form = TemplateForm(request.POST or None, initial=answers, kind=kind)
    words = current
    if request.method == "POST" and form.is_valid():
        if "lihat" in request.POST:
            words = form.as_template()
        else:
            try:
                services.change_template(kind=kind, **form.cleaned_data, actor=request.user, at=now)
            except EnrolmentError as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, "Templat disimpan. Pesan berikutnya memakai versi ini.")
                return redirect("reminder-template", kind=kind)
    example = WORDINGS[kind].example
    context = {
        "form": form,
        "kind": MessageKind(kind).label,
        "places": [{"label": f"{{{name}}}", "value": value} for name, value in example.items()],
        "example": {"title": fill(words.title, example), "text": fill(words.text, example)},
        "unsaved": words is not current,
        "versions": versions,
        "may_write": may_write,
        "zone": reading_zone(request.user),
        "here": "templat",
        "reads_names": has_role(request.user, READS_LEARNING, at=now),
    }
    return render(request, "enrolments/reminders/template.html", context)
