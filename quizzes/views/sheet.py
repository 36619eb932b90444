"""The page that shows all questions of an attempt: one form, each answer saved by itself."""

from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from quizzes import services
from quizzes.exceptions import AnswerRefused
from quizzes.kinds import Sent
from quizzes.models import Attempt
from quizzes.sheets import question_url, sheet_of

from .attempts import epoch_of, number_sent, own_attempt, reading_zone


@login_required
def sheet(request, uuid):
    """GET shows every question; POST, without script, saves what was changed and goes where the button says."""
    attempt = own_attempt(request, uuid)
    now = timezone.now()
    if request.method == "POST":
        return _save(request, attempt, now)
    if services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-result", uuid)
    if not attempt.version.on_one_page:
        return redirect("quiz-attempt", uuid)
    responses = list(attempt.responses.select_related("question"))
    epoch = epoch_of(request, attempt)
    context = {
        "sheet": sheet_of(attempt, responses, responses, epoch=epoch, zone=reading_zone(request, now), at=now),
        "course": attempt.item.course,
        "epoch": epoch,
        "check_url": reverse("quiz-check", args=[uuid]),
    }
    return render(request, "quizzes/sheet.html", context)


def _save(request, attempt: Attempt, now):
    try:
        saved = services.save_sheet(
            attempt=attempt,
            sent=_by_question(request),
            epoch=number_sent(request, "epoch"),
            sequence=number_sent(request, "sequence"),
            at=now,
        )
        reveal = number_sent(request, "bahas")
        if reveal > 0:
            services.reveal_answer(attempt=attempt, position=reveal, at=now)
    except AnswerRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("quiz-sheet", attempt.uuid)
    for position, sentence in saved.refused.items():
        messages.error(request, f"Soal {position}: {sentence}")
    if saved.late:
        messages.info(request, f"{saved.late} jawaban diterima setelah kuis ditutup, disimpan untuk ditinjau.")
    if request.POST.get("ke") == "periksa" and not saved.refused:
        return redirect("quiz-check", attempt.uuid)
    touched = next((name for name in request.POST if name.endswith(("-langkah", "-geser"))), "")
    here = reveal if reveal > 0 else _position(touched) or min(saved.refused, default=0)
    return redirect(question_url(attempt, here) if here else reverse("quiz-sheet", args=[attempt.uuid]))


def _by_question(request) -> dict[int, Sent]:
    """Position → fields, from names such as ``s3-pilihan``."""
    sent: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for name, values in request.POST.lists():
        if position := _position(name):
            sent[position][name.partition("-")[2]] = values
    return dict(sent)


def _position(name: str) -> int:
    """The question that a field belongs to; 0 for all other fields."""
    number = name.partition("-")[0].removeprefix("s")
    return int(number) if name.startswith("s") and number.isascii() and number.isdigit() and len(number) <= 4 else 0
