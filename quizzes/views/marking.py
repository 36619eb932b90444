"""The marking queue: what waits, one answer at a time, without the name of whoever wrote it."""

from fractions import Fraction

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.formats import time_zone
from organisation.decorators import role_required
from organisation.models import Zone
from quizzes import services
from quizzes.exceptions import DisputeRefused, MarkingRefused
from quizzes.marksheets import LONGEST_DRAFT, dispute_sheet, fields_of, mark_sheet, without_prefix
from quizzes.models import MarkingTask
from quizzes.permissions import MARKS, marking_tasks_for_actor, may_decide_marks, takeable_tasks_for_actor
from quizzes.queue import queue_rows

PAGE = 25


class QueueFilter(forms.Form):
    kuis = forms.ChoiceField(label="Kuis", required=False)

    def __init__(self, data, *, quizzes: dict[int, str]):
        super().__init__(data)
        self.fields["kuis"].choices = [("", "Semua kuis"), *quizzes.items()]


@role_required(MARKS)
@require_safe
def queue(request):
    """What waits for this marker, the longest waiting first."""
    now = timezone.now()
    rows = queue_rows(takeable_tasks_for_actor(request.user, at=now))
    quizzes = {row.item: f"{row.course} {row.quiz}" for row in sorted(rows, key=lambda row: (row.course, row.quiz))}
    form = QueueFilter(request.GET, quizzes=quizzes)
    chosen = form.cleaned_data["kuis"] if form.is_valid() else ""
    shown = [row for row in rows if not chosen or str(row.item) == chosen]
    context = {
        "form": form,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "total": sum(row.count for row in shown),
        "zone": Zone.WIB,
        "narrowed": bool(chosen),
    }
    return render(request, "quizzes/marking/queue.html", context)


@role_required(MARKS)
@require_POST
def take(request):
    """Take the oldest answer of the chosen row of the queue."""
    tasks = takeable_tasks_for_actor(request.user, at=timezone.now())
    if "sanggahan" in request.POST:
        tasks = tasks.filter(dispute__isnull=False, attempt__item=_number(request.POST["sanggahan"]))
    elif "soal" in request.POST:
        tasks = tasks.filter(response__question=_number(request.POST["soal"]))
    return _go_to_next(request, tasks)


def _number(text: str) -> int:
    """A key of a form; what is no number names nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _go_to_next(request, tasks):
    now = timezone.now()
    found = services.claim_next(
        tasks=tasks, marker=request.user, may_decide=may_decide_marks(request.user, at=now), at=now
    )
    if found is None:
        messages.info(request, "Tidak ada lagi yang menunggu di sini.")
        return redirect("marking-queue")
    return redirect("mark-answer", found.uuid)


@role_required(MARKS)
def answer(request, uuid):
    """One answer or dispute: GET takes it and shows it, POST keeps, skips or finishes it."""
    now = timezone.now()
    tasks = marking_tasks_for_actor(request.user, at=now).select_related("attempt__enrolment").for_marking_page()
    task = get_object_or_404(tasks, uuid=uuid)
    if request.method == "POST":
        return _post(request, task, now)
    try:
        claim = services.claim(
            task=task, marker=request.user, may_decide=may_decide_marks(request.user, at=now), at=now
        )
    except MarkingRefused as refusal:
        messages.info(request, str(refusal))
        return redirect("marking-queue")
    return _show(request, task, claim.draft, saved_at=claim.saved_at)


def _show(request, task: MarkingTask, filled: dict, *, saved_at=None, status: int = 200):
    disputed = task.dispute is not None
    course = task.attempt.item.course
    context = {
        "task": task,
        "course": course,
        "quiz": task.attempt.version,
        "sheet": dispute_sheet(task, filled) if disputed else mark_sheet(task, filled),
        "saved_text": time_zone(saved_at, Zone.WIB) if saved_at else "",
        "crumbs": [{"url": reverse("marking-queue"), "label": "Antrean penilaian"}, {"label": task.code}],
    }
    return render(request, f"quizzes/marking/{'dispute' if disputed else 'essay'}.html", context, status=status)


def _post(request, task: MarkingTask, now):
    filled = fields_of(task, request.POST)
    wants_json = request.headers.get("Accept") == "application/json"
    what = request.POST.get("apa", "simpan")
    try:
        if what == "lewati":
            services.skip(task=task, marker=request.user, at=now)
            return _go_to_next(request, _same_row(request, task, now).exclude(pk=task.pk))
        if what == "draf" or wants_json:
            draft = {name: value[:LONGEST_DRAFT] for name, value in filled.items()}
            saved = services.keep_draft(task=task, marker=request.user, draft=draft, at=now)
            words = f"Draf tersimpan {time_zone(saved, Zone.WIB)}"
            if wants_json:
                return JsonResponse({"label": words})
            messages.success(request, f"{words}.")
            return redirect("mark-answer", task.uuid)
        _finish(request, task, filled, now)
    except (MarkingRefused, DisputeRefused) as refusal:
        if wants_json:
            return JsonResponse({"label": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        if task.closed_at or not task.claims.filter(marker=request.user, seat__isnull=False).exists():
            return redirect("marking-queue")
        return _show(request, task, filled, status=422)
    messages.success(request, f"Tersimpan: {task.code}.")
    return _go_to_next(request, _same_row(request, task, now))


def _finish(request, task: MarkingTask, filled: dict[str, str], now) -> None:
    if task.dispute:
        changes = {int(position): _percent(value) for position, value in without_prefix(filled, "nilai-").items()}
        services.answer_dispute(
            task=task, marker=request.user, changes=changes, explanation=filled.get("penjelasan", ""), at=now
        )
        return
    services.give_marks(
        task=task,
        marker=request.user,
        points=without_prefix(filled, "poin-"),
        comments=without_prefix(filled, "komentar-"),
        comment=filled.get("komentar", ""),
        at=now,
    )


def _percent(text: str) -> Fraction:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise DisputeRefused("Nilai baru adalah angka bulat dari 0 sampai 100 persen. Kosongkan bila tetap.")
    return Fraction(int(text), 100)


def _same_row(request, task: MarkingTask, now):
    tasks = takeable_tasks_for_actor(request.user, at=now)
    if task.dispute:
        return tasks.filter(dispute__isnull=False, attempt__item=task.attempt.item_id)
    return tasks.filter(response__question=task.response.question_id)
