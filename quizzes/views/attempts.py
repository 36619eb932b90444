"""The pages of a running attempt and of its result. Only the officer who sits it can reach them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrolments.overview import item_address, posting_of, zone_of
from enrolments.permissions import own_enrolment
from enrolments.services import progress_of
from quizzes import services
from quizzes.exceptions import AnswerRefused, AttemptRefused
from quizzes.models import Attempt, QuizVersion, Response
from quizzes.permissions import attempts_for_actor
from quizzes.review import review_of
from quizzes.services import Acknowledgement, SaveState
from quizzes.sheets import clock_of, clock_text, dots_of, first_open_position, sheet_of

EPOCHS = "kuis"


@login_required
@require_POST
def start(request, item):
    """Open the next attempt, or go on with the running one; either way on this device."""
    version = get_object_or_404(
        QuizVersion.objects.newest().select_related("item__course__current_version"), item__uuid=item
    )
    enrolment = own_enrolment(request.user, version.item.course)
    if enrolment is None:
        raise Http404("not enrolled")
    try:
        attempt = services.start_attempt(version=version, enrolment=enrolment, at=timezone.now())
    except AttemptRefused as refusal:
        messages.error(request, str(refusal))
        course = version.item.course
        return redirect(_address(course, progress_of(enrolment, course).standing_of(version.item_id)))
    _take_over(request, attempt)
    return redirect("quiz-attempt", attempt.uuid)


@login_required
@require_safe
def resume(request, uuid):
    """Lead to the first question without an answer, or to the result once the attempt is over."""
    attempt = _own_attempt(request, uuid)
    if services.close_if_due(attempt=attempt, at=timezone.now()):
        return redirect("quiz-result", uuid)
    return redirect("quiz-question", uuid, first_open_position(list(attempt.responses.all())))


@login_required
def question(request, uuid, position):
    """One question: GET shows it, POST saves the answer (as JSON for the script) and goes where the button says."""
    attempt = _own_attempt(request, uuid)
    if request.method == "POST":
        return _answer(request, attempt, position)
    now = timezone.now()
    if services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-result", uuid)
    responses = list(attempt.responses.all())
    if not 1 <= position <= len(responses):
        raise Http404("no such question")
    epoch = request.session.get(EPOCHS, {}).get(str(uuid))
    if epoch != attempt.epoch:
        # Another device took the attempt over since; from this page on, this one is the newest.
        epoch = _take_over(request, attempt)
    zone = _zone(request, now)
    sheet = sheet_of(attempt, responses, responses[position - 1], epoch=epoch, zone=zone, at=now)
    context = {
        "sheet": sheet,
        "course": attempt.item.course,
        "epoch": epoch,
        "check_url": reverse("quiz-check", args=[uuid]),
        "back_url": sheet.dots[position - 2].url if position > 1 else "",
        "next_url": sheet.dots[position].url if position < sheet.total else "",
    }
    return render(request, "quizzes/question.html", context)


@login_required
@require_safe
def check(request, uuid):
    """Before submitting: every question, and which ones still wait for an answer."""
    attempt = _own_attempt(request, uuid)
    now = timezone.now()
    if services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-result", uuid)
    dots = dots_of(attempt, list(attempt.responses.all()))
    context = {
        "attempt": attempt,
        "course": attempt.item.course,
        "dots": dots,
        "unanswered": [dot for dot in dots if not dot.answered],
        "clock": clock_of(attempt, at=now),
    }
    return render(request, "quizzes/check.html", context)


@login_required
@require_POST
def submit(request, uuid):
    attempt = _own_attempt(request, uuid)
    services.submit_attempt(attempt=attempt, at=timezone.now())
    request.session.get(EPOCHS, {}).pop(str(uuid), None)
    request.session.modified = True
    return redirect("quiz-result", uuid)


@login_required
@require_safe
def result(request, uuid):
    """The grade, what it means, and what each answer was worth where the quiz shows that."""
    attempt = _own_attempt(request, uuid)
    now = timezone.now()
    if not services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-attempt", uuid)
    course, version = attempt.item.course, attempt.version
    progress = progress_of(attempt.enrolment, course)
    newest = QuizVersion.objects.newest().select_related("item").get(item=attempt.item)
    allowance = services.allowance_of(attempt.enrolment, newest)
    context = {
        "attempt": attempt,
        "course": course,
        "version": version,
        "review": review_of(attempt),
        "changes": attempt.grade_changes.select_related("correction"),
        "progress": progress,
        "next_url": item_address(course, progress.next_item) if progress.next_item else course.url,
        "allowance": allowance,
        "chance": f"Sisa percobaan: {allowance.words}. Soalnya dapat berbeda.",
        "passed_before": Attempt.objects.of(attempt.item, attempt.enrolment).filter(passed=True).exists(),
        "start_page": _address(course, progress.standing_of(attempt.item_id)),
        "zone": _zone(request, now),
    }
    return render(request, "quizzes/result.html", context)


def _own_attempt(request, uuid) -> Attempt:
    own = attempts_for_actor(request.user, at=timezone.now())
    related = own.select_related("version", "item__course__current_version", "enrolment")
    return get_object_or_404(related, uuid=uuid)


def _take_over(request, attempt: Attempt) -> int:
    """Give this device a new epoch and remember it in the session."""
    epoch = services.open_on_device(attempt=attempt, at=timezone.now())
    request.session[EPOCHS] = request.session.get(EPOCHS, {}) | {str(attempt.uuid): epoch}
    return epoch


def _zone(request, now) -> str:
    return zone_of(posting_of(request.user.officer, at=now))


def _address(course, standing) -> str:
    """The page of an item; the course's own where the newest version no longer holds the item."""
    return item_address(course, standing.version_item) if standing else course.url


def _answer(request, attempt: Attempt, position: int):
    now = timezone.now()
    wants_json = request.headers.get("Accept") == "application/json"
    try:
        acknowledged = services.save_answer(
            attempt=attempt,
            position=position,
            sent=dict(request.POST.lists()),
            epoch=_number(request, "epoch"),
            sequence=_number(request, "sequence"),
            at=now,
        )
        if request.POST.get("ke") == "bahas":
            services.reveal_answer(attempt=attempt, position=position, at=now)
    except AnswerRefused as refusal:
        if wants_json:
            return JsonResponse({"state": "refused", "label": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect("quiz-question", attempt.uuid, position)
    if wants_json:
        return _acknowledge(request, attempt, acknowledged, now)
    if acknowledged.state != SaveState.SAVED:
        messages.info(request, f"{acknowledged.state.label}.")
    return _go_on(request, attempt, position)


def _number(request, name: str) -> int:
    """A counter of the form; what is no number is refused like any number that was never given out."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _acknowledge(request, attempt: Attempt, acknowledged: Acknowledgement, now) -> JsonResponse:
    clock = clock_of(attempt, at=now)
    saved = clock_text(acknowledged.saved_at, _zone(request, now))
    return JsonResponse(
        {
            "state": acknowledged.state,
            "label": f"{acknowledged.state.label} {saved}",
            "answer": acknowledged.answer,
            "seconds": clock.seconds if clock else None,
        }
    )


def _go_on(request, attempt: Attempt, position: int):
    """Where the pressed button leads: next, back, the list of all, or this question again."""
    where = request.POST.get("ke")
    last = Response.objects.filter(attempt=attempt).count()
    if where == "periksa" or (where == "lanjut" and position == last):
        return redirect("quiz-check", attempt.uuid)
    step = {"lanjut": 1, "sebelum": -1}.get(where, 0)
    return redirect("quiz-question", attempt.uuid, max(position + step, 1))
