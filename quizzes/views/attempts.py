"""The pages of a running attempt and of its result. Only the officer who sits it can reach them."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.rereading import lessons_for_topics
from enrolments.overview import item_address, zone_of_officer
from enrolments.permissions import own_enrolment
from enrolments.services import progress_of
from quizzes import services
from quizzes.aftermath import aftermath_of, grade_changes_of
from quizzes.answers import answers_of
from quizzes.exceptions import AnswerRefused, AttemptRefused
from quizzes.models import Attempt, Response
from quizzes.permissions import answer_to_save_for_actor, own_attempt_for_actor
from quizzes.review import review_of
from quizzes.services import SaveState
from quizzes.sheets import clock_of, clock_text, dots_of, extension_of, first_open_position, question_url, sheet_of

EPOCHS, ZONE = "kuis", "zona"
# Attempts that a device remembers to have open; the oldest are forgotten, and open again as on a new device.
MOST_OPEN = 8


@login_required
@require_POST
def start(request, item):
    """Open the next attempt, or go on with the running one; either way on this device."""
    version = services.newest_version(item)
    enrolment = own_enrolment(request.user, version.item.course) if version else None
    if version is None or enrolment is None:
        raise Http404("no quiz, or not enrolled")
    now = timezone.now()
    try:
        attempt = services.start_attempt(version=version, enrolment=enrolment, at=now, on_device=True)
    except AttemptRefused as refusal:
        messages.error(request, str(refusal))
        course = version.item.course
        return redirect(_address(course, progress_of(enrolment, course).standing_of(version.item_id)))
    _remember_epoch(request, attempt, attempt.epoch, now)
    return _to_open_question(attempt)


@login_required
@require_safe
def resume(request, uuid):
    """Lead to the first question without an answer, or to the result once the attempt is over."""
    attempt = own_attempt(request, uuid)
    if services.close_if_due(attempt=attempt, at=timezone.now()):
        return redirect("quiz-result", uuid)
    return _to_open_question(attempt)


@login_required
def question(request, uuid, position):
    """One question: GET shows it, POST saves the answer (as JSON for the script) and goes where the button says."""
    if request.method == "POST" and request.headers.get("Accept") == "application/json":
        return _acknowledge(request, uuid, position)
    attempt = own_attempt(request, uuid)
    if request.method == "POST":
        return _answer(request, attempt, position)
    now = timezone.now()
    if services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-result", uuid)
    responses = answers_of(attempt)
    if not 1 <= position <= len(responses):
        raise Http404("no such question")
    if attempt.version.forward_only and position != attempt.furthest:
        messages.info(request, "Dalam kuis ini soal yang sudah dilewati tidak dapat dibuka lagi.")
        return redirect(_open_question(attempt, total=len(responses)))
    if attempt.version.on_one_page:
        return redirect(question_url(attempt, position))
    epoch = epoch_of(request, attempt)
    sheet = sheet_of(
        attempt, responses, [responses[position - 1]], epoch=epoch, zone=reading_zone(request, now), at=now
    )
    context = {
        "sheet": sheet,
        "part": sheet.part,
        "course": attempt.item.course,
        "epoch": epoch,
        "check_url": reverse("quiz-check", args=[uuid]),
        "is_last": position == sheet.total,
        "back_url": sheet.dots[position - 2].url if position > 1 else "",
        "next_url": sheet.dots[position].url if position < sheet.total else "",
    }
    return render(request, "quizzes/question.html", context)


@login_required
@require_safe
def check(request, uuid):
    """Before submitting: every question, and which ones still wait for an answer."""
    attempt = own_attempt(request, uuid)
    now = timezone.now()
    if services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-result", uuid)
    responses = answers_of(attempt)
    if attempt.version.forward_only and attempt.furthest <= len(responses):
        return redirect("quiz-question", uuid, attempt.furthest)
    dots = dots_of(attempt, responses)
    context = {
        "attempt": attempt,
        "extension": extension_of(attempt),
        "course": attempt.item.course,
        "dots": dots,
        "unanswered": [dot for dot in dots if not dot.answered],
        "clock": clock_of(attempt, at=now),
    }
    return render(request, "quizzes/check.html", context)


@login_required
@require_POST
def submit(request, uuid):
    """End the attempt. What the page sends by itself when its clock runs out ends nothing that has time left."""
    attempt = own_attempt(request, uuid)
    now = timezone.now()
    clock = clock_of(attempt, at=now)
    if "habis" in request.GET and not attempt.submitted_at and clock and (clock.paused or clock.seconds):
        messages.info(request, extension_of(attempt) or "Masih ada waktu.")
        return redirect("quiz-attempt", uuid)
    services.submit_attempt(attempt=attempt, at=now)
    return redirect("quiz-result", uuid)


@login_required
@require_safe
def result(request, uuid):
    """The grade, what it means, and what each answer was worth where the quiz shows that."""
    attempt = own_attempt(request, uuid)
    now = timezone.now()
    if not services.close_if_due(attempt=attempt, at=now):
        return redirect("quiz-attempt", uuid)
    course, version = attempt.item.course, attempt.version
    progress = progress_of(attempt.enrolment, course)
    terms = services.terms_of(attempt.enrolment, services.newest_version(attempt.item.uuid), at=now)
    review = review_of(attempt, closes_at=terms.closes_at, at=now)
    zone = reading_zone(request, now)
    aftermath = aftermath_of(attempt, review)
    services.mark_result_seen(attempt=attempt, at=now)
    context = {
        "attempt": attempt,
        "course": course,
        "version": version,
        "review": review,
        "aftermath": aftermath,
        "topics": lessons_for_topics(course, review.missed_topics),
        "changes": grade_changes_of(attempt),
        "progress": progress,
        "next_url": item_address(course, progress.next_item) if progress.next_item else course.url,
        "allowance": terms.allowance,
        "refusal": terms.refusal(at=now, zone=zone),
        "obstacle": terms.obstacle(at=now),
        "chance": f"Sisa percobaan: {terms.allowance.words}. Soalnya dapat berbeda.",
        "passed_before": terms.passed,
        "start_page": _address(course, progress.standing_of(attempt.item_id)),
        "extension": extension_of(attempt),
        "zone": zone,
    }
    return render(request, "quizzes/result.html", context)


def _to_open_question(attempt: Attempt) -> HttpResponse:
    """Lead to where a running attempt goes on: the first question without an answer."""
    responses = answers_of(attempt)
    if attempt.version.forward_only:
        return redirect(_open_question(attempt, total=len(responses)))
    return redirect(question_url(attempt, first_open_position(responses)))


def _open_question(attempt: Attempt, *, total: int) -> str:
    """Where an attempt without a way back stands: its open question, or the list before submitting."""
    if attempt.furthest > total:
        return reverse("quiz-check", args=[attempt.uuid])
    return reverse("quiz-question", args=[attempt.uuid, attempt.furthest])


def own_attempt(request, uuid) -> Attempt:
    """The attempt, for the officer who sits it."""
    attempt = own_attempt_for_actor(request.user, uuid)
    if attempt is None:
        raise Http404("not the own attempt")
    return attempt


def epoch_of(request, attempt: Attempt) -> int:
    """The epoch of this device; a new one when another device took the attempt over since."""
    epoch = request.session.get(EPOCHS, {}).get(str(attempt.uuid))
    return epoch if epoch == attempt.epoch else _take_over(request, attempt)


def _take_over(request, attempt: Attempt) -> int:
    """Give this device a new epoch and remember it in the session."""
    now = timezone.now()
    epoch = services.open_on_device(attempt=attempt, at=now)
    _remember_epoch(request, attempt, epoch, now)
    return epoch


def _remember_epoch(request, attempt: Attempt, epoch: int, now) -> None:
    # The session is written here and nowhere else during an exam: it also keeps the clock for acknowledgements.
    request.session[ZONE] = zone_of_officer(request.user.officer, at=now)
    newest = list(request.session.get(EPOCHS, {}).items())[-MOST_OPEN:]
    request.session[EPOCHS] = {**dict(newest), str(attempt.uuid): epoch}


def reading_zone(request, now) -> str:
    """The clock of the officer's unit."""
    return request.session.get(ZONE) or zone_of_officer(request.user.officer, at=now)


def _address(course, standing) -> str:
    """The page of an item; the course's own where the newest version no longer holds the item."""
    return item_address(course, standing.version_item) if standing else course.url


def _answer(request, attempt: Attempt, position: int):
    """The form without script: save, then open the explanation or turn the page."""
    now = timezone.now()
    try:
        acknowledged = services.save_answer(attempt=attempt, position=position, at=now, **_sent(request))
        if request.POST.get("ke") == "bahas":
            services.reveal_answer(attempt=attempt, position=position, at=now)
        if attempt.version.forward_only and request.POST.get("ke") in ("lanjut", "periksa"):
            services.leave_question(attempt=attempt, position=position)
    except AnswerRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("quiz-question", attempt.uuid, position)
    if acknowledged.state != SaveState.SAVED:
        messages.info(request, f"{acknowledged.state.label}.")
    return _go_on(request, attempt, position)


def _acknowledge(request, uuid, position: int) -> JsonResponse:
    """The script: one answer, and the server's word on it. An exam is mostly this, so it asks no query too many."""
    now = timezone.now()
    find = partial(answer_to_save_for_actor, request.user, attempt=uuid, position=position, at=now)
    try:
        acknowledged = services.save_found_answer(find=find, at=now, **_sent(request))
    except AnswerRefused as refusal:
        own_attempt(request, uuid)  # a stranger's is not found
        return JsonResponse({"state": "refused", "label": str(refusal)}, status=409)
    clock = clock_of(acknowledged.attempt, at=now)
    saved = clock_text(acknowledged.saved_at, reading_zone(request, now))
    return JsonResponse(
        {
            "state": acknowledged.state,
            "label": f"{acknowledged.state.label} {saved}",
            "answer": acknowledged.answer,
            "seconds": clock.seconds if clock else None,
        },
        status=409 if acknowledged.state == SaveState.LEFT else 200,
    )


def _sent(request) -> dict:
    """What a posted answer says: the fields of its kind, and which save this is."""
    counters = {name: number_sent(request, name) for name in ("epoch", "sequence")}
    return {"sent": dict(request.POST.lists()), **counters}


def number_sent(request, name: str) -> int:
    """A counter of the form; what is no number is refused like any number that was never given out."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _go_on(request, attempt: Attempt, position: int):
    """Where the pressed button leads: next, back, the list of all, or this question again."""
    where = request.POST.get("ke")
    last = Response.objects.filter(attempt=attempt).count()
    if attempt.version.forward_only:
        attempt.refresh_from_db(fields=["furthest"])
        return redirect(_open_question(attempt, total=last))
    if where == "periksa" or (where == "lanjut" and position == last):
        return redirect("quiz-check", attempt.uuid)
    step = {"lanjut": 1, "sebelum": -1}.get(where, 0)
    return redirect("quiz-question", attempt.uuid, max(position + step, 1))
