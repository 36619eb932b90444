"""The first page of a quiz: its rules in plain words, what was done so far, and one button."""

from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from courses.models import Course
from enrolments.overview import after_round, item_address, posting_of, zone_of
from enrolments.permissions import own_enrolment
from enrolments.services import progress_of
from quizzes import services
from quizzes.choices import ReviewWhat
from quizzes.models import Attempt, QuizVersion
from quizzes.openness import moment_of, opened


class PastAttempt(NamedTuple):
    attempt: Attempt
    shows_grade: bool


def serve_quiz(request, page):
    """The start page, for whoever is enrolled; others are led to the course page, where they can begin."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    course = get_object_or_404(Course.objects.published().select_related("current_version"), items=page.item_id)
    enrolment = own_enrolment(request.user, course)
    if enrolment is None:
        messages.info(request, "Mulai pelatihannya dahulu, lalu kuis ini terbuka.")
        return redirect(course.url)
    version = get_object_or_404(QuizVersion.objects.newest().select_related("item"), item=page.item_id)
    now = timezone.now()
    for overdue in Attempt.objects.of(version.item, enrolment).due_to_close(at=now):
        services.close_attempt(attempt=overdue, at=now)
    progress = progress_of(enrolment, course)
    standing = progress.standing_of(version.item_id)
    if standing is None:
        raise Http404("the quiz is no part of the newest version")
    related = Attempt.objects.of(version.item, enrolment).select_related("version", "set_aside_by__request")
    attempts = list(related.prefetch_related("grade_changes"))
    terms = services.terms_of(enrolment, version, at=now)
    zone = zone_of(posting_of(request.user.officer, at=now))
    context = {
        "page": page,
        "course": course,
        "version": version,
        "standing": standing,
        "attempts": [
            PastAttempt(attempt, _shows_grade(attempt, terms, now)) for attempt in attempts if attempt.submitted_at
        ],
        "running": next((attempt for attempt in attempts if not attempt.submitted_at), None),
        "passed": next((attempt for attempt in attempts if attempt.passed and not attempt.set_aside_by), None),
        "terms": terms,
        "after": after_round(enrolment, course, at=now),
        "allowance": terms.allowance,
        "obstacle": terms.obstacle(at=now),
        "refusal": terms.refusal(at=now, zone=zone),
        "next_url": item_address(course, progress.next_item) if progress.next_item else course.url,
        "next_item": progress.next_item,
        "zone": zone,
    }
    return render(request, "quizzes/start.html", context)


def _shows_grade(attempt: Attempt, terms: services.Terms, at: datetime) -> bool:
    moment = moment_of(submitted_at=attempt.submitted_at, closes_at=terms.closes_at, at=at)
    return attempt.grade is not None and ReviewWhat.MARKS in opened(attempt.version.review_options, moment)
